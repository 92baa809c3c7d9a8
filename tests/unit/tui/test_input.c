#include "lib.h"

#include "tui/input.h"
#include "tui/term.h"

struct input in;

static void feed(const char *bytes) { input_feed(&in, bytes, strlen(bytes)); }

static int next(void)
{
    struct input_event e;
    return input_next(&in, &e) ? e.key : -2;
}

/* The bytes, all at once, are exactly this key. */
static void is(const char *bytes, int key)
{
    feed(bytes);
    assert_int_equal(next(), key);
    assert_int_equal(next(), -2);
    assert_int_equal(input_waits(&in), -1);
}

static int setup(void **state)
{
    (void)state;
    input_init(&in, 40);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    input_free(&in);
    return 0;
}

static void both_cursor_modes(void **state)
{
    (void)state;
    is("\033[A", TERM_UP);
    is("\033OA", TERM_UP);
    is("\033OD", TERM_LEFT);
    is("\033[H", TERM_HOME);
    is("\033[1~", TERM_HOME);
    is("\033[7~", TERM_HOME);
    is("\033OF", TERM_END);
    is("\033[5~", TERM_PAGE_UP);
    is("\033[6~", TERM_PAGE_DOWN);
    is("\033[3~", TERM_DELETE);
    is("\033[Z", TERM_BACK_TAB);
}

static void function_keys(void **state)
{
    (void)state;
    is("\033OP", TERM_F1);
    is("\033[11~", TERM_F1);
    is("\033[[A", TERM_F1);
    is("\033[15~", TERM_F1 + 4);
    is("\033[17~", TERM_F1 + 5);
    is("\033[24~", TERM_F12);
}

static void modifiers(void **state)
{
    (void)state;
    is("\033[1;5D", TERM_LEFT | TERM_CTRL);
    is("\033[1;2A", TERM_UP | TERM_SHIFT);
    is("\033[1;3B", TERM_DOWN | TERM_ALT);
    is("\033[5;6~", TERM_PAGE_UP | TERM_CTRL | TERM_SHIFT);
    is("\033\033[A", TERM_UP | TERM_ALT);
    is("\033x", 'x' | TERM_ALT);
    is("\033\303\251", 0xE9 | TERM_ALT);
    is("\033[97;5u", 1);
    is("\033[27;5;44~", ',' | TERM_CTRL);
    is("\033[13;2u", TERM_ENTER | TERM_SHIFT);
    is("\033[9;2u", TERM_BACK_TAB);
    is("\033Oa", TERM_UP | TERM_CTRL);
}

static void characters(void **state)
{
    (void)state;
    is("a", 'a');
    is("\r", TERM_ENTER);
    is("\t", TERM_TAB);
    is("\177", TERM_BACKSPACE);
    is("\010", TERM_BACKSPACE);
    is("\006", 6);
    is("\303\251", 0xE9);
    is("\360\237\230\200", 0x1F600);
}

static void split_characters_and_sequences_are_joined(void **state)
{
    (void)state;
    feed("\303");
    assert_int_equal(next(), -2);
    feed("\251\033");
    assert_int_equal(next(), 0xE9);
    assert_int_equal(next(), -2);
    assert_int_equal(input_waits(&in), 40);
    feed("[");
    assert_int_equal(next(), -2);
    assert_true(input_waits(&in) > 40);
    feed("1;5");
    assert_int_equal(next(), -2);
    feed("C");
    assert_int_equal(next(), TERM_RIGHT | TERM_CTRL);
}

static void escape_alone_is_decided_by_time(void **state)
{
    (void)state;
    feed("\033");
    assert_int_equal(next(), -2);
    input_expire(&in);
    assert_int_equal(next(), TERM_ESCAPE);
    feed("q");
    assert_int_equal(next(), 'q');
}

static void two_escapes(void **state)
{
    (void)state;
    feed("\033\033");
    assert_int_equal(next(), -2);
    input_expire(&in);
    assert_int_equal(next(), TERM_ESCAPE);
    assert_int_equal(next(), TERM_ESCAPE);
    assert_int_equal(next(), -2);
}

static void a_late_rest_is_no_letters(void **state)
{
    (void)state;
    feed("\033");
    input_expire(&in);
    assert_int_equal(next(), TERM_ESCAPE);
    feed("[A");
    assert_int_equal(next(), TERM_UP);
    assert_int_equal(next(), -2);
    feed("[A");
    assert_int_equal(next(), '[');
    assert_int_equal(next(), 'A');
}

static void a_torn_sequence_is_dropped(void **state)
{
    (void)state;
    feed("\033[1;");
    assert_int_equal(next(), -2);
    input_expire(&in);
    assert_int_equal(next(), -2);
    assert_int_equal(input_waits(&in), -1);
    is("j", 'j');
}

static void alt_bracket_is_decided_by_time(void **state)
{
    (void)state;
    feed("\033[");
    assert_int_equal(next(), -2);
    input_expire(&in);
    assert_int_equal(next(), '[' | TERM_ALT);
}

static void others_are_swallowed_whole(void **state)
{
    (void)state;
    is("\033[<0;10;20mj", 'j');
    is("\033[Ik", 'k');
    is("\033[?62;4cl", 'l');
    is("\033]11;rgb:0000/0000/0000\033\\m", 'm');
    is("\033]11;rgb:0000/0000/0000\007n", 'n');
    is("\033P1$r0m\033\\o", 'o');
    is("\200\377p", 'p');
    is("\302\205q", 'q');
}

static void a_burst_loses_nothing(void **state)
{
    (void)state;
    char keys[200];
    memset(keys, 'j', sizeof keys);
    input_feed(&in, keys, sizeof keys);
    for (size_t i = 0; i < sizeof keys; i++) assert_int_equal(next(), 'j');
    assert_int_equal(next(), -2);
}

static void pastes(void **state)
{
    (void)state;
    struct input_event e;
    feed("\033[200~one\r\ntwo\033[31m\303\251\033[20");
    assert_false(input_next(&in, &e));
    feed("1~j");
    assert_true(input_next(&in, &e));
    assert_int_equal(e.key, -1);
    assert_string_equal(e.paste, "one\ntwo\357\277\275[31m\303\251");
    assert_int_equal(next(), 'j');
}

static void a_paste_without_end_ends_by_time(void **state)
{
    (void)state;
    struct input_event e;
    feed("\033[200~half");
    assert_false(input_next(&in, &e));
    assert_true(input_waits(&in) > 100);
    input_expire(&in);
    assert_true(input_next(&in, &e));
    assert_string_equal(e.paste, "half");
    is("j", 'j');
}

static void a_huge_paste_is_bounded(void **state)
{
    (void)state;
    struct input_event e = {0};
    char part[1000];
    memset(part, 'x', sizeof part);
    feed("\033[200~");
    for (int i = 0; i < 500; i++) {
        input_feed(&in, part, sizeof part);
        assert_false(input_next(&in, &e));
    }
    feed("\033[201~");
    assert_true(input_next(&in, &e));
    assert_in_range(strlen(e.paste), 1000, INPUT_PASTE_MAX);
    is("j", 'j');
}

static void terminal_descriptions_add_keys(void **state)
{
    (void)state;
    input_extra(&in, "\033[214z", TERM_HOME);
    input_extra(&in, "\010", TERM_LEFT);
    input_extra(&in, NULL, TERM_UP);
    is("\033[214z", TERM_HOME);
    is("\010", TERM_BACKSPACE);
}

static void mouse(const char *bytes, enum input_button button, int y, int x)
{
    struct input_event e;
    feed(bytes);
    assert_true(input_next(&in, &e));
    assert_int_equal(e.key, INPUT_MOUSE);
    assert_int_equal(e.button, button);
    assert_int_equal(e.y, y);
    assert_int_equal(e.x, x);
    assert_int_equal(next(), -2);
}

static void clicks_and_the_wheel(void **state)
{
    (void)state;
    mouse("\033[<0;10;20M", INPUT_LEFT, 19, 9);
    mouse("\033[<64;1;1M", INPUT_WHEEL_UP, 0, 0);
    mouse("\033[<65;300;200M", INPUT_WHEEL_DOWN, 199, 299);
    feed("\033[<0;1");
    assert_int_equal(next(), -2);
    mouse("0;20M", INPUT_LEFT, 19, 9);
}

static void other_buttons_are_nobodys(void **state)
{
    (void)state;
    static const char *const others[] = {"\033[<0;10;20mj", "\033[<1;1;1Mj",   "\033[<2;1;1Mj",    "\033[<4;1;1Mj",
                                         "\033[<32;1;1Mj",  "\033[<66;1;1Mj",  "\033[<0;0;1Mj",    "\033[<0;1;0Mj",
                                         "\033[<0;1Mj",     "\033[<0;1;1;1Mj", "\033[<0:1;1;1;1Mj"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) is(others[i], 'j');
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(both_cursor_modes),
        T(function_keys),
        T(modifiers),
        T(characters),
        T(split_characters_and_sequences_are_joined),
        T(escape_alone_is_decided_by_time),
        T(two_escapes),
        T(a_late_rest_is_no_letters),
        T(a_torn_sequence_is_dropped),
        T(alt_bracket_is_decided_by_time),
        T(others_are_swallowed_whole),
        T(clicks_and_the_wheel),
        T(other_buttons_are_nobodys),
        T(a_burst_loses_nothing),
        T(pastes),
        T(a_paste_without_end_ends_by_time),
        T(a_huge_paste_is_bounded),
        T(terminal_descriptions_add_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
