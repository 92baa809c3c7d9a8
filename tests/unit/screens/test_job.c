/* Reading logs in the background: progress lines, and real child processes made of shell scripts. */
#include "screens/job.h"
#include "screens/sources.h"

#include "base/die.h"

#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static char directory[] = "/tmp/tero-test-XXXXXX";

static void write_file(const char *name, const void *bytes, size_t size, mode_t mode)
{
    char *path = xasprintf("%s/%s", directory, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), (ssize_t)size);
    assert_int_equal(close(fd), 0);
    assert_int_equal(chmod(path, mode), 0);
    free(path);
}

static void write_program(const char *script)
{
    write_file("tero-control-plane", script, strlen(script), 0755);
    char *path = xasprintf("%s:/usr/bin:/bin", directory);
    assert_int_equal(setenv("PATH", path, 1), 0);
    free(path);
}

/* Waits for output and the end, at most ten seconds. */
static bool run_to_end(struct job *j)
{
    struct timespec pause = {0, 2000000};
    for (int i = 0; i < 5000; i++) {
        struct pollfd p = {.fd = j->out, .events = POLLIN};
        if (j->out >= 0 && poll(&p, 1, 2) > 0) job_read(j);
        if (j->out < 0 && job_end(j)) return true;
        if (j->out < 0) nanosleep(&pause, NULL);
    }
    return false;
}

static void reads_progress_lines(void **state)
{
    struct job_progress p = {.fraction = NAN};
    (void)state;
    assert_true(job_parse(&p, SLICE("{\"records\":12,\"bytes\":3400,\"patterns\":5,\"rejected\":1,\"fraction\":0.42,\"done\":false}")));
    assert_int_equal(p.records, 12);
    assert_int_equal(p.bytes, 3400);
    assert_int_equal(p.patterns, 5);
    assert_int_equal(p.rejected, 1);
    assert_true(p.fraction > 0.41 && p.fraction < 0.43);
    assert_true(job_parse(&p, SLICE("{\"fraction\":null,\"more\":[1,{\"x\":2}],\"records\":13}")));
    assert_true(isnan(p.fraction));
    assert_int_equal(p.records, 13);
}

static void ignores_what_is_no_progress(void **state)
{
    struct job_progress p = {.records = 7};
    (void)state;
    assert_false(job_parse(&p, SLICE("reading /var/log/syslog")));
    assert_false(job_parse(&p, SLICE("{\"records\":8")));
    assert_false(job_parse(&p, SLICE("")));
    assert_int_equal(p.records, 7);
}

static void follows_a_process(void **state)
{
    struct job j = {0};
    const char *problem, *arguments[] = {"ingest", "--progress", "a file", NULL};
    (void)state;
    write_program("#!/bin/sh\n[ \"$1 $2 $3\" = 'ingest --progress a file' ] || exit 9\n"
                  "echo '{\"records\":1,\"fraction\":0.5}'\nprintf '{\"records\":'\necho '2,\"fraction\":1}'\n");
    assert_true(job_start(&j, arguments, &problem));
    assert_true(run_to_end(&j));
    assert_true(WIFEXITED(j.status));
    assert_int_equal(WEXITSTATUS(j.status), 0);
    assert_int_equal(j.progress.records, 2);
    job_free(&j);
}

static void tells_why_it_failed(void **state)
{
    struct job j = {0};
    const char *problem, *arguments[] = {"ingest", NULL};
    (void)state;
    write_program("#!/bin/sh\necho 'first line' >&2\nprintf 'no such file\\033[31m\\n' >&2\nexit 1\n");
    assert_true(job_start(&j, arguments, &problem));
    assert_true(run_to_end(&j));
    assert_int_equal(WEXITSTATUS(j.status), 1);
    char *error = job_error(&j);
    assert_non_null(strstr(error, "no such file"));
    assert_null(strstr(error, "first line"));
    assert_null(strchr(error, '\033'));
    free(error);
    job_free(&j);
}

static void stops_when_asked(void **state)
{
    struct job j = {0};
    const char *problem, *arguments[] = {"ingest", NULL};
    (void)state;
    write_program("#!/bin/sh\necho '{\"records\":1}'\nexec sleep 60\n");
    assert_true(job_start(&j, arguments, &problem));
    struct pollfd p = {.fd = j.out, .events = POLLIN};
    assert_int_equal(poll(&p, 1, 10000), 1);
    assert_true(job_read(&j));
    assert_false(job_end(&j));
    job_stop(&j);
    assert_true(run_to_end(&j));
    assert_true(WIFSIGNALED(j.status));
    assert_int_equal(j.progress.records, 1);
    job_free(&j);
}

static void says_that_the_program_is_missing(void **state)
{
    struct job j = {0};
    const char *problem = NULL, *arguments[] = {"ingest", NULL};
    (void)state;
    assert_int_equal(setenv("PATH", "/nonexistent", 1), 0);
    assert_false(job_start(&j, arguments, &problem));
    assert_non_null(strstr(problem, "tero-control-plane"));
    job_free(&j);
}

static const struct source *find(const struct sources *s, const char *name)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->list[i].path && strstr(s->list[i].path, name)) return &s->list[i];
    return NULL;
}

static void finds_readable_text(void **state)
{
    struct sources s;
    char *sub = xasprintf("%s/sub", directory);
    (void)state;
    mkdir(sub, 0700);
    free(sub);
    write_file("small.log", "one\n", 4, 0600);
    write_file("large.log", "one two three\n", 14, 0600);
    write_file("empty.log", "", 0, 0600);
    write_file("binary.db", "a\0b", 3, 0600);
    write_file("packed.gz", "\x1f\x8b\x08 x", 5, 0600);
    write_file(".hidden", "x\n", 2, 0600);
    write_file("sub/deep.log", "two\n", 4, 0600);
    assert_int_equal(setenv("PATH", "/nonexistent", 1), 0);
    sources_find(&s, directory);
    assert_non_null(find(&s, "small.log"));
    assert_non_null(find(&s, "deep.log"));
    assert_null(find(&s, "empty.log"));
    assert_null(find(&s, "binary.db"));
    assert_null(find(&s, "packed.gz"));
    assert_null(find(&s, ".hidden"));
    assert_true(find(&s, "large.log") < find(&s, "small.log"));
    for (size_t i = 0; i < s.count; i++) assert_non_null(s.list[i].path);
    sources_free(&s);
}

static void adds_a_file_by_its_path(void **state)
{
    struct sources s = {0};
    const char *problem = NULL;
    char *path = xasprintf("%s/small.log", directory);
    (void)state;
    write_file("small.log", "one\n", 4, 0600);
    assert_true(sources_add(&s, path, &problem));
    assert_int_equal(s.count, 1);
    assert_int_equal(s.list[0].bytes, 4);
    assert_false(sources_add(&s, path, &problem));
    assert_false(sources_add(&s, directory, &problem));
    assert_string_equal(problem, "it is a directory");
    assert_false(sources_add(&s, "/nonexistent/x", &problem));
    assert_int_equal(s.count, 1);
    sources_free(&s);
    free(path);
}

static void completes_paths(void **state)
{
    char *word = xasprintf("%s/sm", directory), *found, *folder = xasprintf("%s/su", directory);
    (void)state;
    write_file("small.log", "one\n", 4, 0600);
    found = sources_complete(word, 0);
    assert_non_null(found);
    assert_string_equal(found + strlen(directory), "/small.log");
    free(found);
    assert_null(sources_complete(word, 1));
    found = sources_complete(folder, 0);
    assert_string_equal(found + strlen(directory), "/sub/");
    free(found);
    assert_null(sources_complete("/nonexistent/a", 0));
    free(word);
    free(folder);
}

static int open_directory(void **state)
{
    (void)state;
    return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **state)
{
    static const char *const names[] = {"tero-control-plane", "small.log", "large.log", "empty.log",
                                        "binary.db",          "packed.gz", ".hidden",   "sub/deep.log"};
    char *sub = xasprintf("%s/sub", directory);
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *path = xasprintf("%s/%s", directory, names[i]);
        unlink(path);
        free(path);
    }
    rmdir(sub);
    free(sub);
    return rmdir(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_progress_lines), cmocka_unit_test(ignores_what_is_no_progress),
        cmocka_unit_test(follows_a_process),    cmocka_unit_test(tells_why_it_failed),
        cmocka_unit_test(stops_when_asked),     cmocka_unit_test(says_that_the_program_is_missing),
        cmocka_unit_test(finds_readable_text),  cmocka_unit_test(adds_a_file_by_its_path),
        cmocka_unit_test(completes_paths),
    };
    return cmocka_run_group_tests_name("job", tests, open_directory, remove_directory);
}
