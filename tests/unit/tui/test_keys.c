#include "lib.h"

#include "tui/keys.h"
#include "tui/term.h"

enum { LISTS = 1, TEXTS = 2 };

static const struct action actions[] = {
    {.id = 1, .name = "quit", .keys = "Q"},
    {.id = 2, .name = "down", .keys = "j Down", .contexts = LISTS | TEXTS},
    {.id = 3, .name = "sort", .keys = "s", .contexts = LISTS},
    {.id = 4, .name = "search", .keys = "s", .contexts = TEXTS},
    {.id = 5, .name = "close", .keys = "q Esc Backspace"},
    {.id = 6, .name = "quietly", .keys = "q", .contexts = TEXTS},
};
enum { ACTIONS = sizeof actions / sizeof *actions };

static void names_become_keys(void **state)
{
    (void)state;
    assert_int_equal(key_parse("j"), 'j');
    assert_int_equal(key_parse("J"), 'J');
    assert_int_equal(key_parse("é"), 0xE9);
    assert_int_equal(key_parse("Ctrl-F"), 6);
    assert_int_equal(key_parse("ctrl-f"), 6);
    assert_int_equal(key_parse("^F"), 6);
    assert_int_equal(key_parse("^"), '^');
    assert_int_equal(key_parse("PgDn"), TERM_PAGE_DOWN);
    assert_int_equal(key_parse("Alt-x"), 'x' | TERM_ALT);
    assert_int_equal(key_parse("F5"), TERM_F1 + 4);
    assert_int_equal(key_parse("F"), 'F');
    assert_int_equal(key_parse("Space"), ' ');
    assert_int_equal(key_parse("Comma"), ',');
    assert_int_equal(key_parse("Ctrl-I"), TERM_TAB);
    assert_int_equal(key_parse("Ctrl-M"), TERM_ENTER);
    assert_int_equal(key_parse("Ctrl-H"), TERM_BACKSPACE);
    assert_int_equal(key_parse("Shift-Up"), TERM_UP | TERM_SHIFT);
    assert_int_equal(key_parse("Shift-Tab"), TERM_BACK_TAB);
    assert_int_equal(key_parse("Ctrl-Left"), TERM_LEFT | TERM_CTRL);
}

static void wrong_names_are_refused(void **state)
{
    (void)state;
    const char *const wrong[] = {"", "jj", "F0", "F13", "F1x", "Ctrl-", "Alt-", "Shift-1", "\033", "\001", "\377", "Meta-x"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) assert_int_equal(key_parse(wrong[i]), -1);
}

static void every_key_reads_back(void **state)
{
    (void)state;
    const char *const names[] = {"j", "Ctrl-F", "PgDn", "Alt-x", "F12", "Space", "Esc", "Shift-Tab", "Ctrl-Left", "Alt-Shift-Up", "é", ","};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_true(key_parse(names[i]) >= 0);
        assert_string_equal(key_name(key_parse(names[i])), names[i]);
    }
    for (int key = 1; key < KEY_BASE + 40; key = key == 126 ? KEY_BASE + 1 : key + 1) {
        bool arrives_as_another = key == 8 || key == 9 || key == 10 || key == 13 || key == 27;
        if (key <= TERM_F12 && !arrives_as_another) assert_int_equal(key_parse(key_name(key)), key);
    }
}

static void the_special_context_wins(void **state)
{
    (void)state;
    struct keymap *m = keymap_new(actions, ACTIONS);
    const char *problem;
    assert_true(keymap_check(m, &problem));
    assert_int_equal(keymap_find(m, 0, 's', LISTS)->id, 3);
    assert_int_equal(keymap_find(m, 0, 's', TEXTS)->id, 4);
    assert_int_equal(keymap_find(m, 0, 'q', LISTS)->id, 5);
    assert_int_equal(keymap_find(m, 0, 'q', TEXTS)->id, 6);
    assert_int_equal(keymap_find(m, 0, TERM_DOWN, TEXTS)->id, 2);
    assert_null(keymap_find(m, 0, 's', 4));
    assert_null(keymap_find(m, 0, 'x', LISTS));
    assert_string_equal(keymap_keys(m, 5), "q, Esc, Backspace");
    assert_string_equal(keymap_keys(m, 77), "");
    keymap_free(m);
}

static void keys_can_be_bound_anew(void **state)
{
    (void)state;
    struct keymap *m = keymap_new(actions, ACTIONS);
    const char *problem;
    assert_true(keymap_bind(m, "sort", "x F5", &problem));
    assert_null(keymap_find(m, 0, 's', LISTS));
    assert_int_equal(keymap_find(m, 0, TERM_F1 + 4, LISTS)->id, 3);
    assert_string_equal(keymap_keys(m, 3), "x, F5");
    assert_true(keymap_bind(m, "sort", "", &problem));
    assert_string_equal(keymap_keys(m, 3), "");
    keymap_free(m);
}

static void conflicts_change_nothing(void **state)
{
    (void)state;
    struct keymap *m = keymap_new(actions, ACTIONS);
    const char *problem;
    assert_false(keymap_bind(m, "sort", "z j", &problem));
    assert_string_equal(problem, "j of \"sort\" is already the key of \"down\"");
    assert_int_equal(keymap_find(m, 0, 's', LISTS)->id, 3);
    assert_null(keymap_find(m, 0, 'z', LISTS));
    assert_false(keymap_bind(m, "quit", "q", &problem));
    assert_true(keymap_bind(m, "sort", "q", &problem));
    assert_false(keymap_bind(m, "sort", "nokey", &problem));
    assert_string_equal(problem, "no key \"nokey\"");
    assert_false(keymap_bind(m, "sotr", "x", &problem));
    assert_string_equal(problem, "no action \"sotr\"; did you mean \"sort\"?");
    assert_false(keymap_bind(m, "sort", "1 2 3 4 5 6 7 8 9", &problem));
    keymap_free(m);
}

static void a_table_with_a_conflict_is_found(void **state)
{
    (void)state;
    const struct action wrong[] = {{.id = 1, .name = "one", .keys = "a"}, {.id = 2, .name = "two", .keys = "b a"}};
    struct keymap *m = keymap_new(wrong, 2);
    const char *problem;
    assert_false(keymap_check(m, &problem));
    assert_string_equal(problem, "a of \"one\" is already the key of \"two\"");
    keymap_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_become_keys),
        cmocka_unit_test(wrong_names_are_refused),
        cmocka_unit_test(every_key_reads_back),
        cmocka_unit_test(the_special_context_wins),
        cmocka_unit_test(keys_can_be_bound_anew),
        cmocka_unit_test(conflicts_change_nothing),
        cmocka_unit_test(a_table_with_a_conflict_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
