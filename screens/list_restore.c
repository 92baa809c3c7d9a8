/* A list's whole state: told and taken on. */
#include "screens/list_view.h"

#include "base/die.h"
#include "screens/app.h"
#include "screens/export.h"
#include "screens/offline.h"
#include "screens/resume_app.h"
#include "tui/prompt.h"

#include <stdlib.h>

static const struct column **columns_of(const struct list_view *l, size_t *count)
{
    const struct column **columns = xcalloc((size_t)l->list.column_count + 1, sizeof *columns);
    for (int i = 0; i < l->list.column_count; i++)
        if (!l->columns[i].hidden) columns[(*count)++] = &l->resource->columns[l->at[i]];
    return columns;
}

struct list_state list_state_of(const struct list_view *l)
{
    struct list_state s = {.resource = l->resource, .filter = xstrdup(l->filter), .order_count = l->order_count};
    for (size_t i = 0; i < l->order_count; i++) s.order[i] = l->order[i];
    if (l->chosen) s.columns = columns_of(l, &s.column_count);
    return s;
}

void list_state_apply(struct list_view *l, const struct list_state *s)
{
    char *filter = xstrdup(s->filter);
    list_filter_forget(l);
    free(l->filter);
    l->filter = filter;
    if (s->order_count) {
        for (size_t i = 0; i < s->order_count; i++) l->order[i] = s->order[i];
        l->order_count = s->order_count;
    } else {
        list_order_default(l);
    }
    list_columns_set(l, s->columns, s->column_count);
    list_view_ask(l, false);
}

/* ---- export ---- */

void list_view_export(struct view *v, const char *arguments)
{
    struct list_state s = list_state_of((const struct list_view *)v);
    if (offline_shown(v->app)) export_loaded(v->app, &s, arguments, ((const struct list_view *)v)->pager);
    else export_start(v->app, &s, arguments);
    list_state_free(&s);
}

static void named(void *context, const char *text)
{
    struct list_view *l = context;
    app_dirty(l->v.app);
    if (text && *text) list_view_export(&l->v, text);
}

void list_export_prompt(struct list_view *l)
{
    char *name = export_name(l->resource);
    prompt_open(&(struct prompt_options){.label = "export to: ", .initial = name, .done = named, .context = l});
    free(name);
}

/* ---- where each list is found ---- */

static const struct {
    const struct resource *resource;
    enum tab tab;
    bool root; /* of its tab; else it is opened above that */
} places[] = {
    {&resource_issues, TAB_ISSUES, true},     {&resource_checks, TAB_ISSUES, false}, {&resource_policies, TAB_POLICIES, true},
    {&resource_services, TAB_SERVICES, true}, {&resource_events, TAB_EVENTS, true},  {&resource_edges, TAB_EDGE, true},
    {&resource_edge_keys, TAB_EDGE, false},
};

static bool go(struct app *app, const struct resource *r)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (places[i].resource != r) continue;
        app_tab(app, places[i].tab);
        while (app_top(app)->below) app_back(app);
        if (places[i].root) return true;
        struct view *v = list_view_new(app, r, NULL);
        resume_apply(v);
        app_push(app, v);
        return true;
    }
    return false;
}

bool list_open(struct app *app, const char *text, bool apply, const char **problem)
{
    struct list_state s;
    if (!list_state_parse(&s, NULL, text, problem)) return false;
    bool ok = go(app, s.resource);
    if (!ok) *problem = "this list has no screen of its own";
    else if (apply) list_state_apply((struct list_view *)app_top(app), &s);
    list_state_free(&s);
    return ok;
}
