#include "screens/job.h"

#include "base/die.h"
#include "base/json_read.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 4096, ARGUMENTS_MAX = 256 };

/* ---- progress lines ---- */

static void take_number(struct job_progress *p, struct slice key, const struct json_reader *r)
{
    int64_t n;
    if (slice_is(key, "fraction")) p->fraction = json_double(r);
    if (!json_int(r, &n)) return;
    if (slice_is(key, "records")) p->records = n;
    if (slice_is(key, "bytes")) p->bytes = n;
    if (slice_is(key, "patterns")) p->patterns = n;
    if (slice_is(key, "rejected")) p->rejected = n;
}

bool job_parse(struct job_progress *p, struct slice line)
{
    struct json_reader r;
    struct job_progress read = *p;
    json_begin(&r, line);
    if (json_next(&r) != JSON_OBJECT) return false;
    while (json_next(&r) == JSON_KEY) {
        struct slice key = r.text;
        if (json_next(&r) == JSON_NUMBER) take_number(&read, key, &r);
        else if (r.token == JSON_NULL && slice_is(key, "fraction")) read.fraction = NAN;
        else if (!json_skip(&r)) return false;
    }
    if (r.token != JSON_OBJECT_END) return false;
    *p = read;
    return true;
}

static void take_lines(struct job *j)
{
    size_t at = 0;
    const char *end;
    if (!j->line.data) return;
    while ((end = memchr(j->line.data + at, '\n', j->line.len - at))) {
        size_t next = (size_t)(end + 1 - j->line.data);
        job_parse(&j->progress, slice_of(j->line.data + at, next - 1 - at));
        at = next;
    }
    memmove(j->line.data, j->line.data + at, j->line.len - at);
    buf_cut(&j->line, j->line.len - at);
}

bool job_read(struct job *j)
{
    char bytes[4096];
    for (;;) {
        ssize_t n = read(j->out, bytes, sizeof bytes);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) return true;
        if (n <= 0) break;
        buf_add(&j->line, bytes, (size_t)n);
        if (j->line.full) buf_clear(&j->line);
        take_lines(j);
    }
    close(j->out);
    j->out = -1;
    return false;
}

/* ---- the process ---- */

/* Beside this program, else as the search path finds it. */
static char *program(void)
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n > 0) {
        self[n] = '\0';
        char *slash = strrchr(self, '/');
        char *beside = xasprintf("%.*s/tero-control-plane", (int)(slash ? slash - self : 0), self);
        if (access(beside, X_OK) == 0) return beside;
        free(beside);
    }
    return xstrdup("tero-control-plane");
}

static void reset_signals(posix_spawnattr_t *attributes)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &all);
    posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

static int spawn(struct job *j, int out, const char *const arguments[])
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    const char *argv[ARGUMENTS_MAX + 2] = {"tero-control-plane"};
    char *file = program();
    for (size_t i = 0; i < ARGUMENTS_MAX && arguments[i]; i++) argv[i + 1] = arguments[i];
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, out, 1);
    posix_spawn_file_actions_adddup2(&files, j->errors, 2);
    posix_spawnattr_init(&attributes);
    reset_signals(&attributes);
    int error = posix_spawnp(&j->pid, file, &files, &attributes, (char **)(uintptr_t)argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    free(file);
    return error;
}

bool job_start(struct job *j, const char *const arguments[], const char **problem)
{
    int ends[2];
    job_free(j);
    buf_init(&j->line, LINE_MAX_BYTES);
    j->progress.fraction = NAN;
    j->errors = memfd_create("ingest-errors", MFD_CLOEXEC);
    *problem = strerror(errno);
    if (j->errors < 0 || pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return false;
    fcntl(ends[1], F_SETFL, 0);
    int error = spawn(j, ends[1], arguments);
    close(ends[1]);
    j->out = ends[0];
    if (error == 0) return true;
    *problem = error == ENOENT ? "tero-control-plane is neither beside this program nor on the search path" : strerror(error);
    j->pid = 0;
    close(j->out);
    j->out = -1;
    return false;
}

bool job_end(struct job *j)
{
    if (j->pid == 0) return true;
    if (waitpid(j->pid, &j->status, WNOHANG) == 0) return false;
    j->pid = 0;
    return true;
}

void job_stop(struct job *j)
{
    if (j->pid > 0) kill(j->pid, SIGTERM);
}

char *job_error(const struct job *j)
{
    char bytes[1024];
    off_t size = lseek(j->errors, 0, SEEK_END), from = size > (off_t)sizeof bytes ? size - (off_t)sizeof bytes : 0;
    ssize_t n = pread(j->errors, bytes, sizeof bytes, from);
    while (n > 0 && bytes[n - 1] == '\n') n--;
    if (n <= 0) return xstrdup("");
    const char *start = memrchr(bytes, '\n', (size_t)n);
    start = start ? start + 1 : bytes;
    struct buf clean;
    buf_init(&clean, 4096);
    utf8_clean(&clean, slice_of(start, (size_t)(bytes + n - start)));
    return clean.data ? clean.data : xstrdup("");
}

void job_free(struct job *j)
{
    job_stop(j);
    if (j->pid > 0) waitpid(j->pid, NULL, WNOHANG);
    if (j->out > 0) close(j->out);
    if (j->errors > 0) close(j->errors);
    buf_free(&j->line);
    *j = (struct job){.out = -1, .errors = -1};
}
