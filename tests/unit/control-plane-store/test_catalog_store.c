/* What batches leave in the store: counters, windows, rates, merges, prices; and that no value of a record gets there. */
#include "tests/unit/control-plane-store/fixture.h"

#include "control-plane/store/merge.h"
#include "tests/bench/fill.h"

#define NOW      INT64_C(1795000000000000000)
#define HOURS(n) ((n)*NS_PER_HOUR)

struct apply {
    struct batch *batch;
    int64_t now_ns;
};

static bool apply_batch(struct db *db, void *context)
{
    const struct apply *a = context;
    return catalog_write(db, a->batch, a->now_ns);
}

static void write_batch(struct store *s, struct batch *b, int64_t now_ns)
{
    struct apply a = {b, now_ns};
    assert_int_equal(in_writer(s, apply_batch, &a), STORE_OK);
    batch_clear(b);
}

struct rolling {
    int64_t now_ns;
    unsigned rows;
    bool more;
};

static bool roll_once(struct db *db, void *context)
{
    struct rolling *r = context;
    return catalog_roll(db, r->now_ns, r->rows, &r->more);
}

static unsigned roll(struct store *s, int64_t now_ns, unsigned rows)
{
    struct rolling r = {now_ns, rows, true};
    unsigned calls = 0;
    for (; r.more && calls < 100000; calls++) assert_int_equal(in_writer(s, roll_once, &r), STORE_OK);
    assert_false(r.more);
    return calls;
}

static void add(struct batch *b, const char *service, const char *body, const char *severity, int64_t time_ns)
{
    struct log_record r = {.time_ns = time_ns,
                           .service = slice_str(service),
                           .severity = slice_str(severity),
                           .body = slice_str(body),
                           .bytes = strlen(body) + 20};
    batch_add(b, &r);
}

static struct catalog *new_catalog(void) { return catalog_new(&(struct catalog_options){.key = 7, .words_after = 1}); }

static void counts_and_rates(void **state)
{
    struct fixture *f = *state;
    struct catalog *c = new_catalog();
    struct batch *b = batch_new(c);
    for (int i = 0; i < 100; i++) add(b, "api", "request finished in 12 ms", i < 60 ? "info" : "error", NOW - HOURS(10));
    for (int i = 0; i < 7; i++) add(b, "worker", "queue drained", "debug", NOW - HOURS(200));
    write_batch(f->store, b, NOW);
    assert_int_equal(number(f->store, "SELECT count(*) FROM log_events"), 2);
    assert_int_equal(number(f->store, "SELECT events FROM accounts"), 107);
    assert_int_equal(number(f->store, "SELECT day_events FROM services WHERE name = 'api'"), 100);
    assert_int_equal(number(f->store, "SELECT week_events FROM services WHERE name = 'worker'"), 0);
    assert_int_equal(number(f->store, "SELECT month_events FROM services WHERE name = 'worker'"), 7);
    assert_int_equal(number(f->store, "SELECT severity FROM log_events WHERE service_name = 'api'"), 2);
    assert_int_equal(number(f->store, "SELECT hours FROM services WHERE name = 'api'"), 10);
    assert_int_equal(number(f->store, "SELECT rate_events FROM services WHERE name = 'api'"), 10 * 1000000);
    int64_t bytes = 100 * (int64_t)(strlen("request finished in 12 ms") + 20);
    int64_t cost = (100 * 1700000 + bytes * 100) * 8766 / 10 / 1000000;
    assert_int_equal(number(f->store, "SELECT cost FROM services WHERE name = 'api'"), cost);
    assert_int_equal(number(f->store, "SELECT cost FROM log_events WHERE service_name = 'api'"), cost);
    assert_int_equal(number(f->store, "SELECT last_seen FROM log_events WHERE service_name = 'api'"), NOW - HOURS(10));
    assert_invariants(f->store);
    for (int i = 0; i < 50; i++) add(b, "api", "request finished in 13 ms", "error", NOW);
    write_batch(f->store, b, NOW);
    assert_int_equal(number(f->store, "SELECT severity FROM log_events WHERE service_name = 'api'"), 4);
    assert_int_equal(number(f->store, "SELECT events FROM log_events WHERE service_name = 'api'"), 150);
    assert_invariants(f->store);
    batch_free(b);
    catalog_free(c);
}

static void future_counts_now(void **state)
{
    struct fixture *f = *state;
    struct catalog *c = new_catalog();
    struct batch *b = batch_new(c);
    add(b, "api", "clock is wrong", "info", NOW + HOURS(5000));
    write_batch(f->store, b, NOW);
    assert_int_equal(number(f->store, "SELECT hour FROM event_hours"), clock_hour(NOW));
    assert_int_equal(number(f->store, "SELECT last_seen FROM log_events"), NOW);
    assert_int_equal(number(f->store, "SELECT first_seen FROM log_events"), NOW);
    assert_invariants(f->store);
    batch_free(b);
    catalog_free(c);
}

static void windows_move_with_the_clock(void **state)
{
    struct fixture *f = *state;
    struct catalog *c = new_catalog();
    struct batch *b = batch_new(c);
    for (int h = 0; h < 900; h += 7)
        for (int i = 0; i <= h % 5; i++) add(b, h % 2 ? "api" : "web", h % 3 ? "cache evicted" : "token renewed", "info", NOW - HOURS(h));
    write_batch(f->store, b, NOW);
    assert_invariants(f->store);
    static const int steps[] = {0, 1, 5, 23, 24, 30, 150, 168, 169, 500, 720, 800, 2000};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        roll(f->store, NOW + HOURS(steps[i]), 3);
        int64_t hour = clock_hour(NOW) + steps[i];
        char *sql = xasprintf("SELECT (SELECT COALESCE(SUM(events), 0) FROM account_hours WHERE hour > %lld) - week_events FROM accounts",
                              (long long)hour - 168);
        assert_int_equal(number(f->store, sql), 0);
        free(sql);
        assert_settled(f->store);
    }
    assert_int_equal(number(f->store, "SELECT SUM(day_events + week_events + month_events + rate_events + cost) FROM log_events"), 0);
    assert_int_equal(number(f->store, "SELECT count(*) FROM event_hours WHERE stage < 3"), 0);
    assert_int_equal(roll(f->store, NOW + HOURS(2001), 0), 1);
    batch_free(b);
    catalog_free(c);
}

static void late_records_during_a_roll(void **state)
{
    struct fixture *f = *state;
    struct catalog *c = new_catalog();
    struct batch *b = batch_new(c);
    for (int h = 0; h < 200; h++) add(b, "api", h % 2 ? "cache evicted" : "token renewed", "info", NOW - HOURS(h));
    write_batch(f->store, b, NOW);
    struct rolling r = {NOW + HOURS(50), 20, true};
    while (r.more) {
        assert_int_equal(in_writer(f->store, roll_once, &r), STORE_OK);
        for (int h = 0; h < 300; h += 9) add(b, "api", "cache evicted", "warn", NOW - HOURS(h));
        write_batch(f->store, b, NOW + HOURS(50));
        assert_invariants(f->store);
    }
    batch_free(b);
    catalog_free(c);
}

static void young_services_age(void **state)
{
    struct fixture *f = *state;
    struct catalog *c = new_catalog();
    struct batch *b = batch_new(c);
    for (int i = 0; i < 10; i++) add(b, "api", "request finished", "info", NOW);
    for (int i = 0; i < 10; i++) add(b, "api", "cache evicted", "info", NOW);
    write_batch(f->store, b, NOW);
    assert_int_equal(number(f->store, "SELECT rate_events FROM log_events LIMIT 1"), 10 * 1000000);
    roll(f->store, NOW + HOURS(5), 1);
    assert_int_equal(number(f->store, "SELECT hours FROM services"), 5);
    assert_int_equal(number(f->store, "SELECT count(*) FROM log_events WHERE rate_events = 2000000"), 2);
    assert_invariants(f->store);
    add(b, "api", "an older record", "info", NOW - HOURS(95));
    write_batch(f->store, b, NOW + HOURS(5));
    assert_int_equal(number(f->store, "SELECT hours FROM services"), 100);
    roll(f->store, NOW + HOURS(5), 1);
    assert_int_equal(number(f->store, "SELECT count(*) FROM log_events WHERE rate_events = 100000"), 2);
    assert_settled(f->store);
    batch_free(b);
    catalog_free(c);
}

static bool new_prices(struct db *db, void *context)
{
    (void)context;
    return exec_sql(db, "UPDATE accounts SET price_gb = 5000000, price_million = 0") && catalog_reprice(db, 1);
}

static void prices_change_in_steps(void **state)
{
    struct fixture *f = *state;
    assert_true(fill_store(f->store, 3000, 20));
    assert_settled(f->store);
    assert_int_equal(in_writer(f->store, new_prices, NULL), STORE_OK);
    assert_int_equal(number(f->store, rate_of_services), 0);
    assert_true(number(f->store, rate_of_events) > 0);
    assert_true(roll(f->store, clock_now(), 500) >= 6);
    assert_int_equal(number(f->store, "SELECT count(*) FROM accounts WHERE reprice IS NOT NULL"), 0);
    assert_settled(f->store);
}

/* ---- merges ---- */

struct pair {
    struct id128 from, to;
};

static bool merge_pair(struct db *db, void *context)
{
    const struct pair *p = context;
    return merge_events(db, 1, p->from, p->to, NOW);
}

static struct id128 event_id(struct store *s, const char *like)
{
    struct db *db = store_reader(s);
    sqlite3_stmt *st = db_prepare(db, "SELECT id FROM log_events WHERE template LIKE ?1");
    db_bind(st, "t", slice_str(like));
    assert_int_equal(db_step(db, st), DB_ROW);
    struct id128 id = db_id(st, 0);
    sqlite3_reset(st);
    return id;
}

static void merge(struct store *s, struct id128 from, struct id128 to)
{
    struct pair p = {from, to};
    assert_int_equal(in_writer(s, merge_pair, &p), STORE_OK);
    assert_invariants(s);
}

static void merged_events_are_one(void **state)
{
    struct fixture *f = *state;
    struct catalog *c = new_catalog();
    struct batch *b = batch_new(c);
    static const char *const bodies[] = {"alpha started", "beta stopped well", "gamma failed to run there", "delta"};
    for (int i = 0; i < 4; i++)
        for (int h = 0; h < 40 * (i + 1); h++) add(b, "api", bodies[i], i == 2 ? "error" : "info", NOW - HOURS(h));
    write_batch(f->store, b, NOW);
    int64_t before = number(f->store, "SELECT SUM(events) FROM log_events");
    struct id128 alpha = event_id(f->store, "%alpha%"), beta = event_id(f->store, "%beta%"), gamma = event_id(f->store, "%gamma%"),
                 unknown = {1, 2}, delta = event_id(f->store, "%delta%");
    merge(f->store, alpha, beta);
    merge(f->store, beta, gamma);
    merge(f->store, alpha, gamma);
    merge(f->store, delta, unknown);
    assert_int_equal(number(f->store, "SELECT count(*) FROM log_events"), 2);
    assert_int_equal(number(f->store, "SELECT SUM(events) FROM log_events"), before);
    assert_int_equal(number(f->store, "SELECT count(*) FROM log_event_aliases"), 3);
    for (int i = 0; i < 4; i++) add(b, "api", bodies[i], "info", NOW);
    write_batch(f->store, b, NOW);
    assert_int_equal(number(f->store, "SELECT count(*) FROM log_events"), 2);
    assert_int_equal(number(f->store, "SELECT SUM(events) FROM log_events"), before + 4);
    assert_invariants(f->store);
    roll(f->store, NOW + HOURS(100), 5);
    assert_settled(f->store);
    batch_free(b);
    catalog_free(c);
}

static void merges_while_windows_move(void **state)
{
    struct fixture *f = *state;
    struct catalog *c = new_catalog();
    struct batch *b = batch_new(c);
    for (int h = 0; h < 60; h++) {
        add(b, "api", "alpha started", "info", NOW - HOURS(h));
        add(b, "api", "beta stopped well", "info", NOW - HOURS(h));
    }
    write_batch(f->store, b, NOW);
    struct rolling r = {NOW + HOURS(20), 30, true};
    assert_int_equal(in_writer(f->store, roll_once, &r), STORE_OK);
    assert_true(r.more);
    merge(f->store, event_id(f->store, "%alpha%"), event_id(f->store, "%beta%"));
    roll(f->store, NOW + HOURS(20), 30);
    assert_settled(f->store);
    assert_int_equal(number(f->store, "SELECT day_events FROM log_events"), 8);
    batch_free(b);
    catalog_free(c);
}

/* ---- texts ---- */

static void names_are_unique_in_a_service(void **state)
{
    struct fixture *f = *state;
    struct catalog *c = new_catalog();
    struct batch *b = batch_new(c);
    add(b, "api", "user 12 logged in", "info", NOW);
    add(b, "api", "user logged 7 in", "info", NOW);
    add(b, "api", "user logged in", "info", NOW);
    add(b, "web", "user logged in", "info", NOW);
    write_batch(f->store, b, NOW);
    assert_int_equal(number(f->store, "SELECT count(*) - count(DISTINCT name) FROM log_events WHERE service_name = 'api'"), 0);
    assert_int_equal(number(f->store, "SELECT count(*) FROM log_events WHERE name = ''"), 0);
    assert_invariants(f->store);
    batch_free(b);
    catalog_free(c);
}

static void words_become_known(void **state)
{
    struct fixture *f = *state;
    struct catalog *c = catalog_new(&(struct catalog_options){.key = 7, .words_after = 3});
    struct batch *b = batch_new(c);
    add(b, "api", "payment accepted", "info", NOW);
    write_batch(f->store, b, NOW);
    assert_int_equal(number(f->store, "SELECT count(*) FROM log_events WHERE withheld = 1 AND template LIKE '%<?>%'"), 1);
    for (int i = 0; i < 5; i++) add(b, "api", "payment accepted", "info", NOW + HOURS(1) * i);
    write_batch(f->store, b, NOW + HOURS(6));
    assert_int_equal(number(f->store, "SELECT count(*) FROM log_events WHERE withheld = 0 AND template = 'payment accepted'"), 1);
    assert_int_equal(number(f->store, "SELECT count(*) FROM log_events"), 1);
    struct catalog *forgetful = catalog_new(&(struct catalog_options){.key = 7, .words_after = 3});
    struct batch *again = batch_new(forgetful);
    add(again, "api", "payment accepted", "info", NOW + HOURS(7));
    write_batch(f->store, again, NOW + HOURS(7));
    assert_int_equal(number(f->store, "SELECT events FROM log_events WHERE template = 'payment accepted'"), 7);
    assert_invariants(f->store);
    batch_free(again);
    catalog_free(forgetful);
    batch_free(b);
    catalog_free(c);
}

static void values_never_arrive(void **state)
{
    struct fixture *f = *state;
    struct catalog *c = catalog_new(&(struct catalog_options){.key = 7});
    struct batch *b = batch_new(c);
    struct field secret = {SLICE("user.password"), VALUE_STRING, SLICE("hunterPLANTEDtwo")};
    for (int i = 0; i < 10; i++) {
        char body[96];
        snprintf(body, sizeof body, "login of user %d with token PLANTED%dSECRET%x failed", i, i * 7919, i * 104729 + 99991);
        struct log_record r = {
            .time_ns = NOW, .service = SLICE("api"), .body = slice_str(body), .bytes = 100, .attributes = &secret, .attribute_count = 1};
        batch_add(b, &r);
    }
    write_batch(f->store, b, NOW);
    batch_free(b);
    catalog_free(c);
    char *command = xasprintf("grep -rq PLANTED '%s'", f->directory);
    int found = system(command);
    free(command);
    assert_int_not_equal(found, 0);
}

/* ---- at random ---- */

static void random_history(void **state)
{
    struct fixture *f = *state;
    struct catalog *c = new_catalog();
    struct batch *b = batch_new(c);
    uint64_t seed = 1;
    int64_t now = NOW;
    static const char *const services[] = {"api", "web", "worker", "db"};
    static const char *const severities[] = {"", "debug", "info", "warn", "error"};
    for (int step = 0; step < 60; step++) {
        for (int i = 0; i < 40; i++) {
            uint64_t r = seed = hash_mix(seed, 99);
            char body[64];
            snprintf(body, sizeof body, "job %c step %c ended after %u ms", 'a' + (int)(r % 7), 'p' + (int)(r >> 8 & 7),
                     (unsigned)(r >> 20 & 999));
            add(b, services[r >> 32 & 3], body, severities[(r >> 34) % 5], now - HOURS((int64_t)(r >> 40) % (step % 5 ? 30 : 1000)));
        }
        write_batch(f->store, b, now);
        seed = hash_mix(seed, 5);
        if (seed % 3 == 0) {
            struct db *db = store_reader(f->store);
            sqlite3_stmt *st = db_prepare(db, "SELECT id, service FROM log_events ORDER BY service, id LIMIT 2 OFFSET ?1");
            db_bind(st, "i", (int64_t)(seed >> 8) % 10);
            struct pair p = {{0, 0}, {0, 0}};
            int64_t service = 0;
            bool two = db_step(db, st) == DB_ROW;
            if (two) p.from = db_id(st, 0), service = sqlite3_column_int64(st, 1);
            two = two && db_step(db, st) == DB_ROW && sqlite3_column_int64(st, 1) == service;
            if (two) p.to = db_id(st, 0);
            sqlite3_reset(st);
            if (two) assert_int_equal(in_writer(f->store, merge_pair, &p), STORE_OK);
        }
        if (seed % 2 == 0) {
            now += HOURS((int64_t)(seed >> 16) % 60);
            struct rolling r = {now, 25, true};
            assert_int_equal(in_writer(f->store, roll_once, &r), STORE_OK);
        }
        assert_invariants(f->store);
    }
    roll(f->store, now, 0);
    assert_settled(f->store);
    assert_int_equal(number(f->store, "SELECT events FROM accounts"), 60 * 40);
    batch_free(b);
    catalog_free(c);
}

int main(void)
{
#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        WITH_STORE(counts_and_rates),           WITH_STORE(future_counts_now),         WITH_STORE(windows_move_with_the_clock),
        WITH_STORE(late_records_during_a_roll), WITH_STORE(young_services_age),        WITH_STORE(prices_change_in_steps),
        WITH_STORE(merged_events_are_one),      WITH_STORE(merges_while_windows_move), WITH_STORE(names_are_unique_in_a_service),
        WITH_STORE(words_become_known),         WITH_STORE(values_never_arrive),       WITH_STORE(random_history),
    };
    return cmocka_run_group_tests_name("catalog store", tests, NULL, NULL);
}
