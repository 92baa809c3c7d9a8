#include "screens/resume.h"

#include "base/die.h"
#include "screens/list_state.h"
#include "screens/state_file.h"
#include "screens/view.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "tero session 1"

static const char *const tabs[TABS] = {
    [TAB_HOME] = "home",         [TAB_ISSUES] = "issues", [TAB_POLICIES] = "policies",
    [TAB_SERVICES] = "services", [TAB_EVENTS] = "events", [TAB_EDGE] = "edge",
};

static char problem_text[160];

void resume_place_free(struct resume_place *p)
{
    free(p->name);
    for (int i = 0; i < RESUME_LISTS; i++) {
        free(p->lists[i].state);
        free(p->lists[i].row);
    }
    *p = (struct resume_place){.tab = -1};
}

void resume_free(struct resume_file *f)
{
    for (size_t i = 0; i < f->count; i++) resume_place_free(&f->places[i]);
    f->count = 0;
}

/* -1: no list, or one that has no room. */
static int list_number(const char *resource)
{
    size_t count;
    size_t n = strcspn(resource, " ");
    const struct resource *const *all = resources_all(&count);
    for (size_t i = 0; i < count && i < RESUME_LISTS; i++)
        if (strlen(all[i]->name) == n && !strncmp(all[i]->name, resource, n)) return (int)i;
    return -1;
}

static void replace(char **text, const char *with)
{
    char *copy = with ? xstrdup(with) : NULL;
    free(*text);
    *text = copy;
}

void resume_set(struct resume_place *p, const char *resource, const char *state, const char *row)
{
    int i = list_number(resource);
    if (i < 0) return;
    replace(&p->lists[i].state, state);
    replace(&p->lists[i].row, row && *row ? row : NULL);
}

const struct resume_list *resume_list(const struct resume_place *p, const char *resource)
{
    int i = list_number(resource);
    return i >= 0 && p->lists[i].state ? &p->lists[i] : NULL;
}

/* ---- reading ---- */

static const char *after(const char *line, const char *word)
{
    size_t n = strlen(word);
    return strncmp(line, word, n) == 0 && line[n] == ' ' ? line + n + 1 : NULL;
}

static bool printable(const char *text, size_t max)
{
    const char *at = text;
    while (*at && (unsigned char)*at >= ' ' && *at != 127) at++;
    return *text && !*at && (size_t)(at - text) <= max;
}

static bool read_place(struct resume_file *f, const char *name)
{
    if (f->count == RESUME_PLACES || !printable(name, RESUME_PLACE_MAX)) return false;
    f->places[f->count++] = (struct resume_place){.name = xstrdup(name), .tab = -1};
    return true;
}

static bool read_tab(struct resume_place *p, const char *name)
{
    for (int i = 0; i < TABS; i++)
        if (!strcmp(tabs[i], name)) p->tab = i;
    return p->tab >= 0;
}

static bool read_row(struct resume_place *p, const char *text)
{
    int i = list_number(text);
    const char *id = strchr(text, ' ');
    if (i < 0 || !id || !p->lists[i].state || p->lists[i].row || !printable(id + 1, RESUME_ROW_MAX)) return false;
    p->lists[i].row = xstrdup(id + 1);
    return true;
}

/* What the list was is read when it is opened. */
static bool read_list(struct resume_place *p, const char *text)
{
    int i = list_number(text);
    if (i < 0 || p->lists[i].state || !printable(text, 2 * LIST_STATE_MAX)) return false;
    p->lists[i].state = xstrdup(text);
    return true;
}

static bool read_line(struct resume_file *f, const char *line)
{
    const char *value = after(line, "place");
    struct resume_place *p = f->count ? &f->places[f->count - 1] : NULL;
    if (value) return read_place(f, value);
    if (!p) return false;
    if ((value = after(line, "tab"))) return read_tab(p, value);
    if ((value = after(line, "list"))) return read_list(p, value);
    return (value = after(line, "row")) && read_row(p, value);
}

bool resume_parse(struct resume_file *f, char *text, const char **problem)
{
    unsigned number = 1;
    char *line = text, *end;
    f->count = 0;
    for (bool ok = true; *line; line = end, number++) {
        end = line + strcspn(line, "\n");
        if (*end) *end++ = '\0';
        ok = number == 1 ? !strcmp(line, HEAD) : read_line(f, line);
        if (ok) continue;
        snprintf(problem_text, sizeof problem_text, "line %u of the session file is not understood; the file is left out", number);
        *problem = problem_text;
        resume_free(f);
        return false;
    }
    return true;
}

void resume_print(const struct resume_file *f, struct buf *out)
{
    size_t count;
    const struct resource *const *all = resources_all(&count);
    buf_str(out, HEAD "\n");
    for (size_t i = 0; i < f->count; i++) {
        const struct resume_place *p = &f->places[i];
        buf_printf(out, "place %s\n", p->name);
        if (p->tab >= 0) buf_printf(out, "tab %s\n", tabs[p->tab]);
        for (size_t k = 0; k < count && k < RESUME_LISTS; k++) {
            if (p->lists[k].state) buf_printf(out, "list %s\n", p->lists[k].state);
            if (p->lists[k].state && p->lists[k].row) buf_printf(out, "row %s %s\n", all[k]->name, p->lists[k].row);
        }
    }
}

/* ---- the file ---- */

static bool read_file(struct resume_file *f, const char **problem)
{
    struct buf text;
    buf_init(&text, RESUME_MAX);
    bool ok = state_file_read("session", &text);
    f->count = 0;
    if (!ok) {
        snprintf(problem_text, sizeof problem_text, "the session file cannot be read: %s; it is left out", strerror(errno));
        *problem = problem_text;
    } else if (text.len && memchr(text.data, '\0', text.len)) {
        *problem = "the session file is no text; it is left out";
        ok = false;
    } else {
        ok = !text.len || resume_parse(f, text.data, problem);
    }
    buf_free(&text);
    return ok;
}

struct resume_place resume_read(const char *name, const char **problem)
{
    struct resume_file f;
    struct resume_place found = {.tab = -1};
    *problem = NULL;
    read_file(&f, problem);
    for (size_t i = 0; i < f.count && !found.name; i++) {
        if (strcmp(f.places[i].name, name) != 0) continue;
        found = f.places[i];
        f.places[i] = (struct resume_place){.tab = -1};
    }
    if (!found.name) found.name = xstrdup(name);
    resume_free(&f);
    return found;
}

/* The place itself first, then the others as long as there is room. */
static void print_with(const struct resume_file *f, const struct resume_place *p, struct buf *out)
{
    struct resume_file all = {.places = {*p}, .count = 1};
    for (size_t i = 0; i < f->count && all.count < RESUME_PLACES; i++)
        if (strcmp(f->places[i].name, p->name) != 0) all.places[all.count++] = f->places[i];
    for (;; all.count--) {
        resume_print(&all, out);
        if (!out->full || all.count == 1) return;
        buf_clear(out);
        out->full = false;
    }
}

bool resume_write(const struct resume_place *p)
{
    struct resume_file f;
    struct buf text;
    const char *problem;
    int lock = printable(p->name, RESUME_PLACE_MAX) ? state_file_lock("session") : -1;
    if (lock < 0) return false;
    read_file(&f, &problem);
    buf_init(&text, RESUME_MAX);
    print_with(&f, p, &text);
    bool ok = !text.full && state_file_write("session", &text);
    buf_free(&text);
    resume_free(&f);
    state_file_unlock(lock);
    return ok;
}
