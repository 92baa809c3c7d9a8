/* Watching files: what is told, how often, and that a descriptor stays silent otherwise. */
#include "base/watch.h"

#include "base/die.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct bench {
    char directory[64], path[96], other[96];
    struct watch *watch;
    int told;
};

static void changed(void *context, const char *path)
{
    struct bench *b = context;
    assert_string_equal(path, b->path);
    b->told++;
}

static int setup(void **state)
{
    struct bench *b = xcalloc(1, sizeof *b);
    snprintf(b->directory, sizeof b->directory, "/tmp/tero-watch-XXXXXX");
    assert_non_null(mkdtemp(b->directory));
    snprintf(b->path, sizeof b->path, "%s/a.theme", b->directory);
    snprintf(b->other, sizeof b->other, "%s/other", b->directory);
    b->watch = watch_new();
    *state = b;
    return 0;
}

static int teardown(void **state)
{
    struct bench *b = *state;
    watch_free(b->watch);
    unlink(b->path);
    unlink(b->other);
    rmdir(b->directory);
    free(b);
    return 0;
}

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

/* inotify tells before the call that caused it returns: no need to wait. */
static int told(struct bench *b)
{
    b->told = 0;
    watch_read(b->watch);
    struct pollfd silent = {.fd = watch_fd(b->watch), .events = POLLIN};
    assert_int_equal(poll(&silent, 1, 0), 0);
    return b->told;
}

static void test_written(void **state)
{
    struct bench *b = *state;
    assert_true(watch_file(b->watch, b->path, changed, b));
    assert_int_equal(told(b), 0);
    write_file(b->path, "one");
    assert_int_equal(told(b), 1);
    for (int i = 0; i < 5; i++) write_file(b->path, "many");
    assert_int_equal(told(b), 1);
    assert_int_equal(told(b), 0);
}

static void test_replaced_and_removed(void **state)
{
    struct bench *b = *state;
    assert_true(watch_file(b->watch, b->path, changed, b));
    write_file(b->other, "new");
    assert_int_equal(told(b), 0);
    assert_int_equal(rename(b->other, b->path), 0);
    assert_int_equal(told(b), 1);
    unlink(b->path);
    assert_int_equal(told(b), 1);
}

static void test_only_created_is_not_told(void **state)
{
    struct bench *b = *state;
    assert_true(watch_file(b->watch, b->path, changed, b));
    int fd = open(b->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(told(b), 0);
    assert_int_equal(write(fd, "x", 1), 1);
    close(fd);
    assert_int_equal(told(b), 1);
}

static void test_link(void **state)
{
    struct bench *b = *state;
    char elsewhere[] = "/tmp/tero-watched-XXXXXX", target[96];
    assert_non_null(mkdtemp(elsewhere));
    snprintf(target, sizeof target, "%s/real", elsewhere);
    write_file(target, "one");
    assert_int_equal(symlink(target, b->path), 0);
    assert_true(watch_file(b->watch, b->path, changed, b));
    write_file(target, "two");
    assert_int_equal(told(b), 1);
    unlink(b->path);
    assert_int_equal(told(b), 1);
    assert_int_equal(symlink(target, b->path), 0);
    assert_int_equal(told(b), 1);
    unlink(target);
    rmdir(elsewhere);
}

static void test_forgotten(void **state)
{
    struct bench *b = *state;
    assert_true(watch_file(b->watch, b->path, changed, b));
    watch_forget(b->watch, b->path, b);
    write_file(b->path, "one");
    assert_int_equal(told(b), 0);
    assert_true(watch_file(b->watch, b->path, changed, b));
    write_file(b->path, "two");
    assert_int_equal(told(b), 1);
}

static void test_no_directory(void **state)
{
    struct bench *b = *state;
    assert_false(watch_file(b->watch, "/nowhere/at/all/a.theme", changed, b));
    assert_int_equal(told(b), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_written),   TEST(test_replaced_and_removed), TEST(test_only_created_is_not_told), TEST(test_link),
        TEST(test_forgotten), TEST(test_no_directory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
