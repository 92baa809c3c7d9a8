#include "base/die.h"
#include "control-plane/ingest/source.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024, REST_MS = 250 };

struct follow {
    const char *path;
    const struct source_sink *sink;
    int inotify, folder_watch, file_watch;
    int fd; /* -1 while the file is not there */
    struct stat id;
    uint64_t offset;
    char chunk[CHUNK];
};

static void watch_file(struct follow *f)
{
    if (f->file_watch >= 0) inotify_rm_watch(f->inotify, f->file_watch);
    f->file_watch = inotify_add_watch(f->inotify, f->path, IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF);
}

/* The watch comes before the first read: what is written in between is seen. */
static void open_file(struct follow *f)
{
    f->fd = open(f->path, O_RDONLY | O_CLOEXEC);
    f->offset = 0;
    if (f->fd < 0) return;
    if (fstat(f->fd, &f->id) != 0 || !S_ISREG(f->id.st_mode)) {
        close(f->fd);
        f->fd = -1;
        return;
    }
    watch_file(f);
}

static void drop_file(struct follow *f)
{
    if (f->fd >= 0) close(f->fd);
    f->fd = -1;
    f->sink->rotated(f->sink->context);
}

/* Reads to the end. False: the sink stopped, or *problem. */
static bool drain(struct follow *f, char **problem)
{
    struct stat now;
    if (f->fd < 0) return true;
    if (fstat(f->fd, &now) == 0 && (uint64_t)now.st_size < f->offset) {
        f->sink->rotated(f->sink->context);
        f->offset = 0;
    }
    for (;;) {
        ssize_t n = pread(f->fd, f->chunk, sizeof f->chunk, (off_t)f->offset);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) *problem = xasprintf("%s: %s", f->path, strerror(errno));
        if (n <= 0) return n == 0;
        f->offset += (uint64_t)n;
        if (!f->sink->chunk(f->sink->context, slice_of(f->chunk, (size_t)n))) return false;
        f->sink->position(f->sink->context, f->offset);
        source_wait(-1, 0);
        if (f->sink->interrupted(f->sink->context)) return true;
    }
}

static bool replaced(const struct follow *f)
{
    struct stat now;
    if (f->fd < 0) return true;
    return stat(f->path, &now) == 0 && (now.st_ino != f->id.st_ino || now.st_dev != f->id.st_dev);
}

/* The old file to its end, then the new one from its start. */
static bool catch_up(struct follow *f, char **problem)
{
    if (!drain(f, problem)) return false;
    for (int times = 0; times < 16 && replaced(f); times++) {
        if (f->fd >= 0) drop_file(f);
        open_file(f);
        if (f->fd < 0) return true;
        if (!drain(f, problem)) return false;
    }
    return true;
}

static void forget_events(int fd)
{
    char events[4096];
    while (read(fd, events, sizeof events) > 0) continue;
}

static bool run(struct follow *f, char **problem)
{
    if (!catch_up(f, problem)) return false;
    for (bool rest = true; !f->sink->interrupted(f->sink->context);) {
        if (!source_wait(f->inotify, rest ? REST_MS : -1)) {
            if (f->sink->interrupted(f->sink->context)) break;
            rest = f->sink->idle(f->sink->context);
            continue;
        }
        forget_events(f->inotify);
        if (!catch_up(f, problem)) return false;
        rest = true;
    }
    return true;
}

static bool watch_folder(struct follow *f, char **problem)
{
    char *copy = xstrdup(f->path), *folder = dirname(copy);
    f->inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    f->folder_watch = f->inotify < 0 ? -1 : inotify_add_watch(f->inotify, folder, IN_CREATE | IN_MOVED_TO | IN_ONLYDIR);
    if (f->folder_watch < 0) *problem = xasprintf("%s: cannot watch: %s", folder, strerror(errno));
    free(copy);
    return f->folder_watch >= 0;
}

bool source_follow(const char *path, const struct source_sink *sink, char **problem)
{
    struct follow *f = xcalloc(1, sizeof *f);
    *f = (struct follow){.path = path, .sink = sink, .inotify = -1, .file_watch = -1, .fd = -1};
    *problem = NULL;
    bool ok = watch_folder(f, problem) && run(f, problem);
    if (f->fd >= 0) close(f->fd);
    if (f->inotify >= 0) close(f->inotify);
    free(f);
    return ok;
}
