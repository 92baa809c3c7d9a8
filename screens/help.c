/* `?`: the keys of the screen it was opened on, then those that work everywhere, as they are bound now. */
#include "screens/command.h"
#include "screens/text_view.h"
#include "screens/views.h"

#include <stdio.h>

static bool wanted(const struct action *a, const char *keys, const char *filter)
{
    return !*filter || strcasestr(a->name, filter) || strcasestr(a->help, filter) || strcasestr(keys, filter);
}

static void add_action(struct app *app, struct pane *pane, const struct action *a, const char *filter)
{
    char line[300];
    const char *keys = keymap_keys(app_keymap(app), a->id), *why = a->needs_write ? app_no_changes(app) : NULL;
    if (!*keys || !wanted(a, keys, filter)) return;
    snprintf(line, sizeof line, "  %-20s %s", keys, a->help);
    pane_add(pane, why ? ROLE_DIM : ROLE_TEXT, line);
    if (!why) return;
    snprintf(line, sizeof line, "  %-20s not now: %s", "", why);
    pane_add(pane, ROLE_WARN, line);
}

static void add_heading(struct pane *pane, const char *name)
{
    char line[80];
    snprintf(line, sizeof line, " %s", name);
    pane_add(pane, ROLE_HEADING, line);
}

static void build(struct app *app, struct pane *pane, unsigned context, const char *filter)
{
    size_t count;
    const struct action *table = keymap_actions(app_keymap(app), &count);
    if (context != CONTEXT_PANE) add_heading(pane, "On this screen");
    for (size_t i = 0; i < count; i++)
        if (table[i].contexts & context) add_action(app, pane, &table[i], filter);
    pane_add(pane, ROLE_TEXT, "");
    add_heading(pane, "Everywhere");
    for (size_t i = 0; i < count; i++)
        if (table[i].contexts == 0) add_action(app, pane, &table[i], filter);
    pane_add(pane, ROLE_TEXT, "");
    add_heading(pane, "Commands (press :)");
    for (int n = 0; command_help(n); n++)
        if (!*filter || strcasestr(command_help(n), filter)) pane_add(pane, ROLE_TEXT, command_help(n));
    pane_add(pane, ROLE_TEXT, "");
    add_heading(pane, "Filters (press / in a list)");
    for (int n = 0; filter_help(n); n++)
        if (!*filter || strcasestr(filter_help(n), filter)) pane_add(pane, ROLE_TEXT, filter_help(n));
}

struct view *help_new(struct app *app)
{
    return text_view_new(app, &(struct text_view_options){.title = "Help", .build = build, .filters = true});
}
