/* How often the totals are asked for after a change, and what counts as new. */
#include "screens/follow.h"

#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void the_questions_get_rarer_and_end(void **state)
{
    int64_t sum = 0, before = 0;
    unsigned step = 0;
    (void)state;
    for (; follow_delay(step); step++) {
        assert_true(follow_delay(step) >= before);
        before = follow_delay(step);
        sum += before;
        assert_true(step < 10);
    }
    assert_true(sum >= 15 * NS_PER_SECOND && sum <= 30 * NS_PER_SECOND);
    assert_int_equal(follow_delay(step + 1000), 0);
}

static json_t *totals(int issues, int events)
{
    return json_pack("{s{si} s{si} s{si} s{si}}", "issues", "totalCount", issues, "waiting", "totalCount", 0, "services", "totalCount", 1,
                     "logEvents", "totalCount", events);
}

static void other_totals_are_new(void **state)
{
    json_t *home = totals(3, 10), *same = totals(3, 10), *issue = totals(4, 10), *event = totals(3, 11);
    (void)state;
    assert_false(follow_differs(same, home));
    assert_true(follow_differs(issue, home));
    assert_true(follow_differs(event, home));
    json_object_set_new(same, "edgeInstances", json_pack("{si}", "totalCount", 1));
    assert_true(follow_differs(same, home));
    json_decref(home);
    json_decref(same);
    json_decref(issue);
    json_decref(event);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_questions_get_rarer_and_end), cmocka_unit_test(other_totals_are_new)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
