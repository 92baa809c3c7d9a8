#include "base/watch.h"

#include "base/die.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAMES = 2 /* as it is named, and what a symbolic link leads to */ };

struct watched {
    struct watched *next;
    char *path, *names[NAMES];
    int directories[NAMES]; /* watch descriptors, -1: none */
    void (*changed)(void *context, const char *path);
    void *context;
    bool told, gone;
};

struct watch {
    int fd;
    bool telling;
    struct watched *files;
};

struct watch *watch_new(void)
{
    struct watch *w = xcalloc(1, sizeof *w);
    w->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    return w;
}

static void free_file(struct watched *f)
{
    for (int i = 0; i < NAMES; i++) free(f->names[i]);
    free(f->path);
    free(f);
}

void watch_free(struct watch *w)
{
    if (!w) return;
    while (w->files) {
        struct watched *f = w->files;
        w->files = f->next;
        free_file(f);
    }
    if (w->fd >= 0) close(w->fd);
    free(w);
}

int watch_fd(const struct watch *w) { return w->fd; }

/* The directory part is cut off `path`; gives the name. */
static const char *split(char *path)
{
    char *slash = strrchr(path, '/');
    if (!slash) return NULL;
    *slash = '\0';
    return slash + 1;
}

static bool add_name(struct watch *w, struct watched *f, int i, const char *path)
{
    char copy[PATH_MAX];
    f->directories[i] = -1;
    if (snprintf(copy, sizeof copy, "%s%s", strchr(path, '/') ? "" : "./", path) >= PATH_MAX) return false;
    const char *name = split(copy);
    const uint32_t events = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_ONLYDIR | IN_MASK_ADD;
    f->directories[i] = inotify_add_watch(w->fd, *copy ? copy : "/", events);
    f->names[i] = xstrdup(name);
    return f->directories[i] >= 0;
}

bool watch_file(struct watch *w, const char *path, void (*changed)(void *context, const char *path), void *context)
{
    struct stat st;
    struct watched *f = xcalloc(1, sizeof *f);
    *f = (struct watched){.path = xstrdup(path), .directories = {-1, -1}, .changed = changed, .context = context};
    bool ok = w->fd >= 0 && add_name(w, f, 0, path);
    char *target = ok && lstat(path, &st) == 0 && S_ISLNK(st.st_mode) ? realpath(path, NULL) : NULL;
    if (target) add_name(w, f, 1, target);
    free(target);
    if (!ok) {
        free_file(f);
        return false;
    }
    f->next = w->files;
    w->files = f;
    return true;
}

static bool used(const struct watch *w, int directory)
{
    for (const struct watched *f = w->files; f; f = f->next)
        for (int i = 0; i < NAMES; i++)
            if (!f->gone && f->directories[i] == directory) return true;
    return false;
}

/* Frees what was forgotten, and the directories that nobody needs any more. */
static void sweep(struct watch *w)
{
    for (struct watched **link = &w->files; *link;) {
        struct watched *f = *link;
        if (!f->gone) {
            link = &f->next;
            continue;
        }
        *link = f->next;
        for (int i = 0; i < NAMES; i++)
            if (f->directories[i] >= 0 && !used(w, f->directories[i])) inotify_rm_watch(w->fd, f->directories[i]);
        free_file(f);
    }
}

void watch_forget(struct watch *w, const char *path, const void *context)
{
    for (struct watched *f = w->files; f; f = f->next)
        if (f->context == context && !strcmp(f->path, path)) f->gone = true;
    if (!w->telling) sweep(w);
}

/* A file that was only created is still to be written; a link is there at once. */
static bool matters(const struct watched *f, const struct inotify_event *e)
{
    struct stat st;
    return !(e->mask & IN_CREATE) || (lstat(f->path, &st) == 0 && S_ISLNK(st.st_mode));
}

static void note(struct watch *w, const struct inotify_event *e)
{
    for (struct watched *f = w->files; f; f = f->next)
        for (int i = 0; i < NAMES; i++) {
            bool all = e->mask & IN_Q_OVERFLOW;
            bool ours = e->wd == f->directories[i] && e->len && f->names[i] && !strcmp(e->name, f->names[i]);
            if (all || (ours && matters(f, e))) f->told = true;
        }
}

static void read_events(struct watch *w)
{
    _Alignas(struct inotify_event) char bytes[4096];
    for (ssize_t n; (n = read(w->fd, bytes, sizeof bytes)) > 0;)
        for (const char *at = bytes; at < bytes + n;) {
            const struct inotify_event *e = (const struct inotify_event *)(const void *)at;
            note(w, e);
            at += sizeof *e + e->len;
        }
}

void watch_read(struct watch *w)
{
    if (w->fd < 0) return;
    read_events(w);
    w->telling = true;
    for (struct watched *f = w->files; f; f = f->next) {
        if (!f->told || f->gone) continue;
        f->told = false;
        f->changed(f->context, f->path);
    }
    w->telling = false;
    sweep(w);
}
