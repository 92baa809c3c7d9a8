#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "screens/actions.h"
#include "screens/keymaps.h"
#include "tui/term.h"

#include <string.h>

static struct keymap *made(const char *name)
{
    const char *problem = "";
    struct keymap *m = keymaps_make(name, NULL, 0, NULL, &problem);
    if (!m) fail_msg("%s: %s", name, problem);
    return m;
}

static void no_map_has_a_key_twice(void **state)
{
    const char *problem = "";
    (void)state;
    for (int i = 0; keymaps_name(i); i++) {
        struct keymap *m = made(keymaps_name(i));
        if (!keymap_check(m, &problem)) fail_msg("%s: %s", keymaps_name(i), problem);
        keymap_free(m);
    }
}

static void every_context_belongs_to_a_screen(void **state)
{
    size_t count, sets;
    unsigned all = 0;
    (void)state;
    const struct action *table = actions_table(&count);
    const unsigned *together = actions_together(&sets);
    for (size_t i = 0; i < sets; i++) all |= together[i];
    for (size_t i = 0; i < count; i++)
        if (table[i].contexts & ~all) fail_msg("%s is in a context that no screen has", table[i].name);
}

static void names_and_ids_are_unique(void **state)
{
    size_t count;
    (void)state;
    const struct action *table = actions_table(&count);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(table[i].name, table[k].name);
            assert_int_not_equal(table[i].id, table[k].id);
        }
}

static void vim_has_keys_of_two(void **state)
{
    (void)state;
    struct keymap *m = made("vim");
    assert_null(keymap_find(m, 0, 'g', CONTEXT_LIST));
    assert_true(keymap_begins(m, 'g', CONTEXT_LIST));
    assert_int_equal(keymap_find(m, 'g', 'g', CONTEXT_LIST)->id, ACT_FIRST);
    assert_int_equal(keymap_find(m, 'g', 't', CONTEXT_HOME)->id, ACT_TAB_NEXT);
    assert_null(keymap_find(m, 'g', 'x', CONTEXT_LIST));
    assert_int_equal(keymap_find(m, 'Z', 'Z', 0)->id, ACT_QUIT);
    assert_string_equal(keymap_keys(m, ACT_FIRST), "gg, Home");
    keymap_free(m);
}

static void emacs_has_control_and_alt(void **state)
{
    (void)state;
    struct keymap *m = made("emacs");
    assert_int_equal(keymap_find(m, 0, 22, CONTEXT_LIST)->id, ACT_PAGE_DOWN);
    assert_int_equal(keymap_find(m, 24, 3, 0)->id, ACT_QUIT);
    assert_string_equal(keymap_keys(m, ACT_QUIT), "Ctrl-X Ctrl-C, Q");
    keymap_free(m);
}

static void unknown_maps_are_named(void **state)
{
    const char *problem = "";
    (void)state;
    assert_null(keymaps_make("emcas", NULL, 0, NULL, &problem));
    assert_string_equal(problem, "no key map \"emcas\"; did you mean emacs");
}

static void own_keys_come_on_top(void **state)
{
    const char *problem = "";
    const struct binding swap[] = {{"sort", "/"}, {"filter", "s F3"}};
    const struct binding wrong[] = {{"sort", "F5"}, {"filetr", "f"}}, taken[] = {{"sort", "g"}};
    size_t failed;
    (void)state;
    struct keymap *m = keymaps_make("vim", swap, 2, &failed, &problem);
    assert_non_null(m);
    assert_int_equal(keymap_find(m, 0, '/', CONTEXT_LIST)->id, ACT_SORT);
    assert_int_equal(keymap_find(m, 0, 's', CONTEXT_LIST)->id, ACT_FILTER);
    keymap_free(m);
    assert_null(keymaps_make(NULL, wrong, 2, &failed, &problem));
    assert_int_equal(failed, 1);
    assert_string_equal(problem, "no action \"filetr\"; did you mean \"filter\"?");
    assert_null(keymaps_make("vim", taken, 1, &failed, &problem));
    assert_int_equal(failed, 0);
    assert_non_null(strstr(problem, "g of \"sort\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_map_has_a_key_twice),    cmocka_unit_test(every_context_belongs_to_a_screen),
        cmocka_unit_test(names_and_ids_are_unique),  cmocka_unit_test(vim_has_keys_of_two),
        cmocka_unit_test(emacs_has_control_and_alt), cmocka_unit_test(unknown_maps_are_named),
        cmocka_unit_test(own_keys_come_on_top),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
