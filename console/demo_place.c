#include "console/demo_place.h"

#include "base/clock.h"
#include "base/die.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { SUFFIX = 6, TRIES = 16, DEPTH = 16, END_SECONDS = 10, PAUSE_MS = 10 };

struct demo_place {
    char *path, *data;
    int held;
};

static const char *parent(void)
{
    const char *given = getenv("TMPDIR");
    return given && *given == '/' ? given : "/tmp";
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path) != 0 && errno != ENOENT;
}

static void remove_tree(const char *path) { (void)nftw(path, remove_one, DEPTH, FTW_DEPTH | FTW_PHYS | FTW_MOUNT); }

/* The directory itself, open and locked; -1: somebody holds it, or it is another one by now. */
static int hold(const char *path)
{
    struct stat opened, named;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return -1;
    bool good = fstat(fd, &opened) == 0 && opened.st_uid == geteuid() && flock(fd, LOCK_EX | LOCK_NB) == 0 && lstat(path, &named) == 0 &&
                named.st_ino == opened.st_ino && named.st_dev == opened.st_dev;
    if (good) return fd;
    close(fd);
    return -1;
}

/* The control plane holds `lock` while it lives. */
static bool served(const char *data)
{
    char *path = xasprintf("%s/lock", data);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool held = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0;
    if (fd >= 0) close(fd);
    free(path);
    return held;
}

static void remove_leftover(const char *name)
{
    char *path = xasprintf("%s/%s", parent(), name), *data = xasprintf("%s/data", path);
    int fd = hold(path);
    if (fd >= 0 && !served(data)) remove_tree(path);
    if (fd >= 0) close(fd);
    free(data);
    free(path);
}

static void remove_leftovers(const char *kind)
{
    DIR *d = opendir(parent());
    for (struct dirent *e; d && (e = readdir(d));)
        if (!strncmp(e->d_name, kind, strlen(kind)) && strlen(e->d_name) == strlen(kind) + SUFFIX) remove_leftover(e->d_name);
    if (d) closedir(d);
}

/* What asks for the end waits until the console listens (signalfd), and until all is removed afterwards. */
static void hold_signals(void)
{
    static const int held[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof held / sizeof *held; i++) sigaddset(&set, held[i]);
    sigprocmask(SIG_BLOCK, &set, NULL);
}

struct demo_place *demo_place_make(const char *kind, bool signals, char **problem)
{
    struct demo_place *p = xcalloc(1, sizeof *p);
    if (signals) hold_signals();
    remove_leftovers(kind);
    p->held = -1;
    for (int i = 0; i < TRIES && p->held < 0; i++) {
        free(p->path);
        p->path = xasprintf("%s/%sXXXXXX", parent(), kind);
        if (!mkdtemp(p->path)) break;
        p->held = hold(p->path);
    }
    if (p->held >= 0) {
        p->data = xasprintf("%s/data", p->path);
        return p;
    }
    *problem = xasprintf("no temporary directory can be made in %s: %s", parent(), strerror(errno));
    free(p->path);
    free(p);
    return NULL;
}

const char *demo_place_data(const struct demo_place *p) { return p->data; }

void demo_place_remove(struct demo_place *p)
{
    if (!p) return;
    int64_t deadline = clock_monotonic() + END_SECONDS * NS_PER_SECOND;
    while (served(p->data) && clock_monotonic() < deadline) nanosleep(&(struct timespec){0, PAUSE_MS * 1000000L}, NULL);
    remove_tree(p->path);
    close(p->held);
    free(p->data);
    free(p->path);
    free(p);
}
