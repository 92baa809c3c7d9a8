#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "console/options.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS = 12 };
#define ID "0190a1b2-c3d4-8e5f-8a6b-7c8d9e0f1a2b"

static bool read_words(struct options *o, char **words, const char **problem)
{
    int n = 0;
    while (words[n]) n++;
    return options_read(o, n, words, problem);
}
#define READ(o, ...) read_words(&(o), (char *[WORDS]){"tero-console", __VA_ARGS__, NULL}, &problem)

static int begin(void **state)
{
    (void)state;
    unsetenv("TERO_DATA");
    unsetenv("TERO_API_ENDPOINT");
    unsetenv("TERO_ACCOUNT_ID");
    unsetenv("TERO_THEME");
    return 0;
}

static void commands(void **state)
{
    (void)state;
    struct options o;
    const char *problem;
    assert_true(read_words(&o, (char *[]){"tero-console", NULL}, &problem));
    assert_int_equal(o.command, COMMAND_CONSOLE);
    assert_string_equal(o.filter, "");
    assert_true(READ(o, "status", "-o", "json"));
    assert_true(o.command == COMMAND_STATUS && o.output == OUTPUT_JSON);
    assert_true(READ(o, "-o=csv", "services", "--limit=7"));
    assert_true(o.command == COMMAND_LIST && o.output == OUTPUT_CSV && o.limit == 7);
    assert_string_equal(o.resource, "services");
    assert_true(READ(o, "help", "events"));
    assert_true(o.command == COMMAND_HELP && !strcmp(o.resource, "events"));
    assert_true(READ(o, "events", ID));
    assert_string_equal(o.id, ID);
    assert_true(READ(o, "--read-only", "--no-color", "--ascii", "--plain", "--theme", "mono"));
    assert_true(o.read_only && o.no_color && o.ascii && o.plain && !strcmp(o.theme, "mono"));
}

static void filters_are_shell_words(void **state)
{
    (void)state;
    static const struct {
        const char *words[6], *filter;
    } cases[] = {
        {{"severity:debug", "service:api-*"}, "severity:debug service:api-*"},
        {{"-payment"}, "-payment"},
        {{"two words"}, "\"two words\""},
        {{"-two words"}, "-\"two words\""},
        {{"name:two words"}, "name:\"two words\""},
        {{"say \"x\""}, "say \"x\""},
        {{"a\\b c"}, "\"a\\\\b c\""},
        {{"-severity:info", "-n", "3", "-o", "csv"}, "-severity:info"},
        {{"--", "-o", "--limit"}, "-o --limit"},
        {{"at 10:30"}, "\"at 10:30\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct options o;
        const char *problem = "";
        char *words[WORDS] = {"tero-console", "events"};
        for (size_t w = 0; w < 6; w++) words[w + 2] = (char *)cases[i].words[w];
        bool ok = read_words(&o, words, &problem);
        if (!ok) print_error("%s\n", problem);
        assert_true(ok);
        assert_string_equal(o.filter, cases[i].filter);
        options_free(&o);
    }
}

static void wrong_words(void **state)
{
    (void)state;
    static const struct {
        const char *words[4], *problem;
    } cases[] = {
        {{"event"}, "no command event; did you mean events?"},
        {{"qqqqqq"}, "no command qqqqqq; tero-console --help lists them"},
        {{"--ednpoint", "x"}, "no option --ednpoint; did you mean --endpoint?"},
        {{"-x"}, "no option -x; tero-console --help lists them"},
        {{"events", "--sort"}, "--sort: COLUMN,-COLUMN,... is missing"},
        {{"events", "-n", "-1"}, "--limit -1: a number from 1"},
        {{"events", "-n", "5x"}, "--limit 5x: a number from 1"},
        {{"events", "-o", "xml"}, "-o xml: table, json, csv, yaml or markdown"},
        {{"--ascii=1"}, "--ascii takes no value"},
        {{"--demo", "issues"}, "--demo is for the console alone: no command goes with it"},
        {{"--demo", "--data", "x"}, "--demo and --data exclude each other"},
        {{"-e", "https://x", "--demo"}, "--demo and --endpoint exclude each other"},
        {{"--demo", "-a", "x"}, "--demo and --account exclude each other"},
        {{"--demo", "-p", "x"}, "--demo and --profile exclude each other"},
        {{"-e", "https://x", "-d", "y"}, "--endpoint and --data exclude each other"},
        {{"-r", "--read-write"}, "--read-only and --read-write exclude each other"},
        {{"config", "show", "x"}, "x: nothing more is expected here"},
        {{"version", "now"}, "now: nothing more is expected here"},
        {{"events", ID, "x"}, "an id needs no filter"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct options o;
        const char *problem = NULL;
        char *words[WORDS] = {"tero-console"};
        for (size_t w = 0; w < 4; w++) words[w + 1] = (char *)cases[i].words[w];
        assert_false(read_words(&o, words, &problem));
        assert_string_equal(problem, cases[i].problem);
        options_free(&o);
    }
}

static void only_what_was_typed(void **state)
{
    (void)state;
    struct options o;
    const char *problem;
    setenv("TERO_DATA", "/from/environment", 1);
    assert_true(READ(o, "status"));
    assert_null(o.data);
    assert_true(READ(o, "--data", "/from/option", "-p", "production", "status"));
    assert_string_equal(o.data, "/from/option");
    assert_string_equal(o.profile, "production");
    unsetenv("TERO_DATA");
    assert_true(READ(o, "config", "check", "some.yaml"));
    assert_true(o.command == COMMAND_CONFIG && !strcmp(o.action, "check") && !strcmp(o.path, "some.yaml"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands),
        cmocka_unit_test(filters_are_shell_words),
        cmocka_unit_test(wrong_words),
        cmocka_unit_test(only_what_was_typed),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
