#include "control-plane/http/body.h"

#include <libdeflate.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MIB = 1 << 20 };

static struct http_budget budget;

static int fresh_budget(void **state)
{
    (void)state;
    atomic_init(&budget.used, 0);
    budget.max = 8 * MIB;
    return 0;
}

static void add_gzip(struct http_body *b, const void *bytes, size_t n)
{
    struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
    size_t room = libdeflate_gzip_compress_bound(c, n);
    char *out = malloc(room);
    size_t len = libdeflate_gzip_compress(c, bytes, n, out, room);
    assert_true(len > 0);
    assert_int_equal(http_body_add(b, &budget, out, len, MIB), BODY_OK);
    free(out);
    libdeflate_free_compressor(c);
}

static void no_budget_left_over(struct http_body *b)
{
    http_body_free(b, &budget);
    assert_int_equal(atomic_load(&budget.used), 0);
}

static void grows_to_its_limit_and_no_further(void **state)
{
    (void)state;
    struct http_body b = {0};
    for (int i = 0; i < 100; i++) assert_int_equal(http_body_add(&b, &budget, "0123456789", 10, 1000), BODY_OK);
    assert_int_equal(b.len, 1000);
    assert_true(b.cap <= 1000);
    assert_int_equal(http_body_add(&b, &budget, "x", 1, 1000), BODY_TOO_LARGE);
    assert_memory_equal(b.data + 990, "0123456789", 10);
    no_budget_left_over(&b);
}

static void stops_at_the_budget_of_all(void **state)
{
    (void)state;
    budget.max = 10000;
    struct http_body a = {0}, b = {0};
    char block[4000] = {0};
    assert_int_equal(http_body_add(&a, &budget, block, sizeof block, MIB), BODY_OK);
    assert_int_equal(http_body_add(&b, &budget, block, sizeof block, MIB), BODY_OK);
    assert_int_equal(http_body_add(&b, &budget, block, sizeof block, MIB), BODY_NO_MEMORY);
    http_body_free(&a, &budget);
    no_budget_left_over(&b);
}

static void expected_size_is_taken_at_once(void **state)
{
    (void)state;
    struct http_body b = {0};
    http_body_expect(&b, &budget, 5000, 10000);
    assert_int_equal(b.cap, 5000);
    http_body_expect(&b, &budget, 20000, 10000);
    assert_int_equal(b.cap, 5000);
    no_budget_left_over(&b);
}

static void gunzips_one_member_and_many(void **state)
{
    (void)state;
    struct http_body b = {0};
    add_gzip(&b, "first ", 6);
    add_gzip(&b, "", 0);
    add_gzip(&b, "second", 6);
    assert_int_equal(http_body_gunzip(&b, &budget, MIB), BODY_OK);
    assert_int_equal(b.len, 12);
    assert_memory_equal(b.data, "first second", 12);
    no_budget_left_over(&b);
}

static void bombs_end_at_the_limit(void **state)
{
    (void)state;
    char *zeros = calloc(1, 64 * MIB);
    struct http_body b = {0};
    add_gzip(&b, zeros, 64 * MIB);
    free(zeros);
    assert_int_equal(http_body_gunzip(&b, &budget, MIB), BODY_TOO_LARGE);
    assert_true(atomic_load(&budget.used) <= MIB);
    no_budget_left_over(&b);
}

static void many_members_cannot_pass_the_limit(void **state)
{
    (void)state;
    char block[1024] = {0};
    struct http_body b = {0};
    for (int i = 0; i < 1000; i++) add_gzip(&b, block, sizeof block);
    assert_int_equal(http_body_gunzip(&b, &budget, 1000 * 1024 - 1), BODY_TOO_LARGE);
    no_budget_left_over(&b);
}

static void a_body_of_exactly_the_limit_passes(void **state)
{
    (void)state;
    char *text = malloc(MIB);
    for (size_t i = 0; i < MIB; i++) text[i] = (char)('a' + i * i % 26);
    struct http_body b = {0};
    add_gzip(&b, text, MIB);
    assert_int_equal(http_body_gunzip(&b, &budget, MIB), BODY_OK);
    assert_int_equal(b.len, MIB);
    assert_memory_equal(b.data, text, MIB);
    free(text);
    no_budget_left_over(&b);
}

/* The size that gzip states at its end may lie in both directions. */
static void a_lying_size_is_harmless(void **state)
{
    (void)state;
    for (unsigned char lie = 0; lie < 2; lie++) {
        struct http_body b = {0};
        add_gzip(&b, "some text", 9);
        memset(b.data + b.len - 4, lie ? 0xff : 0, 4);
        assert_int_equal(http_body_gunzip(&b, &budget, MIB), BODY_BAD);
        no_budget_left_over(&b);
    }
}

static void damaged_gzip_is_refused(void **state)
{
    (void)state;
    struct http_body whole = {0};
    add_gzip(&whole, "a text that is long enough to be cut in places", 46);
    for (size_t cut = 0; cut < whole.len; cut++) {
        struct http_body b = {0};
        http_body_add(&b, &budget, whole.data, cut, MIB);
        assert_int_equal(http_body_gunzip(&b, &budget, MIB), BODY_BAD);
        http_body_free(&b, &budget);
    }
    http_body_add(&whole, &budget, "trailing", 8, MIB);
    assert_int_equal(http_body_gunzip(&whole, &budget, MIB), BODY_BAD);
    no_budget_left_over(&whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(grows_to_its_limit_and_no_further, fresh_budget),
        cmocka_unit_test_setup(stops_at_the_budget_of_all, fresh_budget),
        cmocka_unit_test_setup(expected_size_is_taken_at_once, fresh_budget),
        cmocka_unit_test_setup(gunzips_one_member_and_many, fresh_budget),
        cmocka_unit_test_setup(bombs_end_at_the_limit, fresh_budget),
        cmocka_unit_test_setup(many_members_cannot_pass_the_limit, fresh_budget),
        cmocka_unit_test_setup(a_body_of_exactly_the_limit_passes, fresh_budget),
        cmocka_unit_test_setup(a_lying_size_is_harmless, fresh_budget),
        cmocka_unit_test_setup(damaged_gzip_is_refused, fresh_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
