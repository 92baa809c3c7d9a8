#include "screens/saved_views.h"

#include "base/buf.h"
#include "base/die.h"
#include "screens/list_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = SAVED_VIEWS_MAX * (LIST_STATE_MAX + SAVED_NAME_MAX + 2) };

/* "" is no place: neither XDG_STATE_HOME nor HOME says one. xmalloc'd. */
static char *place(const char *name)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (state && *state == '/') return xasprintf("%s/tero/%s", state, name);
    return home && *home == '/' ? xasprintf("%s/.local/state/tero/%s", home, name) : xstrdup("");
}

static void make_folders(const char *path)
{
    char *copy = xstrdup(path);
    for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(copy, 0700);
        *slash = '/';
    }
    free(copy);
}

static bool good_name(const char *name)
{
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");
    return n && n <= SAVED_NAME_MAX && !name[n];
}

static void add(struct saved_views *v, const char *name, const char *text)
{
    if (!v->items) v->items = xcalloc(SAVED_VIEWS_MAX, sizeof *v->items);
    v->items[v->count++] = (struct saved_view){xstrdup(name), xstrdup(text)};
}

static void read_line(struct saved_views *v, char *line)
{
    struct list_state s;
    const char *problem;
    char *tab = strchr(line, '\t');
    if (tab) *tab = '\0';
    bool ok = tab && good_name(line) && v->count < SAVED_VIEWS_MAX && list_state_parse(&s, NULL, tab + 1, &problem);
    if (!ok) {
        v->broken++;
        return;
    }
    add(v, line, tab + 1);
    list_state_free(&s);
}

struct saved_views saved_views_read(void)
{
    struct saved_views v = {0};
    char *path = place("views"), *line = NULL;
    size_t room = 0, taken = 0;
    ssize_t n;
    FILE *in = fopen(path, "re");
    while (in && (n = getline(&line, &room, in)) >= 0 && (taken += (size_t)n) <= FILE_MAX) {
        if (n && line[n - 1] == '\n') line[n - 1] = '\0';
        read_line(&v, line);
    }
    if (in) fclose(in);
    free(line);
    free(path);
    return v;
}

void saved_views_free(struct saved_views *v)
{
    for (size_t i = 0; i < v->count; i++) {
        free(v->items[i].name);
        free(v->items[i].text);
    }
    free(v->items);
    *v = (struct saved_views){0};
}

const char *saved_views_find(const struct saved_views *v, const char *name)
{
    for (size_t i = 0; i < v->count; i++)
        if (!strcmp(v->items[i].name, name)) return v->items[i].text;
    return NULL;
}

/* ---- writing ---- */

static bool write_all(const char *path, const struct saved_views *v)
{
    char *part = xasprintf("%s.%ld", path, (long)getpid());
    int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
    for (size_t i = 0; out && i < v->count; i++) fprintf(out, "%s\t%s\n", v->items[i].name, v->items[i].text);
    bool ok = out && fflush(out) == 0 && !ferror(out) && fsync(fd) == 0 && rename(part, path) == 0;
    int error = errno;
    if (out) fclose(out);
    if (!ok) unlink(part);
    free(part);
    errno = error;
    return ok;
}

static bool change(struct saved_views *v, const char *name, const char *text, const char **problem)
{
    for (size_t i = 0; i < v->count; i++) {
        if (strcmp(v->items[i].name, name) != 0) continue;
        free(v->items[i].text);
        v->items[i].text = text ? xstrdup(text) : NULL;
        if (text) return true;
        free(v->items[i].name);
        v->items[i] = v->items[--v->count];
        return true;
    }
    *problem = text ? "there are 200 saved views already; :unsave one" : "no saved view of that name";
    if (!text || v->count == SAVED_VIEWS_MAX) return false;
    add(v, name, text);
    return true;
}

static bool put_locked(const char *path, const char *name, const char *text, const char **problem)
{
    struct saved_views v = saved_views_read();
    bool ok = v.broken == 0;
    if (!ok) *problem = "the file of saved views holds lines that are none; it is left as it is";
    ok = ok && change(&v, name, text, problem);
    if (ok && !write_all(path, &v)) ok = false, *problem = strerror(errno);
    saved_views_free(&v);
    return ok;
}

bool saved_views_put(const char *name, const char *text, const char **problem)
{
    *problem = "a name has letters, digits, - _ and . only, 40 at most";
    if (!good_name(name)) return false;
    char *path = place("views"), *lock_path = place("views.lock");
    make_folders(path);
    int lock = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool ok = lock >= 0 && flock(lock, LOCK_EX) == 0;
    if (!ok) *problem = *path ? strerror(errno) : "there is no folder for it: HOME is not set";
    ok = ok && put_locked(path, name, text, problem);
    if (lock >= 0) close(lock);
    free(path);
    free(lock_path);
    return ok;
}
