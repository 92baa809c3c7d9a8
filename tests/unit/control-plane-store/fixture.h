/* A store in a directory of its own, gone after the test; numbers straight from SQL; the sums that must always hold. */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include "base/clock.h"
#include "base/die.h"
#include "control-plane/store/catalog_write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    char *directory;
    struct store *store;
};

static inline int fixture_setup(void **state)
{
    struct fixture *f = xcalloc(1, sizeof *f);
    const char *tmp = getenv("TMPDIR");
    f->directory = xasprintf("%s/tero-store-XXXXXX", tmp ? tmp : "/tmp");
    char *problem = NULL;
    if (!mkdtemp(f->directory)) return -1;
    f->store = store_open(f->directory, &problem);
    if (!f->store) fprintf(stderr, "%s\n", problem);
    *state = f;
    return f->store ? 0 : -1;
}

static inline int fixture_teardown(void **state)
{
    struct fixture *f = *state;
    store_close(f->store);
    char *command = xasprintf("rm -rf '%s'", f->directory);
    int rc = system(command);
    free(command);
    free(f->directory);
    free(f);
    return rc;
}

static inline int64_t number(struct store *s, const char *sql)
{
    struct db *db = store_reader(s);
    sqlite3_stmt *st = db_prepare_text(db, slice_str(sql));
    int64_t n = db_step(db, st) == DB_ROW ? sqlite3_column_int64(st, 0) : INT64_MIN;
    sqlite3_reset(st);
    return n;
}

/* Runs a function in the writer. */
struct call {
    struct store_job job;
    bool (*function)(struct db *db, void *context);
    void *context;
};

static inline bool call_run(struct store_job *job, struct db *db)
{
    struct call *c = (struct call *)job;
    return c->function(db, c->context);
}

static inline enum store_result in_writer(struct store *s, bool (*function)(struct db *db, void *context), void *context)
{
    struct call c = {.job = {.run = call_run}, .function = function, .context = context};
    return store_run(s, &c.job);
}

static inline bool exec_sql(struct db *db, void *sql) { return sqlite3_exec(db_handle(db), sql, NULL, NULL, NULL) == SQLITE_OK; }

/* How many rows of a table differ from the sums of their hours. */
static inline int64_t wrong_sums(struct store *s, const char *table, const char *hours, const char *owner)
{
    static const char *const windows[] = {"", "day_", "week_", "month_"};
    int64_t wrong = 0;
    for (int i = 0; i < 4; i++) {
        char *sql = xasprintf("SELECT count(*) FROM %s x LEFT JOIN (SELECT %s AS owner, SUM(events) AS events, SUM(bytes) AS bytes FROM %s"
                              " WHERE stage < %d GROUP BY 1) h ON h.owner = x.row"
                              " WHERE COALESCE(h.events, 0) <> x.%sevents OR COALESCE(h.bytes, 0) <> x.%sbytes",
                              table, owner, hours, i ? i : 9, windows[i], windows[i]);
        wrong += number(s, sql);
        free(sql);
    }
    return wrong;
}

/* Each selects how many rows are wrong. */
#define OWNED(column) "COALESCE((SELECT SUM(e." column ") FROM log_events e WHERE e.service = x.row), 0)"

static const char *const invariants[] = {
    "SELECT count(*) FROM services x WHERE events <> " OWNED("events") " OR bytes <> " OWNED("bytes"),
    "SELECT count(*) FROM services x WHERE log_events <> (SELECT count(*) FROM log_events e WHERE e.service = x.row)",
    "SELECT count(*) FROM services x WHERE week_events <> w0 + w1 + w2 + w3 + w4 + w5 + w6",
    "SELECT count(*) FROM accounts a WHERE events <> (SELECT COALESCE(SUM(events), 0) FROM services s WHERE s.account = a.row)"
    " OR services <> (SELECT count(*) FROM services s WHERE s.account = a.row)"
    " OR services_disabled <> (SELECT count(*) FROM services s WHERE s.account = a.row AND s.enabled = 0)"
    " OR rate_events <> (SELECT COALESCE(SUM(rate_events), 0) FROM services s WHERE s.account = a.row)"
    " OR rate_bytes <> (SELECT COALESCE(SUM(rate_bytes), 0) FROM services s WHERE s.account = a.row)"
    " OR cost <> (SELECT COALESCE(SUM(cost), 0) FROM services s WHERE s.account = a.row)",
    "SELECT count(*) FROM log_events WHERE events <> s0 + s1 + s2 + s3 + s4 + s5 + s6",
    "SELECT count(*) FROM log_events e JOIN services s ON s.row = e.service WHERE e.service_name <> s.name OR e.service_id <> s.id",
    "SELECT count(*) FROM (SELECT account, service, severity, fragment, n FROM log_event_counts WHERE n <> 0 AND service > 0"
    " EXCEPT SELECT account, service, severity, fragment, count(*) FROM log_events GROUP BY 1, 2, 3, 4)",
    "SELECT count(*) FROM (SELECT account, service, severity, fragment, count(*) FROM log_events GROUP BY 1, 2, 3, 4"
    " EXCEPT SELECT account, service, severity, fragment, n FROM log_event_counts)",
    "SELECT count(*) FROM (SELECT account, severity, fragment, n FROM log_event_counts WHERE n <> 0 AND service = 0"
    " EXCEPT SELECT account, severity, fragment, count(*) FROM log_events GROUP BY 1, 2, 3)",
    "SELECT count(*) FROM log_event_aliases a WHERE EXISTS (SELECT 1 FROM log_event_aliases b WHERE b.id = a.target)"
    " OR EXISTS (SELECT 1 FROM log_events e WHERE e.id = a.id)",
    "SELECT count(*) FROM event_hours h WHERE NOT EXISTS (SELECT 1 FROM log_events e WHERE e.row = h.event)",
};

/* Windows of services and of their events: the same once the clock's roll is through. */
static const char windows_agree[] = "SELECT count(*) FROM services x WHERE day_events <> " OWNED("day_events") " OR week_events <> " OWNED(
    "week_events") " OR week_bytes <> " OWNED("week_bytes") " OR month_bytes <> " OWNED("month_bytes");

/* Rates of events and services, wherever no recomputation waits. */
#define RATES(x, hours)                                                                                                                    \
    "(abs(" x ".rate_events - 1000000.0 * " x ".week_events / " hours ") > 1 OR abs(" x ".cost - 8766.0 / " hours " * (" x                 \
    ".week_events * a.price_million + " x ".week_bytes * a.price_gb / 1000.0) / 1000000) > 2)"
static const char rate_of_events[] = "SELECT count(*) FROM log_events e JOIN services s ON s.row = e.service"
                                     " JOIN accounts a ON a.row = e.account WHERE " RATES("e", "s.hours");
static const char rate_of_services[] = "SELECT count(*) FROM services s JOIN accounts a ON a.row = s.account WHERE " RATES("s", "s.hours");

static inline void assert_invariants(struct store *s)
{
    assert_int_equal(wrong_sums(s, "log_events", "event_hours", "event"), 0);
    assert_int_equal(wrong_sums(s, "services", "service_hours", "service"), 0);
    assert_int_equal(wrong_sums(s, "accounts", "account_hours", "account"), 0);
    for (size_t i = 0; i < sizeof invariants / sizeof *invariants; i++) {
        int64_t wrong = number(s, invariants[i]);
        if (wrong) fail_msg("%lld rows: %s", (long long)wrong, invariants[i]);
    }
    assert_int_equal(number(s, rate_of_services), 0);
    if (number(
            s,
            "SELECT (SELECT count(*) FROM services WHERE sweep IS NOT NULL) + (SELECT count(*) FROM accounts WHERE reprice IS NOT NULL)") ==
        0)
        assert_int_equal(number(s, rate_of_events), 0);
}

static inline void assert_settled(struct store *s)
{
    assert_invariants(s);
    assert_int_equal(number(s, windows_agree), 0);
}

#endif
