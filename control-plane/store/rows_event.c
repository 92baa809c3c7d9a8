#include "control-plane/store/rows.h"

bool event_load(struct db *db, int64_t account, struct id128 id, struct event_row *e)
{
    sqlite3_stmt *st = db_prepare(db, "SELECT row, service, severity, fragment, withheld, events, bytes, day_events, day_bytes,"
                                      " week_events, week_bytes, month_events, month_bytes, rate_events, rate_bytes, cost, first_seen,"
                                      " last_seen, s0, s1, s2, s3, s4, s5, s6, name, template"
                                      " FROM log_events WHERE account = ?1 AND id = ?2");
    db_bind(st, "iu", account, id);
    enum db_step step = db_step(db, st);
    struct buf name = e->name, template = e->template;
    *e = (struct event_row){.id = id, .name = name, .template = template};
    buf_clear(&e->name);
    buf_clear(&e->template);
    if (step == DB_ROW) {
        int64_t n[25];
        for (int i = 0; i < 25; i++) n[i] = sqlite3_column_int64(st, i);
        e->row = n[0];
        e->service = n[1];
        e->severity = (int)n[2];
        e->fragment = n[3] != 0;
        e->withheld = n[4] != 0;
        e->totals.events = n[5];
        e->totals.bytes = n[6];
        for (size_t i = 0; i < WINDOWS; i++) e->windows[i] = (struct window){n[7 + 2 * i], n[8 + 2 * i]};
        e->rates = (struct rates){n[13], n[14], n[15]};
        e->first_seen = n[16];
        e->last_seen = n[17];
        memcpy(e->totals.severity, n + 18, sizeof e->totals.severity);
        buf_slice(&e->name, db_text(st, 25));
        buf_slice(&e->template, db_text(st, 26));
    }
    sqlite3_reset(st);
    return step != DB_ERROR;
}

bool event_insert(struct db *db, int64_t account, struct id128 service_id, struct slice service_name, struct event_row *e, int64_t now_ns)
{
    sqlite3_stmt *st = db_prepare(db, "INSERT INTO log_events (account, service, severity, fragment, withheld, events, bytes,"
                                      " day_events, day_bytes, week_events, week_bytes, month_events, month_bytes, rate_events,"
                                      " rate_bytes, cost, first_seen, last_seen, created_at, updated_at, id, service_id, name,"
                                      " service_name, template, s0, s1, s2, s3, s4, s5, s6)"
                                      " VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"
                                      " ?13, ?14, 0, 0, 0, 0, 0, 0, 0)");
    db_bind(st, "iiibbiiiiuuttt", account, e->service, (int64_t)e->severity, e->fragment, e->withheld, e->first_seen, e->last_seen, now_ns,
            now_ns, e->id, service_id, buf_view(&e->name), service_name, buf_view(&e->template));
    if (!db_run(db, st)) return false;
    e->row = db_last_row(db);
    return true;
}

static bool save_with_rates(struct db *db, const struct event_row *e)
{
    sqlite3_stmt *st = db_prepare(db, "UPDATE log_events SET events = ?1, bytes = ?2, last_seen = ?3, day_events = ?4, day_bytes = ?5,"
                                      " week_events = ?6, week_bytes = ?7, month_events = ?8, month_bytes = ?9, s0 = ?10, s1 = ?11,"
                                      " s2 = ?12, s3 = ?13, s4 = ?14, s5 = ?15, s6 = ?16, rate_events = ?17, rate_bytes = ?18,"
                                      " cost = ?19 WHERE row = ?20");
    const struct window *w = e->windows;
    const int64_t *s = e->totals.severity;
    db_bind(st, "iiiiiiiiiiiiiiiiiiii", e->totals.events, e->totals.bytes, e->last_seen, w[DAY].events, w[DAY].bytes, w[WEEK].events,
            w[WEEK].bytes, w[MONTH].events, w[MONTH].bytes, s[0], s[1], s[2], s[3], s[4], s[5], s[6], e->rates.events, e->rates.bytes,
            e->rates.cost, e->row);
    return db_run(db, st);
}

bool event_save(struct db *db, const struct event_row *e, bool rates_changed)
{
    if (rates_changed) return save_with_rates(db, e);
    sqlite3_stmt *st = db_prepare(db, "UPDATE log_events SET events = ?1, bytes = ?2, last_seen = ?3, day_events = ?4, day_bytes = ?5,"
                                      " week_events = ?6, week_bytes = ?7, month_events = ?8, month_bytes = ?9, s0 = ?10, s1 = ?11,"
                                      " s2 = ?12, s3 = ?13, s4 = ?14, s5 = ?15, s6 = ?16 WHERE row = ?17");
    const struct window *w = e->windows;
    const int64_t *s = e->totals.severity;
    db_bind(st, "iiiiiiiiiiiiiiiii", e->totals.events, e->totals.bytes, e->last_seen, w[DAY].events, w[DAY].bytes, w[WEEK].events,
            w[WEEK].bytes, w[MONTH].events, w[MONTH].bytes, s[0], s[1], s[2], s[3], s[4], s[5], s[6], e->row);
    return db_run(db, st);
}

bool event_save_rates(struct db *db, int64_t row, const struct rates *r)
{
    sqlite3_stmt *st = db_prepare(db, "UPDATE log_events SET rate_events = ?1, rate_bytes = ?2, cost = ?3 WHERE row = ?4");
    db_bind(st, "iiii", r->events, r->bytes, r->cost, row);
    return db_run(db, st);
}

bool event_save_text(struct db *db, const struct event_row *e, int64_t now_ns)
{
    sqlite3_stmt *st = db_prepare(db, "UPDATE log_events SET severity = ?1, fragment = ?2, withheld = ?3, first_seen = ?4, name = ?5,"
                                      " template = ?6, updated_at = ?7 WHERE row = ?8");
    db_bind(st, "ibbittii", (int64_t)e->severity, e->fragment, e->withheld, e->first_seen, buf_view(&e->name), buf_view(&e->template),
            now_ns, e->row);
    return db_run(db, st);
}

static bool name_taken(struct db *db, const struct event_row *e, bool *taken)
{
    sqlite3_stmt *st = db_prepare(db, "SELECT row FROM log_events WHERE service = ?1 AND name = ?2");
    db_bind(st, "it", e->service, buf_view(&e->name));
    enum db_step step = db_step(db, st);
    *taken = step == DB_ROW && sqlite3_column_int64(st, 0) != e->row;
    sqlite3_reset(st);
    return step != DB_ERROR;
}

bool event_unique_name(struct db *db, struct event_row *e)
{
    static const int digits[] = {0, 4, 8, 16};
    if (e->name.len == 0) buf_str(&e->name, "event");
    size_t plain = e->name.len;
    for (size_t i = 0; i < sizeof digits / sizeof *digits; i++) {
        buf_cut(&e->name, plain);
        if (digits[i]) buf_printf(&e->name, "_%0*llx", digits[i], (unsigned long long)(e->id.lo & (UINT64_MAX >> (64 - 4 * digits[i]))));
        bool taken;
        if (!name_taken(db, e, &taken)) return false;
        if (!taken) return true;
    }
    return false;
}

bool event_resolve(struct db *db, int64_t account, struct id128 id, struct id128 *target)
{
    sqlite3_stmt *st = db_prepare(db, "SELECT target FROM log_event_aliases WHERE account = ?1 AND id = ?2");
    db_bind(st, "iu", account, id);
    enum db_step step = db_step(db, st);
    *target = step == DB_ROW ? db_id(st, 0) : id;
    sqlite3_reset(st);
    return step != DB_ERROR;
}

static bool count_kind(struct db *db, int64_t account, int64_t service, const struct event_row *e, int n)
{
    sqlite3_stmt *st = db_prepare(db, "UPDATE log_event_counts SET n = n + ?5 WHERE account = ?1 AND service = ?2 AND severity = ?3"
                                      " AND fragment = ?4");
    db_bind(st, "iiibi", account, service, (int64_t)e->severity, e->fragment, (int64_t)n);
    if (!db_run(db, st)) return false;
    if (db_changes(db) > 0) return true;
    st = db_prepare(db, "INSERT INTO log_event_counts (account, service, severity, fragment, n) VALUES (?1, ?2, ?3, ?4, ?5)");
    db_bind(st, "iiibi", account, service, (int64_t)e->severity, e->fragment, (int64_t)n);
    return db_run(db, st);
}

bool event_count_kind(struct db *db, int64_t account, const struct event_row *e, int n)
{
    return count_kind(db, account, 0, e, n) && count_kind(db, account, e->service, e, n);
}
