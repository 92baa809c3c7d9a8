#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api-client/api.h"

static json_t *sample(void)
{
    json_t *v =
        json_loads("{\"a\":{\"b\":[{\"c\":\"x\\u0007y\"},{\"c\":2.5}]},\"n\":7,\"t\":true,\"z\":null,\"when\":\"2026-11-23T14:05:06.5Z\","
                   "\"big\":1e300}",
                   0, NULL);
    assert_non_null(v);
    return v;
}

static void paths(void **state)
{
    (void)state;
    json_t *v = sample();
    assert_int_equal(json_array_size(api_at(v, "a.b")), 2);
    assert_true(json_is_string(api_at(v, "a.b.0.c")));
    assert_null(api_at(v, "a.b.2.c"));
    assert_null(api_at(v, "a.b.x"));
    assert_null(api_at(v, "a.b.99999999999999999999"));
    assert_null(api_at(v, "z"));
    assert_null(api_at(v, "n.x"));
    assert_null(api_at(NULL, "a"));
    assert_ptr_equal(api_at(v, ""), v);
    json_decref(v);
}

static void values(void **state)
{
    (void)state;
    json_t *v = sample();
    struct arena *arena = arena_new(1 << 16);
    assert_string_equal(api_text(arena, v, "a.b.0.c"), "x\xEF\xBF\xBDy");
    assert_string_equal(api_text(arena, v, "a.b.1.c"), "2.5");
    assert_string_equal(api_text(arena, v, "n"), "7");
    assert_string_equal(api_text(arena, v, "t"), "true");
    assert_string_equal(api_text(arena, v, "a"), "");
    assert_string_equal(api_text(arena, v, "none"), "");
    assert_true(api_bool(v, "t", false) && !api_bool(v, "n", false) && api_bool(v, "none", true));
    assert_int_equal(api_integer(v, "n", 1), 7);
    assert_int_equal(api_integer(v, "a.b.1.c", 1), 2);
    assert_int_equal(api_integer(v, "big", -1), -1);
    assert_int_equal(api_integer(v, "when", -1), -1);
    assert_true(api_number(v, "a.b.1.c", 0) == 2.5 && api_number(v, "none", -1) == -1);
    assert_int_equal(api_time(v, "when"), 1795442706500000000);
    assert_int_equal(api_time(v, "n"), 0);
    arena_free(arena);
    json_decref(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(paths), cmocka_unit_test(values)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
