#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/json_read.h"
#include "base/json_write.h"
#include "base/utf8.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static void buffer_keeps_its_maximum(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 10);
    buf_str(&b, "12345678");
    buf_str(&b, "abc");
    assert_true(b.full);
    assert_string_equal(b.data, "12345678");
    buf_char(&b, 'x');
    assert_int_equal(b.len, 8);
    buf_cut(&b, 4);
    assert_false(b.full);
    buf_printf(&b, "%d", -7);
    assert_string_equal(b.data, "1234-7");
    buf_free(&b);
}

static void buffer_writes_numbers(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 200);
    buf_i64(&b, INT64_MIN);
    buf_char(&b, ' ');
    buf_u64(&b, UINT64_MAX);
    assert_string_equal(b.data, "-9223372036854775808 18446744073709551615");
    buf_free(&b);
}

static void arena_is_bounded_and_aligned(void **state)
{
    (void)state;
    struct arena *a = arena_new(100000);
    for (size_t i = 1; i < 300; i++) {
        char *p = arena_alloc(a, i);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % 16, 0);
        memset(p, 1, i);
    }
    assert_null(arena_alloc(a, 100000));
    assert_null(arena_alloc(a, SIZE_MAX));
    arena_reset(a);
    assert_int_equal(arena_used(a), 0);
    assert_string_equal(arena_copy(a, SLICE("text")), "text");
    arena_free(a);
}

static void time_goes_both_ways(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"2026-11-23T14:05:06Z", "2026-11-23T14:05:06Z"},     {"2024-02-29 23:59:59.120+02:00", "2024-02-29T21:59:59.12Z"},
        {"1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.5Z"}, {"2000-01-01T00:00:00,000000001-0030", "2000-01-01T00:30:00.000000001Z"},
        {"1700-03-01T00:00:00Z", "1700-03-01T00:00:00Z"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t ns;
        struct buf b;
        buf_init(&b, 64);
        assert_true(clock_parse_rfc3339(slice_str(cases[i].in), &ns));
        clock_rfc3339(&b, ns);
        assert_string_equal(b.data, cases[i].out);
        buf_free(&b);
    }
    static const char *const wrong[] = {"",
                                        "2026",
                                        "2026-13-01T00:00:00Z",
                                        "2026-01-01T00:00:00",
                                        "2026-01-01T24:00:00Z",
                                        "2026-01-01T00:00:00+1",
                                        "2026-01-01T00:00:00.Z",
                                        "2026-01-01T00:00:00Zx"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        int64_t ns;
        assert_false(clock_parse_rfc3339(slice_str(wrong[i]), &ns));
    }
    assert_int_equal(clock_hour(-1), -1);
    assert_int_equal(clock_hour(NS_PER_HOUR), 1);
}

static void utf8_is_checked(void **state)
{
    (void)state;
    assert_true(utf8_valid(SLICE("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80")));
    static const char *const wrong[] = {"\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\x80", "\xff", "\xe0\x80\x80"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) assert_false(utf8_valid(slice_str(wrong[i])));
    assert_true(utf8_valid(SLICE("\xef\xbf\xbd")));
}

static const char *cleaned(const char *text)
{
    static struct buf b;
    buf_free(&b);
    buf_init(&b, 1000);
    utf8_clean(&b, slice_str(text));
    return b.data ? b.data : "";
}

static void hostile_text_is_cleaned(void **state)
{
    (void)state;
    assert_string_equal(cleaned("plain \xc3\xa9"), "plain \xc3\xa9");
    assert_string_equal(cleaned("a\tb\nc\x1b[31m"), "a b c\xef\xbf\xbd[31m");
    assert_string_equal(cleaned("x\xe2\x80\xaey"), "x\xef\xbf\xbdy");
    assert_string_equal(cleaned("\xc2\x9b"
                                "2J\xff"),
                        "\xef\xbf\xbd"
                        "2J\xef\xbf\xbd");
    cleaned("");
}

static void json_is_written(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 400);
    json_write_string(&b, slice_of("a\"\\\n\x01\xc3\xa9\xff\0z", 10));
    assert_string_equal(b.data, "\"a\\\"\\\\\\n\\u0001\xc3\xa9\\ufffd\\u0000z\"");
    buf_clear(&b);
    static const double values[] = {0, -3, 0.1, 1e300, 123456789012.5, 1.0 / 3};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        buf_clear(&b);
        json_write_double(&b, values[i]);
        assert_true(strtod(b.data, NULL) == values[i]);
    }
    buf_clear(&b);
    json_write_double(&b, NAN);
    assert_string_equal(b.data, "null");
    buf_free(&b);
}

/* The tokens as letters. */
static const char *tokens(const char *text)
{
    static char out[200];
    static const char letters[] = "!.{}[]ksntf0";
    struct json_reader r;
    json_begin(&r, slice_str(text));
    size_t n = 0;
    enum json_token t;
    do out[n++] = letters[t = json_next(&r)];
    while (t != JSON_END && t != JSON_ERROR && n < sizeof out - 1);
    out[n] = '\0';
    return out;
}

static void json_is_read(void **state)
{
    (void)state;
    assert_string_equal(tokens("{\"a\":[1,-2.5e3,true,false,null],\"b\":{}}"), "{k[nntf0]k{}}.");
    assert_string_equal(tokens(" \"x\" "), "s.");
    static const char *const wrong[] = {"",   "{",        "[1,]",  "{\"a\"}", "{\"a\":1,}", "01",          "1.",
                                        "-",  "tru",      "[1 2]", "\"\n\"",  "\"\\x\"",    "\"\\ud800\"", "nullx",
                                        "[}", "\"\xff\"", "{1:2}", "1 1",     "\"\\u12",    "\"a",         "[\"\\udc00\"]"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const char *t = tokens(wrong[i]);
        assert_int_equal(t[strlen(t) - 1], '!');
    }
    char deep[201];
    memset(deep, '[', 200);
    deep[200] = '\0';
    const char *t = tokens(deep);
    assert_int_equal(t[strlen(t) - 1], '!');
}

static void json_values_are_given(void **state)
{
    (void)state;
    struct json_reader r;
    struct buf scratch;
    buf_init(&scratch, 1000);
    json_begin(&r, SLICE("{\"k\\u00e9\":\"\\ud83d\\ude00\\n\",\"skip\":{\"a\":[1,{\"b\":2}]},\"n\":-9223372036854775808,\"big\":"
                         "9223372036854775808,\"f\":2.5}"));
    json_next(&r);
    json_next(&r);
    assert_true(slice_is(json_text(&r, &scratch), "k\xc3\xa9"));
    json_next(&r);
    assert_true(slice_is(json_text(&r, &scratch), "\xf0\x9f\x98\x80\n"));
    json_next(&r);
    assert_true(json_skip(&r));
    assert_int_equal(json_next(&r), JSON_KEY);
    assert_true(slice_is(r.text, "n"));
    json_next(&r);
    int64_t n;
    assert_true(json_int(&r, &n));
    assert_true(n == INT64_MIN);
    json_next(&r);
    json_next(&r);
    assert_false(json_int(&r, &n));
    json_next(&r);
    json_next(&r);
    assert_true(json_double(&r) == 2.5);
    buf_free(&scratch);
}

static void ids_are_uuids(void **state)
{
    (void)state;
    struct id128 id = id_uuid(hash128("abc", 3, 7)), back;
    char text[UUID_TEXT + 1];
    id_text(id, text);
    assert_int_equal(strlen(text), 36);
    assert_int_equal(text[14], '8');
    assert_true(strchr("89ab", text[19]) != NULL);
    assert_true(id_parse(slice_str(text), &back));
    assert_true(back.hi == id.hi && back.lo == id.lo);
    assert_false(id_parse(SLICE("not-a-uuid"), &back));
    assert_true(hash64("abc", 3, 1) != hash64("abc", 3, 2));
    assert_true(hash64("abc\0", 4, 1) != hash64("abc", 3, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buffer_keeps_its_maximum),
        cmocka_unit_test(buffer_writes_numbers),
        cmocka_unit_test(arena_is_bounded_and_aligned),
        cmocka_unit_test(time_goes_both_ways),
        cmocka_unit_test(utf8_is_checked),
        cmocka_unit_test(hostile_text_is_cleaned),
        cmocka_unit_test(json_is_written),
        cmocka_unit_test(json_is_read),
        cmocka_unit_test(json_values_are_given),
        cmocka_unit_test(ids_are_uuids),
    };
    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
