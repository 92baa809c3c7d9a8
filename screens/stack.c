/* The stacks of views: one a tab, so that a tab is found again as it was left. */
#include "screens/app.h"

#include "base/clock.h"
#include "screens/kind.h"
#include "screens/resume_app.h"
#include "screens/views.h"

#define FRESH (10 * NS_PER_SECOND)

struct view *app_top(const struct app *app) { return app->tops[app->tab]; }
struct view *app_below(const struct view *v) { return v->below; }
bool app_is_top(const struct app *app, const struct view *v) { return app_top(app) == v; }

static struct view *root_list(struct app *app, const struct resource *r)
{
    struct view *v = list_view_new(app, r, kind_of(r)->initial);
    resume_apply(v);
    return v;
}

static struct view *root_of(struct app *app, enum tab tab)
{
    if (tab == TAB_ISSUES) return root_list(app, &resource_issues);
    if (tab == TAB_POLICIES) return root_list(app, &resource_policies);
    if (tab == TAB_EDGE) return root_list(app, &resource_edges);
    if (tab == TAB_SERVICES) return root_list(app, &resource_services);
    if (tab == TAB_EVENTS) return root_list(app, &resource_events);
    return home_new(app);
}

/* What is shown again and is older than ten seconds, or than the last change made here, is asked for anew. */
static void freshen(struct app *app)
{
    struct view *v = app_top(app);
    int64_t at = v->ops->synced && v->ops->refresh ? v->ops->synced(v) : 0;
    bool busy = v->ops->busy && v->ops->busy(v);
    if (busy || !at || offline_shown(app)) return;
    if (app->changed > at || clock_monotonic() - at > FRESH) v->ops->refresh(v);
}

static void close_top(struct app *app)
{
    struct view *v = app_top(app);
    app->tops[app->tab] = v->below;
    v->ops->close(v);
    app_confirm(app, NULL, NULL, NULL);
    freshen(app);
    app_dirty(app);
}

void app_tab(struct app *app, enum tab tab)
{
    if (app->overview.known && tab != app->tab) overview_refresh(&app->overview);
    app->tab = tab;
    app_confirm(app, NULL, NULL, NULL);
    if (!app->tops[tab]) app->tops[tab] = root_of(app, tab);
    freshen(app);
    app_dirty(app);
}

static int depth(const struct view *v)
{
    int n = 0;
    for (; v; v = v->below) n++;
    return n;
}

/* The oldest view above the root makes room. */
static void forget_oldest(struct app *app)
{
    struct view **link = &app->tops[app->tab];
    while ((*link)->below && (*link)->below->below) link = &(*link)->below;
    struct view *old = *link;
    *link = old->below;
    old->ops->close(old);
}

void app_push(struct app *app, struct view *v)
{
    if (depth(app_top(app)) >= DEPTH_MAX) forget_oldest(app);
    v->below = app_top(app);
    app->tops[app->tab] = v;
    app_dirty(app);
}

void app_back(struct app *app)
{
    if (app_top(app)->below) close_top(app);
    else app_message(app, ROLE_DIM, "this is the first screen; Q ends the console");
}

void stack_close_all(struct app *app)
{
    for (int tab = 0; tab < TABS; tab++)
        while (app->tops[tab]) {
            struct view *v = app->tops[tab];
            app->tops[tab] = v->below;
            v->ops->close(v);
        }
}

void stack_each(struct app *app, void (*visit)(struct view *v, void *context), void *context)
{
    for (int tab = 0; tab < TABS; tab++)
        for (struct view *v = app->tops[tab], *below; v; v = below) {
            below = v->below;
            visit(v, context);
        }
}

unsigned app_context(const struct app *app)
{
    const struct view *v = app_top(app);
    while (v->below && v->ops->context(v) == CONTEXT_PANE) v = v->below;
    return v->ops->context(v);
}

static void refresh_one(struct view *v, void *context)
{
    (void)context;
    if (v->ops->refresh) v->ops->refresh(v);
}

void app_changed(struct app *app) { app->changed = clock_monotonic(); }

void app_refresh_totals(struct app *app)
{
    app_changed(app);
    follow_begin(&app->follow);
    overview_refresh(&app->overview);
}

void app_refresh_shown(struct app *app)
{
    overview_refresh(&app->overview);
    for (int tab = 0; tab < TABS; tab++)
        if (list_view_is(app->tops[tab], NULL)) refresh_one(app->tops[tab], NULL);
}

void app_refresh_all(struct app *app)
{
    app_changed(app);
    follow_begin(&app->follow);
    overview_refresh(&app->overview);
    stack_each(app, refresh_one, NULL);
}
