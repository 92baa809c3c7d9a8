/* Starting the control plane: a script stands in for the program, so what is tested is when and how it is started. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api-client/api.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/die.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/tero-embedded-XXXXXX";

static char *path_of(const char *name) { return xasprintf("%s/%s", folder, name); }

static void read_file(const char *name, struct buf *out)
{
    char chunk[4096], *path = path_of(name);
    ssize_t n;
    int fd = open(path, O_RDONLY);
    buf_init(out, 1 << 20);
    while (fd >= 0 && (n = read(fd, chunk, sizeof chunk)) > 0) buf_add(out, chunk, (size_t)n);
    if (fd >= 0) close(fd);
    free(path);
}

static unsigned starts(void)
{
    struct buf text;
    unsigned n = 0;
    read_file("starts", &text);
    for (size_t i = 0; i < text.len; i++) n += text.data[i] == '\n';
    buf_free(&text);
    return n;
}

static void wait_for_starts(unsigned wanted)
{
    int64_t deadline = clock_monotonic() + 20 * NS_PER_SECOND;
    while (starts() < wanted && clock_monotonic() < deadline) poll(NULL, 0, 2);
    assert_true(starts() >= wanted);
}

static int begin(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    char *program = path_of("tero-control-plane");
    FILE *script = fopen(program, "w");
    assert_non_null(script);
    fprintf(script,
            "#!/bin/sh\nread -r _ _ _ _ _ session _ </proc/$$/stat\necho \"$*\" $session $$ >>%s/starts\nls /proc/$$/fd | tr '\\n' ' ' "
            ">%s/descriptors\n"
            "printf 'first\\nno \\033[31mway\\n' >&2\nexit 1\n",
            folder, folder);
    fclose(script);
    assert_int_equal(chmod(program, 0755), 0);
    char *path = xasprintf("%s:%s", folder, getenv("PATH"));
    setenv("PATH", path, 1);
    free(path);
    free(program);
    return 0;
}

static int end(void **state)
{
    (void)state;
    char *command = xasprintf("rm -rf %s", folder);
    int wrong = system(command);
    free(command);
    return wrong;
}

static void directory_comes_from_the_environment(void **state)
{
    (void)state;
    static const struct {
        const char *own, *data, *home, *expected;
    } cases[] = {
        {"/x", "/data", "/home/a", "/x"},
        {"", "/data", "/home/a", "/data/tero"},
        {NULL, "relative", "/home/a", "/home/a/.local/share/tero"},
        {NULL, NULL, "/home/a", "/home/a/.local/share/tero"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (cases[i].own) setenv("TERO_DATA", cases[i].own, 1);
        else unsetenv("TERO_DATA");
        if (cases[i].data) setenv("XDG_DATA_HOME", cases[i].data, 1);
        else unsetenv("XDG_DATA_HOME");
        setenv("HOME", cases[i].home, 1);
        char *directory = embedded_directory();
        assert_string_equal(directory, cases[i].expected);
        free(directory);
    }
}

static void starts_with_a_lock_and_gives_up_in_the_end(void **state)
{
    (void)state;
    char *directory = path_of("deep/data"), *problem = NULL, *lock = path_of("deep/data/consoles");
    int leak = fcntl(STDIN_FILENO, F_DUPFD, 77);
    assert_true(embedded_start(directory, &problem));
    struct stat st;
    assert_int_equal(stat(directory, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    int fd = open(lock, O_RDWR);
    assert_true(fd >= 0);
    assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), -1);
    assert_int_equal(flock(fd, LOCK_SH | LOCK_NB), 0);
    close(fd);

    wait_for_starts(1);
    struct buf text;
    read_file("starts", &text);
    char *expected = xasprintf("serve --embedded --data %s ", directory);
    assert_int_equal(strncmp(text.data, expected, strlen(expected)), 0);
    long session = 0, pid = 1;
    assert_int_equal(sscanf(text.data + strlen(expected), "%ld %ld", &session, &pid), 2);
    assert_int_equal(session, pid);
    free(expected);
    buf_free(&text);

    int64_t deadline = clock_monotonic() + 20 * NS_PER_SECOND;
    while (embedded_tend(&problem) && clock_monotonic() < deadline) poll(NULL, 0, 5);
    assert_non_null(problem);
    assert_string_equal(problem, "the control plane does not start: no \xEF\xBF\xBD[31mway");
    assert_int_equal(starts(), 5);
    char leaked[16];
    snprintf(leaked, sizeof leaked, " %d ", leak);
    read_file("descriptors", &text);
    assert_non_null(strstr(text.data, " 2 "));
    assert_null(strstr(text.data, leaked));
    buf_free(&text);
    close(leak);
    free(problem);
    free(directory);
    free(lock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(directory_comes_from_the_environment),
        cmocka_unit_test(starts_with_a_lock_and_gives_up_in_the_end),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
