#include "control-plane/store/rows.h"

#define COLUMNS                                                                                                                            \
    "row, id, log_events, events, bytes, day_events, day_bytes, week_events, week_bytes, month_events, month_bytes,"                       \
    " w0, w1, w2, w3, w4, w5, w6, first_seen, last_seen, hours, rate_events, rate_bytes, cost"

static void read_service(sqlite3_stmt *st, struct service_row *s)
{
    int64_t n[24];
    for (int i = 0; i < 24; i++) n[i] = sqlite3_column_int64(st, i);
    *s = (struct service_row){
        .row = n[0],
        .id = db_id(st, 1),
        .log_events = n[2],
        .totals = {.events = n[3], .bytes = n[4]},
        .windows = {{n[5], n[6]}, {n[7], n[8]}, {n[9], n[10]}},
        .first_seen = n[18],
        .last_seen = n[19],
        .hours = n[20],
        .rates = {n[21], n[22], n[23]},
    };
    memcpy(s->week_severity, n + 11, sizeof s->week_severity);
}

static bool load(struct db *db, sqlite3_stmt *st, struct service_row *s)
{
    enum db_step step = db_step(db, st);
    if (step == DB_ROW) read_service(st, s);
    else *s = (struct service_row){.row = 0};
    sqlite3_reset(st);
    return step != DB_ERROR;
}

bool service_load(struct db *db, int64_t account, struct id128 id, struct service_row *s)
{
    sqlite3_stmt *st = db_prepare(db, "SELECT " COLUMNS " FROM services WHERE account = ?1 AND id = ?2");
    db_bind(st, "iu", account, id);
    return load(db, st, s);
}

bool service_load_row(struct db *db, int64_t row, struct service_row *s)
{
    sqlite3_stmt *st = db_prepare(db, "SELECT " COLUMNS " FROM services WHERE row = ?1");
    db_bind(st, "i", row);
    return load(db, st, s);
}

bool service_insert(struct db *db, int64_t account, struct slice name, struct service_row *s, int64_t now_ns)
{
    sqlite3_stmt *st = db_prepare(db, "INSERT INTO services (account, id, name, created_at, updated_at, first_seen, last_seen, hours)"
                                      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    db_bind(st, "iutiiiii", account, s->id, name, now_ns, now_ns, s->first_seen, s->last_seen, s->hours);
    if (!db_run(db, st)) return false;
    s->row = db_last_row(db);
    st = db_prepare(db, "UPDATE accounts SET services = services + 1 WHERE row = ?1");
    db_bind(st, "i", account);
    return db_run(db, st);
}

bool service_save(struct db *db, const struct service_row *s)
{
    sqlite3_stmt *st = db_prepare(db, "UPDATE services SET log_events = ?1, events = ?2, bytes = ?3, day_events = ?4, day_bytes = ?5,"
                                      " week_events = ?6, week_bytes = ?7, month_events = ?8, month_bytes = ?9, first_seen = ?10,"
                                      " last_seen = ?11, hours = ?12, rate_events = ?13, rate_bytes = ?14, cost = ?15,"
                                      " w0 = ?16, w1 = ?17, w2 = ?18, w3 = ?19, w4 = ?20, w5 = ?21, w6 = ?22 WHERE row = ?23");
    const struct window *w = s->windows;
    const int64_t *v = s->week_severity;
    db_bind(st, "iiiiiiiiiiiiiiiiiiiiiii", s->log_events, s->totals.events, s->totals.bytes, w[DAY].events, w[DAY].bytes, w[WEEK].events,
            w[WEEK].bytes, w[MONTH].events, w[MONTH].bytes, s->first_seen, s->last_seen, s->hours, s->rates.events, s->rates.bytes,
            s->rates.cost, v[0], v[1], v[2], v[3], v[4], v[5], v[6], s->row);
    return db_run(db, st);
}

bool service_sweep(struct db *db, int64_t row)
{
    sqlite3_stmt *st = db_prepare(db, "UPDATE services SET sweep = '' WHERE row = ?1");
    db_bind(st, "i", row);
    return db_run(db, st);
}

void service_rates(struct service_row *s, struct account_row *a)
{
    struct rates new = rates_of(&s->windows[WEEK], s->hours, &a->prices);
    a->rates.events += new.events - s->rates.events;
    a->rates.bytes += new.bytes - s->rates.bytes;
    a->rates.cost += new.cost - s->rates.cost;
    s->rates = new;
}
