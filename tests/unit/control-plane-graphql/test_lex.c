#include "zoo.h"

#include "control-plane/graphql/lex.h"

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(1 << 16);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct gql_lexer lex_of(const char *text)
{
    struct gql_lexer lex;
    gql_lex_begin(&lex, slice_str(text), 1000);
    return lex;
}

/* The only token's decoded text. */
static const char *decoded(const char *text)
{
    struct gql_lexer lex = lex_of(text);
    int kind = gql_lex_next(&lex);
    assert_true(kind == TOK_STRING || kind == TOK_BLOCK);
    struct slice real = gql_lex_string(kind, lex.token, arena);
    assert_int_equal(gql_lex_next(&lex), TOK_END);
    return arena_copy(arena, real);
}

static void refused(const char *text)
{
    struct gql_lexer lex = lex_of(text);
    while (gql_lex_next(&lex) != TOK_ERROR)
        if (lex.kind == TOK_END) fail_msg("accepted: %s", text);
    assert_non_null(lex.error);
}

static void single(const char *text, int kind)
{
    struct gql_lexer lex = lex_of(text);
    assert_int_equal(gql_lex_next(&lex), kind);
    assert_int_equal(lex.token.len, strlen(text));
    assert_int_equal(gql_lex_next(&lex), TOK_END);
}

static void test_ignored(void **state)
{
    (void)state;
    struct gql_lexer lex = lex_of("\xEF\xBB\xBF , \t\r\n# a comment \xC3\xA9 \"\n name#end");
    assert_int_equal(gql_lex_next(&lex), TOK_NAME);
    assert_true(slice_is(lex.token, "name"));
    assert_int_equal(gql_lex_next(&lex), TOK_END);
    refused("a \x07 b");
    refused("# \x01");
    refused("\xFF");
}

static void test_punctuation(void **state)
{
    (void)state;
    struct gql_lexer lex = lex_of("!$&():=@[]{|}...");
    for (const char *c = "!$&():=@[]{|}"; *c; c++) assert_int_equal(gql_lex_next(&lex), *c);
    assert_int_equal(gql_lex_next(&lex), TOK_SPREAD);
    assert_int_equal(gql_lex_next(&lex), TOK_END);
    refused("..");
    refused("a.b");
    refused("?");
    refused("%");
}

static void test_numbers(void **state)
{
    (void)state;
    static const char *const ints[] = {"0", "-0", "4", "-12", "9007199254740993"};
    static const char *const floats[] = {"0.0", "-1.5", "1e3", "1E+3", "0.1e-9", "12.0E5"};
    static const char *const wrong[] = {"00",  "01", "-",   "-a",    "1.",    "1.a", ".5",   "1e",
                                        "1e+", "1x", "0xF", "1_000", "1.2.3", "+1",  "1e5.0"};
    for (size_t i = 0; i < sizeof ints / sizeof *ints; i++) single(ints[i], TOK_INT);
    for (size_t i = 0; i < sizeof floats / sizeof *floats; i++) single(floats[i], TOK_FLOAT);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) refused(wrong[i]);
}

static void test_strings(void **state)
{
    (void)state;
    assert_string_equal(decoded("\"\""), "");
    assert_string_equal(decoded("\"plain # text\""), "plain # text");
    assert_string_equal(decoded("\"\\\" \\\\ \\/ \\b\\f\\n\\r\\t\""), "\" \\ / \b\f\n\r\t");
    assert_string_equal(decoded("\"\\u0041\\u00e9\\u20AC\""), "A\xC3\xA9\xE2\x82\xAC");
    assert_string_equal(decoded("\"\\uD83D\\uDE00\""), "\xF0\x9F\x98\x80");
    assert_string_equal(decoded("\"\\u{1F600}\\u{41}\\u{000041}\""), "\xF0\x9F\x98\x80"
                                                                     "AA");
    static const char *const wrong[] = {
        "\"open",          "\"line\nbreak\"", "\"\\x\"",   "\"\\u12\"",  "\"\\uD83D\"", "\"\\uDE00\"", "\"\\uD83D\\u0041\"",
        "\"\\u{110000}\"", "\"\\u{D800}\"",   "\"\\u{}\"", "\"\\u{41\"", "\"tab\x01\"", "\"\\"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) refused(wrong[i]);
}

static void test_block_strings(void **state)
{
    (void)state;
    assert_string_equal(decoded("\"\"\"\"\"\""), "");
    assert_string_equal(decoded("\"\"\"one\"\"\""), "one");
    assert_string_equal(decoded("\"\"\"\n    Hello,\n      World!\n\n    Yours,\n  \"\"\""), "Hello,\n  World!\n\nYours,");
    assert_string_equal(decoded("\"\"\"\r\n  a\r  b\n\"\"\""), "a\nb");
    assert_string_equal(decoded("\"\"\"first\n    second\n   third\"\"\""), "first\n second\nthird");
    assert_string_equal(decoded("\"\"\"raw \\n \\u0041 \\\"\"\" \"\"\""), "raw \\n \\u0041 \"\"\" ");
    assert_string_equal(decoded("\"\"\"  \n \n  \"\"\""), "");
    refused("\"\"\"open\"\"");
    refused("\"\"\"bell \x07\"\"\"");
}

static void test_token_limit(void **state)
{
    (void)state;
    struct gql_lexer lex;
    gql_lex_begin(&lex, SLICE("a b c"), 2);
    assert_int_equal(gql_lex_next(&lex), TOK_NAME);
    assert_int_equal(gql_lex_next(&lex), TOK_NAME);
    assert_int_equal(gql_lex_next(&lex), TOK_ERROR);
    assert_true(lex.too_many);
    assert_int_equal(gql_lex_next(&lex), TOK_ERROR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ignored), cmocka_unit_test(test_punctuation),   cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_strings), cmocka_unit_test(test_block_strings), cmocka_unit_test(test_token_limit),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
