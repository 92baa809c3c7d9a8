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

#define ECHOED(inside)                                                                                                                     \
    "{\"data\":{\"echo\":{" inside "\"fall\":5,\"box\":{\"n\":3,\"name\":\"b\",\"kind\":{\"enum\":\"SIT\"},\"must\":true}}}}"

static void literal(const char *arguments, const char *answer)
{
    char text[512];
    snprintf(text, sizeof text, "{ echo(%s) }", arguments);
    zoo_expect(&zoo, text, "", answer);
}

static void test_literals(void **state)
{
    (void)state;
    literal("i: -7, f: 3, s: \"x\\u0041\", b: false, id: 12, e: ROLL",
            ECHOED("\"i\":-7,\"f\":{\"float\":3},\"s\":\"xA\",\"b\":false,\"id\":\"12\",\"e\":{\"enum\":\"ROLL\"},"));
    literal("l: 1, m: [[1, null], null, 2], i: null", ECHOED("\"i\":null,\"l\":[1],\"m\":[[1,null],null,[2]],"));
    literal("l: []", ECHOED("\"l\":[],"));
    literal("o: {name: \"y\", inner: {}}",
            ECHOED("\"o\":{\"n\":3,\"name\":\"y\",\"inner\":{\"n\":3,\"kind\":{\"enum\":\"SIT\"},\"must\":true},"
                   "\"kind\":{\"enum\":\"SIT\"},\"must\":true},"));
    literal("j: {a: [1, 2.5, \"q\\\"\", ON, null, true]}", ECHOED("\"j\":{\"json\":{\"a\":[1,2.5,\"q\\\"\",\"ON\",null,true]}},"));
    literal("j: 5, d: \"2026\"", ECHOED("\"j\":{\"json\":5},\"d\":\"2026\","));
    literal("d: 99999999999", ECHOED("\"d\":99999999999,"));
    literal("d: {y: 1}", ECHOED("\"d\":{\"json\":{\"y\":1}},"));
    zoo_expect(&zoo, "{ echo(fall: null, box: null) }", "", "{\"data\":{\"echo\":{\"fall\":null,\"box\":null}}}");
    zoo_expect(&zoo, "{ required(n: 1) }", "", "{\"data\":{\"required\":{\"n\":1,\"with\":4}}}");
}

static void given(const char *type, const char *argument, const char *json, const char *inside)
{
    char text[128], variables[256], answer[512];
    snprintf(text, sizeof text, "query ($v: %s) { echo(%s: $v) }", type, argument);
    snprintf(variables, sizeof variables, "{\"other\": [1, {}], \"v\": %s}", json);
    snprintf(answer, sizeof answer, "{\"data\":{\"echo\":{\"%s\":%s,\"fall\":5,", argument, inside);
    zoo_expect_part(&zoo, text, variables, answer);
}

static void test_variables(void **state)
{
    (void)state;
    given("Int", "i", "5", "5");
    given("Int", "i", "-2147483648", "-2147483648");
    given("Int", "i", "1e2", "100");
    given("Int", "i", "null", "null");
    given("Float", "f", "5", "{\"float\":5}");
    given("Float", "f", "-0.5e1", "{\"float\":-5}");
    given("String", "s", "\"a\\n\\u00e9\\ud83d\\ude00\"", "\"a\\n\xC3\xA9\xF0\x9F\x98\x80\"");
    given("Boolean", "b", "true", "true");
    given("ID", "id", "12", "\"12\"");
    given("ID", "id", "\"x\"", "\"x\"");
    given("Command", "e", "\"SIT\"", "{\"enum\":\"SIT\"}");
    given("[Int!]", "l", "7", "[7]");
    given("[Int!]", "l", "[1,2,3,4,5,6,7,8,9,10]", "[1,2,3,4,5,6,7,8,9,10]");
    given("[[Int]]", "m", "[[1,null],null,3]", "[[1,null],null,[3]]");
    given("Box", "o", "{\"\\u006eame\":\"q\",\"n\":9,\"must\":null,\"n\":10}",
          "{\"name\":\"q\",\"n\":10,\"must\":null,\"kind\":{\"enum\":\"SIT\"}}");
    given("JSON", "j", "{\"a\": [1 , \"x\\n\"]}", "{\"json\":{\"a\": [1 , \"x\\n\"]}}");
    given("JSON", "j", "\"x\\n\"", "{\"json\":\"x\\n\"}");
    given("JSON", "j", "false", "{\"json\":false}");
    given("JSON", "j", "-1.5", "{\"json\":-1.5}");
    given("Date", "d", "\"2026\"", "\"2026\"");
    given("Date", "d", "[1]", "{\"json\":[1]}");
    given("Date", "d", "7", "7");
}

static void refused(const char *type, const char *argument, const char *json, const char *why)
{
    char text[128], variables[256], part[256];
    snprintf(text, sizeof text, "query ($v: %s) { echo(%s: $v) }", type, argument);
    snprintf(variables, sizeof variables, "{\"v\": %s}", json);
    snprintf(part, sizeof part, "Variable \\\"$v%s", why);
    zoo_expect_part(&zoo, text, variables, part);
    zoo_expect_part(&zoo, text, variables, "\"code\":\"BAD_USER_INPUT\"");
    assert_int_equal(zoo.outcome, GQL_REFUSED);
}

static void test_wrong_variables(void **state)
{
    (void)state;
    refused("Int", "i", "\"5\"", "\\\": expected Int.");
    refused("Int", "i", "5.5", "\\\": expected Int.");
    refused("Int", "i", "2147483648", "\\\": beyond the range of Int.");
    refused("Int!", "i", "null", "\\\": must not be null.");
    refused("Float", "f", "1e999", "\\\": beyond the range of Float.");
    refused("Float", "f", "\"x\"", "\\\": expected Float.");
    refused("String", "s", "5", "\\\": expected String.");
    refused("Boolean", "b", "1", "\\\": expected Boolean.");
    refused("ID", "id", "1.5", "\\\": expected ID.");
    refused("Command", "e", "\"JUMP\"", "\\\": expected Command.");
    refused("Command", "e", "1", "\\\": expected Command.");
    refused("[Int!]", "l", "[1,null]", "[1]\\\": must not be null.");
    refused("[Int!]", "l", "{}", "\\\": expected Int.");
    refused("Box", "o", "{\"inner\":{\"list\":[{},{\"n\":\"x\"}]}}", ".inner.list[1].n\\\": expected Int.");
    refused("Box", "o", "{\"nope\":1}", "\\\": no such field: nope.");
    refused("Box", "o", "5", "\\\": expected Box.");
    refused("Strict", "x", "{\"extra\":1}", "\\\": a required field is missing: need.");
}

static void test_wrong_json(void **state)
{
    (void)state;
    static const char *const wrong[] = {"[]", "5", "{", "{\"v\":}", "{\"v\":1}x", "{\"other\":[}", "nul", "{\"v\":[1,]}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        zoo_expect_part(&zoo, "query ($v: [Int!]) { echo(l: $v) }", wrong[i], "The variables are not valid JSON");
    zoo_expect_part(&zoo, "query ($v: [Int!]) { echo(l: $v) }", "null", "{\"data\":{\"echo\":{\"fall\":5,");
    zoo_expect_part(&zoo, "query ($v: [Int!]) { echo(l: $v) }", "{}", "{\"data\":{\"echo\":{\"fall\":5,");
}

static void test_absent_variables(void **state)
{
    (void)state;
    zoo_expect(&zoo, "query ($i: Int, $n: Int = 8, $f: Int) { echo(i: $i, s: null, fall: $f, box: {n: $n, name: null}, l: [1]) }", "{}",
               "{\"data\":{\"echo\":{\"s\":null,\"l\":[1],\"fall\":5,\"box\":{\"n\":8,\"name\":null,\"kind\":{\"enum\":\"SIT\"},\"must\":"
               "true}}}}");
    zoo_expect(&zoo, "query ($i: Int) { echo(m: [[$i, 2], [$i]], j: {a: $i, b: [$i]}, fall: 1, box: null) }", "{}",
               "{\"data\":{\"echo\":{\"m\":[[null,2],[null]],\"j\":{\"json\":{\"a\":null,\"b\":[null]}},\"fall\":1,\"box\":null}}}");
    zoo_expect(&zoo, "query ($i: Int) { echo(m: [[$i]], j: {a: $i}, fall: 1, box: null) }", "{\"i\":6}",
               "{\"data\":{\"echo\":{\"m\":[[6]],\"j\":{\"json\":{\"a\":6}},\"fall\":1,\"box\":null}}}");
    zoo_expect_part(&zoo, "query ($v: Int!) { echo(i: $v) }", "{}", "Variable \\\"$v\\\": a value is required.");
}

/* A nullable variable may stand where a default makes up for its absence; an explicit null is an error of the field. */
static void test_null_for_non_null(void **state)
{
    (void)state;
    static const char query[] = "query ($w: Int) { required(n: 1, with: $w) }";
    zoo_expect(&zoo, query, "{}", "{\"data\":{\"required\":{\"n\":1,\"with\":4}}}");
    zoo_expect(&zoo, query, "{\"w\":2}", "{\"data\":{\"required\":{\"n\":1,\"with\":2}}}");
    zoo_expect_part(&zoo, query, "{\"w\":null}",
                    "{\"data\":{\"required\":null},\"errors\":[{\"message\":\"The variable \\\"$w\\\" must not be null here.\"");
    zoo_expect_part(&zoo, query, "{\"w\":null}", "\"path\":[\"required\"],\"extensions\":{\"code\":\"BAD_USER_INPUT\"}");
    zoo_expect(&zoo, "query ($w: Int, $off: Boolean!) { required(n: 1, with: $w) @skip(if: $off) tags }", "{\"w\":null,\"off\":true}",
               "{\"data\":{\"tags\":[\"a\",\"b\\\"\"]}}");
}

static void test_small_arena(void **state)
{
    (void)state;
    struct arena *whole = zoo.arena;
    static char variables[20000] = "{\"v\":[1";
    for (size_t n = strlen(variables); n < sizeof variables - 8; n += 2) memcpy(variables + n, ",1", 2);
    strcat(variables, "]}");
    zoo.arena = arena_new(4096);
    zoo_expect_part(&zoo, "query ($v: [Int!]) { echo(l: $v) }", variables, "\"code\":\"LIMIT_EXCEEDED\"");
    arena_free(zoo.arena);
    zoo.arena = whole;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_literals),    cmocka_unit_test(test_variables),        cmocka_unit_test(test_wrong_variables),
        cmocka_unit_test(test_wrong_json),  cmocka_unit_test(test_absent_variables), cmocka_unit_test(test_null_for_non_null),
        cmocka_unit_test(test_small_arena),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
