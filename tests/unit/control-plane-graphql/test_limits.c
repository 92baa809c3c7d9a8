/* Documents made to hurt are refused, and soon; the cache under several threads. */
#include "zoo.h"

#include "base/clock.h"

#include <pthread.h>

static struct zoo zoo;
static struct buf text;

static int setup(void **state)
{
    (void)state;
    zoo_open(&zoo);
    buf_init(&text, 1 << 24);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    buf_free(&text);
    zoo_close(&zoo);
    return 0;
}

static void begin(const char *start)
{
    buf_clear(&text);
    buf_str(&text, start);
}

static void repeat(const char *piece, unsigned times)
{
    while (times--) buf_str(&text, piece);
}

static int64_t own_time(void)
{
    struct timespec t;
    assert_int_equal(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t), 0);
    return t.tv_sec * NS_PER_SECOND + t.tv_nsec;
}

/* The text is refused with this code, within a computing time that only something out of hand passes. */
static void refused(const char *code)
{
    int64_t start = own_time();
    const char *answer = zoo_run(&zoo, buf_view(&text), "", "");
    int64_t spent = own_time() - start;
    assert_int_equal(zoo.outcome, GQL_REFUSED);
    if (!strstr(answer, code)) fail_msg("%.200s\n  without %s", answer, code);
    if (spent > 2 * NS_PER_SECOND) fail_msg("took %.1f s: %.100s", (double)spent / 1e9, text.data);
}

static void test_deep_nesting(void **state)
{
    (void)state;
    begin("{ node ");
    repeat("{ child ", 5000);
    refused("LIMIT_EXCEEDED");
    begin("{ echo(m: ");
    repeat("[", 5000);
    refused("LIMIT_EXCEEDED");
    begin("{ echo(o: ");
    repeat("{inner: ", 3000);
    refused("LIMIT_EXCEEDED");
    begin("query ($a: ");
    repeat("[", 5000);
    refused("LIMIT_EXCEEDED");
    begin("");
    repeat("{ ... ", 3000);
    refused("LIMIT_EXCEEDED");
}

static void test_depth_limit(void **state)
{
    (void)state;
    begin("{ node ");
    repeat("{ child ", 18);
    buf_str(&text, "{ id }");
    repeat(" }", 19);
    assert_non_null(strstr(zoo_run(&zoo, buf_view(&text), "", ""), "{\"data\":"));
    begin("{ node ");
    repeat("{ child ", 19);
    buf_str(&text, "{ id }");
    repeat(" }", 20);
    refused("\"code\":\"LIMIT_EXCEEDED\"");
    assert_non_null(strstr(zoo.out.data, "nested too deeply (20)"));
}

static void test_many_tokens(void **state)
{
    (void)state;
    begin("{");
    for (unsigned i = 0; i < 10000; i++) buf_printf(&text, " a%u: tags", i);
    buf_str(&text, " }");
    refused("too many tokens");
    begin("{");
    repeat(" tags", 20000);
    refused("LIMIT_EXCEEDED");
    begin("{");
    for (unsigned i = 0; i < 3000; i++) buf_printf(&text, " a%u: tags", i);
    buf_str(&text, " }");
    assert_non_null(strstr(zoo_run(&zoo, buf_view(&text), "", ""), "\"a2999\":["));
}

static void test_fragment_bomb(void **state)
{
    (void)state;
    begin("{ node { ...F0 } }");
    for (unsigned i = 0; i < 18; i++)
        buf_printf(&text, " fragment F%u on Node { a: child { ...F%u } b: child { ...F%u } }", i, i + 1, i + 1);
    buf_str(&text, " fragment F18 on Node { id }");
    refused("LIMIT_EXCEEDED");
    begin("{ node { ...F0 } }");
    for (unsigned i = 0; i < 600; i++) buf_printf(&text, " fragment F%u on Node { ...F%u ...F%u }", i, i + 1, i + 1);
    buf_str(&text, " fragment F600 on Node { id }");
    assert_string_equal(zoo_run(&zoo, buf_view(&text), "", ""), "{\"data\":{\"node\":{\"id\":\"1\"}}}");
    begin("{ ...F0 }");
    for (unsigned i = 0; i < 1000; i++) buf_printf(&text, " fragment F%u on Query { ...F%u }", i, (i + 1) % 1000);
    refused("contains itself");
}

static void test_overlap_bomb(void **state)
{
    (void)state;
    begin("{ node {");
    repeat(" child { child { id } }", 1000);
    buf_str(&text, " } }");
    assert_string_equal(zoo_run(&zoo, buf_view(&text), "", ""), "{\"data\":{\"node\":{\"child\":{\"child\":{\"id\":\"1\"}}}}}");
    begin("{ node {");
    for (unsigned i = 0; i < 1200; i++) buf_printf(&text, " child { x%u: id }", i);
    repeat(" child { x0: index }", 1);
    buf_str(&text, " } }");
    refused("conflict");
    begin("{ animal { ...F0 } }");
    for (unsigned i = 0; i < 40; i++)
        buf_printf(&text, " fragment F%u on Animal { friends { ...on Dog { friends { ...F%u } } ...on Cat { friends { ...F%u } } } }", i,
                   i + 1, i + 1);
    buf_str(&text, " fragment F40 on Animal { id }");
    refused("LIMIT_EXCEEDED");
    begin("{ echo(o: {name: \"x\"");
    repeat(" n: 1", 3000);
    buf_str(&text, "}) }");
    refused("given twice");
    begin("{ echo(");
    repeat("i: 1 ", 3000);
    buf_str(&text, ") }");
    refused("given twice");
}

static void test_conditions(void **state)
{
    (void)state;
    begin("query (");
    for (unsigned i = 0; i < 65; i++) buf_printf(&text, "$v%u: Boolean = true ", i);
    buf_str(&text, ") {");
    for (unsigned i = 0; i < 65; i++) buf_printf(&text, " t%u: tags @include(if: $v%u)", i, i);
    buf_str(&text, " }");
    refused("LIMIT_EXCEEDED");
}

static void test_many_operations(void **state)
{
    (void)state;
    begin("");
    for (unsigned i = 0; i < 700; i++) buf_printf(&text, "query Q%u { ...F0 } ", i);
    for (unsigned i = 0; i < 600; i++) buf_printf(&text, "fragment F%u on Query { ...F%u } ", i, i + 1);
    buf_str(&text, "fragment F600 on Query { tags }");
    refused("LIMIT_EXCEEDED");
}

static void test_cost(void **state)
{
    (void)state;
    struct gql_limits limits = gql_default_limits;
    limits.cost = 1000;
    limits.page = 100;
    zoo_limits(&zoo, &limits);
    static const char query[] = "query ($n: Int, $off: Boolean = false) { nodes(first: $n) { id kids(first: 9) @skip(if: $off) { id } } }";
    zoo_expect_part(&zoo, query, "{\"n\":50}", "{\"data\":");
    zoo_expect_part(&zoo, query, "{\"n\":100}", "could answer 1101 fields, more than the 1000 allowed");
    zoo_expect_part(&zoo, query, "{\"n\":100,\"off\":true}", "{\"data\":");
    zoo_expect_part(&zoo, query, "{\"n\":101}", "The argument \\\"first\\\" must not be above 100.");
    zoo_expect_part(&zoo, query, "{\"n\":-1}", "\"code\":\"BAD_USER_INPUT\"");
    zoo_expect_part(&zoo, "{ nodes { kids { kids { id } } } }", "", "LIMIT_EXCEEDED");
    zoo_expect_part(&zoo, "{ nodes(first: 2) { kids(first: 2) { kids(first: 2) { id } } } }", "", "{\"data\":");
    zoo_limits(&zoo, &gql_default_limits);
}

static void test_introspection_limits(void **state)
{
    (void)state;
    begin("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }");
    refused("The introspection is nested too deeply");
    begin("{ __type(name: \"Dog\") ");
    repeat("{ ofType ", 40);
    buf_str(&text, "{ name }");
    repeat(" }", 40);
    buf_str(&text, " }");
    refused("The introspection is nested too deeply");
    begin("{");
    for (unsigned i = 0; i < 600; i++) buf_printf(&text, " s%u: __schema { types { name fields { name } } }", i);
    buf_str(&text, " }");
    refused("RESPONSE_TOO_LARGE");
}

/* ---- threads ---- */

enum { THREADS = 4, ROUNDS = 400, TEXTS = 24 };

static void *hammer(void *arg)
{
    struct arena *arena = arena_new(1 << 20);
    struct buf out;
    uintptr_t wrong = 0;
    buf_init(&out, 1 << 16);
    for (unsigned i = 0; i < ROUNDS; i++) {
        char query[64], wanted[64];
        unsigned n = (i * 7 + (unsigned)(uintptr_t)arg * 5) % TEXTS;
        snprintf(query, sizeof query, "{ a%u: node { index } }", n);
        snprintf(wanted, sizeof wanted, "{\"data\":{\"a%u\":{\"index\":1}}}", n);
        buf_clear(&out);
        arena_reset(arena);
        struct gql_document *doc = gql_cache_get(zoo.cache, slice_str(query), &out);
        struct gql_request request = {.doc = doc, .arena = arena};
        if (!doc || gql_execute(&request, &out) != GQL_DONE || strcmp(out.data, wanted) != 0) wrong++;
        gql_document_release(doc);
    }
    buf_free(&out);
    arena_free(arena);
    return (void *)wrong;
}

static void test_threads(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    for (uintptr_t i = 0; i < THREADS; i++) assert_int_equal(pthread_create(&threads[i], NULL, hammer, (void *)i), 0);
    for (unsigned i = 0; i < THREADS; i++) {
        void *wrong;
        pthread_join(threads[i], &wrong);
        assert_null(wrong);
    }
}

static void test_cache_keeps_and_forgets(void **state)
{
    (void)state;
    struct gql_document *first = gql_cache_get(zoo.cache, SLICE("{ tags }"), &zoo.out);
    struct gql_document *again = gql_cache_get(zoo.cache, SLICE("{ tags }"), &zoo.out);
    assert_ptr_equal(first, again);
    gql_document_release(again);
    for (unsigned i = 0; i < 20; i++) {
        char query[64];
        snprintf(query, sizeof query, "{ b%u: tags }", i);
        gql_document_release(gql_cache_get(zoo.cache, slice_str(query), &zoo.out));
    }
    again = gql_cache_get(zoo.cache, SLICE("{ tags }"), &zoo.out);
    assert_ptr_not_equal(first, again);
    assert_int_equal(gql_document_operation(first, SLICE("")), GQL_QUERY);
    gql_document_release(first);
    gql_document_release(again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_deep_nesting),
        cmocka_unit_test(test_depth_limit),
        cmocka_unit_test(test_many_tokens),
        cmocka_unit_test(test_fragment_bomb),
        cmocka_unit_test(test_overlap_bomb),
        cmocka_unit_test(test_conditions),
        cmocka_unit_test(test_many_operations),
        cmocka_unit_test(test_cost),
        cmocka_unit_test(test_introspection_limits),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_cache_keeps_and_forgets),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
