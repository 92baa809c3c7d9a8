#include "screens/complete.h"

#include "base/die.h"
#include "screens/app.h"
#include "screens/command.h"
#include "screens/known.h"
#include "screens/sources.h"
#include "screens/views.h"

#include <stdio.h>
#include <stdlib.h>

static char help_text[300];

static const struct resource *current_resource(struct app *app)
{
    size_t count;
    const struct resource *const *all = resources_all(&count);
    for (size_t i = 0; i < count; i++)
        if (list_view_is(app_top(app), all[i])) return all[i];
    return NULL;
}

/* ---- names of commands and actions ---- */

static void offer_actions(struct app *app, struct completions *c, bool here)
{
    size_t count;
    unsigned context = app_context(app);
    const struct action *table = keymap_actions(app->keymap, &count);
    for (size_t i = 0; i < count; i++) {
        bool now = !table[i].contexts || (table[i].contexts & context);
        if (now == here) completions_add(c, table[i].name, table[i].help, false);
    }
}

static void offer_names(struct app *app, struct completions *c)
{
    struct command_info info;
    for (int n = 0; command_info(n, &info); n++) completions_add(c, info.name, info.help, false);
    if (!*completions_prefix(c)) return;
    offer_actions(app, c, true);
    offer_actions(app, c, false);
}

/* ---- columns ---- */

static void offer_columns(const struct resource *r, struct completions *c, size_t at, bool order)
{
    const char *word = completions_prefix(c), *comma = strrchr(word + at, ','), *begun = comma ? comma + 1 : word + at;
    if (order && *begun == '-') begun++;
    c->skip = (size_t)(begun - word);
    for (size_t i = 0; i < r->column_count; i++) {
        if (order && !r->columns[i].order) continue;
        char *text = xasprintf("%.*s%s", (int)(begun - word), word, r->columns[i].key);
        completions_add(c, text, r->columns[i].help, true);
        free(text);
    }
}

/* A list as one text: terms of the filter, order:, columns:. */
static void offer_list(struct app *app, const struct resource *r, struct completions *c)
{
    complete_terms(app, r, c);
    const char *word = completions_prefix(c);
    if (!strncmp(word, "order:", 6)) offer_columns(r, c, 6, true);
    else if (!strncmp(word, "columns:", 8)) offer_columns(r, c, 8, false);
    completions_add(c, "order:", "columns to sort by: order:cost,-name", true);
    completions_add(c, "columns:", "what to show, from left to right: columns:name,cost", true);
}

/* ---- objects ---- */

static void add_object(void *context, const struct known_object *o)
{
    struct completions *c = context;
    if (*o->number) completions_add(c, o->number, o->name, false);
    if (!*o->number || *completions_prefix(c)) completions_add(c, o->name, *o->number ? o->number : o->resource->singular, false);
    if (*completions_prefix(c)) completions_add(c, o->id, o->name, false);
}

static void offer_objects(struct app *app, struct completions *c, size_t start)
{
    static const struct resource *const of[] = {&resource_services, &resource_issues, &resource_policies, &resource_events,
                                                &resource_edges};
    completions_word(c, start);
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        known_ask(app, of[i], completions_prefix(c));
        known_each(app, of[i], add_object, c);
    }
}

/* ---- the line ---- */

static size_t argument_start(const char *line)
{
    size_t len = strcspn(line, " ");
    return len + strspn(line + len, " ");
}

static void offer_own(struct app *app, const char *name, struct completions *c)
{
    char *text;
    const char *word = completions_prefix(c);
    for (int n = 0; n < COMPLETIONS_MAX && (text = command_completion(app, name, word, n)); n++) {
        completions_add(c, text, NULL, false);
        free(text);
    }
}

static void offer_files(struct completions *c)
{
    char *text;
    const char *word = completions_prefix(c);
    for (int n = 0; n < COMPLETIONS_MAX && *word && (text = sources_complete(word, n)); n++) {
        completions_add(c, text, NULL, true);
        free(text);
    }
}

void complete_command(struct app *app, struct completions *c)
{
    const char *name = command_name(c->line, strcspn(c->line, " "));
    size_t len = strcspn(c->line, " ");
    if (!c->line[len]) {
        offer_names(app, c);
        return;
    }
    const struct resource *list = name ? resource_find(name) : NULL, *here = current_resource(app);
    if (!name) return;
    if (list) offer_list(app, list, c);
    else if (!strcmp(name, "filter") && here) complete_terms(app, here, c);
    else if (!strcmp(name, "sort") && here) offer_columns(here, c, 0, true);
    else if (!strcmp(name, "columns") && here) offer_columns(here, c, 0, false);
    else if (!strcmp(name, "open")) offer_objects(app, c, argument_start(c->line));
    else offer_own(app, name, c);
    if (!strcmp(name, "theme") || !strcmp(name, "export")) offer_files(c);
}

/* ---- help ---- */

static const char *term_help(const struct resource *r, const char *line)
{
    const char *word = strrchr(line, ' ') + 1;
    size_t minus = *word == '-', len = strcspn(word + minus, ":");
    for (size_t i = 0; r && word[minus + len] && i < r->filter_count; i++) {
        const struct filter_term *t = &r->filters[i];
        if (strlen(t->name) == len && !strncmp(t->name, word + minus, len)) return t->help;
    }
    return NULL;
}

static const char *action_help(struct app *app, const struct action *a)
{
    const char *keys = keymap_keys(app->keymap, a->id), *why = app_why_not_here(app, a);
    if (why) snprintf(help_text, sizeof help_text, "%s, not now: %s", a->name, why);
    else snprintf(help_text, sizeof help_text, "%s: %s%s%s", a->name, a->help, *keys ? "   key " : "", keys);
    return help_text;
}

const char *complete_command_help(struct app *app, const char *line)
{
    struct command_info info;
    size_t len = strcspn(line, " ");
    const char *name = command_name(line, len), *term;
    if (!len) return "a command or the name of an action; Tab completes, Up and Ctrl-R find what was typed before";
    for (int n = 0; name && command_info(n, &info); n++) {
        if (strcmp(info.name, name) != 0) continue;
        if (line[len] && (term = term_help(resource_find(name), line))) snprintf(help_text, sizeof help_text, "%s", term);
        else snprintf(help_text, sizeof help_text, "%s %s  %s", info.name, info.arguments, info.help);
        return help_text;
    }
    const struct action *a = command_action(line, len);
    return a ? action_help(app, a) : "";
}
