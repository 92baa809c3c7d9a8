/* Schema texts that are refused, and what introspection says of one that is not. */
#include "zoo.h"

#include "base/clock.h"
#include "base/die.h"
#include "control-plane/graphql/schema.h"

#include <stdlib.h>

static void give_null(struct gql_call *call) { gql_null(call); }

static const struct gql_binding one[] = {{"Query", "a", give_null}};

static void refused(const char *sdl, const struct gql_binding *bindings, size_t count, const char *why)
{
    const char *problem = NULL;
    struct gql_schema *schema = gql_schema_new(slice_str(sdl), bindings, count, &problem);
    if (schema) fail_msg("accepted: %s", sdl);
    if (!strstr(problem, why)) fail_msg("%s\n  gave %s\n  without %s", sdl, problem, why);
}

static void test_wrong_schemas(void **state)
{
    (void)state;
    static const struct {
        const char *sdl, *why;
    } cases[] = {
        {"type Query {\n a Int }", "schema line 2: Expected ':', found \"Int\"."},
        {"type Query { a: Int", "found the end"},
        {"type Query { a: Nope }", "Nope is not defined"},
        {"type Query { a: Int a: Int }", "defined twice: a"},
        {"type Query { a: Int }\ntype Query { a: Int }", "schema line 2: defined twice: Query"},
        {"type Query { a(x: Int, x: Int): Int }", "defined twice: x"},
        {"type Query { a: E } enum E { A A }", "defined twice: A"},
        {"type Query { a: Int } type A {}", "Expected a field"},
        {"type Query { a: Int } type A", "A is empty"},
        {"type Query { a: B } input B { b: Int }", "Query.a must not have an input type"},
        {"type Query { a(q: Query): Int }", "a.q must have an input type"},
        {"type Query { a: Int } input B { q: Query }", "B.q must have an input type"},
        {"type Query { a: Int } input B { b: B! }", "B needs itself"},
        {"type Query { a: Int } input B { b: B = {} }", "default that holds itself"},
        {"type Query { a(x: Int = \"y\"): Int }", "Expected a value of type"},
        {"type Query { a: U } union U = Int", "U may hold object types only"},
        {"type Query implements I { a: Int } interface I { b: Int }", "Query.b is missing"},
        {"type Query implements I { a: Int } interface I { a: String }", "Query.a has another type"},
        {"type Query implements I { a: Int } interface I { a(x: Int): Int }", "does not take the arguments"},
        {"type Query implements I { a(x: Int!): Int } interface I { a: Int }", "asks for an argument"},
        {"type Query implements Int { a: Int }", "implements what is no interface"},
        {"type Query { a: Int } type __B { b: Int }", "two underscores: __B"},
        {"type Query { __a: Int }", "two underscores: __a"},
        {"type Other { a: Int }", "Query must be an object type"},
        {"directive @x on NOWHERE type Query { a: Int }", "unknown place of a directive: NOWHERE"},
        {"schema { subscription: Query } type Query { a: Int }", "not offered: subscription"},
        {"extend type Query { a: Int }", "Expected a definition"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) refused(cases[i].sdl, one, 0, cases[i].why);
}

static void test_bindings(void **state)
{
    (void)state;
    static const struct gql_binding unknown[] = {{"Query", "b", give_null}}, nowhere[] = {{"Nope", "a", give_null}},
                                    twice[] = {{"Query", "a", give_null}, {"Query", "a", give_null}};
    refused("type Query { a: Int }", unknown, 1, "the binding Query.b names no field");
    refused("type Query { a: Int }", nowhere, 1, "the binding Nope.a names no field");
    refused("type Query { a: Int }", twice, 2, "the binding Query.a comes twice");
    refused("\ntype Query { a: Int! }", NULL, 0, "schema line 2: Query.a is non-null and has no binding");
    refused("type Query { a: I } interface I { b: Int }", one, 1, "I has no binding for __typename");
    const char *problem = "";
    struct gql_schema *schema = gql_schema_new(SLICE("type Query { a: Int b: String }"), one, 1, &problem);
    assert_non_null(schema);
    assert_null(problem);
    gql_schema_free(schema);
}

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

static void test_types(void **state)
{
    (void)state;
    zoo_expect(&zoo,
               "{ __type(name: \"Dog\") { kind name interfaces { name } possibleTypes { name } ofType { name } enumValues { name } } }", "",
               "{\"data\":{\"__type\":{\"kind\":\"OBJECT\",\"name\":\"Dog\",\"interfaces\":[{\"name\":\"Animal\"}],\"possibleTypes\":null,"
               "\"ofType\":null,"
               "\"enumValues\":null}}}");
    zoo_expect(&zoo,
               "{ a: __type(name: \"Animal\") { kind possibleTypes { name } } u: __type(name: \"Any\") { kind fields { name } "
               "possibleTypes { name } } }",
               "",
               "{\"data\":{\"a\":{\"kind\":\"INTERFACE\",\"possibleTypes\":[{\"name\":\"Dog\"},{\"name\":\"Cat\"}]},"
               "\"u\":{\"kind\":\"UNION\",\"fields\":null,\"possibleTypes\":[{\"name\":\"Cat\"},{\"name\":\"Dog\"}]}}}");
    zoo_expect(&zoo,
               "{ __type(name: \"Date\") { kind specifiedByURL description } n: __type(name: \"Nope\") { kind } m: __type(name: "
               "\"__Meta\") { kind } }",
               "",
               "{\"data\":{\"__type\":{\"kind\":\"SCALAR\",\"specifiedByURL\":\"https://example.org/"
               "date\",\"description\":null},\"n\":null,\"m\":null}}");
    zoo_expect_part(
        &zoo, "{ __type(name: \"Query\") { fields { name type { kind name ofType { kind ofType { kind ofType { name } } } } } } }", "",
        "{\"name\":\"nodes\",\"type\":{\"kind\":\"NON_NULL\",\"name\":null,\"ofType\":{\"kind\":\"LIST\",\"ofType\":{\"kind\":\"NON_NULL\","
        "\"ofType\":{\"name\":\"Node\"}}}}}");
}

static void test_inputs_and_deprecation(void **state)
{
    (void)state;
    zoo_expect(&zoo, "{ __type(name: \"Box\") { inputFields { name defaultValue isDeprecated } } }", "",
               "{\"data\":{\"__type\":{\"inputFields\":[{\"name\":\"n\",\"defaultValue\":\"3\",\"isDeprecated\":false},"
               "{\"name\":\"name\",\"defaultValue\":null,\"isDeprecated\":false},{\"name\":\"inner\",\"defaultValue\":null,"
               "\"isDeprecated\":false},"
               "{\"name\":\"list\",\"defaultValue\":null,\"isDeprecated\":false},{\"name\":\"kind\",\"defaultValue\":\"SIT\","
               "\"isDeprecated\":false},"
               "{\"name\":\"must\",\"defaultValue\":\"true\",\"isDeprecated\":false}]}}}");
    zoo_expect(&zoo,
               "{ __type(name: \"Command\") { enumValues { name } all: enumValues(includeDeprecated: true) { name isDeprecated "
               "deprecationReason } } }",
               "",
               "{\"data\":{\"__type\":{\"enumValues\":[{\"name\":\"SIT\"}],\"all\":[{\"name\":\"SIT\",\"isDeprecated\":false,"
               "\"deprecationReason\":null},"
               "{\"name\":\"ROLL\",\"isDeprecated\":true,\"deprecationReason\":\"tired\"}]}}}");
    const char *answer = zoo_ask(&zoo, "{ __type(name: \"Query\") { fields { name } } }");
    assert_null(strstr(answer, "unbound"));
    zoo_expect_part(&zoo, "{ __type(name: \"Query\") { fields(includeDeprecated: true) { name deprecationReason } } }", "",
                    "{\"name\":\"unbound\",\"deprecationReason\":\"No longer supported\"}");
    zoo_expect_part(&zoo, "{ __type(name: \"Query\") { fields { name description } } }", "",
                    "{\"name\":\"echo\",\"description\":\"Answers with its arguments.\"}");
}

static void test_schema_itself(void **state)
{
    (void)state;
    zoo_expect(&zoo, "{ __schema { description queryType { name } mutationType { name } subscriptionType { name } } }", "",
               "{\"data\":{\"__schema\":{\"description\":\"A zoo.\\n  For "
               "tests.\",\"queryType\":{\"name\":\"Query\"},\"mutationType\":{\"name\":\"Mutation\"},"
               "\"subscriptionType\":null}}}");
    zoo_expect(&zoo, "{ __schema { directives { name isRepeatable locations args { name type { kind } defaultValue } } } }", "",
               "{\"data\":{\"__schema\":{\"directives\":[{\"name\":\"log\",\"isRepeatable\":true,\"locations\":[\"QUERY\",\"FIELD\","
               "\"FRAGMENT_SPREAD\","
               "\"INLINE_FRAGMENT\",\"VARIABLE_DEFINITION\"],\"args\":[{\"name\":\"level\",\"type\":{\"kind\":\"NON_NULL\"},"
               "\"defaultValue\":\"1\"},"
               "{\"name\":\"tag\",\"type\":{\"kind\":\"SCALAR\"},\"defaultValue\":null}]},"
               "{\"name\":\"skip\",\"isRepeatable\":false,\"locations\":[\"FIELD\",\"FRAGMENT_SPREAD\",\"INLINE_FRAGMENT\"],"
               "\"args\":[{\"name\":\"if\",\"type\":{\"kind\":\"NON_NULL\"},\"defaultValue\":null}]},"
               "{\"name\":\"include\",\"isRepeatable\":false,\"locations\":[\"FIELD\",\"FRAGMENT_SPREAD\",\"INLINE_FRAGMENT\"],"
               "\"args\":[{\"name\":\"if\",\"type\":{\"kind\":\"NON_NULL\"},\"defaultValue\":null}]},"
               "{\"name\":\"deprecated\",\"isRepeatable\":false,\"locations\":[\"FIELD_DEFINITION\",\"ARGUMENT_DEFINITION\",\"ENUM_VALUE\","
               "\"INPUT_FIELD_DEFINITION\"],\"args\":[{\"name\":\"reason\",\"type\":{\"kind\":\"SCALAR\"},\"defaultValue\":\"\\\"No longer "
               "supported\\\"\"}]},"
               "{\"name\":\"specifiedBy\",\"isRepeatable\":false,\"locations\":[\"SCALAR\"],"
               "\"args\":[{\"name\":\"url\",\"type\":{\"kind\":\"NON_NULL\"},\"defaultValue\":null}]}]}}}");
    zoo_expect_part(&zoo, "{ __schema { __typename types { name } } }", "", "{\"__typename\":\"__Schema\",\"types\":[{\"name\":\"Query\"}");
    assert_null(strstr(zoo.out.data, "__Meta"));
}

/* ---- a large schema, where it is there ---- */

static struct slice read_reference(void)
{
    const char *shared = getenv("TERO_SHARED");
    char *path = xasprintf("%s/reference/tero-current.graphql", shared ? shared : "../shared");
    FILE *file = fopen(path, "rb");
    free(path);
    if (!file) return (struct slice){0};
    char *text = xmalloc(1 << 20);
    size_t n = fread(text, 1, 1 << 20, file);
    fclose(file);
    return slice_of(text, n);
}

static size_t bind_all(struct slice sdl, struct gql_binding **out)
{
    struct gql_schema s = {.arena = arena_new(SIZE_MAX)};
    struct gql_problems problems;
    size_t n = 0;
    s.names.arena = s.arena;
    gql_problems_begin(&problems, sdl);
    gql_sdl_read(&s, sdl, false, &problems);
    assert_int_equal(problems.count, 0);
    gql_problems_end(&problems);
    for (const struct gql_type *t = s.types; t; t = t->next) n += t->kind == KIND_OBJECT ? t->field_count : 0;
    struct gql_binding *b = *out = xcalloc(n + 1, sizeof *b);
    for (const struct gql_type *t = s.types; t; t = t->next)
        for (size_t i = 0; t->kind == KIND_OBJECT && i < t->field_count; i++)
            *b++ =
                (struct gql_binding){xstrndup(t->name.ptr, t->name.len), xstrndup(t->fields[i].name.ptr, t->fields[i].name.len), give_null};
    arena_free(s.arena);
    return n;
}

static void test_large_schema(void **state)
{
    (void)state;
    struct slice sdl = read_reference();
    struct gql_binding *bindings;
    const char *problem;
    if (!sdl.ptr) skip();
    size_t n = bind_all(sdl, &bindings);
    int64_t start = clock_monotonic();
    struct gql_schema *schema = gql_schema_new(sdl, bindings, n, &problem);
    int64_t end = clock_monotonic();
    if (!schema) fail_msg("%s", problem);
    print_message("# %zu fields in %.2f ms\n", n, (double)(end - start) / 1e6);
    gql_schema_free(schema);
    for (size_t i = 0; i < n; i++) {
        free((void *)(uintptr_t)bindings[i].type);
        free((void *)(uintptr_t)bindings[i].field);
    }
    free(bindings);
    free((void *)(uintptr_t)sdl.ptr);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrong_schemas),          cmocka_unit_test(test_bindings),      cmocka_unit_test(test_types),
        cmocka_unit_test(test_inputs_and_deprecation), cmocka_unit_test(test_schema_itself), cmocka_unit_test(test_large_schema),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
