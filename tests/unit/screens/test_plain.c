#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "screens/cells.h"
#include "screens/plain.h"

#include <math.h>
#include <stdlib.h>

static void check_value(void (*write)(struct buf *, const json_t *), const char *json, const char *expected)
{
    struct buf out;
    json_t *value = json_loads(json, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    assert_non_null(value);
    buf_init(&out, 1 << 16);
    write(&out, value);
    assert_string_equal(out.data ? out.data : "", expected);
    buf_free(&out);
    json_decref(value);
}

static void json_is_lossless_and_harmless(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"\"a\\\"b\\\\c\"", "\"a\\\"b\\\\c\""},
        {"\"\\u001b[2J\\u0000\"", "\"\\u001b[2J\\u0000\""},
        {"\"\\u202e\\u009b\"", "\"\\u202e\\u009b\""},
        {"\"\xC3\xA9\"", "\"\xC3\xA9\""},
        {"\"\\udb40\\udc01\"", "\"\\udb40\\udc01\""},
        {"7", "7"},
        {"0.1", "0.1"},
        {"true", "true"},
        {"null", "null"},
        {"[1,null,\"x\"]", "[1, null, \"x\"]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_value(plain_json, cases[i][0], cases[i][1]);
        struct buf out;
        buf_init(&out, 1 << 16);
        json_t *before = json_loads(cases[i][0], JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        plain_json(&out, before);
        json_t *after = json_loads(out.data, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        assert_true(json_equal(before, after));
        json_decref(before);
        json_decref(after);
        buf_free(&out);
    }
}

static void csv_fields(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"\"plain\"", "plain"},
        {"\"a,b\"", "\"a,b\""},
        {"\"a\\\"b\"", "\"a\"\"b\""},
        {"\"a\\r\\nb\"", "a  b"},
        {"\" x\"", "\" x\""},
        {"\"=1+1\"", "'=1+1"},
        {"\"@a,b\"", "\"'@a,b\""},
        {"\"-1\"", "'-1"},
        {"\"+1\"", "'+1"},
        {"\" =1\"", "\"' =1\""},
        {"\"\\t=cmd|' /C calc'!A0\"", "\"' =cmd|' /C calc'!A0\""},
        {"\"a=1\"", "a=1"},
        {"-1", "-1"},
        {"1.5", "1.5"},
        {"true", "true"},
        {"null", ""},
        {"\"\"", ""},
        {"[1,2]", "\"[1, 2]\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) check_value(plain_csv, cases[i][0], cases[i][1]);
}

static void sparklines(void **state)
{
    (void)state;
    const double values[] = {0, 4, 8, NAN, 2};
    struct buf out;
    buf_init(&out, 64);
    plain_sparkline(&out, values, 5, false);
    assert_string_equal(out.data, "148 2");
    buf_clear(&out);
    plain_sparkline(&out, values, 5, true);
    assert_string_equal(out.data, "\u2581\u2584\u2588 \u2582");
    buf_clear(&out);
    plain_sparkline(&out, (const double[]){0, 0}, 2, false);
    assert_string_equal(out.data, "11");
    buf_free(&out);
}

static void check_cell(const char *text, int width, bool right, bool last, const char *expected)
{
    char *made = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&made, &size);
    cell_write(out, text, width, right, last, true);
    fclose(out);
    assert_string_equal(made, expected);
    free(made);
}

static void cells(void **state)
{
    (void)state;
    (void)cells_begin();
    assert_int_equal(cell_width("abc"), 3);
    assert_int_equal(cell_width("\u4e2d\u6587"), 4);
    assert_int_equal(cell_width("e\u0301"), 1);
    check_cell("abc", 5, false, false, "abc  ");
    check_cell("abc", 5, true, false, "  abc");
    check_cell("abc", 5, false, true, "abc");
    check_cell("abcdef", 5, false, false, "abcd\u2026");
    check_cell("\u4e2d\u6587\u4e2d", 5, false, false, "\u4e2d\u6587\u2026");
    check_cell("\u4e2d\u6587\u4e2d", 4, false, false, "\u4e2d\u2026 ");
    check_cell("", 2, false, false, "  ");
}

static void markdown_cells(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"\"a|b\"", "a\\|b"},
        {"\"*x* <b> [l](u) `c`\"", "\\*x\\* \\<b\\> \\[l\\](u) \\`c\\`"},
        {"\"two\\nlines\"", "two lines"},
        {"12", "12"},
        {"null", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) check_value(plain_markdown, cases[i][0], cases[i][1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_is_lossless_and_harmless),
        cmocka_unit_test(csv_fields),
        cmocka_unit_test(markdown_cells),
        cmocka_unit_test(sparklines),
        cmocka_unit_test(cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
