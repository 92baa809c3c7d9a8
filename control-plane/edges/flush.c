#include "control-plane/edges/flush.h"

#include "base/die.h"

#include <stdlib.h>

enum { STEP = 4000 }; /* rows of one job, so that other changes come in between */

struct instance_record {
    struct instance i; /* a copy; text, resource and labels are its own; broken is not its */
};

struct broken_record {
    struct id128 instance, policy;
    bool gone;
    unsigned count;
    char *errors;
    int64_t since;
};

struct flush {
    struct store_job job;
    struct instance_record *instances;
    struct hour_row *rows;
    struct broken_record *broken;
    struct key_use *uses;
    size_t instance_count, row_count, broken_count, use_count;
    size_t done, doing; /* of all, in this order */
};

/* ---- taking ---- */

static void take_instance(struct flush *w, struct instance *i)
{
    struct instance *copy = &w->instances[w->instance_count++].i;
    *copy = *i;
    copy->text = NULL;
    copy->broken = NULL;
    if (i->resource) {
        struct slice *const parts[] = {&copy->who.name, &copy->who.namespace, &copy->who.version, &copy->who.instance};
        size_t n = i->who.name.len + i->who.namespace.len + i->who.version.len + i->who.instance.len + 4;
        copy->text = xmalloc(n);
        memcpy(copy->text, i->text, n);
        for (size_t k = 0; k < 4; k++) parts[k]->ptr = copy->text + (parts[k]->ptr - i->text);
    }
    i->resource = i->labels = NULL;
    i->dirty = false;
}

static void take_broken(struct flush *w, const struct fleet *f, struct instance *i, size_t *room)
{
    struct broken **at = &i->broken;
    while (*at) {
        struct broken *b = *at;
        if (b->dirty) {
            if (w->broken_count == *room) w->broken = xreallocarray(w->broken, *room = *room ? *room * 2 : 16, sizeof *w->broken);
            w->broken[w->broken_count++] =
                (struct broken_record){i->id, f->policies[b->policy].id, b->gone, b->count, b->gone ? NULL : xstrdup(b->errors), b->since};
        }
        b->dirty = false;
        if (b->gone) {
            *at = b->next;
            free(b->errors);
            free(b);
        } else {
            at = &b->next;
        }
    }
}

static void take_instances(struct flush *w, struct fleet *f)
{
    size_t dirty = 0, room = 0;
    for (size_t at = 0; at < f->instance_count; at++) dirty += f->instances[at]->dirty;
    w->instances = dirty ? xcalloc(dirty, sizeof *w->instances) : NULL;
    for (size_t at = 0; at < f->instance_count; at++) {
        struct instance *i = f->instances[at];
        if (!i->dirty) continue;
        take_broken(w, f, i, &room);
        take_instance(w, i);
    }
}

struct flush *flush_take(struct fleet *f, struct keys *k)
{
    struct flush *w = xcalloc(1, sizeof *w);
    fleet_collect(f);
    take_instances(w, f);
    w->rows = f->rows;
    w->row_count = f->row_count;
    f->rows = NULL;
    f->row_count = f->row_room = 0;
    f->dirty = false;
    w->use_count = keys_take_uses(k, &w->uses);
    if (w->instance_count || w->row_count || w->broken_count || w->use_count) return w;
    flush_free(w);
    return NULL;
}

void flush_free(struct flush *w)
{
    if (!w) return;
    for (size_t i = 0; i < w->instance_count; i++) {
        free(w->instances[i].i.text);
        free(w->instances[i].i.resource);
        free(w->instances[i].i.labels);
    }
    for (size_t i = 0; i < w->broken_count; i++) free(w->broken[i].errors);
    free(w->instances);
    free(w->rows);
    free(w->broken);
    free(w->uses);
    free(w);
}

/* ---- writing ---- */

static bool write_whole_instance(struct db *db, const struct instance *i)
{
    sqlite3_stmt *st =
        db_prepare(db, "INSERT INTO edge_instances (account, id, instance_id, service_name, service_namespace, service_version, labels,"
                       " resource, successful_hash, response_hash, stages, first_seen_at, last_sync_at, created_at, updated_at)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?13, ?13) ON CONFLICT (id) DO UPDATE SET"
                       " labels = ?7, resource = ?8, successful_hash = ?9, response_hash = ?10, stages = ?11, last_sync_at = ?13,"
                       " updated_at = ?13");
    db_bind(st, "iuttttttttiii", i->account, i->id, i->who.instance, i->who.name, i->who.namespace, i->who.version, slice_str(i->labels),
            slice_str(i->resource), slice_str(i->successful), slice_str(i->response), (int64_t)i->stages, i->first_seen, i->last_sync);
    return db_run(db, st);
}

/* It applied what it was sent: policies that it can carry out, and that were published before this poll, are carried. */
static bool write_carried(struct db *db, const struct instance *i)
{
    if (!i->successful[0] || strcmp(i->successful, i->response) != 0) return true;
    sqlite3_stmt *st = db_prepare(db, "UPDATE policies SET carried_at = ?2 WHERE account = ?1 AND published_at IS NOT NULL AND"
                                      " carried_at IS NULL AND published_at < ?2 AND stages & ?3");
    db_bind(st, "iii", i->account, i->last_sync, (int64_t)i->stages);
    return db_run(db, st);
}

static bool write_state(struct db *db, const struct instance *i)
{
    if (i->resource) return write_whole_instance(db, i);
    sqlite3_stmt *st = db_prepare(db, "UPDATE edge_instances SET successful_hash = ?2, response_hash = ?3, stages = ?4, last_sync_at = ?5"
                                      " WHERE id = ?1");
    db_bind(st, "uttii", i->id, slice_str(i->successful), slice_str(i->response), (int64_t)i->stages, i->last_sync);
    return db_run(db, st);
}

static bool write_instance(struct db *db, const struct instance *i) { return write_state(db, i) && write_carried(db, i); }

static int64_t row_of(struct db *db, const char *select, struct id128 id)
{
    sqlite3_stmt *st = db_prepare(db, select);
    db_bind(st, "u", id);
    int64_t row = db_step(db, st) == DB_ROW ? sqlite3_column_int64(st, 0) : 0;
    sqlite3_reset(st);
    return row;
}

static int64_t policy_row(struct db *db, struct id128 id) { return row_of(db, "SELECT row FROM policies WHERE id = ?1", id); }
static int64_t instance_row(struct db *db, struct id128 id) { return row_of(db, "SELECT row FROM edge_instances WHERE id = ?1", id); }

#define COUNT_COLUMNS                                                                                                                      \
    "hits, misses, errors, remove_hits, redact_hits, rename_hits, add_hits, remove_misses, redact_misses, rename_misses, add_misses"
#define ADD_COUNTS                                                                                                                         \
    " hits = hits + ?4, misses = misses + ?5, errors = errors + ?6, remove_hits = remove_hits + ?7, redact_hits = redact_hits + ?8,"       \
    " rename_hits = rename_hits + ?9, add_hits = add_hits + ?10, remove_misses = remove_misses + ?11,"                                     \
    " redact_misses = redact_misses + ?12, rename_misses = rename_misses + ?13, add_misses = add_misses + ?14"

static void bind_counts(sqlite3_stmt *st, const struct edge_counts *c)
{
    const int64_t *h = c->stage_hits, *m = c->stage_misses;
    const int64_t values[] = {c->hits, c->misses, c->errors, h[0], h[1], h[2], h[3], m[0], m[1], m[2], m[3]};
    for (int i = 0; i < (int)EDGE_COUNTS; i++) sqlite3_bind_int64(st, 4 + i, values[i]);
}

static bool zero(struct id128 id) { return !id.hi && !id.lo; }

/* A policy or an instance that is gone takes its counts along. */
static bool write_row(struct db *db, const struct hour_row *r)
{
    bool sum = zero(r->instance);
    int64_t policy = policy_row(db, r->policy), instance = sum ? 0 : instance_row(db, r->instance);
    if (!policy || (!sum && !instance)) return true;
    sqlite3_stmt *st =
        sum ? db_prepare(db, "INSERT INTO edge_policy_hours (policy, hour, " COUNT_COLUMNS ") VALUES (?1, ?2, ?4, ?5, ?6, ?7, ?8, ?9,"
                             " ?10, ?11, ?12, ?13, ?14) ON CONFLICT (policy, hour) DO UPDATE SET" ADD_COUNTS)
            : db_prepare(db, "INSERT INTO edge_instance_hours (policy, hour, instance, " COUNT_COLUMNS ", last_hit_at) VALUES (?1, ?2, ?3,"
                             " ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) ON CONFLICT (instance, hour, policy) DO UPDATE SET"
                             " last_hit_at = MAX(last_hit_at, ?15)," ADD_COUNTS);
    sqlite3_bind_int64(st, 1, policy);
    sqlite3_bind_int64(st, 2, r->hour);
    bind_counts(st, &r->counts);
    if (!sum) {
        sqlite3_bind_int64(st, 3, instance);
        sqlite3_bind_int64(st, 15, r->last_hit);
    }
    return db_run(db, st);
}

static bool write_broken(struct db *db, const struct broken_record *b)
{
    int64_t policy = policy_row(db, b->policy), instance = instance_row(db, b->instance);
    if (!policy || !instance) return true;
    sqlite3_stmt *st;
    if (b->gone) {
        st = db_prepare(db, "DELETE FROM edge_policy_errors WHERE instance = ?1 AND policy = ?2");
        db_bind(st, "ii", instance, policy);
        return db_run(db, st);
    }
    st = db_prepare(db, "INSERT INTO edge_policy_errors (instance, policy, errors, error_count, since) VALUES (?1, ?2, ?3, ?4, ?5)"
                        " ON CONFLICT (instance, policy) DO UPDATE SET errors = ?3, error_count = ?4, since = ?5");
    db_bind(st, "iitii", instance, policy, slice_str(b->errors), (int64_t)b->count, b->since);
    return db_run(db, st);
}

static bool write_use(struct db *db, const struct key_use *u)
{
    sqlite3_stmt *st = db_prepare(db, "UPDATE edge_api_keys SET last_used_at = ?2 WHERE row = ?1");
    db_bind(st, "ii", u->row, u->at_ns);
    return db_run(db, st);
}

static size_t total(const struct flush *w) { return w->instance_count + w->row_count + w->broken_count + w->use_count; }

static bool write_one(const struct flush *w, struct db *db, size_t at)
{
    if (at < w->instance_count) return write_instance(db, &w->instances[at].i);
    at -= w->instance_count;
    if (at < w->row_count) return write_row(db, &w->rows[at]);
    at -= w->row_count;
    if (at < w->broken_count) return write_broken(db, &w->broken[at]);
    return write_use(db, &w->uses[at - w->broken_count]);
}

static bool step(struct store_job *job, struct db *db)
{
    struct flush *w = (struct flush *)job;
    size_t end = total(w);
    w->doing = w->done;
    for (unsigned n = 0; n < STEP && w->doing < end; n++)
        if (!write_one(w, db, w->doing++)) return false;
    return true;
}

bool flush_write(struct flush *w, struct store *store)
{
    w->job = (struct store_job){.run = step};
    while (w->done < total(w)) {
        if (store_run(store, &w->job) != STORE_OK) return false;
        w->done = w->doing;
    }
    return true;
}
