#include "lib.h"

#include "tui/glyph.h"
#include "tui/paint.h"
#include "tui/style.h"

#include <math.h>

static int setup(void **state)
{
    (void)state;
    canvas_for_test(3, 10);
    glyph_ascii(false);
    return 0;
}

static void widths(void **state)
{
    (void)state;
    assert_int_equal(text_width(""), 0);
    assert_int_equal(text_width("abc"), 3);
    assert_int_equal(text_width("日本"), 4);
    assert_int_equal(text_width("e\xCC\x81x"), 2);
    assert_int_equal(text_width("\033[1m"), 4);
    assert_int_equal(text_width("\xFF"), 1);
    assert_int_equal(text_width("\U0001FADF"), 1);
}

static void fitting_keeps_characters_whole(void **state)
{
    (void)state;
    assert_int_equal(text_fit("abc", 2), 2);
    assert_int_equal(text_fit("abc", 9), 3);
    assert_int_equal(text_fit("日本", 3), 3);
    assert_int_equal(text_fit("日本", 1), 0);
    assert_int_equal(text_fit("ae\xCC\x81z", 2), 4);
    assert_int_equal(text_fit("abc", 0), 0);
    assert_int_equal(text_fit("abc", -1), 0);
}

static void cells_are_cut_with_an_ellipsis(void **state)
{
    (void)state;
    paint_cell(0, 0, 5, ROLE_TEXT, ALIGN_LEFT, "abcdefgh");
    paint_cell(0, 6, 4, ROLE_TEXT, ALIGN_RIGHT, "12");
    assert_row(0, "abcd…   12");
    paint_cell(1, 0, 4, ROLE_TEXT, ALIGN_LEFT, "日本語");
    assert_row(1, "日…");
    paint_cell(1, 0, 1, ROLE_TEXT, ALIGN_LEFT, "ab");
    assert_row(1, "… …");
    paint_cell(2, 0, 6, ROLE_TEXT, ALIGN_LEFT, NULL);
    assert_row(2, "");
    glyph_ascii(true);
    paint_cell(2, 0, 4, ROLE_TEXT, ALIGN_RIGHT, "abcdefgh");
    assert_row(2, "abc~");
}

static void a_wide_character_never_splits(void **state)
{
    (void)state;
    paint_text(0, 0, 10, ROLE_TEXT, "日本語");
    paint_text(0, 1, 1, ROLE_TEXT, "x");
    assert_row(0, " x本語");
    paint_text(0, 4, 1, ROLE_TEXT, "y");
    assert_row(0, " x本y");
    paint_text(1, 9, 5, ROLE_TEXT, "日");
    assert_row(1, "");
    paint_text(2, 0, 10, ROLE_TEXT, "a日b");
    paint_text(2, 0, 2, ROLE_TEXT, "zz");
    assert_row(2, "zz b");
}

static void what_has_no_room_says_so(void **state)
{
    (void)state;
    assert_int_equal(paint_text(0, 0, 6, ROLE_TEXT, "everything"), 6);
    assert_row(0, "every…");
    paint_text(1, 0, 10, ROLE_TEXT, "everything");
    assert_row(1, "everything");
    assert_int_equal(paint_text(2, 0, 4, ROLE_TEXT, "日本語"), 3);
    assert_row(2, "日…");
}

static void text_is_clipped_everywhere(void **state)
{
    (void)state;
    const int far[] = {-2000000000, -11, -1, 3, 9, 10, 2000000000};
    for (size_t i = 0; i < 7; i++)
        for (size_t j = 0; j < 7; j++)
            for (size_t k = 0; k < 7; k++) {
                int y = far[i], x = far[j], width = far[k];
                paint_text(y, x / 2, width, ROLE_TEXT, "日本語 text");
                paint_cell(y, x / 2, width, ROLE_TEXT, ALIGN_RIGHT, "日本語 text");
                paint_clear(y, x / 2, ROLE_TEXT);
                paint_overlay(y, x / 2, width, ROLE_SELECTED);
            }
    canvas_blank();
    paint_text(1, -2, 10, ROLE_TEXT, "abcdef");
    assert_row(1, "cdef");
    assert_int_equal(paint_text(1, 8, 10, ROLE_TEXT, "abcdef"), 6);
    assert_row(1, "cdef    ab");
}

static void hostile_text_cannot_reach_the_terminal(void **state)
{
    (void)state;
    paint_text(0, 0, 10, ROLE_TEXT, "a\033[2J\xE2\x80\xAEz");
    assert_row(0, "a\xEF\xBF\xBD[2J\xEF\xBF\xBDz");
}

static void combining_marks_stay_with_their_letter(void **state)
{
    (void)state;
    paint_text(0, 0, 10, ROLE_TEXT, "e\xCC\x81\xCC\x82\xCC\x83x");
    assert_row(0, "e\xCC\x81\xCC\x82x");
    paint_text(1, 0, 10, ROLE_TEXT, "\xCC\x81y");
    assert_row(1, "y");
}

static void without_utf8_everything_is_ascii(void **state)
{
    (void)state;
    canvas_utf8(false);
    paint_text(0, 0, 10, ROLE_TEXT, "a日éz");
    assert_row(0, "a??z");
    canvas_utf8(true);
}

static void overlay_adds_to_what_stands_there(void **state)
{
    (void)state;
    paint_text(0, 0, 3, ROLE_HEADING, "abc");
    paint_overlay(0, 1, 1, ROLE_SELECTED);
    const struct cell *row = canvas_row(0);
    assert_int_equal(row[0].style, STYLE_BOLD);
    assert_int_equal(row[1].style, STYLE_BOLD | STYLE_REVERSE);
    assert_int_equal(row[2].style, STYLE_BOLD);
}

static void sparklines_and_bars(void **state)
{
    (void)state;
    const double values[] = {0, 1, 2, 4, 8};
    const double gap[] = {8, NAN, 8};
    paint_sparkline(0, 0, 5, ROLE_CHART, values, 5);
    assert_row(0, "▁▁▂▄█");
    paint_sparkline(0, 0, 5, ROLE_CHART, gap, 3);
    assert_row(0, "██  █");
    paint_sparkline(0, 0, 5, ROLE_CHART, NULL, 0);
    assert_row(0, "");
    paint_bar(1, 0, 4, ROLE_CHART, 5, 8);
    assert_row(1, "██▌");
    paint_bar(1, 0, 4, ROLE_CHART, 0, 0);
    assert_row(1, "");
    paint_columns(0, 0, 2, 2, ROLE_CHART, values + 3, 2);
    assert_row(0, " █");
    assert_row(1, "██");
    glyph_ascii(true);
    paint_bar(2, 0, 4, ROLE_CHART, 8, 8);
    assert_row(2, "####");
}

static void every_glyph_is_one_column(void **state)
{
    (void)state;
    for (int ascii = 0; ascii < 2; ascii++) {
        glyph_ascii(ascii);
        for (int i = 0; i < GLYPHS; i++) assert_int_equal(text_width(glyph((enum glyph)i)), 1);
    }
}

int main(void)
{
#define T(name) cmocka_unit_test_setup(name, setup)
    const struct CMUnitTest tests[] = {
        T(widths),
        T(fitting_keeps_characters_whole),
        T(cells_are_cut_with_an_ellipsis),
        T(a_wide_character_never_splits),
        T(what_has_no_room_says_so),
        T(text_is_clipped_everywhere),
        T(hostile_text_cannot_reach_the_terminal),
        T(combining_marks_stay_with_their_letter),
        T(without_utf8_everything_is_ascii),
        T(overlay_adds_to_what_stands_there),
        T(sparklines_and_bars),
        T(every_glyph_is_one_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
