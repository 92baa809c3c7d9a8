#include "base/clock.h"
#include "control-plane/edges/fleet.h"
#include "tests/unit/control-plane-edges/gather.h"

#include <stdio.h>
#include <stdlib.h>

#define NOW INT64_C(1795476921000000000)

static struct instance *add(struct fleet *f, int n, int64_t now)
{
    char id[64];
    snprintf(id, sizeof id, "edge-%d", n);
    struct edge_identity who = {SLICE("tero-edge"), SLICE("prod"), SLICE("1"), slice_str(id)};
    struct instance *i = fleet_instance_find(f, 1, &who);
    return i ? i : fleet_instance_add(f, 1, &who, now);
}

static struct sync_status status(const char *id, int64_t hits, int64_t misses)
{
    return (struct sync_status){
        .id = slice_str(id), .id_hash = hash64(id, strlen(id), 0), .counts = {.hits = hits, .misses = misses}, .errors = SLICE("")};
}

static void fold(struct fleet *f, struct instance *i, struct sync_status s, int64_t now) { fleet_fold(f, 1, i, &s, 1, now); }

static struct fleet *fleet_with(int policies)
{
    struct fleet *f = fleet_new();
    for (int p = 0; p < policies; p++) {
        char id[32];
        snprintf(id, sizeof id, "p%d", p);
        fleet_policy_add(f, 1, slice_str(id), (struct id128){7, (uint64_t)p}, p + 1);
    }
    return f;
}

static void deltas_are_summed(void **state)
{
    (void)state;
    struct fleet *f = fleet_with(2);
    struct instance *a = add(f, 1, NOW), *b = add(f, 2, NOW);
    for (int n = 0; n < 3; n++) {
        fold(f, a, status("p0", 10, 1), NOW);
        fold(f, b, status("p0", 5, 0), NOW);
        fold(f, NULL, status("p0", 100, 0), NOW);
        fold(f, a, status("unknown", 1, 1), NOW);
        fold(f, a, status("p1", 0, 0), NOW);
    }
    fleet_collect(f);
    assert_int_equal(f->row_count, 3);
    assert_true(f->rows[0].instance.hi == 0 && f->rows[0].counts.hits == 345 && f->rows[0].counts.misses == 3);
    assert_true(f->rows[1].instance.lo == a->id.lo && f->rows[1].counts.hits == 30 && f->rows[1].last_hit == NOW);
    assert_true(f->rows[2].instance.lo == b->id.lo && f->rows[2].counts.hits == 15);
    f->row_count = 0;
    fleet_collect(f);
    assert_int_equal(f->row_count, 0);
    fleet_free(f);
}

static void another_account_has_policies_of_its_own(void **state)
{
    (void)state;
    struct fleet *f = fleet_with(1);
    struct sync_status s = status("p0", 1, 0);
    fleet_fold(f, 2, NULL, &s, 1, NOW);
    fleet_collect(f);
    assert_int_equal(f->row_count, 0);
    fleet_free(f);
}

static void counts_saturate(void **state)
{
    (void)state;
    struct fleet *f = fleet_with(1);
    for (int n = 0; n < 3; n++) fold(f, add(f, 1, NOW), status("p0", INT64_MAX, 1), NOW);
    fleet_collect(f);
    assert_true(f->rows[0].counts.hits == INT64_MAX && f->rows[0].counts.misses == 3);
    fleet_free(f);
}

static void an_hour_is_kept_apart(void **state)
{
    (void)state;
    struct fleet *f = fleet_with(1);
    fold(f, add(f, 1, NOW), status("p0", 1, 0), NOW);
    fold(f, add(f, 1, NOW), status("p0", 2, 0), NOW + NS_PER_HOUR);
    fleet_collect(f);
    assert_int_equal(f->row_count, 4);
    assert_true(f->rows[0].hour + 1 == f->rows[2].hour && f->rows[0].counts.hits == 1 && f->rows[2].counts.hits == 2);
    fleet_free(f);
}

static struct sync_status failing(const char *errors, unsigned count)
{
    struct sync_status s = status("p0", 0, 0);
    s.errors = slice_str(errors);
    s.error_count = count;
    return s;
}

static void errors_are_replaced(void **state)
{
    (void)state;
    struct fleet *f = fleet_with(1);
    struct instance *i = add(f, 1, NOW);
    for (int n = 0; n < 5; n++) fold(f, i, failing("[\"a\",\"b\"]", 2), NOW + n);
    assert_string_equal(i->broken->errors, "[\"a\",\"b\"]");
    assert_true(i->broken->since == NOW && i->broken->count == 2 && !i->broken->next);
    fold(f, i, failing("[\"c\"]", 1), NOW + 9);
    assert_string_equal(i->broken->errors, "[\"c\"]");
    assert_true(i->broken->since == NOW + 9);
    fold(f, i, status("p0", 0, 0), NOW + 10);
    assert_true(i->broken->gone);
    fold(f, i, failing("[\"c\"]", 1), NOW + 11);
    assert_true(!i->broken->gone && i->broken->since == NOW + 11);
    fleet_collect(f);
    assert_int_equal(f->rows[0].counts.errors, 2 + 1 + 1);
    fleet_free(f);
}

static void instances_are_bounded_and_make_room(void **state)
{
    (void)state;
    struct fleet *f = fleet_with(1);
    for (int n = 0; n < FLEET_INSTANCES; n++) assert_non_null(add(f, n, NOW + n));
    assert_null(add(f, -1, NOW));
    assert_true(f->crowded);
    fleet_collect(f);
    assert_int_equal(fleet_retire(f, NOW + 1000), 1000);
    assert_false(f->crowded);
    assert_int_equal(f->instance_count, FLEET_INSTANCES - 1000);
    for (size_t at = 0; at < f->instance_count; at++) assert_int_equal(f->instances[at]->at, at);
    assert_non_null(add(f, -1, NOW));
    assert_ptr_equal(add(f, 5000, NOW), f->instances[4000]);
    fleet_free(f);
}

static void a_dirty_instance_stays(void **state)
{
    (void)state;
    struct fleet *f = fleet_with(1);
    add(f, 1, NOW)->dirty = true;
    add(f, 2, NOW);
    assert_int_equal(fleet_retire(f, NOW + 1), 1);
    assert_int_equal(f->instance_count, 1);
    fleet_free(f);
}

/* Beyond the bound of pairs the sums still hold everything. */
static void pairs_are_bounded(void **state)
{
    (void)state;
    enum { POLICIES = 60, INSTANCES = 2000 };
    struct fleet *f = fleet_with(POLICIES);
    for (int n = 0; n < INSTANCES; n++) {
        for (int p = 0; p < POLICIES; p++) {
            char id[32];
            snprintf(id, sizeof id, "p%d", p);
            fold(f, add(f, n, NOW), status(id, 1, 0), NOW);
        }
    }
    assert_int_equal(f->pair_count, FLEET_PAIRS);
    fleet_collect(f);
    int64_t sum = 0, detail = 0;
    for (size_t r = 0; r < f->row_count; r++) {
        if (f->rows[r].instance.hi) detail += f->rows[r].counts.hits;
        else sum += f->rows[r].counts.hits;
    }
    assert_int_equal(sum, POLICIES * INSTANCES);
    assert_int_equal(detail, FLEET_PAIRS);
    fleet_free(f);
}

static void attributes_become_json(void **state)
{
    (void)state;
    struct fleet *f = fleet_with(0);
    struct instance *i = add(f, 1, NOW);
    struct sync_attribute a[] = {{SLICE("k\"1"), SLICE("v\n"), true}, {SLICE("n"), SLICE("8"), false}, {SLICE("long"), {NULL, 0}, true}};
    char text[FLEET_ATTRIBUTES];
    memset(text, 'x', sizeof text);
    a[2].value = slice_of(text, sizeof text);
    struct sync_client c = {.resource = {a, 3}, .fingerprint = 5};
    fleet_instance_describe(i, &c);
    assert_string_equal(i->resource, "{\"k\\\"1\":\"v\\n\",\"n\":8}");
    assert_string_equal(i->labels, "{}");
    fleet_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deltas_are_summed),      cmocka_unit_test(another_account_has_policies_of_its_own),
        cmocka_unit_test(counts_saturate),        cmocka_unit_test(an_hour_is_kept_apart),
        cmocka_unit_test(errors_are_replaced),    cmocka_unit_test(instances_are_bounded_and_make_room),
        cmocka_unit_test(a_dirty_instance_stays), cmocka_unit_test(pairs_are_bounded),
        cmocka_unit_test(attributes_become_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
