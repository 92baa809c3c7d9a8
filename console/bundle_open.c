#include "console/bundle_open.h"

#include "api-client/api.h"
#include "base/die.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_NO = 1, SAID_MAX = 16384, KEY_MAX = 80 };

/* Of the control plane that this user has on this machine; "" where there is none. */
static void own_key(char out[KEY_MAX])
{
    char *directory = embedded_directory(), *path = xasprintf("%s/signing.pub", directory);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    ssize_t n = fd >= 0 ? read(fd, out, KEY_MAX - 1) : 0;
    out[n > 0 ? n : 0] = '\0';
    out[strspn(out, "0123456789abcdef")] = '\0';
    if (fd >= 0) close(fd);
    free(path);
    free(directory);
}

/* Runs it; both its outputs in `said`. The exit code, -1: it did not start. */
static int run(char *const words[], struct buf *said)
{
    int ends[2], status = 0;
    pid_t pid;
    char piece[4096];
    posix_spawn_file_actions_t files;
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, ends[1], 1);
    posix_spawn_file_actions_adddup2(&files, ends[1], 2);
    int wrong = posix_spawn(&pid, words[0], &files, NULL, words, environ);
    posix_spawn_file_actions_destroy(&files);
    close(ends[1]);
    for (ssize_t n; !wrong && ((n = read(ends[0], piece, sizeof piece)) > 0 || (n < 0 && errno == EINTR));)
        if (n > 0) buf_add(said, piece, (size_t)n);
    close(ends[0]);
    if (wrong) return -1;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
    return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_NO;
}

static char *read_time(const struct buf *said)
{
    json_error_t error;
    json_t *root = json_loads(said->len ? said->data : "", 0, &error);
    const char *time = json_string_value(json_object_get(root, "time"));
    char *copy = time ? xstrdup(time) : NULL;
    json_decref(root);
    return copy;
}

static char *complaint(struct buf *said)
{
    static const char prefix[] = "tero-control-plane bundle: ";
    char *text = said->len ? said->data : NULL;
    if (!text) return xstrdup("tero-control-plane could not open the bundle");
    text[strcspn(text, "\n")] = '\0';
    return xstrdup(text + (strncmp(text, prefix, sizeof prefix - 1) ? 0 : sizeof prefix - 1));
}

bool bundle_open(const char *file, const char *trusted, const char *directory, char **time, int *code, char **problem)
{
    char own[KEY_MAX], *program = embedded_program();
    struct buf said;
    *code = EXIT_NO;
    if (!program) {
        *problem = xstrdup("tero-control-plane is neither beside this program nor on PATH");
        return false;
    }
    own_key(own);
    buf_init(&said, SAID_MAX);
    char *keys = xasprintf("--trust=%s,%s", trusted ? trusted : "", own), *data = xasprintf("--data=%s", directory);
    char *const words[] = {
        program, (char *)(uintptr_t) "bundle", keys, data, (char *)(uintptr_t) "--", (char *)(uintptr_t) "unpack", (char *)(uintptr_t)file,
        NULL};
    int ended = run(words, &said);
    *time = ended == 0 ? read_time(&said) : NULL;
    if (!*time) *problem = complaint(&said);
    if (!*time && ended > 0) *code = ended;
    buf_free(&said);
    free(keys);
    free(data);
    free(program);
    return *time != NULL;
}
