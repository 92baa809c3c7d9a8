/* The session file: kept per place, bounded, the oldest place goes, a broken file is named with its line; objects as YAML and JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/die.h"
#include "screens/object_text.h"
#include "screens/resume.h"
#include "screens/state_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[] = "/tmp/tero-resume-XXXXXX";

static int setup(void **state)
{
    (void)state;
    return mkdtemp(directory) && setenv("XDG_STATE_HOME", directory, 1) == 0 ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    const char *const names[] = {"/tero/session", "/tero/session.lock", "/tero", ""};
    for (int i = 0; i < 4; i++) {
        char *path = xasprintf("%s%s", directory, names[i]);
        (void)remove(path);
        free(path);
    }
    return 0;
}

static void write_place(const char *name, const char *state, const char *row)
{
    struct resume_place p = {.name = xstrdup(name), .tab = 4};
    resume_set(&p, "events", state, row);
    assert_true(resume_write(&p));
    resume_place_free(&p);
}

static void a_place_is_found_again(void **state)
{
    (void)state;
    const char *problem;
    struct stat st;
    write_place("local /a", "events order:-cost,name", "id-1");
    write_place("prod https://b", "events severity:error", "");
    struct resume_place p = resume_read("local /a", &problem);
    assert_null(problem);
    assert_int_equal(p.tab, 4);
    assert_string_equal(resume_list(&p, "events")->state, "events order:-cost,name");
    assert_string_equal(resume_list(&p, "events")->row, "id-1");
    assert_null(resume_list(&p, "issues"));
    resume_place_free(&p);
    p = resume_read("prod https://b", &problem);
    assert_null(resume_list(&p, "events")->row);
    resume_place_free(&p);
    p = resume_read("prod https://c", &problem);
    assert_true(p.tab == -1 && !resume_list(&p, "events") && !problem);
    resume_place_free(&p);
    char *path = state_file_path("session");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    free(path);
}

static void the_oldest_place_goes(void **state)
{
    (void)state;
    const char *problem;
    char name[40];
    for (int i = 0; i < RESUME_PLACES + 3; i++) {
        snprintf(name, sizeof name, "place %d", i);
        write_place(name, "events", NULL);
    }
    struct resume_place p = resume_read("place 2", &problem);
    assert_int_equal(p.tab, -1);
    resume_place_free(&p);
    p = resume_read("place 3", &problem);
    assert_int_equal(p.tab, 4);
    resume_place_free(&p);
}

static void a_broken_file_is_named_and_replaced(void **state)
{
    (void)state;
    const char *problem;
    static const struct {
        const char *text, *problem;
    } cases[] = {
        {"{}\n", "line 1 "},
        {"tero session 1\ntab home\n", "line 2 "},
        {"tero session 1\nplace a\ntab nowhere\n", "line 3 "},
        {"tero session 1\nplace a\nrow events x\n", "line 3 "},
        {"tero session 1\nplace a\nlist events\nlist events\n", "line 4 "},
        {"tero session 1\nplace a\nlist \x1b[31m\n", "line 3 "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf text;
        buf_init(&text, 1000);
        buf_str(&text, cases[i].text);
        assert_true(state_file_write("session", &text));
        buf_free(&text);
        struct resume_place p = resume_read("a", &problem);
        assert_non_null(problem);
        assert_memory_equal(problem, cases[i].problem, strlen(cases[i].problem));
        assert_int_equal(p.tab, -1);
        resume_place_free(&p);
    }
    write_place("a", "events", NULL);
    struct resume_place p = resume_read("a", &problem);
    assert_null(problem);
    resume_place_free(&p);
}

static void without_a_home_nothing_is_kept(void **state)
{
    (void)state;
    char *home = getenv("HOME") ? xstrdup(getenv("HOME")) : NULL;
    unsetenv("XDG_STATE_HOME");
    unsetenv("HOME");
    struct resume_place p = {.name = xstrdup("a"), .tab = 0};
    bool written = resume_write(&p);
    if (home) setenv("HOME", home, 1);
    setenv("XDG_STATE_HOME", directory, 1);
    assert_false(written);
    resume_place_free(&p);
    free(home);
}

static void objects(void **state)
{
    (void)state;
    static const char source[] =
        "{\"id\": \"a\", \"no\": 1, \"none\": null, \"empty\": {}, \"list\": [1, 2], \"rows\": [{\"x\": \"\\u001b[0m\", "
        "\"in\": {\"y\": true}}, {}, [[1]]], \"o\": {\"k k\": 1.5}}";
    static const char yaml[] =
        "id: \"a\"\n\"no\": 1\nnone: null\nempty: {}\nlist: [1, 2]\nrows:\n  - x: \"\\u001b[0m\"\n    in:\n      \"y\": true\n"
        "  - {}\n  - [\n     [1]\n    ]\no:\n  \"k k\": 1.5\n";
    json_t *v = json_loads(source, 0, NULL), *back;
    struct buf out;
    buf_init(&out, 4000);
    object_yaml(&out, v, 0);
    assert_string_equal(out.data, yaml);
    buf_clear(&out);
    object_json(&out, v, 1);
    back = json_loads(out.data, 0, NULL);
    assert_true(json_equal(v, back));
    assert_null(strchr(out.data, 27));
    json_decref(back);
    json_decref(v);
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_is_found_again),
        cmocka_unit_test(the_oldest_place_goes),
        cmocka_unit_test(a_broken_file_is_named_and_replaced),
        cmocka_unit_test(without_a_home_nothing_is_kept),
        cmocka_unit_test(objects),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
