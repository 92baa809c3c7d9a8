#include "control-plane/store/catalog_write.h"

#include "base/clock.h"
#include "base/die.h"
#include "control-plane/store/rows.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { ROWS = 2000 };

struct roll {
    struct db *db;
    int64_t now_hour;
    unsigned left; /* rows that may still be touched in this call */
    bool failed;
};

static bool spend(struct roll *r)
{
    if (r->left == 0 || r->failed) return false;
    r->left--;
    return true;
}

/* ---- hours that leave a window ---- */

struct leaving {
    int64_t owner, hour;
    struct tally tally;
};

struct hour_table {
    const char *select, *advance;
    bool (*leave)(struct roll *r, const struct leaving *l, int stage);
};

static bool next_leaving(struct roll *r, const struct hour_table *table, int stage, struct leaving *l)
{
    sqlite3_stmt *st = db_prepare(r->db, table->select);
    db_bind(st, "ii", (int64_t)stage, r->now_hour - window_hours[stage]);
    enum db_step step = db_step(r->db, st);
    if (step == DB_ROW) {
        *l = (struct leaving){.owner = sqlite3_column_int64(st, 0), .hour = sqlite3_column_int64(st, 1)};
        l->tally.events = sqlite3_column_int64(st, 2);
        l->tally.bytes = sqlite3_column_int64(st, 3);
        for (int i = 0; i < SEVERITIES; i++) l->tally.severity[i] = sqlite3_column_int64(st, 4 + i);
    }
    if (step == DB_ERROR) r->failed = true;
    sqlite3_reset(st);
    return step == DB_ROW;
}

static bool advance(struct roll *r, const struct hour_table *table, const struct leaving *l)
{
    sqlite3_stmt *st = db_prepare(r->db, table->advance);
    db_bind(st, "ii", l->owner, l->hour);
    return db_run(r->db, st);
}

static void roll_hours(struct roll *r, const struct hour_table *table)
{
    for (int stage = 0; stage < WINDOWS; stage++) {
        struct leaving l;
        while (r->left > 0 && !r->failed && next_leaving(r, table, stage, &l)) {
            spend(r);
            r->failed = !table->leave(r, &l, stage) || !advance(r, table, &l);
        }
    }
}

static bool event_week(struct db *db, int64_t event, const struct tally *leaving)
{
    sqlite3_stmt *st = db_prepare(db, "SELECT e.week_events, e.week_bytes, s.hours, a.price_gb, a.price_million FROM log_events e"
                                      " JOIN services s ON s.row = e.service JOIN accounts a ON a.row = e.account WHERE e.row = ?1");
    db_bind(st, "i", event);
    enum db_step step = db_step(db, st);
    int64_t n[5] = {0};
    for (int i = 0; step == DB_ROW && i < 5; i++) n[i] = sqlite3_column_int64(st, i);
    sqlite3_reset(st);
    if (step != DB_ROW) return step == DB_DONE;
    struct window week = {n[0] - leaving->events, n[1] - leaving->bytes};
    struct prices prices = {n[3], n[4]};
    struct rates rates = rates_of(&week, n[2], &prices);
    st = db_prepare(db, "UPDATE log_events SET week_events = ?1, week_bytes = ?2, rate_events = ?3, rate_bytes = ?4, cost = ?5"
                        " WHERE row = ?6");
    db_bind(st, "iiiiii", week.events, week.bytes, rates.events, rates.bytes, rates.cost, event);
    return db_run(db, st);
}

static bool event_leave(struct roll *r, const struct leaving *l, int stage)
{
    if (stage == WEEK) return event_week(r->db, l->owner, &l->tally);
    sqlite3_stmt *st =
        stage == DAY ? db_prepare(r->db, "UPDATE log_events SET day_events = day_events - ?1, day_bytes = day_bytes - ?2 WHERE row = ?3")
                     : db_prepare(r->db, "UPDATE log_events SET month_events = month_events - ?1, month_bytes = month_bytes - ?2"
                                         " WHERE row = ?3");
    db_bind(st, "iii", l->tally.events, l->tally.bytes, l->owner);
    return db_run(r->db, st);
}

static bool service_leave(struct roll *r, const struct leaving *l, int stage)
{
    struct account_row a;
    struct service_row s;
    if (!account_load(r->db, &a) || !service_load_row(r->db, l->owner, &s)) return false;
    s.windows[stage].events -= l->tally.events;
    s.windows[stage].bytes -= l->tally.bytes;
    if (stage == WEEK) {
        for (size_t i = 0; i < SEVERITIES; i++) s.week_severity[i] -= l->tally.severity[i];
        service_rates(&s, &a);
    }
    return service_save(r->db, &s) && (stage != WEEK || account_save(r->db, &a));
}

static bool account_leave(struct roll *r, const struct leaving *l, int stage)
{
    struct account_row a;
    if (!account_load(r->db, &a)) return false;
    a.windows[stage].events -= l->tally.events;
    a.windows[stage].bytes -= l->tally.bytes;
    return account_save(r->db, &a);
}

#define HOUR_TABLE(table, owner)                                                                                                           \
    "SELECT " owner ", hour, events, bytes, s0, s1, s2, s3, s4, s5, s6 FROM " table                                                        \
    " WHERE stage < 3 AND stage = ?1 AND hour <= ?2 LIMIT 1",                                                                              \
        "UPDATE " table " SET stage = stage + 1 WHERE " owner " = ?1 AND hour = ?2"

static const struct hour_table hour_tables[] = {
    {HOUR_TABLE("account_hours", "account"), account_leave},
    {HOUR_TABLE("service_hours", "service"), service_leave},
    {HOUR_TABLE("event_hours", "event"), event_leave},
};

/* ---- rates that change with the age of a young service ---- */

static bool next_young(struct roll *r, int64_t *row)
{
    sqlite3_stmt *st = db_prepare(r->db, "SELECT row, first_seen, hours FROM services WHERE hours < 168 AND row > ?1 ORDER BY row LIMIT 1");
    db_bind(st, "i", *row);
    enum db_step step = db_step(r->db, st);
    if (step == DB_ROW) *row = sqlite3_column_int64(st, 0);
    if (step == DB_ERROR) r->failed = true;
    sqlite3_reset(st);
    return step == DB_ROW;
}

static bool age_service(struct roll *r, int64_t row)
{
    struct account_row a;
    struct service_row s;
    if (!account_load(r->db, &a) || !service_load_row(r->db, row, &s)) return false;
    int64_t hours = rate_hours(s.first_seen, r->now_hour);
    if (hours == s.hours) return true;
    spend(r);
    s.hours = hours;
    service_rates(&s, &a);
    return service_sweep(r->db, row) && service_save(r->db, &s) && account_save(r->db, &a);
}

static void age_services(struct roll *r)
{
    int64_t row = 0;
    while (r->left > 0 && !r->failed && next_young(r, &row)) r->failed = !age_service(r, row);
}

/* ---- events whose rates are to be computed again ---- */

struct stale {
    int64_t row;
    struct rates now;
};

struct stale_list {
    struct stale *items;
    size_t count;
};

/* Columns: row, week_events, week_bytes, rate_events, rate_bytes, cost, hours, price_gb, price_million, then what the
 * caller wants of the last row. False at the end of the sweep. */
static bool read_stale(struct roll *r, sqlite3_stmt *st, struct stale_list *list, struct buf *last_name, int64_t *last_row)
{
    size_t limit = r->left;
    enum db_step step = DB_DONE;
    list->items = xreallocarray(NULL, limit + 1, sizeof *list->items);
    list->count = 0;
    while (r->left > 0 && (step = db_step(r->db, st)) == DB_ROW) {
        spend(r);
        int64_t n[9];
        for (int i = 0; i < 9; i++) n[i] = sqlite3_column_int64(st, i);
        struct window week = {n[1], n[2]};
        struct prices prices = {n[7], n[8]};
        struct rates old = {n[3], n[4], n[5]}, now = rates_of(&week, n[6], &prices);
        if (!rates_equal(&old, &now)) list->items[list->count++] = (struct stale){n[0], now};
        *last_row = n[0];
        if (last_name) {
            buf_clear(last_name);
            buf_slice(last_name, db_text(st, 9));
        }
    }
    sqlite3_reset(st);
    if (step == DB_ERROR) r->failed = true;
    return step == DB_ROW;
}

static void save_stale(struct roll *r, struct stale_list *list)
{
    for (size_t i = 0; i < list->count && !r->failed; i++) r->failed = !event_save_rates(r->db, list->items[i].row, &list->items[i].now);
    free(list->items);
}

#define STALE                                                                                                                              \
    "SELECT e.row, e.week_events, e.week_bytes, e.rate_events, e.rate_bytes, e.cost, s.hours, a.price_gb, a.price_million, e.name"         \
    " FROM log_events e JOIN services s ON s.row = e.service JOIN accounts a ON a.row = e.account"

static bool next_sweep(struct roll *r, int64_t *service, struct buf *name)
{
    sqlite3_stmt *st = db_prepare(r->db, "SELECT row, sweep FROM services WHERE sweep IS NOT NULL LIMIT 1");
    enum db_step step = db_step(r->db, st);
    if (step == DB_ROW) {
        *service = sqlite3_column_int64(st, 0);
        buf_clear(name);
        buf_slice(name, db_text(st, 1));
    }
    if (step == DB_ERROR) r->failed = true;
    sqlite3_reset(st);
    return step == DB_ROW;
}

static void sweep_service(struct roll *r, int64_t service, struct buf *name)
{
    char *from = xstrndup(buf_view(name).ptr, name->len);
    sqlite3_stmt *st = db_prepare(r->db, STALE " WHERE e.service = ?1 AND e.name > ?2 ORDER BY e.name");
    db_bind(st, "it", service, slice_str(from));
    struct stale_list list;
    int64_t row;
    bool more = read_stale(r, st, &list, name, &row);
    free(from);
    save_stale(r, &list);
    if (r->failed) return;
    st = db_prepare(r->db, "UPDATE services SET sweep = ?1 WHERE row = ?2");
    db_bind(st, "ti", buf_view(name), service);
    if (!more) sqlite3_bind_null(st, 1);
    r->failed = !db_run(r->db, st);
}

static void sweep_services(struct roll *r)
{
    struct buf name;
    int64_t service;
    buf_init(&name, EVENT_TEXT_MAX);
    while (r->left > 0 && !r->failed && next_sweep(r, &service, &name)) sweep_service(r, service, &name);
    buf_free(&name);
}

static void reprice_account(struct roll *r)
{
    sqlite3_stmt *st = db_prepare(r->db, "SELECT row, reprice FROM accounts WHERE reprice IS NOT NULL LIMIT 1");
    enum db_step step = db_step(r->db, st);
    int64_t account = sqlite3_column_int64(st, 0), last = sqlite3_column_int64(st, 1);
    sqlite3_reset(st);
    if (step == DB_ERROR) r->failed = true;
    if (step != DB_ROW) return;
    st = db_prepare(r->db, STALE " WHERE e.row > ?1 AND e.account = ?2 ORDER BY e.row");
    db_bind(st, "ii", last, account);
    struct stale_list list;
    bool more = read_stale(r, st, &list, NULL, &last);
    save_stale(r, &list);
    if (r->failed) return;
    st = db_prepare(r->db, "UPDATE accounts SET reprice = ?1 WHERE row = ?2");
    db_bind(st, "ii", last, account);
    if (!more) sqlite3_bind_null(st, 1);
    r->failed = !db_run(r->db, st);
}

static bool next_service(struct db *db, int64_t account, int64_t *row)
{
    sqlite3_stmt *st = db_prepare(db, "SELECT row FROM services WHERE row > ?1 AND account = ?2 ORDER BY row LIMIT 1");
    db_bind(st, "ii", *row, account);
    enum db_step step = db_step(db, st);
    *row = step == DB_ROW ? sqlite3_column_int64(st, 0) : 0;
    sqlite3_reset(st);
    return step != DB_ERROR;
}

bool catalog_reprice(struct db *db, int64_t account)
{
    struct account_row a;
    struct service_row s;
    int64_t row = 0;
    if (!account_load(db, &a)) return false;
    for (;;) {
        if (!next_service(db, account, &row)) return false;
        if (row == 0) break;
        if (!service_load_row(db, row, &s)) return false;
        service_rates(&s, &a);
        if (!service_save(db, &s)) return false;
    }
    sqlite3_stmt *st = db_prepare(db, "UPDATE accounts SET reprice = 0 WHERE row = ?1");
    db_bind(st, "i", account);
    return account_save(db, &a) && db_run(db, st);
}

bool catalog_roll(struct db *db, int64_t now_ns, unsigned rows, bool *more)
{
    struct roll r = {.db = db, .now_hour = clock_hour(now_ns), .left = rows ? rows : ROWS};
    for (size_t i = 0; i < sizeof hour_tables / sizeof *hour_tables; i++) roll_hours(&r, &hour_tables[i]);
    if (r.left > 0) age_services(&r);
    if (r.left > 0) sweep_services(&r);
    if (r.left > 0) reprice_account(&r);
    *more = r.left == 0;
    return !r.failed;
}

/* ---- as jobs ---- */

struct roll_job {
    struct store_job job;
    struct store *store;
    bool more;
};

static atomic_flag rolling = ATOMIC_FLAG_INIT;

static bool roll_run(struct store_job *job, struct db *db) { return catalog_roll(db, clock_now(), 0, &((struct roll_job *)job)->more); }

static void roll_done(struct store_job *job, enum store_result result)
{
    struct roll_job *r = (struct roll_job *)job;
    if (result == STORE_OK && r->more) {
        store_submit(r->store, job);
        return;
    }
    free(r);
    atomic_flag_clear(&rolling);
}

void catalog_roll_submit(struct store *s)
{
    if (atomic_flag_test_and_set(&rolling)) return;
    struct roll_job *r = xcalloc(1, sizeof *r);
    *r = (struct roll_job){.job = {.run = roll_run, .done = roll_done}, .store = s};
    store_submit(s, &r->job);
}
