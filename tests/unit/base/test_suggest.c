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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(near_words_are_found), cmocka_unit_test(far_words_are_not)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
