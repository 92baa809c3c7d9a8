/* Answers as values: the same as jansson's own reader gives, and as strict. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api-client/json_values.h"

#include <string.h>

static json_t *theirs(struct slice text)
{
    json_error_t error;
    return json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
}

static void test_same_values(void **state)
{
    static const char *const texts[] = {
        "{}",
        "[]",
        "{\"data\":{\"a\":[1,-2,3.5,1e3,true,false,null,\"x\"],\"b\":{\"c\":{}}}}",
        "[\"\",\"plain\",\"\\u0041\\n\\\"\\\\\\/\",\"\\ud83d\\ude00\",\"\u00e9\u4e16\"]",
        "{\"a\\u0062c\":\"key with an escape\",\"\":0}",
        "[9223372036854775807,-9223372036854775808,0,-0,0.0,1.25e-3]",
        "[100000000000000000000000000000000000000000000000000000000000000000000000.0]",
        "[[[[[[[[1]]]]]]],{\"a\":[{\"b\":[{}]}]}]",
        " \n\t{ \"a\" : [ 1 , 2 ] }\r\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        json_t *ours = json_values(slice_str(texts[i])), *expected = theirs(slice_str(texts[i]));
        assert_non_null(expected);
        assert_true(json_equal(ours, expected));
        json_decref(ours);
        json_decref(expected);
    }
}

static void test_nul_in_text(void **state)
{
    (void)state;
    json_t *v = json_values(slice_str("[\"a\\u0000b\"]"));
    assert_int_equal(json_string_length(json_array_get(v, 0)), 3);
    assert_memory_equal(json_string_value(json_array_get(v, 0)), "a\0b", 3);
    json_decref(v);
}

static void test_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "{",
        "[1,]",
        "{\"a\":1,\"a\":2}",
        "{\"a\":{\"b\":1,\"\\u0062\":2}}",
        "[1] 2",
        "[01]",
        "[\"\\ud800\"]",
        "{\"a\\u0000b\":1}",
        "[9223372036854775808]",
        "[1e999]",
        "[\"\x80\"]",
        "{\"a\"}",
        "[nul]",
        "{\"a\":1}}",
        "1",
        "null",
        "\"text\"",
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_null(theirs(slice_str(texts[i])));
        assert_null(json_values(slice_str(texts[i])));
    }
}

static void test_depth_is_bounded(void **state)
{
    char deep[300];
    (void)state;
    memset(deep, '[', 150);
    memset(deep + 150, ']', 150);
    assert_null(json_values(slice_of(deep, sizeof deep)));
    json_t *v = json_values(slice_of(deep + 90, 120));
    assert_non_null(v);
    json_decref(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_values),
        cmocka_unit_test(test_nul_in_text),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_depth_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
