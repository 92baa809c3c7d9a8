#include "screens/text_view.h"

#include "base/die.h"
#include "tui/prompt.h"

#include <stdlib.h>

struct text_view {
    struct view v;
    struct text_view_options o;
    struct pane *pane;
    unsigned of; /* the context that it was opened in */
    char *filter, *title;
    int height;
};

static struct text_view *self(struct view *v) { return (struct text_view *)v; }

static void build(struct text_view *t)
{
    pane_clear(t->pane);
    if (t->o.build_about) t->o.build_about(t->v.app, t->pane, t->o.about);
    else t->o.build(t->v.app, t->pane, t->of, t->o.filters ? t->filter : "");
    app_dirty(t->v.app);
}

static void paint(struct view *v, int y, int height)
{
    struct text_view *t = self(v);
    bool first = t->height == 0;
    t->height = height;
    pane_paint(t->pane, y, height);
    if (first && pane_go(t->pane, false)) pane_paint(t->pane, y, height);
}

static void set_filter(struct text_view *t, const char *text)
{
    char *copy = xstrdup(text);
    free(t->filter);
    t->filter = copy;
    if (t->o.filters) build(t);
    pane_search(t->pane, t->filter);
    app_dirty(t->v.app);
}

static void typed(void *context, const char *text) { set_filter(context, text); }
static void done(void *context, const char *text) { set_filter(context, text ? text : ""); }

static void ask(struct text_view *t)
{
    prompt_open(&(struct prompt_options){
        .label = "/", .initial = t->o.filters ? t->filter : NULL, .history = "search", .changed = typed, .done = done, .context = t});
}

static void copy(struct text_view *t)
{
    char *text = pane_text(t->pane);
    app_copy(t->v.app, text, "this text");
    free(text);
}

static void match(struct text_view *t, int direction)
{
    if (!pane_next_match(t->pane, direction)) app_message(t->v.app, ROLE_WARN, "nothing was searched for, or it is not there");
}

static bool action(struct view *v, int id)
{
    struct text_view *t = self(v);
    int page = t->height > 1 ? t->height - 1 : 1;
    switch (id) {
    case ACT_DOWN: pane_scroll(t->pane, 1); return true;
    case ACT_UP: pane_scroll(t->pane, -1); return true;
    case ACT_HALF_DOWN: pane_scroll(t->pane, page / 2); return true;
    case ACT_HALF_UP: pane_scroll(t->pane, -page / 2); return true;
    case ACT_PAGE_DOWN: pane_scroll(t->pane, page); return true;
    case ACT_PAGE_UP: pane_scroll(t->pane, -page); return true;
    case ACT_FIRST: pane_go(t->pane, false); return true;
    case ACT_LAST: pane_go(t->pane, true); return true;
    case ACT_SEARCH: ask(t); return true;
    case ACT_SEARCH_NEXT: match(t, 1); return true;
    case ACT_SEARCH_PREVIOUS: match(t, -1); return true;
    case ACT_COPY: copy(t); return true;
    }
    return false;
}

static unsigned context(const struct view *v)
{
    (void)v;
    return CONTEXT_PANE;
}

static void refresh(struct view *v) { build(self(v)); }
static void title(const struct view *v, struct buf *out) { buf_str(out, ((const struct text_view *)v)->title); }

static void status(const struct view *v, struct buf *out)
{
    const struct text_view *t = (const struct text_view *)v;
    if (*t->filter) buf_printf(out, "%s %s", t->o.filters ? "lines with" : "searching", t->filter);
}

static void dispose(struct view *v)
{
    struct text_view *t = self(v);
    prompt_close();
    pane_free(t->pane);
    free(t->filter);
    free(t->title);
    free(t);
}

static char *text(struct view *v) { return pane_text(self(v)->pane); }

static const struct view_ops ops = {
    .text = text,
    .context = context,
    .paint = paint,
    .action = action,
    .refresh = refresh,
    .title = title,
    .status = status,
    .close = dispose,
};

struct view *text_view_new(struct app *app, const struct text_view_options *options)
{
    struct text_view *t = xcalloc(1, sizeof *t);
    t->v = (struct view){.ops = &ops, .app = app};
    t->o = *options;
    t->of = app_context(app);
    t->filter = xstrdup("");
    t->title = xstrdup(options->title);
    t->pane = pane_new();
    build(t);
    return &t->v;
}
