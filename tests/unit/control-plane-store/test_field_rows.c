/* Fields, shapes, pairs and exposures in the store: sums over batches, hours and merges; bounds. */
#include "control-plane/store/field_counts.h"
#include "control-plane/store/merge.h"
#include "fixture.h"

#define NOW (INT64_C(1795471200) * NS_PER_SECOND)

struct job {
    struct catalog *catalog;
    struct batch *batch;
};

static bool write_batch(struct db *db, void *context) { return catalog_write(db, ((struct job *)context)->batch, NOW); }

static void start(struct job *j)
{
    j->catalog = catalog_new(&(struct catalog_options){.key = 5});
    j->batch = batch_new(j->catalog);
}

static void stop(struct job *j)
{
    batch_free(j->batch);
    catalog_free(j->catalog);
}

static void commit(struct fixture *f, struct job *j)
{
    assert_int_equal(in_writer(f->store, write_batch, j), STORE_OK);
    batch_clear(j->batch);
}

static void add(struct job *j, const char *body, const char *host, const char *card, int64_t ns)
{
    const struct field fields[] = {{SLICE("hostname"), VALUE_STRING, slice_str(host)},
                                   {SLICE("host"), VALUE_STRING, SLICE("web-1")},
                                   {SLICE("card"), VALUE_STRING, slice_str(card)}};
    struct log_record r = {
        .service = SLICE("shop"), .body = slice_str(body), .attributes = fields, .attribute_count = 3, .bytes = 80, .time_ns = ns};
    batch_add(j->batch, &r);
}

static void sums_over_batches(void **state)
{
    struct fixture *f = *state;
    struct job j;
    start(&j);
    for (int i = 0; i < 3; i++) {
        for (int k = 0; k < 4; k++)
            add(&j, "order stored", k ? "WEB-1" : "web-2", k ? "none" : "4111111111111111", NOW - (3 - i) * NS_PER_SECOND);
        commit(f, &j);
    }
    assert_int_equal(number(f->store, "SELECT count(*) FROM event_shapes"), 1);
    assert_int_equal(number(f->store, "SELECT records FROM event_shapes"), 12);
    assert_int_equal(number(f->store, "SELECT body_p50 FROM event_shapes"), 12);
    assert_int_equal(number(f->store, "SELECT records FROM event_fields WHERE path = 'hostname' AND scope = 1"), 12);
    assert_int_equal(number(f->store, "SELECT distinct_values FROM event_fields WHERE path = 'hostname'"), 2);
    assert_int_equal(number(f->store, "SELECT length_sum FROM event_fields WHERE path = 'host'"), 60);
    assert_int_equal(number(f->store, "SELECT length_max FROM event_fields WHERE path = 'card'"), 16);
    assert_int_equal(number(f->store, "SELECT records FROM event_field_pairs WHERE path = 'hostname' AND other_path = 'host'"), 12);
    assert_int_equal(number(f->store, "SELECT equal FROM event_field_pairs"), 9);
    assert_int_equal(number(f->store, "SELECT records FROM event_exposures WHERE detector = 'card_number' AND path = 'card'"), 3);
    assert_int_equal(number(f->store, "SELECT first_seen FROM event_exposures"), NOW - 3 * NS_PER_SECOND);
    assert_int_equal(number(f->store, "SELECT last_seen FROM event_exposures"), NOW - NS_PER_SECOND);
    stop(&j);
}

static void minutes(void **state)
{
    struct fixture *f = *state;
    struct job j;
    const int64_t minute = 60 * NS_PER_SECOND, hour = 60 * minute, from = NOW / hour * hour - 3 * hour;
    start(&j);
    for (int m = 0; m < 90; m++)
        for (int k = 0; k < (m == 70 ? 50 : 2); k++) add(&j, "order stored", "a", "b", from + m * minute);
    commit(f, &j);
    assert_int_equal(number(f->store, "SELECT active_minutes FROM event_shapes"), 90);
    assert_int_equal(number(f->store, "SELECT peak_minute FROM event_shapes"), 50);
    assert_int_equal(number(f->store, "SELECT median_minute FROM event_shapes"), 2);
    for (int k = 0; k < 30; k++) add(&j, "order stored", "a", "b", from + 70 * minute);
    commit(f, &j);
    assert_int_equal(number(f->store, "SELECT active_minutes FROM event_shapes"), 90);
    assert_int_equal(number(f->store, "SELECT peak_minute FROM event_shapes"), 80);
    for (int k = 0; k < 7; k++) add(&j, "order stored", "a", "b", from - hour);
    commit(f, &j);
    assert_int_equal(number(f->store, "SELECT active_minutes FROM event_shapes"), 91);
    stop(&j);
}

struct pair {
    struct id128 from, to;
};

static bool merge_pair(struct db *db, void *context)
{
    const struct pair *p = context;
    return merge_events(db, 1, p->from, p->to, NOW);
}

static struct id128 event_id(struct store *s, const char *sql)
{
    sqlite3_stmt *st = db_prepare_text(store_reader(s), slice_str(sql));
    assert_int_equal(db_step(store_reader(s), st), DB_ROW);
    struct id128 id = db_id(st, 0);
    sqlite3_reset(st);
    return id;
}

static void merged_events_add_up(void **state)
{
    struct fixture *f = *state;
    struct job j;
    start(&j);
    for (int k = 0; k < 5; k++) add(&j, "order stored", "a", "4111111111111111", NOW - NS_PER_SECOND);
    for (int k = 0; k < 7; k++) add(&j, "invoice printed well", "bb", "4111111111111111", NOW - 3601 * NS_PER_SECOND);
    commit(f, &j);
    assert_int_equal(number(f->store, "SELECT count(*) FROM event_shapes"), 2);
    struct pair p = {event_id(f->store, "SELECT id FROM log_events WHERE template LIKE 'order%'"),
                     event_id(f->store, "SELECT id FROM log_events WHERE template LIKE 'invoice%'")};
    assert_int_equal(in_writer(f->store, merge_pair, &p), STORE_OK);
    assert_int_equal(number(f->store, "SELECT count(*) FROM event_shapes"), 1);
    assert_int_equal(number(f->store, "SELECT records FROM event_shapes"), 12);
    assert_int_equal(number(f->store, "SELECT peak_minute FROM event_shapes"), 7);
    assert_int_equal(number(f->store, "SELECT active_minutes FROM event_shapes"), 2);
    assert_int_equal(number(f->store, "SELECT count(*) FROM event_fields"), 3);
    assert_int_equal(number(f->store, "SELECT records FROM event_fields WHERE path = 'hostname'"), 12);
    assert_int_equal(number(f->store, "SELECT distinct_values FROM event_fields WHERE path = 'hostname'"), 2);
    assert_int_equal(number(f->store, "SELECT records FROM event_field_pairs"), 12);
    assert_int_equal(number(f->store, "SELECT records FROM event_exposures"), 12);
    assert_int_equal(number(f->store, "SELECT count(*) FROM event_fields WHERE event NOT IN (SELECT row FROM log_events)"), 0);
    stop(&j);
}

static void many_fields(void **state)
{
    struct fixture *f = *state;
    struct job j;
    start(&j);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 100; i++) {
            char key[8] = {'k', (char)('a' + round), (char)('a' + i / 26), (char)('a' + i % 26), '\0'};
            const struct field one = {slice_str(key), VALUE_STRING, SLICE("ann@example.org")};
            struct log_record r = {
                .service = SLICE("shop"), .body = SLICE("order stored"), .attributes = &one, .attribute_count = 1, .time_ns = NOW};
            for (int k = 0; k < 3; k++) batch_add(j.batch, &r);
        }
        commit(f, &j);
    }
    assert_int_equal(number(f->store, "SELECT count(*) FROM event_fields"), FIELDS_MOST);
    assert_int_equal(number(f->store, "SELECT count(*) FROM event_exposures"), EXPOSURES_MOST);
    assert_true(number(f->store, "SELECT fields_dropped FROM event_shapes") > 0);
    stop(&j);
}

static void counts_as_blobs(void **state)
{
    (void)state;
    uint64_t counts[40] = {[0] = 1, [7] = 300, [39] = UINT64_MAX}, back[40] = {0};
    struct buf out;
    buf_init(&out, 1000);
    counts_write(&out, counts, 40);
    counts_add(back, 40, buf_view(&out));
    assert_memory_equal(counts, back, sizeof counts);
    uint64_t few[8] = {0};
    counts_add(few, 8, buf_view(&out));
    assert_int_equal(few[7], 300);
    counts_add(few, 8, SLICE("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"));
    counts_add(few, 8, slice_of(out.data, 1));
    assert_int_equal(few[0], 1);
    buf_free(&out);
}

#define WITH_STORE(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(sums_over_batches),     WITH_STORE(minutes), WITH_STORE(merged_events_add_up), WITH_STORE(many_fields),
        cmocka_unit_test(counts_as_blobs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
