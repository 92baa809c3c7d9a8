#include "lib.h"

#include "base/embedded.h"
#include "tui/style.h"
#include "tui/theme_file.h"

#include <stdio.h>
#include <unistd.h>

static const char *problem;

static bool parse(struct theme *t, const char *text)
{
    problem = NULL;
    return theme_parse(t, "x.theme", slice_str(text), &problem);
}

static void fails(const char *text, const char *expected)
{
    struct theme t, before;
    theme_plain(&t);
    before = t;
    assert_false(parse(&t, text));
    assert_string_equal(problem, expected);
    assert_memory_equal(&t, &before, sizeof t);
}

static void looks_are_read(void **state)
{
    (void)state;
    struct theme t;
    theme_plain(&t);
    assert_true(parse(
        &t, "# a comment\n\n  bad = red bold \r\nselected=default on 236 reverse\nmoney = #00FF7f\ntext =\nwarn = bright-yellow on black"));
    assert_int_equal(t.looks[ROLE_BAD].fg, 1);
    assert_int_equal(t.looks[ROLE_BAD].attributes, STYLE_BOLD);
    assert_int_equal(t.looks[ROLE_SELECTED].fg, COLOR_OWN);
    assert_int_equal(t.looks[ROLE_SELECTED].bg, 236);
    assert_int_equal(t.looks[ROLE_SELECTED].attributes, STYLE_REVERSE);
    assert_int_equal(t.looks[ROLE_MONEY].fg, COLOR_RGB | 0x00FF7F);
    assert_int_equal(t.looks[ROLE_WARN].fg, 11);
    assert_int_equal(t.looks[ROLE_WARN].bg, 0);
}

static void mistakes_say_where_and_what(void **state)
{
    (void)state;
    fails("text = default\nselcted = bold", "x.theme:2: no role \"selcted\"; did you mean \"selected\"?");
    fails("bad = rde", "x.theme:1: no colour or attribute \"rde\"; did you mean \"red\"?");
    fails("bad = red on whiet", "x.theme:1: no colour after \"on\": \"whiet\"; did you mean \"white\"?");
    fails("bad = red on", "x.theme:1: no colour after \"on\": \"\"");
    fails("bad = 256", "x.theme:1: no colour or attribute \"256\"");
    fails("bad = #12345", "x.theme:1: no colour or attribute \"#12345\"");
    fails("bad = red green", "x.theme:1: a second colour (a background is \"on COLOUR\"): \"green\"");
    fails("bad", "x.theme:1: expected \"role = look\", found \"bad\"");
    fails("= red", "x.theme:1: no role \"\"");
    fails("\033[2J = red", "x.theme:1: no role \"?[2J\"");
}

static void embedded_themes_name_every_role(void **state)
{
    (void)state;
    for (const struct embedded *e = embedded_themes; e->name; e++) {
        struct theme t;
        assert_true(theme_parse(&t, e->name, slice_of(e->text, e->len), &problem));
        for (int i = 0; i < ROLES; i++) {
            char line[64];
            snprintf(line, sizeof line, "\n%s ", theme_role_name((enum role)i));
            assert_non_null(strstr(e->text, line));
        }
    }
}

static void colours_degrade(void **state)
{
    (void)state;
    assert_int_equal(color_degrade(COLOR_OWN, 256, false), COLOR_OWN);
    assert_int_equal(color_degrade(208, 256, false), 208);
    assert_int_equal(color_degrade(COLOR_RGB | 0xFF0000, 256, false), 196);
    assert_int_equal(color_degrade(COLOR_RGB | 0x808080, 256, false), 244);
    assert_int_equal(color_degrade(COLOR_RGB | 0xFF0000, 16, false), 9);
    assert_int_equal(color_degrade(COLOR_RGB | 0xC00000, 8, false), 1);
    assert_int_equal(color_degrade(196, 8, false), 1);
    assert_int_equal(color_degrade(46, 16, false), 10);
    assert_int_equal(color_degrade(12, 8, false), 4);
    assert_int_equal(color_degrade(12, 16, false), 12);
    assert_int_equal(color_degrade(COLOR_RGB | 0x123456, 0x1000000, true), 0x123456);
    assert_int_equal(color_degrade(3, 0, false), COLOR_OWN);
}

static void no_colours_means_mono(void **state)
{
    (void)state;
    int count;
    unsigned generation;
    assert_true(theme_load("default", &problem));
    theme_terminal(256, false);
    assert_string_equal(theme_name(), "default");
    assert_true(theme_style(ROLE_BAD) >> 8);
    theme_terminal(0, false);
    assert_string_equal(theme_name(), "mono");
    for (int i = 0; i < ROLES; i++) assert_int_equal(theme_style((enum role)i) >> 8, 0);
    theme_pairs(&count, &generation);
    assert_int_equal(count, 1);
    theme_terminal(256, false);
    assert_string_equal(theme_name(), "default");
}

static void bright_becomes_bold_where_there_are_eight(void **state)
{
    (void)state;
    char path[] = "/tmp/theme-XXXXXX.theme";
    int fd = mkstemps(path, 6);
    FILE *f = fdopen(fd, "w");
    fputs("good = bright-green\n", f);
    fclose(f);
    theme_terminal(8, false);
    assert_true(theme_load(path, &problem));
    assert_true(theme_style(ROLE_GOOD) & STYLE_BOLD);
    theme_terminal(256, false);
    assert_false(theme_style(ROLE_GOOD) & STYLE_BOLD);
    assert_true(theme_style(ROLE_BAD) & STYLE_BOLD);
    unlink(path);
}

static void a_failed_load_changes_nothing(void **state)
{
    (void)state;
    assert_true(theme_load("default", &problem));
    uint16_t before = theme_style(ROLE_BAD);
    assert_false(theme_load("nosuch", &problem));
    assert_string_equal(problem, "nosuch: no theme of this name");
    assert_false(theme_load("/nonexistent/x.theme", &problem));
    assert_string_equal(problem, "/nonexistent/x.theme: No such file or directory");
    assert_string_equal(theme_name(), "default");
    assert_int_equal(theme_style(ROLE_BAD), before);
}

static void over_adds_and_its_colours_win(void **state)
{
    (void)state;
    assert_true(theme_load("default", &problem));
    theme_terminal(256, false);
    uint16_t bad = theme_style(ROLE_BAD);
    assert_int_equal(theme_over(bad, ROLE_SELECTED), bad | STYLE_REVERSE);
    assert_int_equal(theme_over(bad, ROLE_GOOD) >> 8, theme_style(ROLE_GOOD) >> 8);
}

static void the_names_can_be_listed(void **state)
{
    (void)state;
    bool found = false;
    int n = 0;
    for (const char *name; (name = theme_embedded(n)); n++) found |= !strcmp(name, "mono");
    assert_true(found);
    assert_true(n >= 2);
    assert_null(theme_embedded(n + 5));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looks_are_read),
        cmocka_unit_test(mistakes_say_where_and_what),
        cmocka_unit_test(embedded_themes_name_every_role),
        cmocka_unit_test(colours_degrade),
        cmocka_unit_test(no_colours_means_mono),
        cmocka_unit_test(bright_becomes_bold_where_there_are_eight),
        cmocka_unit_test(a_failed_load_changes_nothing),
        cmocka_unit_test(over_adds_and_its_colours_win),
        cmocka_unit_test(the_names_can_be_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
