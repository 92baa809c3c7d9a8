#include "screens/theme_pick.h"

#include "base/die.h"
#include "base/watch.h"
#include "screens/app.h"
#include "screens/menu.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

struct choice {
    struct app *app;
    char *before; /* what was worn when the list was opened */
    char **names;
    int count;
    bool kept;
};

/* The name of the file is enough in one line. */
static const char *brief(const char *problem)
{
    const char *end = strchr(problem, ':'), *start = problem;
    for (const char *c = problem; end && *problem == '/' && c < end; c++)
        if (*c == '/') start = c + 1;
    return start;
}

/* ---- following the files ---- */

static char *followed[8];

static void file_changed(void *context, const char *path)
{
    struct app *app = context;
    const char *problem;
    (void)path;
    if (theme_reload(&problem)) app_message(app, ROLE_INFO, "theme %s: as its file is now", theme_name());
    else app_message(app, ROLE_BAD, "theme: %s", brief(problem));
    theme_follow(app);
    app_dirty(app);
}

void theme_follow(struct app *app)
{
    const char *source;
    for (size_t i = 0; i < sizeof followed / sizeof *followed; i++) {
        if (followed[i]) watch_forget(app->watch, followed[i], app);
        free(followed[i]);
        followed[i] = NULL;
    }
    for (int i = 0; (source = theme_source(i)) != NULL; i++) {
        followed[i] = xstrdup(source);
        watch_file(app->watch, followed[i], file_changed, app);
    }
}

/* ---- choosing ---- */

static bool wear(struct app *app, const char *name)
{
    const char *problem;
    bool ok = theme_load(name, &problem);
    if (!ok) app_message(app, ROLE_BAD, "theme: %s", brief(problem));
    theme_follow(app);
    app_dirty(app);
    return ok;
}

static void say(struct app *app, const char *name)
{
    if (strcmp(theme_name(), name) == 0) app_message(app, ROLE_INFO, "theme %s", name);
    else app_message(app, ROLE_WARN, "theme %s: this terminal has no colours to show it with", name);
}

void theme_take(struct app *app, const char *name)
{
    if (!wear(app, name)) return;
    if (strpbrk(name, "./")) app_message(app, ROLE_INFO, "theme %s", theme_name());
    else say(app, name);
}

static void moved(void *context, int item)
{
    struct choice *c = context;
    app_message(c->app, ROLE_DIM, "Enter keeps it, Esc goes back to %s", c->before);
    wear(c->app, c->names[item]);
}

static bool pick(void *context, int item)
{
    struct choice *c = context;
    c->kept = true;
    if (wear(c->app, c->names[item])) say(c->app, c->names[item]);
    return true;
}

static void closed(void *context)
{
    struct choice *c = context;
    if (!c->kept) wear(c->app, c->before);
    for (int i = 0; i < c->count; i++) free(c->names[i]);
    free(c->names);
    free(c->before);
    free(c);
}

void theme_pick(struct app *app)
{
    struct choice *c = xcalloc(1, sizeof *c);
    struct theme_entry e;
    struct menu_options o = {.title = "Theme", .pick = pick, .moved = moved, .closed = closed, .context = c};
    *c = (struct choice){.app = app, .before = xstrdup(theme_wanted())};
    while (theme_entry(o.count, &e)) o.count++;
    o.items = xcalloc((size_t)o.count + 1, sizeof *o.items);
    c->names = xcalloc((size_t)o.count + 1, sizeof *c->names);
    for (; c->count < o.count && theme_entry(c->count, &e); c->count++) {
        c->names[c->count] = xstrdup(e.name);
        o.items[c->count].text = xasprintf("%-18s %s%s", e.name, e.about, e.path ? " (yours)" : "");
        o.items[c->count].on = !strcmp(e.name, c->before);
    }
    o.count = c->count;
    app_push(app, menu_new(app, &o));
}
