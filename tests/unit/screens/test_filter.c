/* The filter language: what it becomes, and where it says what is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "screens/resource.h"

#include <stdlib.h>

static void check(const struct resource *r, const char *text, const char *expected)
{
    const char *problem = NULL;
    json_t *where = filter_parse(r, text, &problem);
    if (!where) print_error("%s: %s\n", text, problem);
    assert_non_null(where);
    assert_null(problem);
    char *made = json_dumps(where, JSON_COMPACT);
    assert_string_equal(made, expected);
    free(made);
    json_decref(where);
}

static void events(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", "{}"},
        {"  ", "{}"},
        {"payment", "{\"or\":[{\"displayNameContainsFold\":\"payment\"},{\"nameContainsFold\":\"payment\"}]}"},
        {"severity:debug", "{\"severity\":\"debug\"}"},
        {"SEVERITY:Debug", "{\"severity\":\"debug\"}"},
        {"severity:debug,info", "{\"severityIn\":[\"debug\",\"info\"]}"},
        {"-severity:debug", "{\"not\":{\"severity\":\"debug\"}}"},
        {"service:api", "{\"service\":{\"nameContainsFold\":\"api\"}}"},
        {"service:api-*", "{\"service\":{\"nameHasPrefix\":\"api-\"}}"},
        {"service:*-api", "{\"service\":{\"nameHasSuffix\":\"-api\"}}"},
        {"service:*pi*", "{\"service\":{\"nameContainsFold\":\"pi\"}}"},
        {"service:=api", "{\"service\":{\"nameEqualFold\":\"api\"}}"},
        {"service:\"a b*\"", "{\"service\":{\"nameContainsFold\":\"a b*\"}}"},
        {"name:\"say \\\"x\\\"\"", "{\"nameContainsFold\":\"say \\\"x\\\"\"}"},
        {"team:Platform", "{\"service\":{\"team\":{\"nameContainsFold\":\"Platform\"}}}"},
        {"enabled:no severity:error", "{\"and\":[{\"service\":{\"enabled\":false}},{\"severity\":\"error\"}]}"},
        {"cost:>8766", "{\"currentTotalUsdPerHourGT\":1}"},
        {"cost:<=$8.766K", "{\"currentTotalUsdPerHourLTE\":1}"},
        {"rate:0.5", "{\"baselineVolumePerHour\":0.5}"},
        {"rate:2K", "{\"baselineVolumePerHour\":2000}"},
        {"total:1..10", "{\"and\":[{\"eventCountGTE\":1},{\"eventCountLTE\":10}]}"},
        {"\"http://x\"", "{\"or\":[{\"displayNameContainsFold\":\"http://x\"},{\"nameContainsFold\":\"http://x\"}]}"},
        {"10:30", "{\"or\":[{\"displayNameContainsFold\":\"10:30\"},{\"nameContainsFold\":\"10:30\"}]}"},
        {"-", "{\"or\":[{\"displayNameContainsFold\":\"-\"},{\"nameContainsFold\":\"-\"}]}"},
        {"*", "{\"or\":[{\"displayNameHasSuffix\":\"\"},{\"nameHasSuffix\":\"\"}]}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) check(&resource_events, cases[i][0], cases[i][1]);
}

static void services(void **state)
{
    (void)state;
    check(&resource_services, "ssh enabled:yes", "{\"and\":[{\"nameContainsFold\":\"ssh\"},{\"enabled\":true}]}");
    check(&resource_services, "events:>=10", "{\"logEventCountGTE\":10}");
}

static void ranges_have_no_operators(void **state)
{
    (void)state;
    check(&resource_issues, "saving:>=8766", "{\"savings\":{\"minUsdPerHour\":1}}");
    check(&resource_issues, "saving:>8766", "{\"not\":{\"savings\":{\"maxUsdPerHour\":1}}}");
    check(&resource_issues, "cost:<8766", "{\"not\":{\"cost\":{\"minUsdPerHour\":1}}}");
    check(&resource_issues, "cost:<=8766", "{\"cost\":{\"maxUsdPerHour\":1}}");
    check(&resource_issues, "cost:8766", "{\"cost\":{\"minUsdPerHour\":1,\"maxUsdPerHour\":1}}");
    check(&resource_issues, "saving:8766..17532", "{\"and\":[{\"savings\":{\"minUsdPerHour\":1}},{\"savings\":{\"maxUsdPerHour\":2}}]}");
}

static void problems_have_a_place(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"foo:bar", "column 1: no filter \"foo\" here; there are "},
        {"a -foo:bar", "column 4: no filter \"foo\" here; there are "},
        {"severity:loud", "column 1: severity: one of debug info warn error other"},
        {"severity:debug,", "column 1: severity: one of "},
        {"a severity:", "column 3: severity: a value is missing"},
        {"enabled:maybe", "column 1: enabled: yes or no"},
        {"cost:>x", "column 1: cost: a number such as "},
        {"cost:1..", "column 1: cost: a number such as "},
        {"cost:..", "column 1: cost: a number such as "},
        {"x \"open", "column 3: the quote does not end"},
        {"\"\"", "column 1: nothing between the quotes"},
        {"\xff", "column 1: not UTF-8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *problem = NULL;
        assert_null(filter_parse(&resource_events, cases[i][0], &problem));
        assert_non_null(problem);
        if (strncmp(problem, cases[i][1], strlen(cases[i][1])) != 0) assert_string_equal(problem, cases[i][1]);
        assert_true(utf8_valid(slice_str(problem)));
    }
}

static void sizes_are_bounded(void **state)
{
    (void)state;
    const char *problem;
    char text[4096];
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_null(filter_parse(&resource_events, text, &problem));
    for (size_t i = 1; i < sizeof text - 1; i += 2) text[i] = ' ';
    assert_null(filter_parse(&resource_events, text, &problem));
    assert_non_null(strstr(problem, "more than 64 terms"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events),
        cmocka_unit_test(services),
        cmocka_unit_test(ranges_have_no_operators),
        cmocka_unit_test(problems_have_a_place),
        cmocka_unit_test(sizes_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
