#include "screens/detail_base.h"

#include "base/clock.h"
#include "base/die.h"
#include "screens/kind.h"
#include "screens/text.h"
#include "screens/views.h"
#include "tui/prompt.h"

#include <stdio.h>
#include <stdlib.h>

enum { TEXTS_MAX = 4 << 20, HEAD_LINES = 3 /* title, sections, blank */ };

static struct detail *self(struct view *v) { return (struct detail *)v; }
static const struct detail *seen(const struct view *v) { return (const struct detail *)v; }

const json_t *detail_node(const struct detail *d) { return json_object_get(d->get.data, d->resource->object); }

const char *detail_text(const struct detail *d, const char *path)
{
    const char *text = api_text(d->texts, detail_node(d), path);
    return text ? text : "";
}

const char *detail_name(struct arena *texts, const json_t *node)
{
    static const char *const paths[] = {"displayName", "name", "title", "instanceID"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        const char *name = api_text(texts, node, paths[i]);
        if (name && *name) return name;
    }
    return "";
}

void detail_stale(struct detail *d)
{
    d->width = 0;
    app_dirty(d->v.app);
}

void detail_ask(struct detail *d)
{
    fetch_send(&d->get, resource_get_variables(d->id, clock_now()));
    if (d->ops->more) fetch_send(&d->more, json_pack("{ss}", "id", d->id));
}

static void got(void *context)
{
    struct detail *d = context;
    const char *name = detail_name(d->texts, detail_node(d));
    if (*name) {
        free(d->title);
        d->title = xstrdup(name);
    }
    detail_stale(d);
}

static void got_more(void *context) { detail_stale(context); }

/* ---- the sheet ---- */

static void build_head(struct detail *d, struct sheet *sheet, int width)
{
    if (d->ops->head) d->ops->head(d, sheet, width);
    else sheet_span(sheet, SHEET_LABEL, ROLE_TITLE, d->title);
    sheet_end(sheet);
}

static void build_missing(struct detail *d)
{
    char text[120];
    if (fetch_failed(&d->get)) {
        sheet_note(d->sheet, ROLE_BAD, d->get.message);
        sheet_note(d->sheet, ROLE_DIM, "r tries again, ! shows the requests");
    } else if (d->get.data) {
        snprintf(text, sizeof text, "%s are not offered by this control plane.", d->resource->title);
        bool offered = api_offers(app_api(d->v.app), "Query", d->resource->object);
        sheet_note(d->sheet, ROLE_WARN, offered ? "It is not there any more. q goes back, r asks again." : text);
    }
}

static void build(struct detail *d, int width)
{
    arena_reset(d->texts);
    sheet_clear(d->sheet);
    sheet_clear(d->pinned);
    detail_links_clear(d);
    for (int i = 0; i < DETAIL_PARTS; i++) d->parts[i] = -1;
    d->width = width;
    build_head(d, d->ops->sections ? d->pinned : d->sheet, width);
    if (!detail_node(d)) {
        sheet_blank(d->sheet);
        build_missing(d);
    } else if (d->ops->sections) {
        d->ops->sections[d->section].build(d, width);
    } else {
        d->ops->build(d, width);
        sheet_pair(d->sheet, "id", ROLE_DIM, d->id);
    }
}

void detail_heading(struct detail *d, int part, const char *text)
{
    sheet_blank(d->sheet);
    d->parts[part] = sheet_lines(d->sheet);
    sheet_heading(d->sheet, text);
}

void detail_show(struct detail *d, int part)
{
    if (d->width == 0) {
        d->wanted = part;
    } else if (d->parts[part] >= 0) {
        sheet_go(d->sheet, false);
        sheet_scroll(d->sheet, d->parts[part]);
    }
    app_dirty(d->v.app);
}

/* ---- painting ---- */

static void paint_sections(const struct detail *d, int y)
{
    int x = SHEET_LABEL - 1;
    char text[40];
    for (int i = 0; i < d->ops->section_count; i++) {
        const struct detail_section *s = &d->ops->sections[i];
        size_t n = s->count ? json_array_size(api_at(detail_node(d), s->count)) : 0;
        if (n) snprintf(text, sizeof text, " %s %zu ", s->name, n);
        else snprintf(text, sizeof text, " %s ", s->name);
        if (i == d->section && term_plain()) text[0] = '*';
        x += paint_text(y, x, term_columns() - x, i == d->section ? ROLE_TAB_CURRENT : ROLE_TAB, text) + 1;
    }
    if (term_columns() - x > 16) paint_text(y, x + 1, 14, ROLE_DIM, "h l: sections");
}

static void paint_sheet(struct detail *d, int y, int height)
{
    int head = d->ops->sections ? HEAD_LINES : 0;
    d->height = height > head ? height - head : 0;
    sheet_select(d->sheet, detail_links_line(d));
    if (d->height) sheet_paint(d->sheet, y + head, d->height);
    if (!head) return;
    for (int i = 0; i < HEAD_LINES; i++) paint_clear(y + i, 0, ROLE_TEXT);
    sheet_paint(d->pinned, y, 1);
    paint_sections(d, y + 1);
}

static void paint(struct view *v, int y, int height)
{
    struct detail *d = self(v);
    int width = term_columns() < SHEET_WIDEST ? term_columns() : SHEET_WIDEST;
    if (d->width != width) build(d, width);
    paint_sheet(d, y, height);
    if (d->wanted < 0 || !detail_node(d)) return;
    int part = d->wanted;
    d->wanted = -1;
    detail_show(d, part);
    paint_sheet(d, y, height);
}

/* ---- going elsewhere ---- */

void detail_go(struct detail *d, const char *id, const char *title)
{
    char *new_id = xstrdup(id), *new_title = xstrdup(title);
    free(d->id);
    free(d->title);
    d->id = new_id;
    d->title = new_title;
    json_decref(d->get.data);
    json_decref(d->more.data);
    d->get.data = d->more.data = NULL;
    d->wanted = d->link = -1;
    if (d->ops->moved) d->ops->moved(d);
    detail_ask(d);
    sheet_go(d->sheet, false);
    detail_stale(d);
}

static bool listed(const struct detail *d) { return list_view_is(d->v.below, d->resource); }

void detail_step(struct detail *d, int by)
{
    const json_t *node = listed(d) ? list_view_step(d->v.below, by) : NULL;
    const char *id = json_string_value(json_object_get(node, "id"));
    if (id) detail_go(d, id, detail_name(d->texts, node));
    else app_message(d->v.app, ROLE_DIM, by > 0 ? "this is the last row" : "this is the first row");
}

static void turn_section(struct detail *d, int by)
{
    d->section = (d->section + by + d->ops->section_count) % d->ops->section_count;
    d->link = -1;
    sheet_go(d->sheet, false);
    detail_stale(d);
}

/* ---- search ---- */

static void typed(void *context, const char *text)
{
    struct detail *d = context;
    sheet_search(d->sheet, text);
    app_dirty(d->v.app);
}

static void searched(void *context, const char *text)
{
    struct detail *d = context;
    if (!text) text = "";
    if (sheet_search(d->sheet, text) == 0 && *text) app_message(d->v.app, ROLE_WARN, "not found: %s", text);
    app_dirty(d->v.app);
}

static void search(struct detail *d)
{
    prompt_open(&(struct prompt_options){.label = "/", .history = "search", .changed = typed, .done = searched, .context = d});
}

static void next_match(struct detail *d, int direction)
{
    int before = sheet_match(d->sheet);
    if (!sheet_next_match(d->sheet, direction)) {
        app_message(d->v.app, ROLE_WARN, "nothing was searched for, or it is not there");
    } else if (before >= 0 && (sheet_match(d->sheet) - before) * direction <= 0) {
        app_message(d->v.app, ROLE_DIM, direction > 0 ? "the search went on from the top" : "the search went on from the end");
    }
}

/* ---- actions ---- */

static bool scroll(struct detail *d, int action)
{
    int page = d->height > 2 ? d->height - 2 : 1;
    switch (action) {
    case ACT_DOWN: detail_links_move(d, 1); return true;
    case ACT_UP: detail_links_move(d, -1); return true;
    case ACT_HALF_DOWN: sheet_scroll(d->sheet, page / 2); return true;
    case ACT_HALF_UP: sheet_scroll(d->sheet, -page / 2); return true;
    case ACT_PAGE_DOWN: sheet_scroll(d->sheet, page); return true;
    case ACT_PAGE_UP: sheet_scroll(d->sheet, -page); return true;
    case ACT_FIRST: d->link = -1, sheet_go(d->sheet, false); return true;
    case ACT_LAST: d->link = -1, sheet_go(d->sheet, true); return true;
    }
    return false;
}

static bool action(struct view *v, int id)
{
    struct detail *d = self(v);
    if ((d->ops->action && d->ops->action(d, id)) || scroll(d, id)) return true;
    switch (id) {
    case ACT_NEXT: detail_step(d, 1); return true;
    case ACT_PREVIOUS: detail_step(d, -1); return true;
    case ACT_FOLLOW: detail_follow(d); return true;
    case ACT_SECTION_NEXT: turn_section(d, 1); return true;
    case ACT_SECTION_PREVIOUS: turn_section(d, -1); return true;
    case ACT_COPY: app_copy(v->app, d->id, "id"); return true;
    case ACT_SEARCH: search(d); return true;
    case ACT_SEARCH_NEXT: next_match(d, 1); return true;
    case ACT_SEARCH_PREVIOUS: next_match(d, -1); return true;
    }
    return false;
}

static const char *disabled(const struct view *v, int id)
{
    const struct detail *d = seen(v);
    if ((id == ACT_NEXT || id == ACT_PREVIOUS) && !listed(d)) return "it was not opened from a list";
    if (id == ACT_FOLLOW) return detail_follow_disabled(d);
    return d->ops->disabled ? d->ops->disabled(d, id) : NULL;
}

/* ---- the rest ---- */

static unsigned context(const struct view *v) { return CONTEXT_DETAIL | seen(v)->ops->context; }
static void refresh(struct view *v) { detail_ask(self(v)); }
static int64_t busy(const struct view *v) { return fetch_busy(&seen(v)->get); }
static int64_t synced(const struct view *v) { return seen(v)->get.answered_at; }

static void title(const struct view *v, struct buf *out)
{
    const struct detail *d = seen(v);
    if (d->ops->title) d->ops->title(d, out);
    else buf_str(out, d->title);
}

static void status(const struct view *v, struct buf *out)
{
    const struct detail *d = seen(v);
    if (d->ops->status) d->ops->status(d, out);
    else buf_str(out, d->ops->noun);
    if (fetch_failed(&d->get)) buf_printf(out, "%s%s", text_dot(), d->get.message);
}

static void dispose(struct view *v)
{
    struct detail *d = self(v);
    if (d->ops->close) d->ops->close(d);
    prompt_close();
    fetch_free(&d->get);
    fetch_free(&d->more);
    detail_links_clear(d);
    sheet_free(d->sheet);
    sheet_free(d->pinned);
    arena_free(d->texts);
    free(d->id);
    free(d->title);
    free(d);
}

/* All sections, one after the other; the page is as before afterwards. */
static void add_sections(struct detail *d, struct buf *out)
{
    int section = d->section;
    for (int i = 0; i < d->ops->section_count; i++) {
        d->section = i;
        build(d, SHEET_WIDEST);
        char *text = sheet_text(d->sheet);
        buf_printf(out, "\n  %s\n\n%s", d->ops->sections[i].name, text);
        free(text);
    }
    d->section = section;
    detail_stale(d);
}

static char *whole_text(struct view *v)
{
    struct detail *d = self(v);
    struct buf out;
    if (!d->ops->sections) return sheet_text(d->sheet);
    char *head = sheet_text(d->pinned);
    buf_init(&out, 16 << 20);
    buf_str(&out, head);
    free(head);
    add_sections(d, &out);
    return out.data ? out.data : xstrdup("");
}

static const json_t *object(const struct view *v) { return detail_node(seen(v)); }

static const struct view_ops view_ops = {
    .text = whole_text,
    .object = object,
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

struct view *detail_open(const struct detail_ops *ops, struct app *app, const struct resource *resource, const char *id, const char *name)
{
    struct detail *d = xcalloc(1, ops->size ? ops->size : sizeof *d);
    d->v = (struct view){.ops = &view_ops, .app = app};
    d->ops = ops;
    d->resource = resource;
    d->id = xstrdup(id);
    d->title = xstrdup(name ? name : "");
    d->wanted = d->link = -1;
    d->sheet = sheet_new();
    d->pinned = sheet_new();
    d->texts = arena_new(TEXTS_MAX);
    fetch_init(&d->get, app_api(app), resource->get, got, d);
    fetch_init(&d->more, app_api(app), ops->more, got_more, d);
    if (ops->open) ops->open(d);
    detail_ask(d);
    return &d->v;
}
