/* Edges on a real store: keys, what is written, what is read back, what is forgotten. */
#include "base/clock.h"
#include "control-plane/edges/edges.h"
#include "control-plane/edges/flush.h"
#include "control-plane/policies/policies.h"
#include "tests/unit/control-plane-edges/gather.h"

#include <stdio.h>
#include <stdlib.h>

static char directory[64];
static struct store *store;
static struct publisher *publisher;

struct work {
    struct store_job job;
    const char *sql;
    struct new_key *key;
};

static bool run_sql(struct store_job *job, struct db *db)
{
    return sqlite3_exec(db_handle(db), ((struct work *)job)->sql, NULL, NULL, NULL) == SQLITE_OK;
}

static void sql(const char *text)
{
    struct work w = {.job = {.run = run_sql}, .sql = text};
    assert_int_equal(store_run(store, &w.job), STORE_OK);
}

static int64_t number(const char *select)
{
    sqlite3_stmt *st = db_prepare_text(store_reader(store), slice_str(select));
    int64_t n = db_step(store_reader(store), st) == DB_ROW ? sqlite3_column_int64(st, 0) : -1;
    sqlite3_reset(st);
    return n;
}

static bool make_policy(struct store_job *job, struct db *db)
{
    (void)job;
    struct policy_actor who = {SLICE("test"), 1, clock_now()};
    struct policy_origin origin = {.source = SOURCE_MANUAL};
    struct policy_answer a =
        policies_create(db, &who, SLICE("id: a\nname: A\nlog:\n  match:\n    - log_field: body\n      regex: x\n  keep: none\n"), &origin);
    sqlite3_stmt *st = db_prepare(db, "SELECT hash FROM policies");
    char hash[65] = "";
    if (db_step(db, st) == DB_ROW) snprintf(hash, sizeof hash, "%.64s", (const char *)sqlite3_column_text(st, 0));
    sqlite3_reset(st);
    struct policy_order order = {.move = MOVE_APPROVE, .hash = slice_str(hash)};
    return a.outcome == POLICY_DONE && policies_move(db, &who, a.id, &order).outcome == POLICY_DONE;
}

static int set_up(void **state)
{
    (void)state;
    char *problem = NULL;
    snprintf(directory, sizeof directory, "/tmp/tero-edges-XXXXXX");
    if (!mkdtemp(directory)) return -1;
    store = store_open(directory, &problem);
    struct store_job job = {.run = make_policy};
    if (!store || store_run(store, &job) != STORE_OK) return -1;
    publisher = publisher_new(store, &problem);
    return publisher ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    char command[128];
    publisher_free(publisher);
    store_close(store);
    snprintf(command, sizeof command, "rm -rf %s", directory);
    return system(command); // NOLINT(cert-env33-c,concurrency-mt-unsafe)
}

static struct edges *begin(void)
{
    char *problem = NULL;
    struct edges *e = edges_new(store, publisher, &problem);
    assert_non_null(e);
    return e;
}

static size_t sync_one(struct edges *e, const char *instance, const char *statuses)
{
    char body[1000];
    struct edges_answer answer;
    const char *problem;
    int n = snprintf(body, sizeof body,
                     "{\"clientMetadata\":{\"resourceAttributes\":[{\"key\":\"service.instance.id\",\"value\":{\"stringValue\":\"%s\"}}]},"
                     "\"policyStatuses\":[%s]}",
                     instance, statuses);
    assert_true(edges_sync(e, 1, slice_of(body, (size_t)n), PUBLISHED_JSON, PUBLISHED_PROTOBUF, &answer, &problem));
    size_t len = answer.body.len;
    assert_null(answer.whole);
    buf_free(&answer.body);
    return len;
}

static void what_is_reported_reaches_the_store(void **state)
{
    (void)state;
    struct edges *e = begin();
    for (int i = 0; i < 3; i++) assert_true(sync_one(e, "one", "{\"id\":\"a\",\"matchHits\":5,\"add\":{\"hits\":2,\"misses\":1}}") > 50);
    assert_true(edges_settle(e));
    assert_int_equal(number("SELECT hits FROM edge_policy_hours"), 15);
    assert_int_equal(number("SELECT add_misses FROM edge_instance_hours"), 3);
    sync_one(e, "one", "{\"id\":\"a\",\"matchHits\":1}");
    edges_free(e);
    assert_int_equal(number("SELECT hits FROM edge_instance_hours"), 16);
    e = begin();
    sync_one(e, "one", "{\"id\":\"a\",\"matchHits\":1}");
    edges_free(e);
    assert_int_equal(number("SELECT count(*) FROM edge_instances"), 1);
    assert_int_equal(number("SELECT hits FROM edge_policy_hours"), 17);
}

static void a_deleted_policy_takes_its_counts_along(void **state)
{
    (void)state;
    struct edges *e = begin();
    sync_one(e, "one", "{\"id\":\"a\",\"matchHits\":1,\"errors\":[\"x\"]}");
    sql("PRAGMA foreign_keys=ON; DELETE FROM policies");
    assert_true(edges_settle(e));
    edges_free(e);
    assert_int_equal(number("SELECT count(*) FROM edge_policy_hours"), 0);
    assert_int_equal(number("SELECT count(*) FROM edge_instance_hours"), 0);
    assert_int_equal(number("SELECT count(*) FROM edge_policy_errors"), 0);
}

static void old_counts_and_instances_are_forgotten(void **state)
{
    (void)state;
    sql("DELETE FROM edge_instances; DELETE FROM edge_policy_hours");
    struct edges *e = begin();
    sync_one(e, "old", "{\"id\":\"a\",\"matchHits\":1}");
    sync_one(e, "new", "{\"id\":\"a\",\"matchHits\":1,\"errors\":[\"x\"]}");
    edges_free(e);
    assert_int_equal(number("SELECT count(*) FROM edge_instance_hours"), 2);
    sql("UPDATE edge_instances SET last_sync_at = 1 WHERE instance_id = 'old';"
        "INSERT INTO edge_instance_hours SELECT instance, hour - 200, policy, hits, misses, errors, remove_hits, redact_hits, rename_hits,"
        " add_hits, remove_misses, redact_misses, rename_misses, add_misses, last_hit_at FROM edge_instance_hours;"
        "INSERT INTO edge_policy_hours SELECT policy, hour - 10000, hits, misses, errors, remove_hits, redact_hits, rename_hits,"
        " add_hits, remove_misses, redact_misses, rename_misses, add_misses FROM edge_policy_hours");
    e = begin();
    edges_tick(e);
    edges_free(e);
    assert_int_equal(number("SELECT count(*) FROM edge_instances"), 1);
    assert_int_equal(number("SELECT count(*) FROM edge_instance_hours"), 1);
    assert_int_equal(number("SELECT count(*) FROM edge_policy_hours"), 1);
    assert_int_equal(number("SELECT count(*) FROM edge_policy_errors"), 1);
}

static bool add_key(struct store_job *job, struct db *db)
{
    const struct new_key *key = ((struct work *)job)->key;
    sqlite3_stmt *st = db_prepare(db, "INSERT INTO edge_api_keys (account, id, name, key_prefix, key_hash, created_at)"
                                      " VALUES (1, ?1, 'k', ?2, ?3, 1)");
    db_bind(st, "utt", store_new_id(), slice_str(key->prefix), slice_str(key->hash));
    return db_run(db, st);
}

static void keys_are_checked(void **state)
{
    (void)state;
    struct new_key keys[3];
    struct edges *e = begin();
    int64_t account = 0;
    for (int i = 0; i < 3; i++) {
        key_make(&keys[i]);
        assert_int_equal(strlen(keys[i].secret), KEY_SECRET);
        struct work w = {.job = {.run = add_key}, .key = &keys[i]};
        assert_false(edges_key(e, slice_str(keys[i].secret), &account));
        assert_int_equal(store_run(store, &w.job), STORE_OK);
    }
    edges_keys_changed(e);
    for (int i = 0; i < 3; i++) assert_true(edges_key(e, slice_str(keys[i].secret), &account) && account == 1);
    sql("UPDATE edge_api_keys SET revoked_at = 2 WHERE row = (SELECT min(row) FROM edge_api_keys)");
    edges_keys_changed(e);
    assert_false(edges_key(e, slice_str(keys[0].secret), &account));
    assert_true(edges_key(e, slice_str(keys[1].secret), &account));
    keys[1].secret[20] ^= 1;
    assert_false(edges_key(e, slice_str(keys[1].secret), &account));
    assert_false(edges_key(e, SLICE(""), &account));
    assert_true(edges_settle(e));
    assert_int_equal(number("SELECT count(*) FROM edge_api_keys WHERE last_used_at > 0"), 2);
    key_forget(&keys[0]);
    assert_int_equal(keys[0].secret[0], 0);
    edges_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_reported_reaches_the_store),
        cmocka_unit_test(old_counts_and_instances_are_forgotten),
        cmocka_unit_test(keys_are_checked),
        cmocka_unit_test(a_deleted_policy_takes_its_counts_along),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
