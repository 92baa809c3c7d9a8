#include "screens/editor.h"

#include "base/buf.h"
#include "base/die.h"
#include "tui/term.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARGUMENTS_MAX = 16 };

static const char *command(void)
{
    const char *names[] = {getenv("VISUAL"), getenv("EDITOR")};
    for (size_t i = 0; i < 2; i++)
        if (names[i] && names[i][strspn(names[i], " ")]) return names[i];
    return NULL;
}

static bool write_all(int fd, const char *text, size_t len)
{
    while (len) {
        ssize_t n = write(fd, text, len);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        text += n;
        len -= (size_t)n;
    }
    return true;
}

static int make_file(char *path, size_t size, const char *suffix, const char *text)
{
    const char *directory = getenv("TMPDIR");
    snprintf(path, size, "%s/tero-XXXXXX%s", directory && *directory ? directory : "/tmp", suffix);
    int fd = mkstemps(path, (int)strlen(suffix));
    if (fd < 0) return -1;
    bool good = write_all(fd, text, strlen(text));
    if (close(fd) == 0 && good) return 0;
    unlink(path);
    return -1;
}

static char *read_file(const char *path)
{
    struct buf text;
    char bytes[8192];
    size_t n;
    FILE *in = fopen(path, "re");
    buf_init(&text, EDITOR_TEXT_MAX);
    while (in && (n = fread(bytes, 1, sizeof bytes, in)) > 0) buf_add(&text, bytes, n);
    bool good = in && !ferror(in) && !text.full;
    if (in) fclose(in);
    if (good) return text.data ? text.data : xstrdup("");
    buf_free(&text);
    return NULL;
}

static int spawn(pid_t *pid, const char *const argv[])
{
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int error = posix_spawnp(pid, argv[0], NULL, &attributes, (char **)(uintptr_t)argv, environ);
    posix_spawnattr_destroy(&attributes);
    return error;
}

/* "code -w": split at blanks. */
static int spawn_command(pid_t *pid, const char *line, const char *path)
{
    char *copy = xstrdup(line), *rest = NULL;
    const char *argv[ARGUMENTS_MAX + 2];
    size_t n = 0;
    for (char *word = strtok_r(copy, " \t", &rest); word && n < ARGUMENTS_MAX; word = strtok_r(NULL, " \t", &rest)) argv[n++] = word;
    argv[n++] = path;
    argv[n] = NULL;
    int error = spawn(pid, argv);
    free(copy);
    return error;
}

static int start(pid_t *pid, const char *path)
{
    static const char *const fallback[] = {"editor", "nano", "vi"};
    int error = ENOENT;
    if (command()) return spawn_command(pid, command(), path);
    for (size_t i = 0; i < 3 && error == ENOENT; i++) error = spawn_command(pid, fallback[i], path);
    return error;
}

/* Where the child is stopped, it is continued: there is no shell here to come back to. */
static int wait_for(pid_t pid)
{
    int status = 0;
    while (waitpid(pid, &status, WUNTRACED) < 0 || WIFSTOPPED(status)) {
        if (WIFSTOPPED(status)) kill(pid, SIGCONT);
        else if (errno != EINTR) return -1;
    }
    return status;
}

static const char *run(const char *path)
{
    pid_t pid;
    term_leave();
    int error = start(&pid, path), status = error ? 0 : wait_for(pid);
    term_return();
    if (error == ENOENT) return command() ? "the editor that $VISUAL or $EDITOR names is not there" : "no editor is there: set $EDITOR";
    if (error) return strerror(error);
    return status == 0 ? NULL : "the editor failed: nothing was changed";
}

char *editor_run(const char *text, const char *suffix, const char **problem)
{
    char path[256];
    if (make_file(path, sizeof path, suffix, text) != 0) {
        *problem = strerror(errno);
        return NULL;
    }
    *problem = run(path);
    char *edited = *problem ? NULL : read_file(path);
    if (!edited && !*problem) *problem = "the edited file could not be read";
    unlink(path);
    return edited;
}
