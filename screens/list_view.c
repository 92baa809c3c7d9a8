/* The list screen, one for every resource. */
#include "screens/list_view.h"

#include "base/clock.h"
#include "base/die.h"
#include "screens/age.h"
#include "screens/kind.h"
#include "screens/offline.h"
#include "screens/resume_app.h"
#include "screens/text.h"
#include "tui/prompt.h"

#include <stdio.h>
#include <stdlib.h>

static struct list_view *self(struct view *v) { return (struct list_view *)v; }
static const struct list_view *seen(const struct view *v) { return (const struct list_view *)v; }

const char *list_view_id(const struct list_view *l)
{
    const char *id = json_string_value(json_object_get(pager_row(l->pager, l->list.cursor), "id"));
    return id ? id : "";
}

/* ---- rows ---- */

/* The row that the cursor was on when the console ended, where it is among the first. */
static void find_wanted(struct list_view *l)
{
    long start, end;
    pager_loaded(l->pager, &start, &end);
    for (long row = start; row < end; row++) {
        const char *id = json_string_value(json_object_get(pager_row(l->pager, row), "id"));
        if (id && !strcmp(id, l->wanted)) l->list.cursor = row;
    }
    free(l->wanted);
    l->wanted = NULL;
}

static void rows_changed(void *context, long shift, bool reset)
{
    struct list_view *l = context;
    l->list.count = pager_count(l->pager);
    l->list.cursor = reset ? 0 : l->list.cursor + shift;
    l->list.top = reset ? 0 : l->list.top + shift;
    if (l->wanted && pager_known(l->pager)) find_wanted(l);
    list_clamp(&l->list);
    app_dirty(l->v.app);
}

void list_view_moved(struct list_view *l)
{
    int height = l->list.height > 0 ? l->list.height : 1;
    pager_want(l->pager, l->list.top, l->list.top + height - 1);
}

static json_t *variables(void *context, const struct pager_page *page)
{
    const struct list_view *l = context;
    const char *problem;
    json_t *where = filter_parse(l->resource, l->filter, &problem);
    json_t *all = resource_list_variables(
        &(struct list_query){
            .where = where,
            .order = l->order,
            .order_count = l->order_count,
            .back = page->back,
            .series = l->series,
            .total = page->total,
            .size = PAGER_PAGE,
            .cursor = page->cursor,
        },
        clock_now());
    json_decref(where);
    return all;
}

void list_view_ask(struct list_view *l, bool keep)
{
    pager_restart(l->pager, keep, l->list.top);
    app_dirty(l->v.app);
}

/* The sparkline's column came into view: a wider terminal, or the column picker. */
static void ask_series(struct list_view *l)
{
    l->series = true;
    l->series_missing = false;
    list_view_ask(l, true);
}

/* ---- painting ---- */

static void paint_wrapped(int y, int lines, const char *text)
{
    int room = term_columns() - 4;
    for (; *text && lines > 0; lines--, y++) {
        size_t fits = text_fit(text, room), n = fits;
        while (text[fits] && n > 0 && text[n] != ' ') n--;
        char *line = xasprintf("%.*s", (int)(n ? n : fits), text);
        paint_text(y, 3, room, ROLE_DIM, line);
        free(line);
        text += n ? n : fits;
        text += strspn(text, " ");
    }
}

static void paint_empty(struct list_view *l, int y, int height)
{
    const char *error = pager_error(l->pager);
    char text[600], detail[400] = "";
    enum role role = ROLE_TEXT;
    if (*error) {
        role = ROLE_BAD;
        snprintf(text, sizeof text, "%s", error);
        bool missing = strstr(error, "not offered") != NULL;
        snprintf(detail, sizeof detail, "%s", missing ? "" : "Press r to try again, ! to see the requests.");
    } else if (!pager_known(l->pager)) {
        return;
    } else if (*l->filter) {
        snprintf(text, sizeof text, "No %s match  %s", l->resource->name, l->filter);
        snprintf(detail, sizeof detail, "Press / to change the filter, Esc to take it off.");
    } else {
        snprintf(text, sizeof text, "No %s yet.", l->resource->name);
        const char *empty = kind_of(l->resource)->empty;
        snprintf(detail, sizeof detail, "%s", empty ? empty : "Press i to read logs of this machine, or to see where to send them.");
    }
    if (height < 4) return;
    paint_text(y + 2, 3, term_columns() - 4, role, text);
    paint_wrapped(y + 3, height - 3, detail);
}

static void paint(struct view *v, int y, int height)
{
    struct list_view *l = self(v);
    int64_t busy = pager_busy(l->pager);
    arena_reset(l->texts);
    list_columns_fit(l, term_columns());
    list_cells_frame(l);
    int chips = height > 4 ? list_filter_height(l) : 0;
    if (chips) list_filter_paint(l, y);
    y += chips;
    height -= chips;
    l->list.y = y + 1;
    l->list.height = height - 1;
    l->list.stale = pager_stale(l->pager) && busy && clock_monotonic() - busy > NS_PER_SECOND / 5;
    list_clamp(&l->list);
    list_paint(&l->list);
    if (l->series_missing) ask_series(l);
    list_view_moved(l);
    if (l->list.count == 0) paint_empty(l, y + 1, height - 1);
}

/* ---- actions ---- */

static bool move(struct list_view *l, int action)
{
    struct list *t = &l->list;
    int half = t->height / 2 > 0 ? t->height / 2 : 1;
    switch (action) {
    case ACT_DOWN: list_move(t, 1); break;
    case ACT_UP: list_move(t, -1); break;
    case ACT_HALF_DOWN: list_move(t, half); break;
    case ACT_HALF_UP: list_move(t, -half); break;
    case ACT_PAGE_DOWN: list_page(t, 1); break;
    case ACT_PAGE_UP: list_page(t, -1); break;
    case ACT_FIRST: list_go(t, 0); break;
    case ACT_LAST: list_go(t, t->count - 1); break;
    default: return false;
    }
    list_view_moved(l);
    return true;
}

static void mark(struct list_view *l)
{
    const char *id = list_view_id(l);
    if (!*id) app_message(l->v.app, ROLE_WARN, "the row is not loaded yet");
    else if (!marks_turn(&l->marks, id)) app_message(l->v.app, ROLE_WARN, "no more than %d rows can be marked", MARKS_MAX);
    else move(l, ACT_DOWN);
}

static void copy(struct list_view *l)
{
    char what[60];
    char *text = l->marks.count ? marks_text(&l->marks) : xstrdup(list_view_id(l));
    if (l->marks.count) snprintf(what, sizeof what, "%zu ids", l->marks.count);
    else snprintf(what, sizeof what, "id of the %s", l->resource->singular);
    app_copy(l->v.app, text, what);
    free(text);
}

static const char *node_name(struct list_view *l, const json_t *node)
{
    const char *name = api_text(l->texts, node, "displayName");
    if (!name || !*name) name = api_text(l->texts, node, "name");
    if (!name || !*name) name = api_text(l->texts, node, "title");
    return name ? name : "";
}

static void open_row(struct list_view *l)
{
    const json_t *node = pager_row(l->pager, l->list.cursor);
    if (node) kind_open(l->v.app, l->resource, list_view_id(l), node_name(l, node));
    else if (l->list.count) app_message(l->v.app, ROLE_WARN, "the row is not loaded yet");
}

static void open_events_of(struct list_view *l)
{
    const json_t *node = pager_row(l->pager, l->list.cursor);
    if (!node) return;
    char *filter = filter_for_service(node_name(l, node));
    app_push(l->v.app, list_view_new(l->v.app, &resource_events, filter));
    free(filter);
}

static void open_service_of(struct list_view *l)
{
    const json_t *node = pager_row(l->pager, l->list.cursor);
    const char *id = json_string_value(api_at(node, "service.id"));
    if (id) kind_open(l->v.app, &resource_services, id, api_text(l->texts, node, "service.name"));
}

static void copy_template(struct list_view *l)
{
    app_copy(l->v.app, api_text(l->texts, pager_row(l->pager, l->list.cursor), "template"), "template");
}

/* Esc first takes off what was typed, then closes the list. */
static bool back(struct list_view *l)
{
    const char *problem;
    if (!strcmp(l->filter, l->initial)) return false;
    list_filter_set(l, l->initial, &problem);
    return true;
}

static bool action(struct view *v, int id)
{
    struct list_view *l = self(v);
    const struct kind *kind = kind_of(l->resource);
    if (move(l, id) || (kind->action && kind->action(v, id))) return true;
    switch (id) {
    case ACT_OPEN: open_row(l); return true;
    case ACT_EVENTS_OF: open_events_of(l); return true;
    case ACT_SERVICE_OF: open_service_of(l); return true;
    case ACT_MARK: mark(l); return true;
    case ACT_MARK_NONE: marks_free(&l->marks); return true;
    case ACT_COPY: copy(l); return true;
    case ACT_COPY_TEMPLATE: copy_template(l); return true;
    case ACT_FILTER:
        if (offline_shown(l->v.app)) list_find_prompt(l);
        else list_filter_prompt(l);
        return true;
    case ACT_SORT: list_order_menu(l); return true;
    case ACT_SORT_REVERSE: list_order_turn(l); return true;
    case ACT_COLUMNS: list_columns_menu(l); return true;
    case ACT_EXPORT: list_export_prompt(l); return true;
    case ACT_FILTER_POP:
        if (!list_filter_pop(l)) app_action(l->v.app, ACT_BACK);
        return true;
    case ACT_BACK: return back(l);
    }
    return false;
}

static const char *disabled(const struct view *v, int id)
{
    const struct list_view *l = seen(v);
    bool on_row = id == ACT_OPEN || id == ACT_EVENTS_OF || id == ACT_SERVICE_OF || id == ACT_MARK;
    if (on_row && l->list.count == 0) return "the list is empty";
    if (id == ACT_SORT_REVERSE && !l->order_count) return "this list has no order of its own";
    const struct kind *kind = kind_of(l->resource);
    return kind->disabled ? kind->disabled(v, id) : NULL;
}

/* ---- the rest ---- */

static unsigned context(const struct view *v) { return CONTEXT_LIST | kind_of(seen(v)->resource)->context; }
static void title(const struct view *v, struct buf *out) { buf_str(out, kind_of(seen(v)->resource)->title); }

static void status(const struct view *v, struct buf *out)
{
    const struct list_view *l = seen(v);
    char at[32], count[32];
    if (!pager_known(l->pager)) return;
    count_text(count, sizeof count, l->list.count);
    count_text(at, sizeof at, l->list.count ? l->list.cursor + 1 : 0);
    buf_printf(out, "%s of %s", at, count);
    if (l->order_count) buf_str(out, text_dot());
    list_order_status(l, out);
    if (*l->filter && !list_filter_height(l)) buf_printf(out, "%sfilter %s", text_dot(), l->filter);
    if (l->marks.count) buf_printf(out, "%s%zu marked", text_dot(), l->marks.count);
    if (*pager_error(l->pager) && l->list.count) buf_printf(out, "%s%s", text_dot(), pager_error(l->pager));
}

static void refresh(struct view *v) { list_view_ask(self(v), true); }
static void tick(struct view *v) { list_filter_due(self(v)); }
static int64_t busy(const struct view *v) { return pager_busy(seen(v)->pager); }
static int64_t synced(const struct view *v) { return pager_answered(seen(v)->pager); }

static void dispose(struct view *v)
{
    struct list_view *l = self(v);
    prompt_close();
    resume_note(v);
    pager_free(l->pager);
    marks_free(&l->marks);
    arena_free(l->texts);
    arena_free(l->cells);
    free(l->columns);
    free(l->at);
    free(l->wanted);
    free(l->filter);
    free(l->initial);
    free(l->pending);
    free(l->before);
    free(l->sought);
    free(l);
}

static const struct view_ops ops = {
    .context = context,
    .paint = paint,
    .action = action,
    .click = list_view_click,
    .refresh = refresh,
    .tick = tick,
    .title = title,
    .status = status,
    .disabled = disabled,
    .busy = busy,
    .synced = synced,
    .close = dispose,
};

struct view *list_view_new(struct app *app, const struct resource *resource, const char *filter)
{
    struct list_view *l = xcalloc(1, sizeof *l);
    l->v = (struct view){.ops = &ops, .app = app};
    l->resource = resource;
    l->filter = xstrdup(filter ? filter : "");
    l->initial = xstrdup(l->filter);
    l->texts = arena_new(4 << 20);
    l->pager =
        pager_new(pager_source_api(app_api(app)), resource->list, resource->connection, &(struct pager_owner){l, variables, rows_changed});
    l->series = term_columns() >= SERIES_COLUMNS;
    list_cells_open(l);
    list_order_default(l);
    list_columns_open(l);
    list_view_ask(l, false);
    return &l->v;
}

bool list_view_is(const struct view *v, const struct resource *resource)
{
    return v && v->ops == &ops && (!resource || seen(v)->resource == resource);
}

const json_t *list_view_node(const struct view *v) { return pager_row(seen(v)->pager, seen(v)->list.cursor); }
bool list_view_place(const struct view *v, long *row, long *count)
{
    *row = seen(v)->list.cursor + 1;
    *count = seen(v)->list.count;
    return pager_known(seen(v)->pager);
}

void list_view_unmark(struct view *v, const char *id)
{
    if (marks_has(&self(v)->marks, id)) marks_turn(&self(v)->marks, id);
}

const char *list_view_text(const struct view *v) { return seen(v)->filter; }

const json_t *list_view_step(struct view *v, int step)
{
    struct list_view *l = self(v);
    const json_t *node = pager_row(l->pager, l->list.cursor + step);
    if (node) list_go(&l->list, l->list.cursor + step);
    if (node) list_view_moved(l);
    return node;
}

bool list_view_filter(struct view *v, const char *filter, const char **problem) { return list_filter_set(self(v), filter, problem); }

bool list_view_sort(struct view *v, const char *columns, const char **problem)
{
    struct list_view *l = self(v);
    struct list_order order[LIST_ORDERS];
    size_t count = list_order_parse(l->resource, columns, order, problem);
    if (count == 1 && !strpbrk(columns, "-:")) list_order_by(l, order[0].column);
    else if (count) list_order_set(l, order, count);
    return count > 0;
}

bool list_view_columns(struct view *v, const char *columns, const char **problem)
{
    size_t count = 0;
    const struct column **chosen = *columns ? list_columns_parse(self(v)->resource, columns, &count, problem) : NULL;
    if (*columns && !chosen) return false;
    list_columns_set(self(v), chosen, count);
    app_dirty(v->app);
    free(chosen);
    return true;
}

bool list_view_apply(struct view *v, const char *text, const char **problem)
{
    struct list_state s;
    if (!list_state_parse(&s, NULL, text, problem)) return false;
    list_state_apply(self(v), &s);
    list_state_free(&s);
    return true;
}

void list_view_state(const struct view *v, struct buf *out)
{
    struct list_state s = list_state_of(seen(v));
    list_state_print(&s, out);
    list_state_free(&s);
}

const char *list_view_row(const struct view *v) { return list_view_id(seen(v)); }
void list_view_want(struct view *v, const char *id)
{
    free(self(v)->wanted);
    self(v)->wanted = xstrdup(id);
}
