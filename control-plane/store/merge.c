#include "control-plane/store/merge.h"

#include "base/clock.h"
#include "control-plane/store/field_rows.h"
#include "control-plane/store/rows.h"

struct merging {
    struct db *db;
    int64_t account, now_ns;
    struct event_row from, to;
};

static bool same(struct id128 a, struct id128 b) { return a.hi == b.hi && a.lo == b.lo; }

static bool add_alias(struct merging *m)
{
    sqlite3_stmt *st = db_prepare(m->db, "UPDATE log_event_aliases SET target = ?1 WHERE account = ?2 AND target = ?3");
    db_bind(st, "uiu", m->to.id, m->account, m->from.id);
    if (!db_run(m->db, st)) return false;
    st = db_prepare(m->db, "INSERT INTO log_event_aliases (account, id, target) VALUES (?1, ?2, ?3)");
    db_bind(st, "iuu", m->account, m->from.id, m->to.id);
    return db_run(m->db, st);
}

static bool rename_event(struct merging *m)
{
    sqlite3_stmt *st = db_prepare(m->db, "UPDATE log_events SET id = ?1, updated_at = ?2 WHERE row = ?3");
    db_bind(st, "uii", m->to.id, m->now_ns, m->from.row);
    return db_run(m->db, st);
}

static bool read_hour(struct merging *m, int64_t *hour, struct tally *t, int *stage)
{
    sqlite3_stmt *st = db_prepare(m->db, "SELECT hour, stage, events, bytes, s0, s1, s2, s3, s4, s5, s6 FROM event_hours"
                                         " WHERE event = ?1 AND hour > ?2 ORDER BY hour LIMIT 1");
    db_bind(st, "ii", m->from.row, *hour);
    enum db_step step = db_step(m->db, st);
    if (step == DB_ROW) {
        *hour = sqlite3_column_int64(st, 0);
        *stage = sqlite3_column_int(st, 1);
        *t = (struct tally){.events = sqlite3_column_int64(st, 2), .bytes = sqlite3_column_int64(st, 3)};
        for (int i = 0; i < SEVERITIES; i++) t->severity[i] = sqlite3_column_int64(st, 4 + i);
    } else {
        *stage = -1;
    }
    sqlite3_reset(st);
    return step != DB_ERROR;
}

/* An hour that both have may have left more windows in one row than in the other: the target's stage holds. */
static bool move_hours(struct merging *m)
{
    int64_t hour = INT64_MIN;
    for (;;) {
        struct tally t;
        int stage;
        if (!read_hour(m, &hour, &t, &stage)) return false;
        if (stage < 0) break;
        if (!event_hour_add(m->db, m->to.row, hour, &t, &stage)) return false;
        windows_add(m->to.windows, &t, stage, 1);
    }
    sqlite3_stmt *st = db_prepare(m->db, "DELETE FROM event_hours WHERE event = ?1");
    db_bind(st, "i", m->from.row);
    return db_run(m->db, st);
}

static bool drop_from(struct merging *m)
{
    sqlite3_stmt *st = db_prepare(m->db, "DELETE FROM log_events WHERE row = ?1");
    db_bind(st, "i", m->from.row);
    if (!db_run(m->db, st)) return false;
    st = db_prepare(m->db, "UPDATE services SET log_events = log_events - 1 WHERE row = ?1");
    db_bind(st, "i", m->from.service);
    return db_run(m->db, st) && event_count_kind(m->db, m->account, &m->from, -1);
}

static bool save_target(struct merging *m)
{
    struct event_row *to = &m->to;
    int severity = tally_severity(&to->totals);
    bool changed = to->first_seen > m->from.first_seen || severity != to->severity;
    if (severity != to->severity) {
        if (!event_count_kind(m->db, m->account, to, -1)) return false;
        to->severity = severity;
        if (!event_count_kind(m->db, m->account, to, 1)) return false;
    }
    if (to->first_seen > m->from.first_seen) to->first_seen = m->from.first_seen;
    if (to->last_seen < m->from.last_seen) to->last_seen = m->from.last_seen;
    if (changed && !event_save_text(m->db, to, m->now_ns)) return false;
    struct account_row account;
    struct service_row service;
    if (!account_load(m->db, &account) || !service_load_row(m->db, to->service, &service)) return false;
    to->rates = rates_of(&to->windows[WEEK], service.hours, &account.prices);
    return event_save(m->db, to, true);
}

static bool join(struct merging *m)
{
    if (m->from.row == 0) return add_alias(m);
    if (m->to.row == 0) return rename_event(m) && add_alias(m);
    tally_add(&m->to.totals, &m->from.totals);
    return move_hours(m) && field_rows_merge(m->db, m->account, m->from.row, m->to.row) && drop_from(m) && save_target(m) && add_alias(m);
}

bool merge_events(struct db *db, int64_t account, struct id128 from, struct id128 to, int64_t now_ns)
{
    struct merging m = {.db = db, .account = account, .now_ns = now_ns};
    if (!event_resolve(db, account, from, &from) || !event_resolve(db, account, to, &to)) return false;
    if (same(from, to)) return true;
    buf_init(&m.from.name, EVENT_TEXT_MAX);
    buf_init(&m.from.template, EVENT_TEXT_MAX);
    buf_init(&m.to.name, EVENT_TEXT_MAX);
    buf_init(&m.to.template, EVENT_TEXT_MAX);
    bool ok = event_load(db, account, from, &m.from) && event_load(db, account, to, &m.to) && join(&m);
    buf_free(&m.from.name);
    buf_free(&m.from.template);
    buf_free(&m.to.name);
    buf_free(&m.to.template);
    return ok;
}
