#include "lib.h"

#include "base/embedded.h"
#include "tui/style.h"
#include "tui/theme_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
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
    static const char *const expected[] = {"colour-blind-light", "colour-blind", "dark", "default", "high-contrast", "light", "mono"};
    struct theme_entry e;
    int n = 0;
    for (; theme_entry(n, &e); n++) {
        assert_string_equal(e.name, expected[n]);
        assert_true(strlen(e.about) > 10);
        assert_null(e.path);
    }
    assert_int_equal(n, sizeof expected / sizeof *expected);
}

/* ---- the person's own ---- */

struct own {
    char config[64];
};

static void write_own(const struct own *o, const char *name, const char *text)
{
    char path[200];
    snprintf(path, sizeof path, "%s/tero/themes/%s", o->config, name);
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static int own_open(void **state)
{
    static struct own o;
    char path[200];
    snprintf(o.config, sizeof o.config, "/tmp/tero-config-XXXXXX");
    assert_non_null(mkdtemp(o.config));
    snprintf(path, sizeof path, "%s/tero", o.config);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/tero/themes", o.config);
    mkdir(path, 0700);
    setenv("XDG_CONFIG_HOME", o.config, 1);
    theme_terminal(256, false);
    *state = &o;
    return 0;
}

static int own_close(void **state)
{
    struct own *o = *state;
    char path[200];
    static const char *const files[] = {"/tero/themes/mine.theme", "/tero/themes/other.theme", "/tero/themes", "/tero", ""};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s%s", o->config, files[i]);
        remove(path);
    }
    setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
    return 0;
}

static void own_overrides_what_differs(void **state)
{
    struct own *o = *state;
    assert_true(theme_load("dark", &problem));
    uint16_t good = theme_style(ROLE_GOOD), bad = theme_style(ROLE_BAD);
    write_own(o, "mine.theme", "# Mine\nbase = dark\nbad = #00ff00\n");
    assert_true(theme_load("mine", &problem));
    assert_string_equal(theme_name(), "mine");
    assert_int_equal(theme_style(ROLE_GOOD), good);
    assert_int_not_equal(theme_style(ROLE_BAD), bad);
    assert_non_null(strstr(theme_source(0), "/tero/themes/mine.theme"));
    assert_null(theme_source(1));
    struct theme_entry e;
    int n = 0;
    while (theme_entry(n, &e) && strcmp(e.name, "mine") != 0) n++;
    assert_string_equal(e.about, "Mine");
    assert_non_null(e.path);
}

static void own_may_build_on_own(void **state)
{
    struct own *o = *state;
    write_own(o, "mine.theme", "base = other\nbad = blue\n");
    write_own(o, "other.theme", "base = mono\ngood = bold underline\n");
    assert_true(theme_load("mine", &problem));
    assert_int_equal(theme_style(ROLE_GOOD) & 0xFF, STYLE_BOLD | STYLE_UNDERLINE);
    assert_non_null(theme_source(1));
    write_own(o, "other.theme", "base = mine\n");
    assert_false(theme_load("mine", &problem));
    assert_non_null(strstr(problem, "go in a circle"));
}

static void own_is_loaded_anew(void **state)
{
    struct own *o = *state;
    write_own(o, "mine.theme", "base = mono\n");
    assert_true(theme_load("mine", &problem));
    assert_int_equal(theme_style(ROLE_GOOD), 0);
    write_own(o, "mine.theme", "base = mono\ngood = bold\n");
    assert_true(theme_reload(&problem));
    assert_int_equal(theme_style(ROLE_GOOD), STYLE_BOLD);
    write_own(o, "mine.theme", "base = mono\ngood = blod\n");
    assert_false(theme_reload(&problem));
    assert_non_null(strstr(problem, "mine.theme:2: no colour or attribute \"blod\"; did you mean \"bold\"?"));
    assert_int_equal(theme_style(ROLE_GOOD), STYLE_BOLD);
}

static void own_mistakes_are_named(void **state)
{
    struct own *o = *state;
    write_own(o, "mine.theme", "# x\n\nbase = drak\n");
    assert_false(theme_load("mine", &problem));
    assert_non_null(strstr(problem, "mine.theme:3: base drak: no theme of this name; did you mean dark?"));
    write_own(o, "mine.theme", "bad = red\nbase = dark\n");
    assert_false(theme_load("mine", &problem));
    assert_non_null(strstr(problem, "mine.theme:2: the base must come before every role: \"dark\""));
    assert_false(theme_load("mono2", &problem));
    assert_string_equal(problem, "mono2: no theme of this name; did you mean mono?");
}

static void own_base_of_its_own_name_is_embedded(void **state)
{
    struct own *o = *state;
    write_own(o, "other.theme", "base = other\n");
    assert_false(theme_load("other", &problem));
    assert_non_null(strstr(problem, "other.theme:1: base other: no theme of this name"));
}

/* ---- what people can see ---- */

static struct theme embedded(const char *name)
{
    struct theme t;
    for (const struct embedded *e = embedded_themes; e->name; e++) {
        if (strncmp(e->name, name, strlen(name)) != 0 || e->name[strlen(name)] != '.') continue;
        theme_plain(&t);
        assert_true(theme_parse(&t, e->name, slice_of(e->text, e->len), &problem));
        return t;
    }
    fail_msg("no theme %s", name);
    abort();
}

static int ink(const struct theme *t, int role)
{
    int32_t fg = t->looks[role].fg;
    return color_rgb(fg == COLOR_OWN ? t->looks[ROLE_TEXT].fg : fg);
}

static int paper(const struct theme *t, int role)
{
    int32_t bg = t->looks[role].bg;
    return color_rgb(bg == COLOR_OWN ? t->looks[ROLE_TEXT].bg : bg);
}

static const struct {
    const char *name;
    double least;
} painted[] = {{"light", 4.5}, {"dark", 4.5}, {"high-contrast", 7}, {"colour-blind", 4.5}, {"colour-blind-light", 4.5}};
#define PAINTED (sizeof painted / sizeof *painted)

/* Bars are not read: 3 is enough for them (WCAG 1.4.11). */
static double needed(double least, int role)
{
    bool bar = role >= ROLE_CHART && role <= ROLE_CHART_REST;
    return bar && least < 7 ? 3 : least;
}

static void every_role_can_be_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < PAINTED; i++) {
        struct theme t = embedded(painted[i].name);
        for (int role = 0; role < ROLES; role++) {
            double contrast = color_contrast(ink(&t, role), paper(&t, role));
            if (contrast < needed(painted[i].least, role))
                fail_msg("%s: %s has a contrast of %.2f", painted[i].name, theme_role_name((enum role)role), contrast);
        }
    }
}

/* Also on the selected row and over a match, whose colours win. */
static void every_role_can_be_read_with_fewer_colours(void **state)
{
    (void)state;
    static const int terminals[] = {256, 16, 8};
    for (size_t i = 0; i < PAINTED; i++)
        for (size_t n = 0; n < 3; n++) {
            int count;
            unsigned generation;
            assert_true(theme_load(painted[i].name, &problem));
            theme_terminal(terminals[n], false);
            const struct theme_pair *pairs = theme_pairs(&count, &generation);
            for (int role = 0; role < ROLES; role++) {
                const struct theme_pair *p = &pairs[theme_style((enum role)role) >> 8];
                double contrast = color_contrast(color_rgb(p->fg), color_rgb(p->bg));
                double least = n == 0 ? needed(4.5, role) : 3;
                if (contrast < least)
                    fail_msg("%s with %d colours: %s has a contrast of %.2f", painted[i].name, terminals[n],
                             theme_role_name((enum role)role), contrast);
            }
        }
    theme_terminal(256, false);
}

/* Machado, Oliveira, Fernandes 2009, severity 1. */
static const struct {
    const char *name;
    double m[3][3];
} eyes[] = {
    {"usual", {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
    {"protanopia", {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}},
    {"deuteranopia", {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}},
    {"tritanopia", {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}},
};

static double to_linear(int byte)
{
    double c = byte / 255.0;
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static int from_linear(double c)
{
    c = c < 0 ? 0 : c > 1 ? 1 : c;
    return (int)lround(255 * (c <= 0.0031308 ? c * 12.92 : 1.055 * pow(c, 1 / 2.4) - 0.055));
}

static int seen_by(int rgb, size_t eye)
{
    double in[3] = {to_linear(rgb >> 16 & 255), to_linear(rgb >> 8 & 255), to_linear(rgb & 255)};
    int out = 0;
    for (int i = 0; i < 3; i++) {
        const double *m = eyes[eye].m[i];
        out = out << 8 | from_linear(m[0] * in[0] + m[1] * in[1] + m[2] * in[2]);
    }
    return out;
}

static void check_pair(const char *theme, int a, int b, const char *a_name, const char *b_name)
{
    for (size_t eye = 0; eye < sizeof eyes / sizeof *eyes; eye++) {
        double distance = color_distance(seen_by(a, eye), seen_by(b, eye));
        if (distance < 0.1) fail_msg("%s: %s and %s are %.3f apart with %s", theme, a_name, b_name, distance, eyes[eye].name);
    }
}

static void states_can_be_told_apart(const char *name, int colors)
{
    static const enum role roles[] = {ROLE_GOOD, ROLE_WARN, ROLE_BAD, ROLE_INFO};
    struct theme t = embedded(name);
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < i; k++) {
            int a = ink(&t, roles[i]), b = ink(&t, roles[k]);
            if (colors)
                a = color_rgb(color_degrade(a | COLOR_RGB, colors, false)), b = color_rgb(color_degrade(b | COLOR_RGB, colors, false));
            check_pair(name, a, b, theme_role_name(roles[i]), theme_role_name(roles[k]));
        }
}

static void colour_blind_themes_hold(void **state)
{
    (void)state;
    states_can_be_told_apart("colour-blind", 0);
    states_can_be_told_apart("colour-blind", 256);
    states_can_be_told_apart("colour-blind-light", 0);
    states_can_be_told_apart("colour-blind-light", 256);
}

static void the_simulation_sees_what_it_should(void **state)
{
    (void)state;
    const int red = 0xC02020, green = 0x6E7A10;
    assert_true(color_distance(red, green) > 0.15);
    assert_true(color_distance(seen_by(red, 2), seen_by(green, 2)) < 0.1);
}

static void distances_are_those_of_the_eye(void **state)
{
    (void)state;
    assert_float_equal(color_distance(0, 0xFFFFFF), 1, 0.001);
    assert_float_equal(color_distance(0x336699, 0x336699), 0, 0.0001);
    assert_float_equal(color_contrast(0, 0xFFFFFF), 21, 0.01);
    assert_float_equal(color_contrast(0x777777, 0xFFFFFF), 4.48, 0.01);
    assert_int_equal(color_degrade(COLOR_RGB | 0x1A1010, 8, false), 0);
    assert_int_equal(color_degrade(COLOR_RGB | 0xE6C700, 8, false), 3);
    assert_int_equal(color_degrade(COLOR_RGB | 0x0B5CAD, 8, false), 4);
    assert_int_equal(color_degrade(COLOR_RGB | 0x101418, 256, false), 233);
    assert_int_equal(color_pair(COLOR_RGB | 0x57606A, COLOR_RGB | 0xFFFFFF, 8, false).fg, 0);
}

#define OWN(f) cmocka_unit_test_setup_teardown(f, own_open, own_close)

int main(void)
{
    setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
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
        OWN(own_overrides_what_differs),
        OWN(own_may_build_on_own),
        OWN(own_is_loaded_anew),
        OWN(own_mistakes_are_named),
        OWN(own_base_of_its_own_name_is_embedded),
        cmocka_unit_test(every_role_can_be_read),
        cmocka_unit_test(every_role_can_be_read_with_fewer_colours),
        cmocka_unit_test(colour_blind_themes_hold),
        cmocka_unit_test(the_simulation_sees_what_it_should),
        cmocka_unit_test(distances_are_those_of_the_eye),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
