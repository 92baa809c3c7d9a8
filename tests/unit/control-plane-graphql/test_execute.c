#include "zoo.h"

static struct zoo zoo;

static int setup(void **state)
{
    (void)state;
    zoo_open(&zoo);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    zoo_close(&zoo);
    return 0;
}

static void expect(const char *text, const char *answer) { zoo_expect(&zoo, text, "", answer); }

static void test_scalars(void **state)
{
    (void)state;
    expect("{ node { id index ratio ok kind at text } }",
           "{\"data\":{\"node\":{\"id\":\"1\",\"index\":1,\"ratio\":1.5,\"ok\":true,\"kind\":\"ROLL\",\"at\":\"1970-01-01T00:00:01.5Z\","
           "\"text\":\"a \\\"q\\\"\\n\xC3\xA9\\ufffd\"}}}");
    expect("{ tags commands unbound }", "{\"data\":{\"tags\":[\"a\",\"b\\\"\"],\"commands\":[\"SIT\"],\"unbound\":null}}");
}

static void test_aliases_and_merging(void **state)
{
    (void)state;
    expect("{ a: node { index } b: node { x: index index } }", "{\"data\":{\"a\":{\"index\":1},\"b\":{\"x\":1,\"index\":1}}}");
    expect("{ node { child { id } } node { index child { id index } } ...F } fragment F on Query { node { ok } }",
           "{\"data\":{\"node\":{\"child\":{\"id\":\"1\",\"index\":1},\"index\":1,\"ok\":true}}}");
    expect("{ node { ...A ...A } } fragment A on Node { id ...B } fragment B on Node { index }",
           "{\"data\":{\"node\":{\"id\":\"1\",\"index\":1}}}");
}

static void test_typename(void **state)
{
    (void)state;
    expect("{ __typename t: __typename node { __typename } }",
           "{\"data\":{\"__typename\":\"Query\",\"t\":\"Query\",\"node\":{\"__typename\":\"Node\"}}}");
    expect("mutation { __typename }", "{\"data\":{\"__typename\":\"Mutation\"}}");
    expect("{ any { __typename } animal { __typename } }",
           "{\"data\":{\"any\":{\"__typename\":\"Dog\"},\"animal\":{\"__typename\":\"Cat\"}}}");
}

static void test_abstract_types(void **state)
{
    (void)state;
    expect("{ animals { id ... on Dog { size barks } ... on Cat { f: size meows } ...N } } fragment N on Animal { name(upper: true) }",
           "{\"data\":{\"animals\":[{\"id\":\"0\",\"size\":0,\"barks\":true,\"name\":\"REX\"},{\"id\":\"1\",\"f\":1.5,\"meows\":true,"
           "\"name\":\"TOM\"}]}}");
    expect("{ any(which: 1) { ... on Animal { name } ... on Dog { x: barks } ... on Cat { x: meows } } }",
           "{\"data\":{\"any\":{\"name\":\"Tom\",\"x\":true}}}");
    expect("{ dog { ... { id } ... on Animal { name } } }", "{\"data\":{\"dog\":{\"id\":\"0\",\"name\":\"Rex\"}}}");
    expect("{ any(which: 2) { __typename } }",
           "{\"data\":{\"any\":null},\"errors\":[{\"message\":\"The object has none of the types that the field may have.\",\"locations\":"
           "[{\"line\":1,\"column\":3}],\"path\":[\"any\"],\"extensions\":{\"code\":\"INTERNAL\"}}]}");
}

static void test_skip_and_include(void **state)
{
    (void)state;
    expect("{ tags @skip(if: true) node @include(if: true) { id @include(if: false) index @skip(if: false) } }",
           "{\"data\":{\"node\":{\"index\":1}}}");
    static const char query[] =
        "query ($a: Boolean!, $b: Boolean = true) { node { id @include(if: $a) ...F @skip(if: $b) ... @include(if: $b) { ok } } }"
        " fragment F on Node { index }";
    zoo_expect(&zoo, query, "{\"a\":true}", "{\"data\":{\"node\":{\"id\":\"1\",\"ok\":true}}}");
    zoo_expect(&zoo, query, "{\"a\":false,\"b\":false}", "{\"data\":{\"node\":{\"index\":1}}}");
    static const char both[] = "query ($a: Boolean!, $b: Boolean!) { tags @include(if: $a) @skip(if: $b) }";
    zoo_expect(&zoo, both, "{\"a\":true,\"b\":false}", "{\"data\":{\"tags\":[\"a\",\"b\\\"\"]}}");
    zoo_expect(&zoo, both, "{\"a\":true,\"b\":true}", "{\"data\":{}}");
    zoo_expect(&zoo, "query ($a: Boolean!) { node { id } node @include(if: $a) { index } }", "{\"a\":false}",
               "{\"data\":{\"node\":{\"id\":\"1\"}}}");
    zoo_expect(&zoo, "query ($a: Boolean!) { node @skip(if: $a) { id } node @include(if: $a) { index } }", "{\"a\":true}",
               "{\"data\":{\"node\":{\"index\":1}}}");
    zoo_expect_part(&zoo, "query ($a: Boolean = true) { tags @skip(if: $a) }", "{\"a\":null}", "BAD_USER_INPUT");
}

static void test_errors_of_fields(void **state)
{
    (void)state;
    expect("{\n  node { index bad }\n}",
           "{\"data\":{\"node\":{\"index\":1,\"bad\":null}},\"errors\":[{\"message\":\"no \\\"luck\\\" for 1\",\"locations\":"
           "[{\"line\":2,\"column\":16}],\"path\":[\"node\",\"bad\"],\"extensions\":{\"code\":\"NOT_FOUND\"}}]}");
    assert_int_equal(zoo.outcome, GQL_DONE);
    zoo_expect_part(&zoo, "{ n: holes { x: bad } }", "", "\"path\":[\"n\",3,\"x\"]");
    zoo_expect_part(
        &zoo, "{ node { wrong } }", "",
        "\"data\":{\"node\":{\"wrong\":null}},\"errors\":[{\"message\":\"The field was answered with a value of another type.\"");
    zoo_expect_part(&zoo, "{ node { odd } }", "", "\"message\":\"The word is not one of the enum.\"");
    zoo_expect_part(&zoo, "{ silent }", "", "{\"data\":{\"silent\":null},\"errors\":[{\"message\":\"The field was not answered.\"");
}

static void test_nulls_go_up(void **state)
{
    (void)state;
    zoo_expect_part(&zoo, "{ node { id must } tags }", "",
                    "{\"data\":{\"node\":null,\"tags\":[\"a\",\"b\\\"\"]},\"errors\":[{\"message\":\"not this one\"");
    zoo_expect_part(&zoo, "{ node { index self { self { must } } } }", "", "{\"data\":{\"node\":null},\"errors\":");
    zoo_expect_part(&zoo, "{ node { index self { self { must } } } }", "", "\"path\":[\"node\",\"self\",\"self\",\"must\"]");
    zoo_expect_part(&zoo, "{ node { index child { must } } }", "", "{\"data\":{\"node\":{\"index\":1,\"child\":null}},\"errors\":");
    zoo_expect_part(&zoo, "{ node { nothing } }", "",
                    "{\"data\":{\"node\":null},\"errors\":[{\"message\":\"A null came where none may be.\"");
    zoo_expect_part(&zoo, "{ tags sure { must } }", "", "{\"data\":null,\"errors\":[");
}

static void test_nulls_in_lists(void **state)
{
    (void)state;
    expect("{ holes { index } }", "{\"data\":{\"holes\":[{\"index\":0},null,{\"index\":2},{\"index\":3}]}}");
    zoo_expect_part(&zoo, "{ nodes { must } }", "", "{\"data\":null,\"errors\":[");
    zoo_expect_part(&zoo, "{ nodes { must } }", "", "\"path\":[\"nodes\",1,\"must\"]");
    zoo_expect_part(&zoo, "{ node { index kids { must } } }", "", "{\"data\":{\"node\":{\"index\":1,\"kids\":null}},");
    zoo_expect_part(&zoo, "{ nodes { index child { must } } }", "",
                    "{\"data\":{\"nodes\":[{\"index\":0,\"child\":{\"must\":\"must\"}},{\"index\":1,\"child\":null},{\"index\":2,");
}

static void test_operations(void **state)
{
    (void)state;
    static const char two[] = "query A { tags } mutation B { add(n: 5) { index } }";
    struct gql_document *doc = gql_cache_get(zoo.cache, slice_str(two), &zoo.out);
    assert_int_equal(gql_document_operation(doc, SLICE("A")), GQL_QUERY);
    assert_int_equal(gql_document_operation(doc, SLICE("B")), GQL_MUTATION);
    assert_int_equal(gql_document_operation(doc, SLICE("C")), GQL_UNKNOWN);
    assert_int_equal(gql_document_operation(doc, SLICE("")), GQL_UNKNOWN);
    gql_document_release(doc);
    zoo.user = 1;
    assert_string_equal(zoo_run(&zoo, slice_str(two), "", "B"), "{\"data\":{\"add\":{\"index\":2}}}");
    assert_int_equal(zoo.user, 6);
    zoo_expect_part(&zoo, two, "", "operationName must name an operation");
    assert_int_equal(zoo.outcome, GQL_REFUSED);
}

static void test_selects(void **state)
{
    (void)state;
    static const struct {
        const char *query;
        bool selected;
    } cases[] = {
        {"{ selects(path: \"child.id\") { child { id } } }", true},
        {"{ selects(path: \"child.id\") { child { index } } }", false},
        {"{ selects(path: \"child.id\") { a: child { index } b: child { x: id } } }", true},
        {"{ selects(path: \"id\") { ...F } } fragment F on Node { ... { id } }", true},
        {"{ selects(path: \"id\") { id @skip(if: true) index } }", false},
        {"query ($v: Boolean = true) { selects(path: \"id\") { id @skip(if: $v) index } }", false},
        {"query ($v: Boolean = true) { selects(path: \"id\") { id @include(if: $v) index } }", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_non_null(strstr(zoo_ask(&zoo, cases[i].query), "{\"data\":{\"selects\""));
        assert_int_equal(zoo_selected, cases[i].selected);
    }
}

static void test_too_large(void **state)
{
    (void)state;
    buf_free(&zoo.out);
    buf_init(&zoo.out, 30000);
    zoo_expect_part(&zoo, "{ big }", "", "{\"data\":{\"big\":[\"0123");
    expect("{ a: big b: big }", "{\"errors\":[{\"message\":\"The answer is larger than this server sends; ask for less.\",\"extensions\":"
                                "{\"code\":\"RESPONSE_TOO_LARGE\"}}]}");
    assert_int_equal(zoo.outcome, GQL_REFUSED);
    buf_free(&zoo.out);
    buf_init(&zoo.out, 1 << 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scalars),        cmocka_unit_test(test_aliases_and_merging), cmocka_unit_test(test_typename),
        cmocka_unit_test(test_abstract_types), cmocka_unit_test(test_skip_and_include),    cmocka_unit_test(test_errors_of_fields),
        cmocka_unit_test(test_nulls_go_up),    cmocka_unit_test(test_nulls_in_lists),      cmocka_unit_test(test_operations),
        cmocka_unit_test(test_selects),        cmocka_unit_test(test_too_large),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
