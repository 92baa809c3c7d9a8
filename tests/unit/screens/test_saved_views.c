/* Saved views: kept, replaced, deleted; bounded; several writers at once lose nothing; a broken file is left alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/die.h"
#include "screens/saved_views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char directory[] = "/tmp/tero-views-XXXXXX";

static int setup(void **state)
{
    (void)state;
    return mkdtemp(directory) && setenv("XDG_STATE_HOME", directory, 1) == 0 ? 0 : -1;
}

static char *file(const char *name) { return xasprintf("%s/tero/%s", directory, name); }

static int teardown(void **state)
{
    (void)state;
    const char *const names[] = {"views", "views.lock", ""};
    for (int i = 0; i < 3; i++) {
        char *path = file(names[i]);
        (void)remove(path);
        free(path);
    }
    return rmdir(directory);
}

static void kept_replaced_deleted(void **state)
{
    (void)state;
    const char *problem;
    struct stat st;
    assert_true(saved_views_put("noisy", "events severity:debug order:-cost", &problem));
    assert_true(saved_views_put("noisy", "events severity:info", &problem));
    struct saved_views v = saved_views_read();
    assert_int_equal(v.count, 1);
    assert_string_equal(saved_views_find(&v, "noisy"), "events severity:info");
    saved_views_free(&v);
    char *path = file("views");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    free(path);
    assert_false(saved_views_put("other", NULL, &problem));
    assert_true(saved_views_put("noisy", NULL, &problem));
    assert_false(saved_views_put("no blank", "events", &problem));
    v = saved_views_read();
    assert_int_equal(v.count + v.broken, 0);
    saved_views_free(&v);
}

static void writers_at_once_lose_nothing(void **state)
{
    (void)state;
    enum { WRITERS = 4, EACH = 10 };
    for (int w = 0; w < WRITERS; w++) {
        if (fork() != 0) continue;
        const char *problem;
        char name[40];
        for (int i = 0; i < EACH; i++) {
            snprintf(name, sizeof name, "w%d-%d", w, i);
            if (!saved_views_put(name, "services", &problem)) _exit(1);
        }
        _exit(0);
    }
    for (int w = 0, status; w < WRITERS; w++) {
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    struct saved_views v = saved_views_read();
    assert_int_equal(v.count, WRITERS * EACH);
    saved_views_free(&v);
}

static void a_broken_file_is_left_alone(void **state)
{
    (void)state;
    const char *problem;
    char *path = file("views");
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs("good\tevents\nbad\tevents order:nothing\nno tab\n", out);
    fclose(out);
    struct saved_views v = saved_views_read();
    assert_int_equal(v.count, 1);
    assert_int_equal(v.broken, 2);
    saved_views_free(&v);
    assert_false(saved_views_put("new", "events", &problem));
    assert_non_null(strstr(problem, "left as it is"));
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kept_replaced_deleted),
        cmocka_unit_test(writers_at_once_lose_nothing),
        cmocka_unit_test(a_broken_file_is_left_alone),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
