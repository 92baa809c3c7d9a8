#include "base/buf.h"
#include "base/die.h"
#include "control-plane/ingest/source.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static const char fields[] = "--output-fields=MESSAGE,PRIORITY,SYSLOG_IDENTIFIER,_SYSTEMD_UNIT,_SYSTEMD_USER_UNIT,_COMM,"
                             "MESSAGE_ID,CODE_FUNC,UNIT,JOB_TYPE,JOB_RESULT";
static char *const arguments[] = {"journalctl", "--output=json", "--all", "--no-pager", (char *)fields, NULL};
enum { ARGUMENTS = sizeof arguments / sizeof arguments[0] };

/* The child gets an empty signal mask; it ends by the terminal's ^C or by the kill below. */
static int start(bool follow, int out, int messages, pid_t *pid)
{
    char *list[ARGUMENTS + 2];
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    size_t n = ARGUMENTS - 1;
    memcpy(list, arguments, sizeof arguments);
    if (follow) {
        list[n++] = "--follow";
        list[n++] = "--no-tail";
    }
    list[n] = NULL;
    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, messages, STDERR_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    int error = posix_spawnp(pid, list[0], &actions, &attributes, list, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* The first line of what journalctl said. */
static char *complaint(int messages, int status)
{
    char text[300];
    ssize_t n = pread(messages, text, sizeof text - 1, 0);
    if (n < 0) n = 0;
    text[n] = '\0';
    text[strcspn(text, "\n")] = '\0';
    if (text[0]) return xasprintf("journal: %s", text);
    if (status == 0) return xstrdup("journal: it is empty, or this user may not read it");
    return WIFEXITED(status) ? xasprintf("journal: journalctl ended with %d", WEXITSTATUS(status))
                             : xstrdup("journal: journalctl was killed");
}

static bool read_pipe(int fd, const struct source_sink *sink, uint64_t *bytes, char **problem)
{
    enum { CHUNK = 256 * 1024, REST_MS = 250 };
    char *chunk = xmalloc(CHUNK);
    bool ok = true, rest = false;
    while (ok && !sink->interrupted(sink->context)) {
        if (!source_wait(fd, rest ? REST_MS : -1)) {
            if (!sink->interrupted(sink->context)) rest = sink->idle(sink->context);
            continue;
        }
        ssize_t n = read(fd, chunk, CHUNK);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) *problem = xasprintf("journal: %s", strerror(errno));
        if (n <= 0) {
            ok = n == 0;
            break;
        }
        *bytes += (uint64_t)n;
        ok = sink->chunk(sink->context, slice_of(chunk, (size_t)n));
        sink->position(sink->context, *bytes);
        rest = true;
    }
    free(chunk);
    return ok;
}

bool source_journal(bool follow, const struct source_sink *sink, char **problem)
{
    int ends[2], status = 0;
    pid_t pid;
    uint64_t bytes = 0;
    *problem = NULL;
    int messages = memfd_create("journalctl", MFD_CLOEXEC);
    if (messages < 0 || pipe2(ends, O_CLOEXEC) != 0) {
        *problem = xasprintf("journal: %s", strerror(errno));
        if (messages >= 0) close(messages);
        return false;
    }
    int error = start(follow, ends[1], messages, &pid);
    close(ends[1]);
    bool ok = error == 0;
    if (error) {
        *problem = error == ENOENT ? xstrdup("journal: there is no journalctl on this machine") : xasprintf("journal: %s", strerror(error));
    } else {
        ok = read_pipe(ends[0], sink, &bytes, problem);
        bool stopped = !ok || sink->interrupted(sink->context);
        if (stopped) kill(pid, SIGTERM);
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
        if (!stopped && (status != 0 || !bytes)) {
            *problem = complaint(messages, status);
            ok = false;
        }
    }
    close(ends[0]);
    close(messages);
    return ok;
}
