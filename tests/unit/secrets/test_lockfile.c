#include "secrets/lockfile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct buf text_of(const struct lockfile *l)
{
    struct buf text;
    buf_init(&text, LOCKFILE_MAX);
    lockfile_write(l, &text);
    assert_false(text.full);
    return text;
}

static void comes_back_as_it_was(void **state)
{
    (void)state;
    for (int agent = 0; agent < 2; agent++) {
        struct lockfile l = {.agent = agent, .agent_key = {1, 2, 3}}, back;
        const char *problem;
        if (!agent) memset(l.agent_key, 0, sizeof l.agent_key);
        assert_true(latch_make(&l.latch, SLICE("correct horse"), (struct latch_cost){1, 8192}, NULL));
        struct buf text = text_of(&l);
        assert_true(lockfile_parse(&back, buf_view(&text), &problem));
        assert_memory_equal(back.latch.open, l.latch.open, LATCH_KEY);
        assert_memory_equal(back.latch.salt, l.latch.salt, LATCH_SALT);
        assert_memory_equal(back.agent_key, l.agent_key, AGENT_KEY);
        assert_true(back.agent == l.agent);
        buf_free(&text);
    }
}

static void refused(const char *text, const char *why)
{
    struct lockfile l;
    const char *problem = "";
    assert_false(lockfile_parse(&l, slice_str(text), &problem));
    assert_string_equal(problem, why);
}

static void what_is_wrong_is_refused(void **state)
{
    (void)state;
#define HEAD "tero-console lock 1\nkey: argon2id passes=3 memory=268435456\nsalt: FncMKDDu7Slsi5TmXVVQjQ==\n"
#define OPEN "open: 2NknaxnQLGnTf8PnkvjOTborvJOC5twOwuuJDEqrS1o=\n"
    struct lockfile l;
    const char *problem;
    assert_true(lockfile_parse(&l, SLICE(HEAD OPEN), &problem));
    refused("", "no lock of this version");
    refused("tero-console lock 2\n", "no lock of this version");
    refused(HEAD, "damaged");
    refused(HEAD OPEN "more\n", "damaged");
    refused(HEAD OPEN OPEN, "damaged");
    refused(HEAD "open: 2NknaxnQLGnTf8PnkvjOTborvJOC5twOwuuJDEqrS1o\n", "damaged");
    refused("tero-console lock 1\nkey: argon2id passes=03 memory=268435456\nsalt: FncMKDDu7Slsi5TmXVVQjQ==\n" OPEN, "damaged");
    refused("tero-console lock 1\nkey: argon2id passes=3 memory=268435456 \nsalt: FncMKDDu7Slsi5TmXVVQjQ==\n" OPEN, "damaged");
    refused("tero-console lock 1\nkey: argon2id passes=99 memory=268435456\nsalt: FncMKDDu7Slsi5TmXVVQjQ==\n" OPEN,
            "it asks for more memory or time than 10 passes over 1 GiB");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(comes_back_as_it_was), cmocka_unit_test(what_is_wrong_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
