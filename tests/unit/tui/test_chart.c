/* Charts as exact pictures, in every form. */
#include "lib.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "tui/chart.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static struct chart_cell cells[4000];

static struct chart_grid grid(int width, int height)
{
    struct chart_grid g = {width, height, cells};
    chart_clear(&g);
    return g;
}

/* Rows are separated by newlines; blanks at their ends do not count. */
static void assert_picture(const struct chart_grid *g, const char *expected)
{
    struct buf out;
    buf_init(&out, 1 << 16);
    for (int y = 0; y < g->height; y++) {
        int end = g->width;
        while (end > 0 && g->cells[y * g->width + end - 1].code == ' ') end--;
        for (int x = 0; x < end; x++) utf8_put(&out, g->cells[y * g->width + x].code);
        if (y + 1 < g->height) buf_char(&out, '\n');
    }
    assert_string_equal(out.data ? out.data : "", expected);
    buf_free(&out);
}

static void count_label(char out[32], double value) { snprintf(out, 32, "%g", value); }
static void money_label(char out[32], double value) { snprintf(out, 32, "$%g/h", value); }

static void sparklines(void **state)
{
    (void)state;
    const double v[] = {0, 1, 2, 4, 8, NAN, 8, 3};
    struct chart_grid g = grid(8, 1);
    chart_area(&g, CHART_BLOCKS, ROLE_CHART, v, 8, 0, true);
    assert_picture(&g, "▁▁▂▄█ █▃");
    chart_area(&g, CHART_ASCII, ROLE_CHART, v, 8, 0, true);
    assert_picture(&g, "___-# #.");
    g = grid(4, 1);
    chart_area(&g, CHART_BRAILLE, ROLE_CHART, v, 8, 0, true);
    assert_picture(&g, "⣀⣠⡇⣧");
    chart_area(&g, CHART_BLOCKS, ROLE_CHART, v, 8, 0, true);
    assert_picture(&g, "▁▄██");
    chart_area(&g, CHART_BLOCKS, ROLE_CHART, v, 0, 0, true);
    assert_picture(&g, "");
}

static void areas(void **state)
{
    (void)state;
    const double v[] = {1, 4, 8, 0, 16};
    struct chart_grid g = grid(5, 2);
    chart_area(&g, CHART_BLOCKS, ROLE_CHART, v, 5, 0, false);
    assert_picture(&g, "    █\n▁▄█ █");
    chart_area(&g, CHART_ASCII, ROLE_CHART, v, 5, 0, false);
    assert_picture(&g, "    #\n_-# #");
    chart_area(&g, CHART_BLOCKS, ROLE_CHART, v, 5, 32, false);
    assert_picture(&g, "\n▁▂▄ █");
    chart_area(&g, CHART_BRAILLE, ROLE_CHART, v, 5, 0, false);
    assert_picture(&g, "    ⣿\n⣀⣤⣿ ⣿");
}

static void bars(void **state)
{
    (void)state;
    struct chart_grid g = grid(4, 1);
    chart_bar(&g, CHART_BLOCKS, ROLE_CHART, 5, 8);
    assert_picture(&g, "██▌");
    chart_bar(&g, CHART_BLOCKS, ROLE_CHART, 0.001, 8);
    assert_picture(&g, "▏");
    chart_bar(&g, CHART_BLOCKS, ROLE_CHART, 9, 8);
    assert_picture(&g, "████");
    chart_bar(&g, CHART_BLOCKS, ROLE_CHART, 0, 0);
    assert_picture(&g, "");
    chart_bar(&g, CHART_ASCII, ROLE_CHART, 5, 8);
    assert_picture(&g, "##-");
}

static void parts_of_a_whole(void **state)
{
    (void)state;
    static const enum role roles[] = {ROLE_CHART, ROLE_CHART_2, ROLE_CHART_3, ROLE_CHART_4};
    const double v[] = {60, 30, 0, 0.01};
    struct chart_grid g = grid(10, 1);
    chart_parts(&g, CHART_BLOCKS, roles, v, 4);
    assert_picture(&g, "███████▓▓░");
    assert_int_equal(cells[7].role, ROLE_CHART_2);
    chart_parts(&g, CHART_ASCII, roles, v, 4);
    assert_picture(&g, "#######**+");
    g = grid(2, 1);
    chart_parts(&g, CHART_ASCII, roles, v, 4);
    assert_picture(&g, "#*");
    const double nothing[] = {0, 0, 0, 0};
    chart_parts(&g, CHART_ASCII, roles, nothing, 4);
    assert_picture(&g, "");
}

static void patterns_differ(void **state)
{
    (void)state;
    for (int form = CHART_BLOCKS; form <= CHART_ASCII; form++)
        for (int a = 0; a < CHART_SERIES_MAX; a++)
            for (int b = 0; b < a; b++)
                assert_int_not_equal(chart_pattern((enum chart_form)form, a), chart_pattern((enum chart_form)form, b));
}

static void time_stacks_with_axes(void **state)
{
    (void)state;
    const double a[] = {10, 20, 10, 0}, b[] = {5, 5, 20, NAN}, c[] = {0, 10, 10, 1};
    const struct chart_series series[] = {{"a", ROLE_CHART, a, 0}, {"b", ROLE_CHART_2, b, 1}, {"c", ROLE_CHART_3, c, 2}};
    struct chart_time t = {CHART_BLOCKS, series, 3, 4, money_label, "Nov 23 04:00", "now"};
    struct chart_grid g = grid(30, 5);
    chart_time(&g, &t);
    assert_picture(&g, "$40/h│      ▒▒▒▒▒▒▒▒▒▒▒▒\n"
                       "     │      ▓▓▓▓▓▓▓▓▓▓▓▓\n"
                       "     │▓▓▓▓▓▓██████▓▓▓▓▓▓\n"
                       "     │██████████████████▒▒▒▒▒▒\n"
                       "      Nov 23 04:00         now");
    t.form = CHART_ASCII;
    chart_time(&g, &t);
    assert_picture(&g, "$40/h|      ============\n"
                       "     |      ************\n"
                       "     |******######******\n"
                       "     |##################======\n"
                       "      Nov 23 04:00         now");
}

static void too_little_for_a_row_still_shows(void **state)
{
    (void)state;
    const double a[] = {1, 1, 90}, b[] = {2, 0, 10};
    const struct chart_series series[] = {{"a", ROLE_CHART, a, 0}, {"b", ROLE_CHART_2, b, 1}};
    struct chart_time t = {CHART_ASCII, series, 2, 3, count_label, "", ""};
    struct chart_grid g = grid(8, 3);
    chart_time(&g, &t);
    assert_picture(&g, "100|  #\n   |*##\n");
}

static void time_of_one_series_is_fine(void **state)
{
    (void)state;
    const double a[] = {1, 2, 3, 4, NAN, 8};
    const struct chart_series series[] = {{"a", ROLE_CHART, a, 0}};
    struct chart_time t = {CHART_BLOCKS, series, 1, 6, count_label, "a", "b"};
    struct chart_grid g = grid(15, 3);
    chart_time(&g, &t);
    assert_picture(&g, "8│          ██\n"
                       " │▂▂▄▄▆▆██  ██\n"
                       "  a          b");
    t.form = CHART_BRAILLE;
    chart_time(&g, &t);
    assert_picture(&g, "8│          ⣿⣿\n"
                       " │⣀⣀⣤⣤⣶⣶⣿⣿  ⣿⣿\n"
                       "  a          b");
}

static void time_survives_what_it_gets(void **state)
{
    (void)state;
    const double a[] = {INFINITY, -5, NAN, 0};
    const struct chart_series series[] = {{"a", ROLE_CHART, a, 0}, {"b", ROLE_CHART_2, a, 1}};
    struct chart_time t = {CHART_BLOCKS, series, 2, 4, count_label, "from", "to"};
    for (int width = 1; width < 20; width++)
        for (int height = 1; height < 5; height++) {
            struct chart_grid g = grid(width, height);
            chart_time(&g, &t);
            t.points = 0;
            chart_time(&g, &t);
            t.points = 4;
        }
}

static void round_numbers(void **state)
{
    (void)state;
    assert_float_equal(chart_round(0.9), 1, 1e-9);
    assert_float_equal(chart_round(1), 1, 1e-9);
    assert_float_equal(chart_round(17), 20, 1e-9);
    assert_float_equal(chart_round(21), 25, 1e-9);
    assert_float_equal(chart_round(260), 300, 1e-9);
    assert_float_equal(chart_round(0.0007), 0.0008, 1e-9);
    assert_float_equal(chart_round(0), 1, 1e-9);
    assert_float_equal(chart_round(NAN), 1, 1e-9);
}

static void shares(void **state)
{
    (void)state;
    const double v[] = {50, 20, 10, 10, 5, 5};
    assert_int_equal(chart_share(v, 6, 100, 0.8), 3);
    assert_int_equal(chart_share(v, 6, 100, 0.5), 1);
    assert_int_equal(chart_share(v, 6, 100, 1), 6);
    assert_int_equal(chart_share(v, 2, 100, 0.8), 3);
}

static void histograms_and_quantiles(void **state)
{
    (void)state;
    const double v[] = {1, 1, 2, 10, 99, 100, 0, -4, NAN};
    double counts[2], edges[3];
    assert_true(chart_histogram(v, 9, 2, counts, edges));
    assert_float_equal(counts[0], 3, 0);
    assert_float_equal(counts[1], 3, 0);
    assert_float_equal(edges[1], 10, 1e-6);
    assert_false(chart_histogram(v + 6, 3, 2, counts, edges));
    const double sorted[] = {1, 2, 3, 4, 10};
    assert_float_equal(chart_quantile(sorted, 5, 0.5), 3, 1e-9);
    assert_float_equal(chart_quantile(sorted, 5, 0.875), 7, 1e-9);
    assert_float_equal(chart_quantile(sorted, 5, 1), 10, 1e-9);
    assert_true(isnan(chart_quantile(sorted, 0, 0.5)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sparklines),
        cmocka_unit_test(areas),
        cmocka_unit_test(bars),
        cmocka_unit_test(parts_of_a_whole),
        cmocka_unit_test(patterns_differ),
        cmocka_unit_test(time_stacks_with_axes),
        cmocka_unit_test(too_little_for_a_row_still_shows),
        cmocka_unit_test(time_of_one_series_is_fine),
        cmocka_unit_test(time_survives_what_it_gets),
        cmocka_unit_test(round_numbers),
        cmocka_unit_test(shares),
        cmocka_unit_test(histograms_and_quantiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
