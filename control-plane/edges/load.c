/* The fleet from the store, and what the store forgets. */
#include "base/clock.h"
#include "base/die.h"
#include "control-plane/edges/flush.h"

#include <stdlib.h>

enum { RETAIN_STEP = 2000 };

static void copy_hash(char out[FLEET_HASH + 1], struct slice text)
{
    size_t n = text.len < FLEET_HASH ? text.len : FLEET_HASH;
    memcpy(out, text.ptr, n);
    out[n] = '\0';
}

static void load_instance(struct fleet *f, sqlite3_stmt *st)
{
    struct edge_identity who = {db_text(st, 2), db_text(st, 3), db_text(st, 4), db_text(st, 1)};
    struct instance *i = fleet_instance_add(f, sqlite3_column_int64(st, 0), &who, sqlite3_column_int64(st, 8));
    if (!i) return;
    copy_hash(i->successful, db_text(st, 5));
    copy_hash(i->response, db_text(st, 6));
    i->stages = (unsigned)sqlite3_column_int(st, 7);
    i->last_sync = sqlite3_column_int64(st, 9);
}

static bool load_instances(struct fleet *f, struct db *db)
{
    sqlite3_stmt *st = db_prepare(db, "SELECT account, instance_id, service_name, service_namespace, service_version, successful_hash,"
                                      " response_hash, stages, first_seen_at, last_sync_at FROM edge_instances"
                                      " ORDER BY last_sync_at DESC LIMIT ?1");
    db_bind(st, "i", (int64_t)FLEET_INSTANCES);
    enum db_step step;
    while ((step = db_step(db, st)) == DB_ROW) load_instance(f, st);
    sqlite3_reset(st);
    f->crowded = false;
    return step == DB_DONE;
}

bool fleet_load_policies(struct fleet *f, struct db *db, int64_t account)
{
    sqlite3_stmt *st = db_prepare(db, "SELECT row, id, wire_id FROM policies WHERE account = ?1 AND approved_version > 0 ORDER BY row DESC"
                                      " LIMIT ?2");
    db_bind(st, "ii", account, (int64_t)FLEET_POLICIES);
    enum db_step step;
    while ((step = db_step(db, st)) == DB_ROW) fleet_policy_add(f, account, db_text(st, 2), db_id(st, 1), sqlite3_column_int64(st, 0));
    sqlite3_reset(st);
    return step == DB_DONE;
}

static bool load_all_policies(struct fleet *f, struct db *db)
{
    int64_t account = 0;
    for (;;) {
        sqlite3_stmt *st = db_prepare(db, "SELECT row FROM accounts WHERE row > ?1 ORDER BY row LIMIT 1");
        db_bind(st, "i", account);
        enum db_step step = db_step(db, st);
        if (step == DB_ROW) account = sqlite3_column_int64(st, 0);
        sqlite3_reset(st);
        if (step != DB_ROW) return step == DB_DONE;
        if (!fleet_load_policies(f, db, account)) return false;
    }
}

static void load_error(struct fleet *f, sqlite3_stmt *st)
{
    struct instance *i = fleet_instance_by_id(f, db_id(st, 0));
    struct slice wire_id = db_text(st, 1);
    uint32_t policy = i ? fleet_policy_find(f, i->account, wire_id, hash64(wire_id.ptr, wire_id.len, 0)) : TABLE_NONE;
    if (policy == TABLE_NONE) return;
    struct slice errors = db_text(st, 2);
    struct broken *b = xcalloc(1, sizeof *b);
    *b = (struct broken){.next = i->broken,
                         .policy = policy,
                         .count = (unsigned)sqlite3_column_int(st, 3),
                         .errors = xstrndup(errors.ptr, errors.len),
                         .since = sqlite3_column_int64(st, 4)};
    b->hash = hash64(errors.ptr, errors.len, b->count);
    i->broken = b;
}

static bool load_errors(struct fleet *f, struct db *db)
{
    sqlite3_stmt *st = db_prepare(db, "SELECT i.id, p.wire_id, e.errors, e.error_count, e.since FROM edge_policy_errors e"
                                      " JOIN edge_instances i ON i.row = e.instance JOIN policies p ON p.row = e.policy");
    enum db_step step;
    while ((step = db_step(db, st)) == DB_ROW) load_error(f, st);
    sqlite3_reset(st);
    return step == DB_DONE;
}

bool fleet_load(struct fleet *f, struct db *db) { return load_instances(f, db) && load_all_policies(f, db) && load_errors(f, db); }

/* ---- what is forgotten ---- */

struct retain {
    struct store_job job;
    int64_t detail_hour, sum_hour, instances_before;
    bool more;
};

static bool delete_some(struct retain *r, struct db *db, sqlite3_stmt *st, int64_t before)
{
    db_bind(st, "ii", before, (int64_t)RETAIN_STEP);
    if (!db_run(db, st)) return false;
    if (db_changes(db) == RETAIN_STEP) r->more = true;
    return true;
}

static bool retain_step(struct store_job *job, struct db *db)
{
    struct retain *r = (struct retain *)job;
    r->more = false;
    return delete_some(r, db,
                       db_prepare(db,
                                  "DELETE FROM edge_instance_hours WHERE (instance, hour, policy) IN (SELECT h.instance, h.hour, h.policy"
                                  " FROM edge_instances i JOIN edge_instance_hours h ON h.instance = i.row WHERE h.hour < ?1 LIMIT ?2)"),
                       r->detail_hour) &&
           delete_some(r, db,
                       db_prepare(db, "DELETE FROM edge_policy_hours WHERE (policy, hour) IN (SELECT h.policy, h.hour FROM policies p"
                                      " JOIN edge_policy_hours h ON h.policy = p.row WHERE h.hour < ?1 LIMIT ?2)"),
                       r->sum_hour) &&
           delete_some(r, db,
                       db_prepare(db, "DELETE FROM edge_instances WHERE row IN (SELECT row FROM edge_instances WHERE last_sync_at < ?1"
                                      " LIMIT ?2)"),
                       r->instances_before);
}

bool edges_retain(struct store *store, int64_t now_ns, int64_t instances_before_ns)
{
    int64_t hour = clock_hour(now_ns);
    struct retain r = {.job = {.run = retain_step},
                       .detail_hour = hour - EDGE_DETAIL_HOURS,
                       .sum_hour = hour - EDGE_SUM_HOURS,
                       .instances_before = instances_before_ns,
                       .more = true};
    while (r.more)
        if (store_run(store, &r.job) != STORE_OK) return false;
    return true;
}
