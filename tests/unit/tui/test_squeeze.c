#include "lib.h"

#include "tui/squeeze.h"

static struct squeeze q;

static int start(void **state)
{
    (void)state;
    q = (struct squeeze){0};
    return 0;
}

static void gives(const char *bytes, const char *expected)
{
    struct buf out;
    buf_init(&out, 1 << 16);
    squeeze_add(&q, slice_str(bytes), &out);
    assert_string_equal(out.data ? out.data : "", expected);
    buf_free(&out);
}

static void the_first_choice_of_ascii_stays(void **state)
{
    (void)state;
    gives("a\033(B\033[mb\033(B\033[mc", "a\033(B\033[mb\033[mc");
    gives("\033(Bd", "d");
}

static void another_character_set_is_left(void **state)
{
    (void)state;
    gives("\033(B\033(0qqq\033(Bx\033(By", "\033(B\033(0qqq\033(Bxy");
}

static void attributes_that_are_reset_at_once_go(void **state)
{
    (void)state;
    gives("\033[39m\033[0;7mx", "\033[0;7mx");
    gives("\033[1m\033[4m\033[mx", "\033[mx");
    gives("\033(B\033[39m\033(B\033[0;7mx", "\033(B\033[0;7mx");
}

static void everything_else_is_kept(void **state)
{
    (void)state;
    static const char *const same[] = {"\033[1m\033[31mx",
                                       "\033[0;7m \033[m",
                                       "\033[39mx\033[m",
                                       "\033[2J\033[m",
                                       "\033[?2026h",
                                       "\033[12;1H\033[0m",
                                       "\033",
                                       "\033[",
                                       "\033[1",
                                       "\033(",
                                       "\033[1m\033[07mx",
                                       "\033[38;5;1mx",
                                       "é▁\033[7m▁\033[27m",
                                       ""};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) gives(same[i], same[i]);
}

#define T(f) cmocka_unit_test_setup(f, start)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(the_first_choice_of_ascii_stays),
        T(another_character_set_is_left),
        T(attributes_that_are_reset_at_once_go),
        T(everything_else_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
