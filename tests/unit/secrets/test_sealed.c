#include "secrets/memory.h"
#include "secrets/sealed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct latch_cost cheap = {1, 8192};
#define RIGHT SLICE("correct horse")

static struct sealed *make(const char *token)
{
    const char *problem;
    struct sealed *s = calloc(1, sizeof *s);
    assert_true(sealed_make(s, "production", "https://tero.example.com", slice_str(token), RIGHT, cheap, &problem));
    return s;
}

static struct buf text_of(const struct sealed *s)
{
    struct buf text;
    buf_init(&text, SEALED_FILE_MAX);
    sealed_write(s, &text);
    assert_false(text.full);
    return text;
}

static enum latch_opened open_text(struct slice text, struct slice passphrase, const char *expected)
{
    char *token = NULL;
    const char *problem;
    struct sealed *s = calloc(1, sizeof *s);
    assert_true(sealed_parse(s, text, &problem));
    enum latch_opened opened = sealed_open(s, passphrase, &token);
    if (opened == LATCH_OPEN) assert_string_equal(token, expected);
    else assert_null(token);
    secret_wipe(token);
    free(s);
    return opened;
}

static void opens_with_its_passphrase_only(void **state)
{
    (void)state;
    struct sealed *s = make("tok-1234");
    struct buf text = text_of(s);
    assert_int_equal(open_text(buf_view(&text), RIGHT, "tok-1234"), LATCH_OPEN);
    assert_int_equal(open_text(buf_view(&text), SLICE("correct horsf"), ""), LATCH_WRONG);
    assert_int_equal(open_text(buf_view(&text), SLICE(""), ""), LATCH_WRONG);
    assert_null(strstr(text.data, "1234"));
    buf_free(&text);
    free(s);
}

static void any_length_of_token(void **state)
{
    (void)state;
    static const size_t lengths[] = {1, 255, 256, 257, SEALED_TOKEN_MAX};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        char *token = calloc(lengths[i] + 1, 1);
        memset(token, 'x', lengths[i]);
        struct sealed *s = make(token);
        struct buf text = text_of(s);
        assert_int_equal(s->box_len % SEALED_PAD, SEALED_TAG);
        assert_int_equal(open_text(buf_view(&text), RIGHT, token), LATCH_OPEN);
        buf_free(&text);
        free(token);
        free(s);
    }
    const char *problem;
    struct sealed *s = calloc(1, sizeof *s);
    char *long_one = calloc(SEALED_TOKEN_MAX + 1, 1);
    assert_false(sealed_make(s, "p", "e", slice_of(long_one, SEALED_TOKEN_MAX + 1), RIGHT, cheap, &problem));
    assert_false(sealed_make(s, "p", "e", SLICE(""), RIGHT, cheap, &problem));
    assert_false(sealed_make(s, "", "e", SLICE("t"), RIGHT, cheap, &problem));
    assert_false(sealed_make(s, "p", "e\n", SLICE("t"), RIGHT, cheap, &problem));
    free(long_one);
    free(s);
}

/* A changed byte anywhere is no file, or does not open. */
static void every_byte_is_bound(void **state)
{
    (void)state;
    struct sealed *s = make("tok-1234");
    struct buf text = text_of(s);
    struct sealed *other = calloc(1, sizeof *other);
    unsigned parsed = 0;
    for (size_t i = 0; i < text.len; i++) {
        const char *problem;
        char *token = NULL, was = text.data[i];
        text.data[i] = was == '1' ? '2' : was == 'A' ? 'B' : (char)(was ^ 1);
        if (sealed_parse(other, buf_view(&text), &problem)) {
            parsed++;
            assert_int_equal(sealed_open(other, RIGHT, &token), LATCH_WRONG);
            assert_null(token);
        }
        text.data[i] = was;
    }
    assert_true(parsed > 100);
    free(other);
    buf_free(&text);
    free(s);
}

static void another_profile_is_another_box(void **state)
{
    (void)state;
    struct sealed *s = make("tok-1234");
    snprintf(s->profile, sizeof s->profile, "staging");
    struct buf text = text_of(s);
    assert_int_equal(open_text(buf_view(&text), RIGHT, ""), LATCH_WRONG);
    buf_free(&text);
    snprintf(s->profile, sizeof s->profile, "production");
    snprintf(s->endpoint, sizeof s->endpoint, "https://evil.example.com");
    text = text_of(s);
    assert_int_equal(open_text(buf_view(&text), RIGHT, ""), LATCH_WRONG);
    buf_free(&text);
    free(s);
}

static void costs_of_others_are_bounded(void **state)
{
    (void)state;
    static const struct latch_cost costs[] = {{11, 8192}, {1, ((uint64_t)1 << 30) + 1}, {0, 8192}, {1, 8191}, {1, 999999999999999}};
    struct sealed *s = make("tok-1234"), *other = calloc(1, sizeof *other);
    for (size_t i = 0; i < sizeof costs / sizeof *costs; i++) {
        const char *problem;
        s->latch.cost = costs[i];
        struct buf text = text_of(s);
        assert_false(sealed_parse(other, buf_view(&text), &problem));
        assert_false(latch_cost_fits(costs[i]));
        buf_free(&text);
    }
    assert_true(latch_cost_fits(latch_cost_usual()));
    free(other);
    free(s);
}

static void a_latch_shuts_without_the_passphrase(void **state)
{
    (void)state;
    struct latch l;
    unsigned char box[5 + LATCH_EXTRA];
    char content[6] = "";
    assert_true(latch_make(&l, RIGHT, cheap, NULL));
    latch_shut(&l, SLICE("hello"), box);
    struct slice view = slice_of((const char *)box, sizeof box);
    assert_int_equal(latch_try(&l, SLICE("wrong one"), view, content), LATCH_WRONG);
    assert_string_equal(content, "");
    assert_int_equal(latch_try(&l, RIGHT, view, content), LATCH_OPEN);
    assert_string_equal(content, "hello");
    box[3] ^= 1;
    assert_int_equal(latch_try(&l, RIGHT, view, content), LATCH_WRONG);
}

static void the_token_s_passphrase_is_its_latch(void **state)
{
    (void)state;
    char *token, content[1];
    unsigned char box[LATCH_EXTRA];
    struct sealed *s = make("tok-1234");
    assert_int_equal(sealed_open(s, RIGHT, &token), LATCH_OPEN);
    secret_wipe(token);
    latch_shut(&s->latch, SLICE(""), box);
    assert_int_equal(latch_try(&s->latch, RIGHT, slice_of((const char *)box, sizeof box), content), LATCH_OPEN);
    assert_int_equal(latch_try(&s->latch, SLICE("correct horsf"), slice_of((const char *)box, sizeof box), content), LATCH_WRONG);
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_with_its_passphrase_only),
        cmocka_unit_test(any_length_of_token),
        cmocka_unit_test(every_byte_is_bound),
        cmocka_unit_test(another_profile_is_another_box),
        cmocka_unit_test(costs_of_others_are_bounded),
        cmocka_unit_test(a_latch_shuts_without_the_passphrase),
        cmocka_unit_test(the_token_s_passphrase_is_its_latch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
