/* Snapshots of what edges get: one a change, immutable, shared. */
#include "tests/unit/control-plane-store/fixture.h"

#include "control-plane/policies/policies.h"
#include "control-plane/policies/published.h"

#include <pthread.h>
#include <stdatomic.h>

struct order {
    struct publisher *publisher;
    char text[500];
    const char *id;
    enum policy_move move;
    bool ok;
};

static const struct policy_actor who = {.name = {"uid:1", 5}, .account = 1, .now_ns = 5};

static bool add_active(struct db *db, void *context)
{
    struct order *o = context;
    char hash[CONTENT_HASH + 1];
    struct policy_origin origin = {.source = SOURCE_MANUAL};
    struct policy_answer a = policies_create(db, &who, slice_str(o->text), &origin);
    if (a.outcome != POLICY_DONE) return false;
    sqlite3_stmt *st = db_prepare(db, "SELECT hash FROM policies WHERE row = ?1");
    db_bind(st, "i", a.row);
    if (db_step(db, st) == DB_ROW) snprintf(hash, sizeof hash, "%.*s", CONTENT_HASH, db_text(st, 0).ptr);
    sqlite3_reset(st);
    a = policies_move(db, &who, a.id, &(struct policy_order){.move = MOVE_APPROVE, .hash = slice_of(hash, CONTENT_HASH)});
    o->ok = a.outcome == POLICY_DONE && a.published;
    return o->ok;
}

static bool move_one(struct db *db, void *context)
{
    struct order *o = context;
    struct id128 id;
    if (!policies_by_wire_id(db, 1, slice_str(o->id), &id)) return false;
    struct policy_answer a = policies_move(db, &who, id, &(struct policy_order){.move = o->move});
    o->ok = a.outcome == POLICY_DONE && a.published;
    return o->ok;
}

static void publish(struct fixture *f, const char *id, const char *rest)
{
    struct order o = {0};
    snprintf(o.text, sizeof o.text, "id: %s\nname: %s\nlog:\n  match:\n    - log_field: body\n      contains: x\n%s", id, id, rest);
    assert_int_equal(in_writer(f->store, add_active, &o), STORE_OK);
    assert_true(o.ok);
}

static void change(struct fixture *f, const char *id, enum policy_move m)
{
    struct order o = {.id = id, .move = m};
    assert_int_equal(in_writer(f->store, move_one, &o), STORE_OK);
    assert_true(o.ok);
}

static struct publisher *publisher(struct fixture *f)
{
    char *problem = NULL;
    struct publisher *p = publisher_new(f->store, &problem);
    if (!p) fail_msg("%s", problem);
    return p;
}

static void sets_change_only_with_what_is_in_force(void **state)
{
    struct fixture *f = *state;
    struct publisher *p = publisher(f);
    const struct published_set *empty = published_take(p, 1);
    assert_int_equal(published_count(empty), 0);
    const struct published_list *none = published_list(empty, PUBLISHED_JSON, STAGES_ALL);
    assert_int_equal(none->count, 0);
    assert_int_equal(none->hash.len, CONTENT_HASH);
    publish(f, "b", "  keep: none\n");
    publish(f, "a", "  keep: 10%\n");
    assert_true(publisher_refresh(p, 1));
    const struct published_set *two = published_take(p, 1);
    assert_int_equal(published_count(empty), 0);
    assert_int_equal(published_count(two), 2);
    assert_true(slice_is(published_at(two, 0)->wire_id, "a"));
    assert_true(published_generation(two) > published_generation(empty));
    assert_true(publisher_refresh(p, 1));
    const struct published_set *same = published_take(p, 1);
    assert_ptr_equal(same, two);
    change(f, "a", MOVE_DISABLE);
    assert_true(publisher_refresh(p, 1));
    const struct published_set *one = published_take(p, 1);
    assert_int_equal(published_count(one), 1);
    assert_null(published_find(one, SLICE("a")));
    assert_ptr_equal(published_find(one, SLICE("b")), published_find(two, SLICE("b")));
    assert_false(slice_eq(published_list(one, PUBLISHED_JSON, STAGES_ALL)->hash, published_list(two, PUBLISHED_JSON, STAGES_ALL)->hash));
    published_release(empty);
    published_release(two);
    published_release(same);
    publisher_free(p);
    assert_int_equal(published_count(one), 1);
    published_release(one);
}

static void lists_hold_what_a_client_can_do(void **state)
{
    struct fixture *f = *state;
    publish(f, "filter", "  keep: none\n");
    publish(f, "transform", "  transform:\n    remove:\n      - log_attribute: secret\n");
    publish(f, "both", "  keep: 50%\n  transform:\n    remove:\n      - log_attribute: secret\n");
    struct publisher *p = publisher(f);
    const struct published_set *s = published_take(p, 1);
    const struct published_list *all = published_list(s, PUBLISHED_JSON, STAGES_ALL);
    assert_int_equal(all->count, 3);
    assert_int_equal(published_list(s, PUBLISHED_JSON, STAGE_LOG_FILTER)->count, 1);
    assert_int_equal(published_list(s, PUBLISHED_JSON, STAGE_LOG_TRANSFORM)->count, 1);
    assert_int_equal(published_list(s, PUBLISHED_JSON, STAGE_METRIC_FILTER)->count, 0);
    const struct published_list *proto = published_list(s, PUBLISHED_PROTOBUF, STAGES_ALL);
    assert_true(slice_eq(proto->hash, all->hash));
    struct policy_set *read = policy_set_new();
    char *json = xasprintf("{\"policies\":[%.*s]}", (int)all->bytes.len, all->bytes.ptr);
    assert_true(policy_set_read(read, slice_str(json), POLICY_JSON, "list"));
    assert_true(policy_set_read(read, proto->bytes, POLICY_PROTOBUF, "list"));
    assert_int_equal(read->count, 6);
    for (size_t i = 0; i < 3; i++) {
        assert_true(policy_valid(read->policies[i]));
        assert_true(read->policies[i]->enabled);
        assert_true(slice_eq(read->policies[i]->id, read->policies[i + 3]->id));
    }
    free(json);
    policy_set_free(read);
    published_release(s);
    publisher_free(p);
}

struct reading {
    struct publisher *publisher;
    atomic_bool over;
    atomic_size_t looks;
};

static void *read_always(void *context)
{
    struct reading *r = context;
    while (!atomic_load(&r->over)) {
        const struct published_set *s = published_take(r->publisher, 1);
        const struct published_list *l = published_list(s, PUBLISHED_JSON, STAGES_ALL);
        if (l->count != published_count(s)) abort();
        published_release(s);
        atomic_fetch_add(&r->looks, 1);
    }
    return NULL;
}

static void readers_never_see_half_a_set(void **state)
{
    struct fixture *f = *state;
    publish(f, "a", "  keep: none\n");
    struct reading r = {.publisher = publisher(f)};
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) assert_int_equal(pthread_create(&threads[i], NULL, read_always, &r), 0);
    for (int i = 0; i < 40; i++) {
        change(f, "a", i % 2 ? MOVE_ENABLE : MOVE_DISABLE);
        assert_true(publisher_refresh(r.publisher, 1));
    }
    while (atomic_load(&r.looks) < 100) sched_yield();
    atomic_store(&r.over, true);
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    publisher_free(r.publisher);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sets_change_only_with_what_is_in_force, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(lists_hold_what_a_client_can_do, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(readers_never_see_half_a_set, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
