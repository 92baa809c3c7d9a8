#include "control-plane/store/field_rows.h"

#include "control-plane/catalog/sensitive.h"
#include "control-plane/store/field_counts.h"
#include "control-plane/store/field_shape.h"

enum { LENGTHS_BLOB = 1024 };

/* A row of event_fields; path is borrowed. */
struct field_row {
    int64_t scope, role, types, classes, magnitudes, records, json, bytes, length_min, length_max, length_sum, first_seen, last_seen;
    struct slice path;
    uint64_t lengths[LENGTH_BUCKETS];
    unsigned char sketch[SKETCH_REGISTERS];
};

struct writing {
    struct db *db;
    int64_t account, event;
};

#define FIELD_COLUMNS                                                                                                                      \
    "scope, role, types, classes, magnitudes, records, json, bytes, length_min, length_max, length_sum, first_seen, last_seen, path,"      \
    " lengths, sketch"

static void read_field(sqlite3_stmt *st, struct field_row *f)
{
    int64_t *const numbers[] = {&f->scope, &f->role,       &f->types,      &f->classes,    &f->magnitudes, &f->records,  &f->json,
                                &f->bytes, &f->length_min, &f->length_max, &f->length_sum, &f->first_seen, &f->last_seen};
    int column = 0;
    for (; column < (int)(sizeof numbers / sizeof numbers[0]); column++) *numbers[column] = sqlite3_column_int64(st, column);
    f->path = db_text(st, column++);
    memset(f->lengths, 0, sizeof f->lengths);
    memset(f->sketch, 0, sizeof f->sketch);
    const void *lengths = sqlite3_column_blob(st, column), *sketch = sqlite3_column_blob(st, column + 1);
    counts_add(f->lengths, LENGTH_BUCKETS, slice_of(lengths, lengths ? (size_t)sqlite3_column_bytes(st, column) : 0));
    if (sqlite3_column_bytes(st, column + 1) == SKETCH_REGISTERS) memcpy(f->sketch, sketch, SKETCH_REGISTERS);
}

static void of_delta(const struct field_delta *d, struct field_row *f)
{
    *f = (struct field_row){.scope = (int64_t)d->scope,
                            .role = (int64_t)d->role,
                            .types = d->types,
                            .classes = d->classes,
                            .magnitudes = d->magnitudes,
                            .records = (int64_t)d->records,
                            .json = (int64_t)d->json,
                            .bytes = (int64_t)d->bytes,
                            .length_min = (int64_t)d->length_min,
                            .length_max = (int64_t)d->length_max,
                            .length_sum = (int64_t)d->length_sum,
                            .first_seen = d->first_ns,
                            .last_seen = d->last_ns,
                            .path = d->path};
    for (size_t i = 0; i < LENGTH_BUCKETS; i++) f->lengths[i] = d->lengths[i];
    memcpy(f->sketch, d->sketch, sizeof f->sketch);
}

static void add_to(struct field_row *to, const struct field_row *f)
{
    to->role = f->role;
    to->types |= f->types;
    to->classes |= f->classes;
    to->magnitudes |= f->magnitudes;
    to->records += f->records;
    to->json += f->json;
    to->bytes += f->bytes;
    to->length_sum += f->length_sum;
    if (f->length_min < to->length_min) to->length_min = f->length_min;
    if (f->length_max > to->length_max) to->length_max = f->length_max;
    if (f->first_seen < to->first_seen) to->first_seen = f->first_seen;
    if (f->last_seen > to->last_seen) to->last_seen = f->last_seen;
    for (size_t i = 0; i < LENGTH_BUCKETS; i++) to->lengths[i] += f->lengths[i];
    sketch_merge(to->sketch, f->sketch);
}

static int64_t length_percentile(const struct field_row *f, unsigned percent)
{
    int64_t value = (int64_t)length_bucket_most(buckets_percentile(f->lengths, LENGTH_BUCKETS, percent));
    return value < f->length_max ? value : f->length_max;
}

static bool put_field(struct writing *w, const char *sql, const struct field_row *f)
{
    struct buf lengths;
    sqlite3_stmt *st = db_prepare(w->db, sql);
    buf_init(&lengths, LENGTHS_BLOB);
    counts_write(&lengths, f->lengths, LENGTH_BUCKETS);
    db_bind(st, "iitiiiiiiiiiiiiiiii", w->event, f->scope, f->path, w->account, f->role, f->types, f->classes, f->magnitudes, f->records,
            f->json, f->bytes, f->length_min, f->length_max, f->length_sum, length_percentile(f, 50), length_percentile(f, 95),
            (int64_t)sketch_estimate(f->sketch), f->first_seen, f->last_seen);
    sqlite3_bind_blob(st, 20, lengths.data ? lengths.data : "", (int)lengths.len, SQLITE_STATIC);
    sqlite3_bind_blob(st, 21, f->sketch, SKETCH_REGISTERS, SQLITE_STATIC);
    bool ok = db_run(w->db, st);
    buf_free(&lengths);
    return ok;
}

static bool count_fields(struct writing *w, int64_t *n)
{
    sqlite3_stmt *st = db_prepare(w->db, "SELECT count(*) FROM event_fields WHERE event = ?1");
    db_bind(st, "i", w->event);
    enum db_step step = db_step(w->db, st);
    *n = step == DB_ROW ? sqlite3_column_int64(st, 0) : 0;
    sqlite3_reset(st);
    return step != DB_ERROR;
}

/* *dropped: there is no place for it. */
static bool add_field(struct writing *w, const struct field_row *f, bool *dropped)
{
    struct field_row have;
    sqlite3_stmt *st = db_prepare(w->db, "SELECT " FIELD_COLUMNS " FROM event_fields WHERE event = ?1 AND scope = ?2 AND path = ?3");
    db_bind(st, "iit", w->event, f->scope, f->path);
    enum db_step step = db_step(w->db, st);
    bool found = step == DB_ROW;
    if (found) {
        read_field(st, &have);
        have.path = f->path;
    }
    sqlite3_reset(st);
    if (step == DB_ERROR) return false;
    if (found) {
        add_to(&have, f);
        return put_field(w,
                         "UPDATE event_fields SET account = ?4, role = ?5, types = ?6, classes = ?7, magnitudes = ?8, records = ?9,"
                         " json = ?10, bytes = ?11, length_min = ?12, length_max = ?13, length_sum = ?14, length_p50 = ?15,"
                         " length_p95 = ?16, distinct_values = ?17, first_seen = ?18, last_seen = ?19, lengths = ?20, sketch = ?21"
                         " WHERE event = ?1 AND scope = ?2 AND path = ?3",
                         &have);
    }
    int64_t n;
    if (!count_fields(w, &n)) return false;
    *dropped = n >= FIELDS_MOST;
    return *dropped || put_field(w,
                                 "INSERT INTO event_fields (event, scope, path, account, role, types, classes, magnitudes, records, json,"
                                 " bytes, length_min, length_max, length_sum, length_p50, length_p95, distinct_values, first_seen,"
                                 " last_seen, lengths, sketch) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
                                 " ?16, ?17, ?18, ?19, ?20, ?21)",
                                 f);
}

/* ---- pairs and exposures ---- */

static bool add_pair(struct writing *w, const struct pair_delta *p)
{
    sqlite3_stmt *st = db_prepare(w->db, "UPDATE event_field_pairs SET records = records + ?6, equal = equal + ?7 WHERE event = ?1 AND"
                                         " scope = ?2 AND path = ?3 AND other_scope = ?4 AND other_path = ?5");
    db_bind(st, "iititii", w->event, (int64_t)p->scope, p->path, (int64_t)p->other_scope, p->other_path, (int64_t)p->records,
            (int64_t)p->equal);
    if (!db_run(w->db, st)) return false;
    if (db_changes(w->db) > 0) return true;
    st = db_prepare(w->db, "INSERT INTO event_field_pairs (event, scope, path, other_scope, other_path, records, equal, account)"
                           " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE (SELECT count(*) FROM event_field_pairs WHERE event = ?1) < ?9");
    db_bind(st, "iititiiii", w->event, (int64_t)p->scope, p->path, (int64_t)p->other_scope, p->other_path, (int64_t)p->records,
            (int64_t)p->equal, w->account, (int64_t)PAIRS_MOST);
    return db_run(w->db, st);
}

static bool add_exposure(struct writing *w, const struct exposure_delta *x)
{
    struct slice detector = slice_str(sensitive_detectors[x->detector].name);
    sqlite3_stmt *st = db_prepare(w->db, "UPDATE event_exposures SET records = records + ?5,"
                                         " first_seen = CASE WHEN first_seen > ?6 THEN ?6 ELSE first_seen END,"
                                         " last_seen = CASE WHEN last_seen < ?7 THEN ?7 ELSE last_seen END"
                                         " WHERE event = ?1 AND scope = ?2 AND path = ?3 AND detector = ?4");
    db_bind(st, "iittiii", w->event, (int64_t)x->scope, x->path, detector, (int64_t)x->records, x->first_ns, x->last_ns);
    if (!db_run(w->db, st)) return false;
    if (db_changes(w->db) > 0) return true;
    st = db_prepare(w->db, "INSERT INTO event_exposures (event, scope, path, detector, records, first_seen, last_seen, account)"
                           " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE (SELECT count(*) FROM event_exposures WHERE event = ?1) < ?9");
    db_bind(st, "iittiiiii", w->event, (int64_t)x->scope, x->path, detector, (int64_t)x->records, x->first_ns, x->last_ns, w->account,
            (int64_t)EXPOSURES_MOST);
    return db_run(w->db, st);
}

/* ---- the whole ---- */

static bool add_profile(struct writing *w, const struct profile_delta *p, struct shape_row *shape)
{
    int64_t dropped_records = 0;
    shape_add_profile(shape, p);
    for (size_t i = 0; i < p->field_count; i++) {
        struct field_row f;
        bool dropped = false;
        of_delta(&p->fields[i], &f);
        if (!add_field(w, &f, &dropped)) return false;
        if (dropped && f.records > dropped_records) dropped_records = f.records;
    }
    shape_add_dropped(shape, dropped_records);
    for (size_t i = 0; i < p->pair_count; i++)
        if (!add_pair(w, &p->pairs[i])) return false;
    for (size_t i = 0; i < p->exposure_count; i++)
        if (!add_exposure(w, &p->exposures[i])) return false;
    return true;
}

bool field_rows_add(struct db *db, int64_t account, int64_t event, const struct delta *const *deltas, size_t n)
{
    struct writing w = {db, account, event};
    struct shape_row shape;
    if (!shape_load(db, event, &shape)) return false;
    for (size_t i = 0; i < n; i++) {
        if (deltas[i]->minutes) shape_add_minutes(&shape, deltas[i]->hour, deltas[i]->minutes);
        if (deltas[i]->profile && !add_profile(&w, deltas[i]->profile, &shape)) return false;
    }
    return shape_save(db, account, event, &shape);
}

/* ---- two events become one ---- */

static bool delete_rows(struct db *db, int64_t event)
{
    const char *const tables[] = {"DELETE FROM event_fields WHERE event = ?1", "DELETE FROM event_field_pairs WHERE event = ?1",
                                  "DELETE FROM event_exposures WHERE event = ?1", "DELETE FROM event_shapes WHERE event = ?1"};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        sqlite3_stmt *st = db_prepare_text(db, slice_str(tables[i]));
        db_bind(st, "i", event);
        if (!db_run(db, st)) return false;
    }
    return true;
}

/* The first field of `event` behind (scope, path); its path is copied. False in *found: none. */
static bool next_field(struct db *db, int64_t event, struct field_row *f, struct buf *path, bool *found)
{
    sqlite3_stmt *st = db_prepare(db, "SELECT " FIELD_COLUMNS " FROM event_fields WHERE event = ?1 AND (scope, path) > (?2, ?3)"
                                      " ORDER BY scope, path LIMIT 1");
    db_bind(st, "iit", event, f->scope, buf_view(path));
    enum db_step step = db_step(db, st);
    *found = step == DB_ROW;
    if (*found) {
        read_field(st, f);
        buf_clear(path);
        buf_slice(path, f->path);
        f->path = buf_view(path);
    }
    sqlite3_reset(st);
    return step != DB_ERROR;
}

static bool move_fields(struct writing *w, int64_t from, struct shape_row *shape)
{
    struct field_row f = {.scope = -1};
    struct buf path;
    bool found = true, ok = true;
    buf_init(&path, 4096);
    while (ok && found) {
        bool dropped = false;
        ok = next_field(w->db, from, &f, &path, &found);
        if (ok && found) ok = add_field(w, &f, &dropped);
        if (dropped) shape_add_dropped(shape, f.records);
    }
    buf_free(&path);
    return ok;
}

static bool move_pairs(struct writing *w, int64_t from)
{
    sqlite3_stmt *st = db_prepare(w->db, "INSERT INTO event_field_pairs (event, scope, path, other_scope, other_path, records, equal,"
                                         " account) SELECT ?1, scope, path, other_scope, other_path, records, equal, account"
                                         " FROM event_field_pairs WHERE event = ?2"
                                         " ON CONFLICT (event, scope, path, other_scope, other_path) DO UPDATE SET"
                                         " records = event_field_pairs.records + excluded.records,"
                                         " equal = event_field_pairs.equal + excluded.equal");
    db_bind(st, "ii", w->event, from);
    return db_run(w->db, st);
}

static bool move_exposures(struct writing *w, int64_t from)
{
    sqlite3_stmt *st = db_prepare(w->db, "INSERT INTO event_exposures (event, scope, path, detector, records, first_seen, last_seen,"
                                         " account) SELECT ?1, scope, path, detector, records, first_seen, last_seen, account"
                                         " FROM event_exposures WHERE event = ?2"
                                         " ON CONFLICT (event, scope, path, detector) DO UPDATE SET"
                                         " records = event_exposures.records + excluded.records,"
                                         " first_seen = CASE WHEN event_exposures.first_seen > excluded.first_seen"
                                         " THEN excluded.first_seen ELSE event_exposures.first_seen END,"
                                         " last_seen = CASE WHEN event_exposures.last_seen < excluded.last_seen"
                                         " THEN excluded.last_seen ELSE event_exposures.last_seen END");
    db_bind(st, "ii", w->event, from);
    return db_run(w->db, st);
}

bool field_rows_merge(struct db *db, int64_t account, int64_t from, int64_t to)
{
    struct writing w = {db, account, to};
    struct shape_row shape, old;
    if (!shape_load(db, from, &old) || !shape_load(db, to, &shape)) return false;
    if (!old.found) return true;
    shape_add(&shape, &old);
    return move_fields(&w, from, &shape) && move_pairs(&w, from) && move_exposures(&w, from) && shape_save(db, account, to, &shape) &&
           delete_rows(db, from);
}
