/* The state machine, walked through every standing that can be reached in a few moves. */
#include "control-plane/policies/lifecycle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { DEPTH = 6 };

static bool moved(struct standing *s, enum policy_move m)
{
    const char *why = NULL;
    bool ok = lifecycle_move(s, m, &why);
    assert_true(ok || why);
    return ok;
}

static struct standing draft(void) { return (struct standing){.state = POLICY_DRAFT, .version = 1, .last_version = 1}; }

static bool equal(const struct standing *a, const struct standing *b)
{
    return a->state == b->state && a->resting == b->resting && a->version == b->version && a->last_version == b->last_version &&
           a->approved_version == b->approved_version;
}

/* What must hold after any move. */
static void check(const struct standing *before, const struct standing *after, enum policy_move m)
{
    bool was = lifecycle_in_force(before), is = lifecycle_in_force(after);
    int64_t had = was ? before->approved_version : 0, has = is ? after->approved_version : 0;
    bool decides =
        m == MOVE_APPROVE || m == MOVE_APPROVE_HELD || m == MOVE_DISABLE || m == MOVE_ENABLE || m == MOVE_ROLL_BACK || m == MOVE_SUPERSEDE;
    if (!decides) assert_int_equal(had, has);
    assert_true(after->version <= after->last_version && after->version > 0);
    assert_true(after->approved_version <= after->last_version);
    assert_true(after->last_version >= before->last_version);
    if (after->state == POLICY_ACTIVE || after->state == POLICY_APPROVED || after->state == POLICY_DISABLED)
        assert_int_equal(after->version, after->approved_version);
    if (after->state == POLICY_DRAFT) assert_int_equal(after->approved_version, 0);
    if (m == MOVE_REJECT) assert_true(after->state != POLICY_PROPOSED);
    if (is) assert_true(after->approved_version > 0);
}

static void walk(const struct standing *s, int depth, size_t *seen)
{
    for (int m = 0; m < POLICY_MOVES; m++) {
        struct standing next = *s;
        if (!moved(&next, (enum policy_move)m)) {
            assert_true(equal(s, &next));
            continue;
        }
        check(s, &next, (enum policy_move)m);
        ++*seen;
        if (depth > 0 && m != MOVE_DELETE) walk(&next, depth - 1, seen);
    }
}

static void every_move_keeps_the_rules(void **state)
{
    (void)state;
    struct standing s = draft();
    size_t seen = 0;
    walk(&s, DEPTH, &seen);
    assert_true(seen > 1000);
}

static void nothing_is_in_force_without_approval(void **state)
{
    (void)state;
    struct standing s = draft();
    assert_false(moved(&s, MOVE_ENABLE));
    assert_false(moved(&s, MOVE_APPROVE));
    assert_true(moved(&s, MOVE_EDIT));
    assert_true(moved(&s, MOVE_PROPOSE));
    assert_false(lifecycle_in_force(&s));
    assert_false(moved(&s, MOVE_DISABLE));
    assert_true(moved(&s, MOVE_APPROVE));
    assert_true(lifecycle_in_force(&s));
    assert_int_equal(s.approved_version, 2);
}

static void an_edit_leaves_what_is_in_force(void **state)
{
    (void)state;
    struct standing s = draft();
    assert_true(moved(&s, MOVE_PROPOSE) && moved(&s, MOVE_APPROVE) && moved(&s, MOVE_EDIT));
    assert_int_equal(s.state, POLICY_PROPOSED);
    assert_true(lifecycle_in_force(&s));
    assert_int_equal(s.approved_version, 1);
    assert_int_equal(s.version, 2);
    assert_false(moved(&s, MOVE_APPROVE_HELD));
    assert_true(moved(&s, MOVE_REJECT));
    assert_int_equal(s.state, POLICY_ACTIVE);
    assert_int_equal(s.version, 1);
    assert_int_equal(s.last_version, 2);
}

static void a_rejected_proposal_is_a_draft_again(void **state)
{
    (void)state;
    struct standing s = draft();
    assert_true(moved(&s, MOVE_PROPOSE) && moved(&s, MOVE_REJECT));
    assert_int_equal(s.state, POLICY_DRAFT);
    assert_true(moved(&s, MOVE_DELETE));
}

static void superseded_is_the_end(void **state)
{
    (void)state;
    struct standing s = draft();
    assert_true(moved(&s, MOVE_PROPOSE) && moved(&s, MOVE_APPROVE) && moved(&s, MOVE_SUPERSEDE));
    assert_false(lifecycle_in_force(&s));
    for (int m = 0; m < POLICY_MOVES; m++) assert_false(moved(&s, (enum policy_move)m));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_move_keeps_the_rules),      cmocka_unit_test(nothing_is_in_force_without_approval),
        cmocka_unit_test(an_edit_leaves_what_is_in_force), cmocka_unit_test(a_rejected_proposal_is_a_draft_again),
        cmocka_unit_test(superseded_is_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
