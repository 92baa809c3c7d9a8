/* The app goes on where it was left: what screens/resume.h keeps, put on the lists and taken from them. */
#include "screens/resume_app.h"

#include "base/die.h"
#include "screens/app.h"
#include "screens/list_view.h"
#include "screens/resume.h"

#include <stdlib.h>
#include <string.h>

/* A list that is opened above the root of its tab keeps its order and columns, no filter and no row. */
static bool kept_above(const struct resource *r) { return r == &resource_checks || r == &resource_edge_keys; }

enum tab resume_open(struct app *app)
{
    const char *problem;
    if (!app->options->place) return TAB_HOME;
    app->resume = xcalloc(1, sizeof *app->resume);
    *app->resume = resume_read(app->options->place, &problem);
    if (problem) app_message(app, ROLE_WARN, "%s", problem);
    return app->resume->tab < 0 ? TAB_HOME : (enum tab)app->resume->tab;
}

void resume_close(struct app *app)
{
    if (!app->resume) return;
    app->resume->tab = (int)app->tab;
    (void)resume_write(app->resume);
    resume_place_free(app->resume);
    free(app->resume);
    app->resume = NULL;
}

static bool same_state(const struct view *v, const char *text)
{
    struct buf now;
    buf_init(&now, 2 * LIST_STATE_MAX);
    list_view_state(v, &now);
    bool same = now.data && !strcmp(now.data, text);
    buf_free(&now);
    return same;
}

void resume_apply(struct view *v)
{
    const char *problem;
    const struct resource *r = ((const struct list_view *)v)->resource;
    const struct resume_list *l = v->app->resume ? resume_list(v->app->resume, r->name) : NULL;
    if (!l) return;
    if (!same_state(v, l->state) && !list_view_apply(v, l->state, &problem))
        app_message(v->app, ROLE_WARN, "the list %s begins anew: %s", r->name, problem);
    if (l->row) list_view_want(v, l->row);
}

void resume_note(struct view *v)
{
    const struct list_view *l = (const struct list_view *)v;
    bool root = !v->below;
    struct buf text;
    if (!v->app->resume || (!root && !kept_above(l->resource))) return;
    struct list_state s = list_state_of(l);
    if (!root) s.filter[0] = '\0';
    buf_init(&text, 2 * LIST_STATE_MAX);
    list_state_print(&s, &text);
    const char *row = list_view_id(l);
    if (!text.full) resume_set(v->app->resume, l->resource->name, text.data, !root ? NULL : *row ? row : l->wanted);
    buf_free(&text);
    list_state_free(&s);
}
