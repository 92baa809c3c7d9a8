#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/suggest.h"

static const char *best(const char *word)
{
    static const char *const names[] = {"services", "severity", "sort", "open", "ls", "events"};
    struct suggest s = suggest_for(slice_str(word));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) suggest_try(&s, names[i]);
    return s.best;
}

static void near_words_are_found(void **state)
{
    (void)state;
    assert_string_equal(best("sevices"), "services");
    assert_string_equal(best("servcies"), "services");
    assert_string_equal(best("SORT"), "sort");
    assert_string_equal(best("srot"), "sort");
    assert_string_equal(best("eventss"), "events");
}

static void far_words_are_not(void **state)
{
    (void)state;
    assert_null(best(""));
    assert_null(best("x"));
    assert_null(best("policy"));
    assert_null(best("a word that is a good deal longer than any name of anything here"));
}

static void commands_are_suggested(void **state)
{
    (void)state;
    static const char *const words[] = {"events", "services", "status"};
    static const char *const cases[][2] = {
        {"evnets", "events"}, {"event", "events"}, {"sevrices", "services"},       {"statsu", "status"},
        {"st", NULL},         {"", NULL},          {"completely-different", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct suggest s = suggest_for(slice_str(cases[i][0]));
        for (size_t j = 0; j < sizeof words / sizeof *words; j++) suggest_try(&s, words[j]);
        if (cases[i][1]) assert_string_equal(s.best, cases[i][1]);
        else assert_null(s.best);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(commands_are_suggested), cmocka_unit_test(near_words_are_found),
                                       cmocka_unit_test(far_words_are_not)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
