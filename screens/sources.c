#include "screens/sources.h"

#include "base/die.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH_MAX = 3, SAMPLE = 512 };

static void add(struct sources *s, char *path, int64_t bytes)
{
    s->list = xreallocarray(s->list, s->count + 1, sizeof *s->list);
    s->list[s->count++] = (struct source){path, bytes, true, true};
}

static bool on_path(const char *program)
{
    const char *path = getenv("PATH");
    char *copy = xstrdup(path ? path : "/usr/bin:/bin"), *rest = copy;
    bool found = false;
    for (char *dir; !found && (dir = strsep(&rest, ":"));) {
        char *file = xasprintf("%s/%s", dir, program);
        found = access(file, X_OK) == 0;
        free(file);
    }
    free(copy);
    return found;
}

/* Text begins without a NUL; compressed files begin with their magic numbers. */
static bool is_text(int fd)
{
    static const char *const packed[] = {"\x1f\x8b", "\xfd\x37zXZ", "\x28\xb5\x2f\xfd", "BZh"};
    unsigned char bytes[SAMPLE];
    ssize_t n = read(fd, bytes, sizeof bytes);
    if (n <= 0 || memchr(bytes, 0, (size_t)n)) return false;
    for (size_t i = 0; i < sizeof packed / sizeof *packed; i++)
        if ((size_t)n >= strlen(packed[i]) && !memcmp(bytes, packed[i], strlen(packed[i]))) return false;
    return true;
}

static bool usable(const char *path, int64_t *bytes)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) return false;
    bool good = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 && is_text(fd);
    *bytes = good ? st.st_size : 0;
    close(fd);
    return good;
}

static void scan(struct sources *s, const char *directory, int depth)
{
    DIR *d = opendir(directory);
    if (!d) return;
    for (struct dirent *e; !s->more && (e = readdir(d));) {
        if (e->d_name[0] == '.') continue;
        char *path = xasprintf("%s/%s", directory, e->d_name);
        int64_t bytes;
        bool folder = e->d_type == DT_DIR && depth < DEPTH_MAX;
        bool file = (e->d_type == DT_REG || e->d_type == DT_UNKNOWN) && usable(path, &bytes);
        if (folder) scan(s, path, depth + 1);
        if (file && s->count == SOURCES_MAX) s->more = true;
        else if (file) add(s, path, bytes), path = NULL;
        free(path);
    }
    closedir(d);
}

/* DIRECTORY/<machine id>/<name>.journal */
static bool has_journal(const char *directory)
{
    bool found = false;
    DIR *d = opendir(directory);
    for (struct dirent *e; d && !found && (e = readdir(d));) {
        char *machine = xasprintf("%s/%s", directory, e->d_name);
        DIR *inner = e->d_name[0] == '.' ? NULL : opendir(machine);
        for (struct dirent *f; inner && !found && (f = readdir(inner));) {
            const char *end = strrchr(f->d_name, '.');
            found = end && !strcmp(end, ".journal") && faccessat(dirfd(inner), f->d_name, R_OK, 0) == 0;
        }
        if (inner) closedir(inner);
        free(machine);
    }
    if (d) closedir(d);
    return found;
}

static void add_journal(struct sources *s)
{
    add(s, NULL, 0);
    struct source *journal = &s->list[s->count - 1];
    journal->readable = journal->chosen = has_journal("/var/log/journal") || has_journal("/run/log/journal");
}

static int larger(const void *a, const void *b)
{
    const struct source *x = a, *y = b;
    if (!x->path != !y->path) return x->path ? 1 : -1;
    if (x->bytes != y->bytes) return x->bytes > y->bytes ? -1 : 1;
    return x->path ? strcmp(x->path, y->path) : 0;
}

void sources_find(struct sources *s, const char *directory)
{
    *s = (struct sources){0};
    if (on_path("journalctl")) add_journal(s);
    scan(s, directory, 0);
    if (s->count) qsort(s->list, s->count, sizeof *s->list, larger);
}

static char *expanded(const char *path)
{
    const char *home = getenv("HOME");
    return home && path[0] == '~' && path[1] == '/' ? xasprintf("%s%s", home, path + 1) : xstrdup(path);
}

static const char *file_problem(const char *path, int64_t *bytes)
{
    struct stat st = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    const char *problem = fd < 0 || fstat(fd, &st) != 0 ? strerror(errno) : NULL;
    if (fd >= 0) close(fd);
    if (!problem && S_ISDIR(st.st_mode)) problem = "it is a directory";
    if (!problem && !S_ISREG(st.st_mode)) problem = "it is no regular file";
    *bytes = st.st_size;
    return problem;
}

bool sources_add(struct sources *s, const char *path, const char **problem)
{
    char *real = expanded(path);
    int64_t bytes;
    *problem = file_problem(real, &bytes);
    for (size_t i = 0; !*problem && i < s->count; i++)
        if (s->list[i].path && !strcmp(s->list[i].path, real)) *problem = "it is in the list already";
    if (*problem) free(real);
    else add(s, real, bytes);
    return !*problem;
}

void sources_free(struct sources *s)
{
    for (size_t i = 0; i < s->count; i++) free(s->list[i].path);
    free(s->list);
    *s = (struct sources){0};
}

static int visible(const struct dirent *e) { return e->d_name[0] != '.'; }

static char *candidate(const char *typed, const char *real, const char *name)
{
    struct stat st;
    size_t keep = (size_t)(strrchr(typed, '/') ? strrchr(typed, '/') + 1 - typed : 0);
    char *file = xasprintf("%s/%s", real, name);
    bool folder = stat(file, &st) == 0 && S_ISDIR(st.st_mode);
    free(file);
    return xasprintf("%.*s%s%s", (int)keep, typed, name, folder ? "/" : "");
}

char *sources_complete(const char *word, int n)
{
    const char *slash = strrchr(word, '/'), *start = slash ? slash + 1 : word;
    char *typed = slash ? xstrndup(word, (size_t)(slash - word) + 1) : xstrdup("."), *real = expanded(typed), *result = NULL;
    struct dirent **names;
    int count = scandir(real, &names, visible, alphasort);
    for (int i = 0; i < count; i++) {
        if (!result && !strncmp(names[i]->d_name, start, strlen(start)) && n-- == 0) result = candidate(word, real, names[i]->d_name);
        free(names[i]);
    }
    if (count >= 0) free(names);
    free(typed);
    free(real);
    return result;
}
