/* One issue, full screen: what is wrong, the evidence, what is proposed and what it would do. Made for going through
 * many: a decision goes on to the next row of the list while it is sent. */
#include "screens/issue_view.h"

#include "base/clock.h"
#include "base/die.h"
#include "screens/issue.h"
#include "screens/kind.h"
#include "screens/text.h"
#include "screens/views.h"
#include "tui/prompt.h"

#include <stdlib.h>

static struct issue_view *self(struct view *v) { return (struct issue_view *)v; }
static const struct issue_view *seen(const struct view *v) { return (const struct issue_view *)v; }
const json_t *issue_node(const struct issue_view *s) { return json_object_get(s->get.data, resource_issues.object); }
static void ask(struct issue_view *s) { fetch_send(&s->get, resource_get_variables(s->id, clock_now())); }

const char *issue_text(const struct issue_view *s, const char *path)
{
    const char *text = api_text(s->texts, issue_node(s), path);
    return text ? text : "";
}

void issue_stale(struct issue_view *s)
{
    s->width = 0;
    app_dirty(s->v.app);
}

static void take_title(struct issue_view *s)
{
    const char *title = issue_text(s, "title");
    if (!*title) return;
    free(s->title);
    s->title = xstrdup(title);
}

static void got(void *context)
{
    struct issue_view *s = context;
    take_title(s);
    issue_stale(s);
}

/* The list below is asked again once the person is back there: rows must not move during a review. */
static void worked(void *context, const char *issue)
{
    struct issue_view *s = context;
    if (!strcmp(issue, s->id)) ask(s);
    app_dirty(s->v.app);
}

/* ---- painting ---- */

static void paint(struct view *v, int y, int height)
{
    struct issue_view *s = self(v);
    int width = term_columns() < SHEET_WIDEST ? term_columns() : SHEET_WIDEST;
    s->height = height;
    if (s->width != width) issue_build(s, width);
    s->width = width;
    sheet_paint(s->sheet, y, height);
    if (s->wanted < 0 || !issue_node(s)) return;
    int part = s->wanted;
    s->wanted = -1;
    issue_show(s, (enum issue_part)part);
    sheet_paint(s->sheet, y, height);
}

/* The heading of the part becomes the first line, as far as there is text below. */
void issue_show(struct issue_view *s, enum issue_part part)
{
    if (s->width == 0) {
        s->wanted = (int)part;
    } else if (s->parts[part] >= 0) {
        sheet_go(s->sheet, false);
        sheet_scroll(s->sheet, s->parts[part]);
    }
    app_dirty(s->v.app);
}

/* ---- moving ---- */

static void go(struct issue_view *s, const char *id, const char *title)
{
    char *new_id = xstrdup(id), *new_title = xstrdup(title);
    free(s->id);
    free(s->title);
    s->id = new_id;
    s->title = new_title;
    json_decref(s->get.data);
    s->get.data = NULL;
    s->wanted = -1;
    ask(s);
    sheet_go(s->sheet, false);
    issue_stale(s);
}

void issue_next(struct issue_view *s, int by)
{
    const json_t *node = list_view_is(s->v.below, &resource_issues) ? list_view_step(s->v.below, by) : NULL;
    if (!node) {
        app_message(s->v.app, ROLE_DIM, by > 0 ? "this is the last issue of the list" : "this is the first issue of the list");
        return;
    }
    const char *id = json_string_value(json_object_get(node, "id"));
    go(s, id ? id : "", api_text(s->texts, node, "title"));
}

static bool scroll(struct issue_view *s, int action)
{
    int page = s->height > 2 ? s->height - 2 : 1;
    switch (action) {
    case ACT_DOWN: sheet_scroll(s->sheet, 1); return true;
    case ACT_UP: sheet_scroll(s->sheet, -1); return true;
    case ACT_HALF_DOWN: sheet_scroll(s->sheet, page / 2); return true;
    case ACT_HALF_UP: sheet_scroll(s->sheet, -page / 2); return true;
    case ACT_PAGE_DOWN: sheet_scroll(s->sheet, page); return true;
    case ACT_PAGE_UP: sheet_scroll(s->sheet, -page); return true;
    case ACT_FIRST: sheet_go(s->sheet, false); return true;
    case ACT_LAST: sheet_go(s->sheet, true); return true;
    }
    return false;
}

/* ---- search ---- */

static void searched(void *context, const char *text)
{
    struct issue_view *s = context;
    if (!text) text = "";
    if (sheet_search(s->sheet, text) == 0 && *text) app_message(s->v.app, ROLE_WARN, "not found: %s", text);
    app_dirty(s->v.app);
}

static void typed(void *context, const char *text)
{
    struct issue_view *s = context;
    sheet_search(s->sheet, text);
    app_dirty(s->v.app);
}

static void next_match(struct issue_view *s, int direction)
{
    if (!sheet_next_match(s->sheet, direction)) app_message(s->v.app, ROLE_WARN, "nothing was searched for, or it is not there");
}

/* ---- actions ---- */

/* What was decided and is not done yet would be lost. */
static bool hold(struct issue_view *s, int action)
{
    size_t left = issue_work_left(&s->work);
    if (left == 0 || (action == ACT_QUIT && s->leaving)) return false;
    s->leaving = action == ACT_QUIT;
    app_message(s->v.app, ROLE_WARN, "%zu decision%s not sent yet%s", left, left == 1 ? " is" : "s are",
                action == ACT_QUIT ? "; again drops them" : "; a moment");
    return true;
}

static bool action(struct view *v, int id)
{
    struct issue_view *s = self(v);
    if (id == ACT_BACK || id == ACT_QUIT) return hold(s, id);
    if (scroll(s, id) || issue_act(s, id)) return true;
    switch (id) {
    case ACT_NEXT: issue_next(s, 1); return true;
    case ACT_PREVIOUS: issue_next(s, -1); return true;
    case ACT_COPY: app_copy(v->app, s->id, "id"); return true;
    case ACT_SEARCH:
        prompt_open(&(struct prompt_options){.label = "/", .history = "search", .changed = typed, .done = searched, .context = s});
        return true;
    case ACT_SEARCH_NEXT: next_match(s, 1); return true;
    case ACT_SEARCH_PREVIOUS: next_match(s, -1); return true;
    }
    return false;
}

static const char *disabled(const struct view *v, int id)
{
    bool listed = list_view_is(v->below, &resource_issues);
    if ((id == ACT_NEXT || id == ACT_PREVIOUS) && !listed) return "it was not opened from a list";
    return issue_act_disabled(seen(v), id);
}

/* ---- the rest ---- */

static unsigned context(const struct view *v)
{
    (void)v;
    return CONTEXT_DETAIL | CONTEXT_ISSUE;
}

static void title(const struct view *v, struct buf *out)
{
    const struct issue_view *s = seen(v);
    const char *name = json_string_value(json_object_get(issue_node(s), "displayID"));
    buf_str(out, name ? name : s->title);
}

static void status(const struct view *v, struct buf *out)
{
    const struct issue_view *s = seen(v);
    long row, count;
    if (list_view_is(v->below, &resource_issues) && list_view_place(v->below, &row, &count))
        buf_printf(out, "issue %ld of %ld", row, count);
    else buf_str(out, "issue");
    if (s->work.changes) buf_printf(out, "%s%u decided", text_dot(), s->work.changes);
    if (issue_work_left(&s->work)) buf_printf(out, "%s%zu under way", text_dot(), issue_work_left(&s->work));
    if (fetch_failed(&s->get)) buf_printf(out, "%s%s", text_dot(), s->get.message);
}

static void refresh(struct view *v) { ask(self(v)); }
static int64_t busy(const struct view *v) { return fetch_busy(&seen(v)->get); }
static int64_t synced(const struct view *v) { return seen(v)->get.answered_at; }

/* Rows that were decided leave a list of open issues: its cursor goes up with them. */
static void refresh_below(struct issue_view *s)
{
    struct view *list = s->v.below;
    if (!s->work.touched) return;
    long row = 1, count, up = (long)s->work.changes;
    bool open = list_view_is(list, &resource_issues) && strstr(list_view_text(list), "stage:open");
    if (open && list_view_place(list, &row, &count)) list_view_step(list, -(int)(up < row - 1 ? up : row - 1));
    if (list && list->ops->refresh) list->ops->refresh(list);
    app_refresh_totals(s->v.app);
}

static void dispose(struct view *v)
{
    struct issue_view *s = self(v);
    refresh_below(s);
    prompt_close();
    fetch_free(&s->get);
    fetch_free(&s->teams);
    issue_work_free(&s->work);
    sheet_free(s->sheet);
    arena_free(s->texts);
    free(s->id);
    free(s->title);
    free(s);
}

static const struct view_ops ops = {
    .context = context,
    .paint = paint,
    .action = action,
    .refresh = refresh,
    .title = title,
    .status = status,
    .disabled = disabled,
    .busy = busy,
    .synced = synced,
    .close = dispose,
};

struct view *issue_view_new(struct app *app, const struct resource *resource, const char *id, const char *name)
{
    struct issue_view *s = xcalloc(1, sizeof *s);
    s->v = (struct view){.ops = &ops, .app = app};
    s->id = xstrdup(id);
    s->title = xstrdup(name ? name : "");
    s->wanted = -1;
    s->sheet = sheet_new();
    s->texts = arena_new(1 << 20);
    fetch_init(&s->get, app_api(app), resource->get, got, s);
    issue_work_init(&s->work, app, worked, s);
    ask(s);
    return &s->v;
}
