/* The small parts of the screens that need no terminal: actions, marks, sheets, texts. */
#include "screens/actions.h"
#include "screens/age.h"
#include "screens/marks.h"
#include "screens/screens.h"
#include "screens/sheet.h"
#include "screens/text.h"

#include "base/clock.h"
#include "base/die.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void every_key_has_one_meaning(void **state)
{
    size_t count;
    const char *problem = "";
    (void)state;
    const struct action *table = actions_table(&count);
    struct keymap *m = keymap_new(table, count);
    if (!keymap_check(m, &problem)) fail_msg("%s", problem);
    keymap_free(m);
}

static void every_action_says_what_it_does(void **state)
{
    size_t count;
    (void)state;
    const struct action *table = actions_table(&count);
    for (size_t i = 0; i < count; i++) {
        assert_true(strlen(table[i].help) > 0);
        assert_true(strlen(table[i].help) <= 57);
        assert_ptr_equal(action_by_name(table[i].name), &table[i]);
        for (size_t j = 0; j < i; j++) assert_int_not_equal(table[i].id, table[j].id);
    }
}

static void the_key_sheet_has_every_action(void **state)
{
    size_t count;
    (void)state;
    const struct action *table = actions_table(&count);
    char *lines = screens_keys(false), *markdown = screens_keys(true);
    for (size_t i = 0; i < count; i++) {
        assert_non_null(strstr(lines, table[i].help));
        assert_non_null(strstr(markdown, table[i].help));
    }
    free(lines);
    free(markdown);
}

static void marks_are_turned(void **state)
{
    struct marks m = {0};
    char id[16];
    (void)state;
    for (int i = 0; i < 1000; i++) {
        snprintf(id, sizeof id, "%d", (i * 7919) % 1000);
        assert_true(marks_turn(&m, id));
    }
    assert_int_equal(m.count, 1000);
    assert_true(marks_has(&m, "999"));
    assert_false(marks_has(&m, "1000"));
    assert_true(marks_turn(&m, "500"));
    assert_false(marks_has(&m, "500"));
    assert_int_equal(m.count, 999);
    marks_free(&m);
    assert_false(marks_has(&m, "1"));
    marks_turn(&m, "b");
    marks_turn(&m, "a");
    char *text = marks_text(&m);
    assert_string_equal(text, "b\na");
    free(text);
    marks_free(&m);
}

static void marks_have_a_limit(void **state)
{
    struct marks m = {0};
    char id[16];
    (void)state;
    for (int i = 0; i < MARKS_MAX; i++) {
        snprintf(id, sizeof id, "%06d", i);
        assert_true(marks_turn(&m, id));
    }
    assert_false(marks_turn(&m, "one more"));
    assert_true(marks_turn(&m, "000000"));
    assert_true(marks_turn(&m, "one more"));
    marks_free(&m);
}

static void a_sheet_gives_its_text(void **state)
{
    (void)state;
    struct sheet *s = sheet_new();
    sheet_pair(s, "service", ROLE_TEXT, "api");
    sheet_span_right(s, 10, ROLE_TEXT, "123");
    sheet_end(s);
    char *text = sheet_text(s);
    assert_string_equal(text, "  service       api\n       123\n");
    free(text);
    sheet_clear(s);
    assert_int_equal(sheet_lines(s), 0);
    sheet_free(s);
}

static void a_template_is_wrapped(void **state)
{
    (void)state;
    struct sheet *s = sheet_new();
    sheet_template(s, "template", "user <*> paid <num> in a-very-long-word-that-does-not-fit-anywhere <?>", 40);
    char *text = sheet_text(s), *line = text;
    assert_true(sheet_lines(s) > 2);
    for (char *end; (end = strchr(line, '\n')); line = end + 1) assert_true(end - line <= 40);
    assert_non_null(strstr(text, "user <*> paid <num> in"));
    assert_non_null(strstr(text, "<?>"));
    free(text);
    sheet_free(s);
}

static void a_sheet_is_searched(void **state)
{
    (void)state;
    struct sheet *s = sheet_new();
    assert_false(sheet_next_match(s, 1));
    sheet_note(s, ROLE_TEXT, "Alpha");
    sheet_note(s, ROLE_TEXT, "beta");
    sheet_note(s, ROLE_TEXT, "alphabet");
    assert_int_equal(sheet_search(s, "ALPHA"), 2);
    assert_true(sheet_next_match(s, 1));
    assert_true(sheet_next_match(s, -1));
    assert_int_equal(sheet_search(s, "gamma"), 0);
    assert_false(sheet_next_match(s, 1));
    assert_int_equal(sheet_search(s, ""), 0);
    sheet_free(s);
}

/* What is made for a name finds this name when it is read as a filter. */
static void a_filter_for_any_service(void **state)
{
    static const char *const names[] = {"api", "my api", "a\"b", "back\\slash", "star*", "-dash", "=equal", "a,b", "x:y"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *problem = "";
        char *filter = filter_for_service(names[i]);
        json_t *where = filter_parse(&resource_events, filter, &problem);
        if (!where) fail_msg("%s: %s", filter, problem);
        char *text = json_dumps(where, 0);
        const char *key;
        json_t *service = json_object_get(where, "service"), *value;
        assert_true(json_object_size(service) == 1);
        json_object_foreach(service, key, value) assert_string_equal(json_string_value(value), names[i]);
        free(text);
        free(filter);
        json_decref(where);
    }
}

static void ages_change_by_the_minute(void **state)
{
    const int64_t start = 1000 * NS_PER_SECOND;
    struct buf out;
    (void)state;
    buf_init(&out, 100);
    assert_true(age_text(&out, start + 59 * NS_PER_SECOND, start) == start + 60 * NS_PER_SECOND);
    assert_string_equal(out.data, "just now");
    buf_clear(&out);
    assert_true(age_text(&out, start + 150 * NS_PER_SECOND, start) == start + 180 * NS_PER_SECOND);
    assert_string_equal(out.data, "2m ago");
    buf_clear(&out);
    age_text(&out, start + 49 * NS_PER_HOUR, start);
    assert_string_equal(out.data, "2d ago");
    buf_free(&out);
}

static void counts_have_their_thousands(void **state)
{
    char text[32];
    (void)state;
    count_text(text, sizeof text, 1000412);
    assert_string_equal(text, "1,000,412");
    count_text(text, sizeof text, 0);
    assert_string_equal(text, "0");
    count_text(text, sizeof text, 999);
    assert_string_equal(text, "999");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_has_one_meaning),
        cmocka_unit_test(every_action_says_what_it_does),
        cmocka_unit_test(the_key_sheet_has_every_action),
        cmocka_unit_test(marks_are_turned),
        cmocka_unit_test(marks_have_a_limit),
        cmocka_unit_test(a_sheet_gives_its_text),
        cmocka_unit_test(a_template_is_wrapped),
        cmocka_unit_test(a_sheet_is_searched),
        cmocka_unit_test(a_filter_for_any_service),
        cmocka_unit_test(ages_change_by_the_minute),
        cmocka_unit_test(counts_have_their_thousands),
    };
    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests_name("parts", tests, NULL, NULL);
}
