#include "control-plane/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { WORDS_MAX = 12 };

struct values {
    const char *data;
    bool embedded;
    unsigned threads;
};

struct run {
    struct values values;
    char *argv[WORDS_MAX];
    int argc, exit_code;
    bool go_on;
};

/* `line` is cut at the blanks. */
static struct run read_line(char *line, int operands_max)
{
    struct run r = {.exit_code = -1};
    const struct option_spec specs[] = {
        {"data", "DIR", "the directory", OPTION_TEXT, &r.values.data},
        {"embedded", NULL, "by a console", OPTION_FLAG, &r.values.embedded},
        {"threads", "N", "how many", OPTION_NUMBER, &r.values.threads},
    };
    const struct command_spec command = {"test", "[options]", "Tests.", specs, 3, operands_max};
    r.argv[r.argc++] = (char *)(uintptr_t) "test";
    for (char *word = strtok(line, " "); word; word = strtok(NULL, " ")) r.argv[r.argc++] = word;
    r.go_on = options_read(&command, &r.argc, r.argv, &r.exit_code);
    return r;
}

static void all_forms(void **state)
{
    (void)state;
    char line[] = "one --data /d --threads=7 two --embedded - -- --three";
    struct run r = read_line(line, -1);
    assert_true(r.go_on);
    assert_string_equal(r.values.data, "/d");
    assert_int_equal(r.values.threads, 7);
    assert_true(r.values.embedded);
    assert_int_equal(r.argc, 5);
    assert_string_equal(r.argv[1], "one");
    assert_string_equal(r.argv[2], "two");
    assert_string_equal(r.argv[3], "-");
    assert_string_equal(r.argv[4], "--three");
}

static void nothing_given(void **state)
{
    (void)state;
    char line[] = "";
    struct run r = read_line(line, 0);
    assert_true(r.go_on);
    assert_null(r.values.data);
    assert_false(r.values.embedded);
    assert_int_equal(r.argc, 1);
}

static void wrong_lines_end_with_1(void **state)
{
    (void)state;
    static const char *const lines[] = {"--dat /d",   "--data",         "--threads", "--threads x", "--threads -1", "--threads 99999999999",
                                        "--threads=", "--embedded=yes", "-d",        "operand",     "--=",          "--threads 4x",
                                        "--embeddedd"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char line[64];
        strcpy(line, lines[i]);
        struct run r = read_line(line, 0);
        assert_false(r.go_on);
        assert_int_equal(r.exit_code, 1);
    }
}

static void the_last_one_counts(void **state)
{
    (void)state;
    char line[] = "--threads 1 --threads 2 --data= --data=x=y";
    struct run r = read_line(line, 0);
    assert_true(r.go_on);
    assert_int_equal(r.values.threads, 2);
    assert_string_equal(r.values.data, "x=y");
}

static void help_lists_every_option(void **state)
{
    (void)state;
    const struct option_spec specs[] = {{"data", "DIR", "the directory", OPTION_TEXT, NULL}, {"flag", NULL, "a flag", OPTION_FLAG, NULL}};
    const struct command_spec command = {"test", "[options] FILE", "Tests.", specs, 2, -1};
    struct buf out;
    buf_init(&out, 4096);
    options_help(&command, &out);
    assert_non_null(strstr(out.data, "usage: tero-control-plane test [options] FILE\n"));
    assert_non_null(strstr(out.data, "  --data DIR              the directory\n"));
    assert_non_null(strstr(out.data, "  --flag                  a flag\n"));
    assert_non_null(strstr(out.data, "  --help                  this text\n"));
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_forms),           cmocka_unit_test(nothing_given),           cmocka_unit_test(wrong_lines_end_with_1),
        cmocka_unit_test(the_last_one_counts), cmocka_unit_test(help_lists_every_option),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
