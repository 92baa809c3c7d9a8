#include "tests/pty/lib/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_MS = 30000 };

static bool hears(struct helper *h)
{
    char line[256];
    struct pollfd p = {.fd = fileno(h->from), .events = POLLIN};
    if (poll(&p, 1, PATIENCE_MS) <= 0) return false;
    return fgets(line, sizeof line, h->from) != NULL;
}

bool helper_start(struct helper *h, char *const argv[], char *const env[])
{
    int in[2], out[2];
    posix_spawn_file_actions_t files;
    if (h->pid || pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) return false;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, in[0], 0);
    posix_spawn_file_actions_adddup2(&files, out[1], 1);
    int wrong = posix_spawnp(&h->pid, argv[0], &files, NULL, argv, env);
    posix_spawn_file_actions_destroy(&files);
    close(in[0]);
    close(out[1]);
    if (wrong) h->pid = 0;
    h->to = fdopen(in[1], "w");
    h->from = fdopen(out[0], "r");
    setvbuf(h->from, NULL, _IONBF, 0);
    return !wrong && hears(h);
}

bool helper_tell(struct helper *h, const char *line)
{
    if (!h->pid || fprintf(h->to, "%s\n", line) < 0 || fflush(h->to) != 0) return false;
    return hears(h);
}

void helper_end(struct helper *h)
{
    char byte;
    if (!h->pid) return;
    fclose(h->to);
    struct pollfd p = {.fd = fileno(h->from), .events = POLLIN};
    while (poll(&p, 1, PATIENCE_MS) > 0 && read(p.fd, &byte, 1) > 0) continue;
    fclose(h->from);
    kill(h->pid, SIGKILL);
    while (waitpid(h->pid, NULL, 0) < 0 && errno == EINTR) continue;
    *h = (struct helper){0};
}
