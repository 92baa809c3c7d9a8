/* What is said of a policy's effect, state by state. */
#include "tests/unit/control-plane-checks/estate.h"

#include "control-plane/checks/impact.h"

#include "base/clock.h"

#include <math.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct stream ordinary[] = {{"orders", "Order %u accepted for customer %u", "INFO", 40, 71, 0, NULL, 0, 0}};
static const struct stream marker[] = {{"orders", "here here here", "DEBUG", 20, 71, 1, NULL, 0, 0}};

struct judged {
    struct estate *e;
    struct impact impact;
    bool found;
};

static bool judge(struct db *db, void *context)
{
    struct judged *j = context;
    j->found = impact_of_policy(db, 1, j->e->now, &j->impact);
    return true;
}

static struct impact judged(struct estate *e)
{
    struct judged j = {.e = e};
    assert_int_equal(in_writer(e->f->store, judge, &j), STORE_OK);
    assert_true(j.found);
    return j.impact;
}

static void is(struct estate *e, enum impact_state wanted)
{
    struct impact i = judged(e);
    if (i.state != wanted) fail_msg("state %d (%s), wanted %d", i.state, i.reason, wanted);
    assert_true(strlen(i.reason) > 10);
}

/* An issue of the marker, and a policy for it that is in force since now. */
static struct estate *begin(void **state, const char *action, bool carried)
{
    struct estate *e = *state;
    estate_send(e, ordinary, COUNT(ordinary));
    estate_send(e, marker, COUNT(marker));
    estate_check(e);
    assert_int_equal(count_of(e, "SELECT COUNT(*) FROM issues"), 1);
    estate_policy(e, action, "1", carried);
    return e;
}

/* `count` markers in each of the hours first_ago to last_ago. */
static void markers(struct estate *e, int count, int first_ago, int last_ago)
{
    struct stream s = marker[0];
    s.count = count;
    s.first_ago = first_ago;
    s.last_ago = last_ago;
    estate_send(e, &s, 1);
}

static void edge(struct estate *e, const char *id, const char *successful, const char *response, int64_t sync)
{
    estate_sqlf(e,
                "INSERT INTO edge_instances (account, id, instance_id, service_name, service_namespace, service_version, labels,"
                " resource, successful_hash, response_hash, stages, first_seen_at, last_sync_at, created_at, updated_at) SELECT row,"
                " x'%s', '%s', 'c', '', '', '{}', '{}', '%s', '%s', 3, 1, %lld, 1, 1 FROM accounts",
                id, id, successful, response, (long long)sync);
}

static void a_policy_that_is_not_in_force_has_none(void **state)
{
    struct estate *e = begin(state, "DROP", false);
    struct judged j = {.e = e};
    estate_sql(e, "UPDATE policies SET in_force_at = NULL");
    assert_int_equal(in_writer(e->f->store, judge, &j), STORE_OK);
    assert_false(j.found);
}

static void waits_for_an_edge(void **state)
{
    struct estate *e = begin(state, "DROP", false);
    is(e, IMPACT_WAITING_FOR_EDGE);
    assert_int_equal(judged(e).capable, 0);
    edge(e, "aa", "old", "new", e->now + 1);
    edge(e, "bb", "new", "new", e->now - 1);
    is(e, IMPACT_WAITING_FOR_EDGE);
    assert_int_equal(judged(e).capable, 2);
    assert_int_equal(judged(e).edges, 0);
    estate_wait(e, 48);
    is(e, IMPACT_WAITING_FOR_EDGE);
}

static void is_too_early_within_the_first_day(void **state)
{
    struct estate *e = begin(state, "DROP", true);
    edge(e, "aa", "new", "new", e->now + 1);
    estate_hits(e, 0, 20, 0, 0);
    is(e, IMPACT_TOO_EARLY);
    struct impact i = judged(e);
    assert_int_equal(i.edges, 1);
    assert_int_equal(i.hits, 20);
    assert_int_equal(i.to - i.from, 0);
    estate_wait(e, 24);
    is(e, IMPACT_TOO_EARLY);
    assert_int_equal(judged(e).to - judged(e).from, 23);
    estate_wait(e, 1);
    is(e, IMPACT_VERIFIED);
}

static void is_verified_by_matches_and_volume(void **state)
{
    struct estate *e = begin(state, "DROP", true);
    estate_hits(e, 0, 400, 0, 0);
    estate_wait(e, 26);
    markers(e, 1, 20, 1);
    is(e, IMPACT_VERIFIED);
    struct impact i = judged(e);
    assert_true(fabs(i.before - 20) < 1);
    assert_true(i.after > 0.5 && i.after < 1);
    assert_true(i.promised == 1);
}

static void a_volume_that_did_not_fall_is_not_seen(void **state)
{
    struct estate *e = begin(state, "DROP", true);
    estate_hits(e, 0, 400, 0, 0);
    estate_wait(e, 26);
    markers(e, 20, 25, 1);
    is(e, IMPACT_NOT_SEEN);
}

static void a_volume_that_fell_without_a_match_is_not_seen(void **state)
{
    struct estate *e = begin(state, "DROP", true);
    estate_wait(e, 26);
    is(e, IMPACT_NOT_SEEN);
    assert_true(judged(e).after == 0);
}

static void a_volume_that_is_back_has_regressed(void **state)
{
    struct estate *e = begin(state, "DROP", true);
    estate_hits(e, -1, 400, 0, 0);
    estate_wait(e, 26);
    is(e, IMPACT_VERIFIED);
    estate_wait(e, 30);
    markers(e, 20, 24, 1);
    is(e, IMPACT_REGRESSED);
}

static void rewriting_is_verified_by_what_edges_rewrote(void **state)
{
    struct estate *e = begin(state, "TRANSFORM", true);
    estate_hits(e, 0, 10, 0, 10);
    estate_wait(e, 26);
    markers(e, 20, 25, 1);
    is(e, IMPACT_NOT_SEEN);
    assert_true(judged(e).promised < 0);
    estate_hits(e, 2, 10, 10, 0);
    is(e, IMPACT_VERIFIED);
    estate_wait(e, 30);
    markers(e, 20, 25, 1);
    estate_sql(e, "UPDATE edge_policy_hours SET redact_hits = hits, redact_misses = 0");
    is(e, IMPACT_REGRESSED);
}

/* Nothing came to be rewritten: what was seen before still holds. */
static void rewriting_needs_records(void **state)
{
    struct estate *e = begin(state, "TRANSFORM", true);
    estate_hits(e, 0, 10, 10, 0);
    estate_wait(e, 60);
    is(e, IMPACT_VERIFIED);
}

/* Only a quarter stays: a share that is promised by the proposal. */
static void the_share_of_a_sample_is_that_of_the_proposal(void **state)
{
    struct estate *e = begin(state, "SAMPLE", true);
    estate_hits(e, 0, 10, 0, 0);
    estate_sql(e, "UPDATE findings SET save_events = rate_events * 3 / 4");
    estate_wait(e, 26);
    markers(e, 5, 25, 1);
    is(e, IMPACT_VERIFIED);
    assert_true(fabs(judged(e).promised - 0.75) < 0.01);
    markers(e, 5, 25, 1);
    is(e, IMPACT_NOT_SEEN);
}

/* Without a log event there is no volume to compare with: matches must do. */
static void a_policy_of_its_own_is_judged_by_matches(void **state)
{
    struct estate *e = begin(state, "DROP", true);
    estate_sql(e, "UPDATE policies SET issue = NULL");
    estate_wait(e, 26);
    is(e, IMPACT_NOT_SEEN);
    estate_hits(e, 3, 1, 0, 0);
    is(e, IMPACT_VERIFIED);
    assert_true(judged(e).before < 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, estate_setup, estate_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_policy_that_is_not_in_force_has_none),
        TEST(waits_for_an_edge),
        TEST(is_too_early_within_the_first_day),
        TEST(is_verified_by_matches_and_volume),
        TEST(a_volume_that_did_not_fall_is_not_seen),
        TEST(a_volume_that_fell_without_a_match_is_not_seen),
        TEST(a_volume_that_is_back_has_regressed),
        TEST(rewriting_is_verified_by_what_edges_rewrote),
        TEST(rewriting_needs_records),
        TEST(the_share_of_a_sample_is_that_of_the_proposal),
        TEST(a_policy_of_its_own_is_judged_by_matches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
