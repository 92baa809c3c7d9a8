#include "lib.h"

#include "tui/paint.h"
#include "tui/screen.h"
#include "tui/style.h"

#include <curses.h>
#undef lines
#include <wchar.h>

static bool contains(struct slice s, const char *text) { return memmem(s.ptr, s.len, text, strlen(text)) != NULL; }

static int open_type(const char *type, bool color)
{
    canvas_for_test(10, 40);
    return screen_open(type, 10, 40, color) == SCREEN_OPEN ? 0 : 1;
}

static int setup(void **state)
{
    (void)state;
    return open_type("xterm-256color", true);
}

static int teardown(void **state)
{
    (void)state;
    screen_close();
    return 0;
}

static size_t draw(void)
{
    screen_draw(-1, 0);
    return screen_take().len;
}

static void assert_screen(int y, const wchar_t *expected)
{
    wchar_t seen[256];
    int n = mvwinnwstr(stdscr, y, 0, seen, 255);
    while (n > 0 && seen[n - 1] == L' ') n--;
    seen[n < 0 ? 0 : n] = L'\0';
    assert_int_equal(wcscmp(seen, expected), 0);
}

static void text_arrives_in_curses(void **state)
{
    (void)state;
    paint_text(0, 0, 40, ROLE_TEXT, "plain");
    paint_text(1, 2, 40, ROLE_BAD, "日本 e\xCC\x81 …");
    draw();
    assert_screen(0, L"plain");
    assert_screen(1, L"  日本 e\u0301 …");
    cchar_t cell;
    wchar_t text[CCHARW_MAX];
    attr_t attributes;
    short pair;
    mvwin_wch(stdscr, 1, 2, &cell);
    getcchar(&cell, text, &attributes, &pair, NULL);
    assert_true(attributes & A_BOLD);
    assert_int_equal(pair, theme_style(ROLE_BAD) >> 8);
}

static void an_unchanged_frame_costs_nothing(void **state)
{
    (void)state;
    paint_text(0, 0, 40, ROLE_TEXT, "plain");
    assert_true(draw() > 0);
    for (int i = 0; i < 3; i++) {
        canvas_blank();
        paint_text(0, 0, 40, ROLE_TEXT, "plain");
        assert_int_equal(draw(), 0);
    }
    screen_repaint();
    assert_true(draw() > 0);
}

static void only_what_changed_is_sent(void **state)
{
    (void)state;
    for (int y = 0; y < 10; y++) paint_text(y, 0, 40, ROLE_TEXT, "a rather long line of text, 1");
    draw();
    paint_text(5, 28, 1, ROLE_TEXT, "2");
    assert_in_range(draw(), 1, 20);
    assert_screen(5, L"a rather long line of text, 2");
}

static void paint_numbers(int from)
{
    char line[64];
    canvas_blank();
    paint_text(0, 0, 40, ROLE_HEADING, "heading");
    for (int y = 1; y < 9; y++) {
        snprintf(line, sizeof line, "row number %d of the list", from + y);
        paint_text(y, 0, 40, ROLE_TEXT, line);
    }
    paint_text(9, 0, 40, ROLE_DIM, "footer");
}

static void moved_rows_are_scrolled(void **state)
{
    (void)state;
    const int steps[] = {1, 1, -1, 3, -3, -1};
    int from = 10;
    paint_numbers(from);
    draw();
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        paint_numbers(from += steps[i]);
        assert_in_range(draw(), 1, 120);
        assert_screen(0, L"heading");
        assert_screen(9, L"footer");
        for (int y = 1; y < 9; y++) {
            wchar_t line[64];
            swprintf(line, 64, L"row number %d of the list", from + y);
            assert_screen(y, line);
        }
    }
}

static void random_pictures_arrive(void **state)
{
    (void)state;
    unsigned seed = 1;
    static const char *const words[] = {"a", "日", "xyz", " ", "e\xCC\x81", "…"};
    for (int frame = 0; frame < 300; frame++) {
        for (int n = 0; n < 8; n++) {
            seed = seed * 1103515245U + 12345U;
            unsigned r = seed >> 8;
            paint_text((int)(r % 10), (int)(r / 10 % 40), 10, (enum role)(r / 400 % ROLES), words[r / 8000 % 6]);
        }
        draw();
        for (int y = 0; y < 10; y++) {
            struct buf row;
            wchar_t wide[128];
            buf_init(&row, 1024);
            canvas_read(y, &row);
            size_t len = mbstowcs(wide, row.data ? row.data : "", 127);
            assert_true(len < 127);
            buf_free(&row);
            assert_screen(y, wide);
        }
    }
}

static void resizing_to_nothing_and_back(void **state)
{
    (void)state;
    const int sizes[][2] = {{1, 1}, {2, 300}, {200, 2}, {10, 40}};
    for (size_t i = 0; i < 4; i++) {
        canvas_resize(sizes[i][0], sizes[i][1]);
        screen_resize(sizes[i][0], sizes[i][1]);
        paint_text(0, 0, 5, ROLE_TEXT, "日b");
        screen_draw(50, 500);
        screen_take();
    }
    assert_screen(0, L"日b");
}

static void another_theme_repaints_in_its_colours(void **state)
{
    (void)state;
    const char *problem;
    theme_load("default", &problem);
    canvas_blank();
    paint_text(0, 0, 5, ROLE_BAD, "bad");
    screen_draw(-1, 0);
    assert_true(contains(screen_take(), "\033[31m"));
    theme_load("mono", &problem);
    canvas_blank();
    paint_text(0, 0, 5, ROLE_BAD, "bad");
    screen_draw(-1, 0);
    assert_false(contains(screen_take(), "\033[31m"));
    theme_load("default", &problem);
}

static void without_colours_none_are_sent(void **state)
{
    (void)state;
    const char *const types[] = {"xterm-256color", "vt100", "xterm-mono"};
    screen_close();
    for (size_t i = 0; i < 3; i++) {
        if (open_type(types[i], false)) continue;
        for (int r = 0; r < ROLES; r++) paint_text(r % 10, 0, 5, (enum role)r, "text");
        screen_draw(-1, 0);
        struct slice out = screen_take();
        for (const char *c = "1234567"; *c; c++) assert_false(contains(out, (char[]){'\033', '[', '3', *c, 'm', 0}));
        screen_close();
    }
    assert_int_equal(open_type("xterm-256color", true), 0);
}

static void terminals_that_will_not_do(void **state)
{
    (void)state;
    screen_close();
    assert_int_equal(screen_open("no-such-terminal", 5, 5, true), SCREEN_UNKNOWN);
    assert_int_equal(screen_open("dumb", 5, 5, true), SCREEN_UNABLE);
    assert_int_equal(open_type("vt100", true), 0);
    assert_null(strchr(screen_capability("el"), '$'));
    assert_string_equal(screen_goto(2, 4), "\033[3;5H");
    assert_null(screen_capability("smcup"));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(text_arrives_in_curses),
        T(an_unchanged_frame_costs_nothing),
        T(only_what_changed_is_sent),
        T(moved_rows_are_scrolled),
        T(random_pictures_arrive),
        T(resizing_to_nothing_and_back),
        T(another_theme_repaints_in_its_colours),
        T(without_colours_none_are_sent),
        T(terminals_that_will_not_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
