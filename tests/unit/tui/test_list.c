#include "lib.h"

#include "tui/list_layout.h"
#include "tui/style.h"

#include <stdio.h>

static bool cell(void *context, long row, int column, struct list_cell *out)
{
    static char text[32];
    if (context && row == *(long *)context) return false;
    snprintf(text, sizeof text, column ? "value %ld" : "%ld", row);
    out->text = text;
    out->role = column ? ROLE_GOOD : ROLE_TEXT;
    return true;
}

static bool third_is_marked(void *context, long row)
{
    (void)context;
    return row == 2;
}

static struct list_column columns[] = {
    {.title = "ID", .min = 4, .max = 4, .align = ALIGN_RIGHT, .sort = -1},
    {.title = "NAME", .min = 8, .priority = 1},
};

static struct list list;

static int setup(void **state)
{
    (void)state;
    canvas_for_test(8, 20);
    columns[1].hidden = false;
    list = (struct list){.columns = columns, .column_count = 2, .model = {.cell = cell}, .count = 100, .y = 1, .height = 5};
    return 0;
}

static void at(long top, long cursor)
{
    assert_int_equal(list.top, top);
    assert_int_equal(list.cursor, cursor);
}

static void rows_at_the_edges(void **state)
{
    (void)state;
    assert_false(list_move(&list, -1));
    at(0, 0);
    assert_true(list_move(&list, 5));
    at(1, 5);
    assert_true(list_move(&list, 1000));
    at(95, 99);
    assert_false(list_move(&list, 1));
    assert_false(list_move(&list, 9223372036854775807L));
    at(95, 99);
    assert_true(list_move(&list, -4));
    at(95, 95);
    assert_true(list_move(&list, -1));
    at(94, 94);
}

static void pages_at_the_edges(void **state)
{
    (void)state;
    assert_true(list_page(&list, 1));
    at(5, 5);
    assert_true(list_page(&list, -3));
    at(0, 0);
    assert_false(list_page(&list, -1));
    list_go(&list, 97);
    at(93, 97);
    assert_true(list_page(&list, 1));
    at(95, 99);
    assert_false(list_page(&list, 1));
    assert_true(list_go(&list, 0));
    assert_true(list_go(&list, 99999));
    at(95, 99);
}

static void the_count_changes(void **state)
{
    (void)state;
    list_go(&list, 99);
    list.count = 3;
    list_clamp(&list);
    at(0, 2);
    list.count = 0;
    list_clamp(&list);
    at(0, 0);
    assert_false(list_move(&list, 1));
    assert_false(list_move(&list, -1));
    assert_false(list_page(&list, 1));
    list_paint(&list);
    list.count = 50;
    list_go(&list, 40);
    list.height = 0;
    list_clamp(&list);
    assert_int_equal(list.cursor, 40);
    list_paint(&list);
    list.height = 5;
    list_clamp(&list);
    assert_in_range(list.cursor, list.top, list.top + 4);
}

static void rows_are_painted(void **state)
{
    (void)state;
    long loading = 3;
    list.model.context = &loading;
    list.model.marked = third_is_marked;
    list.cursor = 1;
    list_paint(&list);
    assert_row(0, " ID ▾  NAME");
    assert_row(1, "    0  value 0");
    assert_row(3, "▌   2  value 2");
    assert_row(4, " ·");
    assert_row(5, "    4  value 4");
    assert_row(6, "");
    assert_int_equal(canvas_row(1)[8].style, theme_style(ROLE_GOOD));
    for (int x = 0; x < 20; x++) assert_int_equal(canvas_row(2)[x].style, theme_style(ROLE_SELECTED));
    assert_int_equal(canvas_row(3)[8].style, theme_style(ROLE_MARKED));
}

static void fewer_rows_than_lines(void **state)
{
    (void)state;
    list.count = 2;
    list.stale = true;
    list_paint(&list);
    assert_row(0, "~ID ▾  NAME");
    assert_row(2, "    1  value 1");
    assert_row(3, "");
}

static void columns_share_and_give_way(void **state)
{
    (void)state;
    struct list_place p[LIST_COLUMNS_MAX];
    struct list_column c[] = {{.min = 5, .max = 10}, {.min = 5, .priority = 2}, {.min = 5, .max = 5, .priority = 1}, {.min = 5}};
    assert_int_equal(list_layout(c, 4, 1, 60, p), 4);
    assert_int_equal(p[0].width, 10);
    assert_int_equal(p[1].width + p[3].width, 60 - 10 - 5 - 3 * LIST_GAP);
    assert_int_equal(p[3].x + p[3].width, 61);
    assert_int_equal(list_layout(c, 4, 1, 25, p), 3);
    assert_int_equal(p[1].column, 2);
    assert_int_equal(list_layout(c, 4, 1, 12, p), 2);
    assert_int_equal(p[1].column, 3);
    int shown = list_layout(c, 4, 1, 8, p);
    assert_int_equal(shown, 2);
    assert_int_equal(p[1].x + p[1].width, 9);
    for (int width = -1; width < 40; width++)
        for (int i = 0, n = list_layout(c, 4, 1, width, p); i < n; i++) assert_true(p[i].width >= 0);
    c[0].hidden = true;
    assert_int_equal(list_layout(c, 4, 1, 60, p), 3);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup(name, setup)
    const struct CMUnitTest tests[] = {
        T(rows_at_the_edges), T(pages_at_the_edges),    T(the_count_changes),
        T(rows_are_painted),  T(fewer_rows_than_lines), T(columns_share_and_give_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
