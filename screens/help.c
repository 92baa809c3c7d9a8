/* `?`: what can be done on the screen it was opened on, then everywhere, the commands, then all other screens; with the keys
 * as they are bound now, what changes something, and why something cannot be had now. */
#include "screens/app.h"
#include "screens/command.h"
#include "screens/text_view.h"
#include "screens/views.h"

#include <stdio.h>

enum { KEYS_LEAST = 18, KEYS_MOST = 26 };

struct help {
    struct app *app;
    struct pane *pane;
    const struct view *of; /* the view it was opened on */
    unsigned context;
    int column; /* width of the keys */
    const char *filter;
    const char *heading; /* of the section, until its first line stands */
    bool any;
};

static void begin(struct help *h, const char *heading) { h->heading = heading; }

static void put(struct help *h, enum role role, const char *line)
{
    char heading[80];
    if (h->heading && h->any) pane_add(h->pane, ROLE_TEXT, "");
    if (h->heading) {
        snprintf(heading, sizeof heading, " %s", h->heading);
        pane_add(h->pane, ROLE_HEADING, heading);
    }
    h->heading = NULL;
    h->any = true;
    pane_add(h->pane, role, line);
}

static bool wanted(const struct help *h, const struct action *a, const char *keys)
{
    const char *f = h->filter;
    return !*f || strcasestr(a->name, f) || strcasestr(a->help, f) || strcasestr(keys, f) || strcasestr(action_warning(a), f);
}

static const char *marks(const struct action *a)
{
    static const char *const texts[2][3] = {{"", "!", "!!"}, {"*", "*!", "*!!"}};
    return texts[a->needs_write][a->danger];
}

/* What the session forbids is told once, at the top. `here`: the action belongs to the screen, so that it can be said why it
 * cannot be had. */
static void add_action(struct help *h, const struct action *a, const char *keys, bool here)
{
    char line[400], name[48];
    bool forbidden = a->needs_write && app_no_changes(h->app);
    const char *why = here && !forbidden ? app_why_not(h->app, h->of, a) : NULL;
    if (!*keys) {
        snprintf(name, sizeof name, ":%s", a->name);
        keys = name;
    }
    if (!wanted(h, a, keys)) return;
    snprintf(line, sizeof line, "  %-*s%3s %s", h->column, keys, marks(a), a->help);
    put(h, why || forbidden ? ROLE_DIM : ROLE_TEXT, line);
    if (!why) return;
    snprintf(line, sizeof line, "  %-*s    not now: %s", h->column, "", why);
    put(h, ROLE_WARN, line);
}

static void add_legend(struct help *h)
{
    char line[300];
    const char *why = app_no_changes(h->app);
    put(h, ROLE_DIM, " * changes something   ! asks first   !! asks for the name");
    if (!why) return;
    snprintf(line, sizeof line, " * not now: %s", why);
    put(h, ROLE_WARN, line);
}

static void measure_keys(struct help *h)
{
    size_t count;
    const struct action *table = keymap_actions(app_keymap(h->app), &count);
    h->column = KEYS_LEAST;
    for (size_t i = 0; i < count; i++) {
        int width = text_width(keymap_keys(app_keymap(h->app), table[i].id)) + 1;
        if (width > h->column) h->column = width < KEYS_MOST ? width : KEYS_MOST;
    }
}

static void add_here(struct help *h, bool everywhere)
{
    size_t count;
    const struct action *table = keymap_actions(app_keymap(h->app), &count);
    for (size_t i = 0; i < count; i++) {
        bool mine = everywhere ? table[i].contexts == 0 : (table[i].contexts & h->context) != 0;
        if (mine) add_action(h, &table[i], keymap_keys_in(app_keymap(h->app), table[i].id, h->context), true);
    }
}

/* Each action under the first of its contexts. */
static void add_elsewhere(struct help *h)
{
    size_t count;
    unsigned bit, done = h->context;
    const char *name;
    char heading[60];
    const struct action *table = keymap_actions(app_keymap(h->app), &count);
    for (size_t n = 0; actions_context(n, &bit, &name); n++) {
        snprintf(heading, sizeof heading, "Elsewhere: %s", name);
        begin(h, heading);
        for (size_t i = 0; i < count; i++)
            if ((table[i].contexts & bit) && !(table[i].contexts & done))
                add_action(h, &table[i], keymap_keys(app_keymap(h->app), table[i].id), false);
        done |= bit;
    }
    h->heading = NULL;
}

static void add_lines(struct help *h, const char *heading, const char *(*line)(int n))
{
    begin(h, heading);
    for (int n = 0; line(n); n++)
        if (!*h->filter || strcasestr(line(n), h->filter)) put(h, ROLE_TEXT, line(n));
}

static const struct view *opened_on(struct app *app)
{
    const struct view *v = app_top(app);
    while (v->below && v->ops->context(v) == CONTEXT_PANE) v = v->below;
    return v;
}

static void build(struct app *app, struct pane *pane, unsigned context, const char *filter)
{
    struct help h = {.app = app, .pane = pane, .of = opened_on(app), .context = context, .filter = filter};
    measure_keys(&h);
    if (!*filter) add_legend(&h);
    begin(&h, "On this screen");
    if (context != CONTEXT_PANE) add_here(&h, false);
    begin(&h, "Everywhere");
    add_here(&h, true);
    add_lines(&h, "Commands (press :)", command_help);
    add_lines(&h, "Filters (press / in a list)", filter_help);
    add_elsewhere(&h);
    if (!h.any) pane_add(pane, ROLE_DIM, "  nothing here has that in it; / changes what is looked for");
}

struct view *help_new(struct app *app)
{
    return text_view_new(app, &(struct text_view_options){.title = "Help", .build = build, .filters = true});
}
