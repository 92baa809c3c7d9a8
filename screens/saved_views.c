#include "screens/saved_views.h"

#include "base/buf.h"
#include "base/die.h"
#include "screens/list_state.h"
#include "screens/state_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = SAVED_VIEWS_MAX * (LIST_STATE_MAX + SAVED_NAME_MAX + 2) };

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

void saved_views_parse(struct saved_views *v, char *text)
{
    for (char *line = text, *end; *line; line = end) {
        end = line + strcspn(line, "\n");
        if (*end) *end++ = '\0';
        read_line(v, line);
    }
}

struct saved_views saved_views_read(void)
{
    struct saved_views v = {0};
    struct buf text;
    buf_init(&text, FILE_MAX);
    if (!state_file_read("views", &text) || (text.len && memchr(text.data, '\0', text.len))) v.broken = 1;
    else if (text.len) saved_views_parse(&v, text.data);
    buf_free(&text);
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

static bool write_all(const struct saved_views *v)
{
    struct buf text;
    buf_init(&text, 2 * FILE_MAX);
    for (size_t i = 0; i < v->count; i++) buf_printf(&text, "%s\t%s\n", v->items[i].name, v->items[i].text);
    bool ok = state_file_write("views", &text);
    buf_free(&text);
    return ok;
}

static bool change(struct saved_views *v, const char *name, const char *text, const char **problem)
{
    for (size_t i = 0; i < v->count; i++) {
        struct saved_view old = v->items[i];
        if (strcmp(old.name, name) != 0) continue;
        if (text) v->items[i].text = xstrdup(text);
        else v->items[i] = v->items[--v->count];
        if (!text) free(old.name);
        free(old.text);
        return true;
    }
    *problem = text ? "there are 200 saved views already; :unsave one" : "no saved view of that name";
    if (!text || v->count == SAVED_VIEWS_MAX) return false;
    add(v, name, text);
    return true;
}

static bool rename_one(struct saved_views *v, const char *name, const char *other, const char **problem)
{
    *problem = "there is a saved view of that name already";
    if (saved_views_find(v, other)) return false;
    *problem = "no saved view of that name";
    for (size_t i = 0; i < v->count; i++) {
        if (strcmp(v->items[i].name, name) != 0) continue;
        free(v->items[i].name);
        v->items[i].name = xstrdup(other);
        return true;
    }
    return false;
}

struct edit {
    const char *name, *other /* NULL: it is no renaming */, *text;
};

static bool edit_locked(const struct edit *e, const char **problem)
{
    struct saved_views v = saved_views_read();
    bool ok = v.broken == 0;
    if (!ok) *problem = "the file of saved views holds lines that are none; it is left as it is";
    ok = ok && (e->other ? rename_one(&v, e->name, e->other, problem) : change(&v, e->name, e->text, problem));
    if (ok && !write_all(&v)) ok = false, *problem = strerror(errno);
    saved_views_free(&v);
    return ok;
}

static bool edit(const struct edit *e, const char **problem)
{
    *problem = "a name has letters, digits, - _ and . only, 40 at most";
    if (!good_name(e->name) || (e->other && !good_name(e->other))) return false;
    int lock = state_file_lock("views");
    if (lock < 0) *problem = errno ? strerror(errno) : "there is no folder for it: HOME is not set";
    bool ok = lock >= 0 && edit_locked(e, problem);
    state_file_unlock(lock);
    return ok;
}

bool saved_views_put(const char *name, const char *text, const char **problem)
{
    return edit(&(struct edit){.name = name, .text = text}, problem);
}

bool saved_views_rename(const char *name, const char *other, const char **problem)
{
    return edit(&(struct edit){.name = name, .other = other}, problem);
}
