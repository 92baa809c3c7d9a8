/* Each rule with documents that keep it and documents that break it. */
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

static void good(const char *text)
{
    buf_clear(&zoo.out);
    struct gql_document *doc = gql_cache_get(zoo.cache, slice_str(text), &zoo.out);
    if (!doc) fail_msg("%s\n  refused: %s", text, zoo.out.data);
    gql_document_release(doc);
}

static void broken(const char *text, const char *code, const char *part)
{
    zoo_ask(&zoo, text);
    assert_int_equal(zoo.outcome, GQL_REFUSED);
    if (!strstr(zoo.out.data, code) || !strstr(zoo.out.data, part))
        fail_msg("%s\n  gave %s\n  without %s, %s", text, zoo.out.data, code, part);
    assert_null(strstr(zoo.out.data, "\"data\""));
}

static void bad(const char *text, const char *part) { broken(text, "GRAPHQL_VALIDATION_FAILED", part); }
static void unreadable(const char *text, const char *part) { broken(text, "GRAPHQL_PARSE_FAILED", part); }

static void test_syntax(void **state)
{
    (void)state;
    good("query query { on: node { fragment: id, type: index input: ok } }");
    good("{ node { true: id null: index } }");
    unreadable("", "found the end of the document");
    unreadable("{", "Expected a field, found the end");
    unreadable("{}", "Expected a field, found \\\"}\\\"");
    unreadable("{ node { } }", "Expected a field");
    unreadable("{ node() { id } }", "Expected the name of an argument");
    unreadable("query () { tags }", "Expected '$'");
    unreadable("{ tags } }", "Expected an operation or a fragment");
    unreadable("{ a: }", "Expected a field");
    unreadable("{ echo(i: ) }", "Expected a value");
    unreadable("{ echo(l: [1) }", "Expected a value");
    unreadable("{ echo(o: {1: 2}) }", "Expected the name of an input field");
    unreadable("query ($a: Int = $b) { echo(i: $a) }", "Expected a constant value");
    unreadable("query ($a: [Int) { echo(l: $a) }", "Expected ']'");
    unreadable("fragment on on Node { id } { tags }", "Expected the name of a fragment");
    unreadable("fragment F Node { id } { tags }", "Expected \\\"on\\\"");
    unreadable("{ ...on }", "Expected a type");
    unreadable("{\n  tags\n  \"x\"\n}", "\"line\":3,\"column\":3");
    bad("type A { b: Int }", "Only operations and fragments");
}

static void test_operations(void **state)
{
    (void)state;
    good("query A { tags } query B { tags } mutation C { add(n: 1) { id } }");
    bad("query A { tags } query A { commands }", "There are two operations \\\"A\\\".");
    bad("{ tags } query A { tags }", "An operation without a name must be the only one.");
    bad("fragment F on Node { id }", "never used");
    bad("subscription { tags }", "This server has no subscriptions.");
}

static void test_fields(void **state)
{
    (void)state;
    good("{ node { id } any { __typename } __schema { queryType { name } } }");
    bad("{ nothing }", "The type \\\"Query\\\" has no field \\\"nothing\\\".");
    bad("{ node { __schema { description } } }", "has no field \\\"__schema\\\"");
    bad("mutation { __type(name: \"x\") { name } }", "has no field \\\"__type\\\"");
    bad("{ any { id } }", "The type \\\"Any\\\" has no field \\\"id\\\".");
    bad("{ animal { barks } }", "The type \\\"Animal\\\" has no field \\\"barks\\\".");
    bad("{ node }", "needs a selection of fields");
    bad("{ tags { x } }", "has no fields of its own");
}

static void test_arguments(void **state)
{
    (void)state;
    good("{ required(n: 1) echo(i: 1, s: \"x\") dog { knows(command: SIT) } }");
    bad("{ echo(nope: 1) }", "has no argument \\\"nope\\\"");
    bad("{ echo(i: 1, i: 2) }", "The argument \\\"i\\\" is given twice.");
    bad("{ required }", "needs the argument \\\"n\\\"");
    bad("{ tags @skip }", "needs the argument \\\"if\\\"");
    bad("{ tags @skip(if: true, unless: false) }", "has no argument \\\"unless\\\"");
}

static void test_directives(void **state)
{
    (void)state;
    good("query ($x: Int @log) @log { tags @log(level: 2) @log @skip(if: false) echo(i: $x) ...F @log } fragment F on Query { commands }");
    bad("{ tags @nope }", "Unknown directive \\\"@nope\\\".");
    bad("query @skip(if: true) { tags }", "must not stand here");
    bad("mutation @log { add(n: 1) { id } }", "must not stand here");
    bad("{ tags @skip(if: true) @skip(if: false) }", "stands here twice");
    bad("{ ...F } fragment F on Query @include(if: true) { tags }", "must not stand here");
}

static void test_fragments(void **state)
{
    (void)state;
    good("{ ...F dog { ...on Animal { id } ... @include(if: true) { name } } } fragment F on Query { any { ...on Dog { id } } }");
    good("{ animal { ...F } } fragment F on Any { __typename }");
    bad("{ ...F }", "Unknown fragment \\\"F\\\".");
    bad("{ tags } fragment F on Query { tags }", "The fragment \\\"F\\\" is never used.");
    bad("{ ...F } fragment F on Query { tags } fragment F on Query { tags }", "There are two fragments \\\"F\\\".");
    bad("{ ...F } fragment F on Nope { tags }", "Unknown type \\\"Nope\\\".");
    bad("{ ...on Nope { tags } }", "Unknown type \\\"Nope\\\".");
    bad("{ ...on Box { n } }", "A fragment cannot be on the type \\\"Box\\\".");
    bad("{ ...F } fragment F on Date { x }", "A fragment cannot be on the type \\\"Date\\\".");
    bad("{ dog { ...on Cat { id } } }", "can never apply");
    bad("{ any { ...F } } fragment F on Rock { weight }", "can never apply");
    bad("{ animal { ...on Rock { weight } } }", "can never apply");
    bad("{ ...F } fragment F on Query { ...F tags }", "The fragment \\\"F\\\" contains itself.");
    bad("{ ...F } fragment F on Query { node { ...G } } fragment G on Node { child { ...H } } fragment H on Node { self { ...G } }",
        "contains itself");
}

static void test_values(void **state)
{
    (void)state;
    good("{ echo(i: -5, f: 3, s: \"\"\"b\"\"\", b: true, id: 4, e: SIT, l: [1, 2], m: [[1, null], null], o: {n: 1, list: [{n: 2}]}, j: {a: "
         "[X]}, d: 5) }");
    good("{ echo(l: 1, m: 1, o: null, s: null, x: {need: 2147483647}) }");
    static const char *const wrong[] = {"i: 1.5",
                                        "i: \"1\"",
                                        "i: 2147483648",
                                        "i: -2147483649",
                                        "i: true",
                                        "f: \"1\"",
                                        "f: 1e999",
                                        "s: 1",
                                        "s: SIT",
                                        "b: 1",
                                        "b: \"true\"",
                                        "id: 1.5",
                                        "id: true",
                                        "e: \"SIT\"",
                                        "e: JUMP",
                                        "e: 1",
                                        "l: [1, null]",
                                        "l: [\"x\"]",
                                        "l: {n: 1}",
                                        "m: [[\"1\"]]",
                                        "o: 5",
                                        "o: [5]",
                                        "o: {n: null}",
                                        "o: {nope: 1}",
                                        "x: {}",
                                        "x: {extra: 1}",
                                        "o: {list: [null]}",
                                        "o: {n: 1, n: 2}",
                                        "x: {need: 1, extra: {}}",
                                        "j: {a: 1, a: 2}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[128];
        snprintf(text, sizeof text, "{ echo(%s) }", wrong[i]);
        bad(text, "\"locations\":[{\"line\":1");
    }
    bad("{ required(n: null) }", "Expected a value of type \\\"Int!\\\", found null.");
    bad("query ($a: Int = \"x\") { echo(i: $a) }", "Expected a value of type \\\"Int\\\"");
    bad("query ($a: Int! = null) { echo(i: $a) }", "found null");
}

static void test_variables(void **state)
{
    (void)state;
    good("query ($i: Int, $l: [Int!], $o: Box, $n: Int!) { echo(i: $i, l: $l, o: $o, fall: $n) ...F } fragment F on Query { echo2: echo(i: "
         "$n) }");
    good("query ($i: Int, $b: Boolean = true, $n: Int = 3) { required(n: $n, with: $i) tags @skip(if: $b) echo(m: [[$i], [$n]], o: {n: "
         "$i}) }");
    good("query ($anything: String) { echo(j: {deep: [$anything]}) }");
    bad("query ($a: Int, $a: Int) { echo(i: $a) }", "The variable \\\"$a\\\" is declared twice.");
    bad("query ($a: Nope) { echo(i: $a) }", "Unknown type \\\"Nope\\\".");
    bad("query ($a: Node) { echo(i: $a) }", "cannot be of the output type \\\"Node\\\"");
    bad("{ echo(i: $a) }", "The variable \\\"$a\\\" is not declared");
    bad("query A { ...F } query B($a: Int) { ...F } fragment F on Query { echo(i: $a) }", "is not declared by the operation \\\"A\\\"");
    bad("query ($a: Int) { tags }", "The variable \\\"$a\\\" is never used.");
    bad("query A($a: Int) { echo(i: $a) } query B($a: Int) { tags }", "is never used");
    bad("query ($a: String) { echo(i: $a) }", "of type \\\"String\\\" cannot stand where \\\"Int\\\" is expected");
    bad("query ($a: Int) { required(n: $a) }", "cannot stand where \\\"Int!\\\" is expected");
    bad("query ($a: Int = null) { required(n: $a) }", "cannot stand where");
    bad("query ($a: [Int]) { echo(l: $a) }", "cannot stand where \\\"[Int!]\\\" is expected");
    bad("query ($a: Int!) { echo(l: $a) }", "cannot stand where");
    bad("query ($a: Boolean) { tags @skip(if: $a) }", "cannot stand where \\\"Boolean!\\\" is expected");
    bad("query ($a: Int) { echo(x: {need: $a}) }", "cannot stand where");
}

static void test_overlaps(void **state)
{
    (void)state;
    good("{ node { id id x: index } node { id x: index } echo(o: {n: 1, name: \"x\"}) ...F } fragment F on Query { echo(o: {name: \"x\", "
         "n: 1}) }");
    good("{ any { ... on Dog { s: name(upper: true) } ... on Cat { s: name(upper: false) } } }");
    good("{ any { ... on Dog { friends(first: 1) { id a: name } } ... on Cat { friends(first: 2) { id a: name } } } }");
    bad("{ node { x: id x: index } }", "The fields under \\\"x\\\" conflict: they are different fields");
    bad("{ echo(i: 1) echo(i: 2) }", "they have different arguments");
    bad("{ echo(i: 1) echo }", "they have different arguments");
    bad("query ($a: Int, $b: Int) { echo(i: $a) echo(i: $b) }", "they have different arguments");
    bad("{ any { ... on Dog { s: size } ... on Cat { s: size } } }", "they have different types");
    bad("{ any { ... on Dog { s: barks } ... on Cat { s: friends { id } } } }", "they have different types");
    bad("{ animal { name ... on Dog { name: id } } }", "they are different fields");
    bad("{ node { child { x: id } } ...F } fragment F on Query { node { ...G } } fragment G on Node { child { x: index } }",
        "different fields");
    bad("{ any { ... on Dog { f: friends { x: id } } ... on Cat { f: friends { x: name } } ... on Dog { f: friends { x: name } } } }",
        "different");
}

static void test_many_problems(void **state)
{
    (void)state;
    char text[4096] = "{";
    for (int i = 0; i < 100; i++) snprintf(text + strlen(text), sizeof text - strlen(text), " f%d", i);
    strcat(text, " }");
    zoo_ask(&zoo, text);
    assert_non_null(strstr(zoo.out.data, "\\\"f9\\\""));
    assert_null(strstr(zoo.out.data, "\\\"f10\\\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_syntax),        cmocka_unit_test(test_operations), cmocka_unit_test(test_fields),
        cmocka_unit_test(test_arguments),     cmocka_unit_test(test_directives), cmocka_unit_test(test_fragments),
        cmocka_unit_test(test_values),        cmocka_unit_test(test_variables),  cmocka_unit_test(test_overlaps),
        cmocka_unit_test(test_many_problems),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
