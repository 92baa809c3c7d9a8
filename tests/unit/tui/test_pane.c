#include "lib.h"

#include "tui/pane.h"
#include "tui/style.h"

static struct pane *pane;

static int setup(void **state)
{
    (void)state;
    canvas_for_test(6, 20);
    pane = pane_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    pane_free(pane);
    return 0;
}

static void long_lines_wrap_at_blanks(void **state)
{
    (void)state;
    pane_add(pane, ROLE_TEXT, "  the quick brown fox jumps over it");
    pane_add(pane, ROLE_TEXT, "");
    pane_add(pane, ROLE_TEXT, "abcdefghijklmnopqrstuvwxyz");
    pane_paint(pane, 0, 6);
    assert_row(0, "  the quick brown");
    assert_row(1, "  fox jumps over it");
    assert_row(2, "");
    assert_row(3, "abcdefghijklmnopqrst");
    assert_row(4, "uvwxyz");
}

static void pairs_hang(void **state)
{
    (void)state;
    canvas_resize(6, 40);
    pane_add_pair(pane, "service", ROLE_GOOD, "api gateway of the whole shop and more");
    pane_paint(pane, 0, 6);
    assert_row(0, "service         api gateway of the whole");
    assert_row(1, "                shop and more");
    assert_int_equal(canvas_row(0)[0].style, theme_style(ROLE_DIM));
    assert_int_equal(canvas_row(0)[16].style, theme_style(ROLE_GOOD));
    assert_int_equal(canvas_row(1)[16].style, theme_style(ROLE_GOOD));
}

static void without_wrap_lines_are_cut(void **state)
{
    (void)state;
    pane_wrap(pane, false);
    pane_add(pane, ROLE_TEXT, "abcdefghijklmnopqrstuvwxyz");
    pane_add(pane, ROLE_TEXT, "next");
    pane_paint(pane, 0, 6);
    assert_row(0, "abcdefghijklmnopqrs…");
    assert_row(1, "next");
}

static void tiny_widths_end(void **state)
{
    (void)state;
    pane_add_pair(pane, "label", ROLE_TEXT, "日本語 text");
    for (int columns = 1; columns < 6; columns++) {
        canvas_resize(4, columns);
        pane_paint(pane, 0, 4);
    }
    pane_paint(pane, 0, 0);
}

static void scrolling_stops_at_the_ends(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) pane_add(pane, ROLE_TEXT, i % 2 ? "odd" : "even");
    pane_paint(pane, 0, 4);
    assert_false(pane_scroll(pane, -1));
    assert_true(pane_scroll(pane, 3));
    assert_true(pane_scroll(pane, 100));
    assert_false(pane_scroll(pane, 1));
    pane_paint(pane, 0, 4);
    assert_row(3, "odd");
    assert_true(pane_go(pane, false));
    assert_false(pane_go(pane, false));
    assert_true(pane_go(pane, true));
}

static void resizing_keeps_the_line_at_the_top(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) pane_add(pane, ROLE_TEXT, i == 5 ? "five" : "some longer text that wraps here");
    pane_paint(pane, 0, 3);
    while (pane_scroll(pane, 1)) {
        pane_paint(pane, 0, 3);
        struct buf row;
        buf_init(&row, 100);
        canvas_read(0, &row);
        bool there = row.data && !strcmp(row.data, "five");
        buf_free(&row);
        if (there) break;
    }
    canvas_resize(6, 15);
    pane_paint(pane, 0, 3);
    assert_row(0, "five");
}

static void search_marks_counts_and_goes(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) pane_add(pane, ROLE_TEXT, i == 3 ? "a Needle and a needle" : i == 15 ? "NEEDLE É" : "hay");
    pane_paint(pane, 0, 5);
    assert_int_equal(pane_search(pane, "needle"), 3);
    pane_paint(pane, 0, 5);
    assert_true(canvas_row(3)[2].style & STYLE_UNDERLINE);
    assert_false(canvas_row(3)[1].style & STYLE_UNDERLINE);
    assert_true(pane_next_match(pane, 1));
    pane_paint(pane, 0, 5);
    assert_row(0, "NEEDLE É");
    assert_true(pane_next_match(pane, 1));
    pane_paint(pane, 0, 5);
    assert_row(0, "a Needle and a");
    assert_true(pane_next_match(pane, -1));
    pane_paint(pane, 0, 5);
    assert_row(0, "NEEDLE É");
    assert_int_equal(pane_search(pane, "é"), 1);
    assert_int_equal(pane_search(pane, "straw"), 0);
    assert_false(pane_next_match(pane, 1));
    assert_int_equal(pane_search(pane, ""), 0);
    assert_false(pane_next_match(pane, 1));
}

static void a_match_over_a_line_break_is_marked_on_both(void **state)
{
    (void)state;
    pane_add(pane, ROLE_TEXT, "abcdefghijklmnopqrstuvwxyz");
    pane_paint(pane, 0, 5);
    assert_int_equal(pane_search(pane, "tu"), 1);
    pane_paint(pane, 0, 5);
    assert_true(canvas_row(0)[19].style & STYLE_UNDERLINE);
    assert_true(canvas_row(1)[0].style & STYLE_UNDERLINE);
    assert_false(canvas_row(1)[1].style & STYLE_UNDERLINE);
}

static void the_text_comes_back(void **state)
{
    (void)state;
    pane_add(pane, ROLE_TEXT, "one");
    pane_add_pair(pane, "two", ROLE_TEXT, "three");
    char *text = pane_text(pane);
    assert_string_equal(text, "one\ntwo             three\n");
    free(text);
    pane_clear(pane);
    text = pane_text(pane);
    assert_string_equal(text, "");
    free(text);
    pane_paint(pane, 0, 5);
    assert_row(0, "");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(long_lines_wrap_at_blanks),    T(pairs_hang),
        T(without_wrap_lines_are_cut),   T(tiny_widths_end),
        T(scrolling_stops_at_the_ends),  T(resizing_keeps_the_line_at_the_top),
        T(search_marks_counts_and_goes), T(a_match_over_a_line_break_is_marked_on_both),
        T(the_text_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
