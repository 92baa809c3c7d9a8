/* One service or one log event, full screen. */
#include "base/clock.h"
#include "base/die.h"
#include "base/utf8.h"
#include "screens/enable.h"
#include "screens/facts.h"
#include "screens/fetch.h"
#include "screens/format.h"
#include "screens/text.h"
#include "screens/views.h"
#include "tui/prompt.h"

#include <stdio.h>
#include <stdlib.h>

struct detail {
    struct view v;
    const struct resource *resource;
    struct fetch get;
    struct enable enable;
    struct sheet *sheet;
    struct arena *texts;
    char *id, *title;
    enum window window;
    int width; /* what the sheet was built for, 0: build it anew */
};

static struct detail *self(struct view *v) { return (struct detail *)v; }
static const struct detail *seen(const struct view *v) { return (const struct detail *)v; }
static bool is_service(const struct detail *d) { return d->resource == &resource_services; }
static const json_t *node_of(const struct detail *d) { return json_object_get(d->get.data, d->resource->object); }

static void stale_sheet(struct detail *d)
{
    d->width = 0;
    app_dirty(d->v.app);
}

static void ask(struct detail *d) { fetch_send(&d->get, resource_get_variables(d->id, clock_now())); }

/* ---- the sheet ---- */

static const char *text_at(struct detail *d, const char *path)
{
    const char *text = api_text(d->texts, node_of(d), path);
    return text ? text : "";
}

/* "checkout · Team Platform" */
static void build_owner(struct detail *d, const char *label, enum role role, const char *text, const char *team_path)
{
    const char *team = text_at(d, team_path);
    sheet_span(d->sheet, SHEET_LABEL, ROLE_DIM, label);
    sheet_span(d->sheet, SHEET_VALUE, role, text);
    sheet_span(d->sheet, -1, ROLE_DIM, text_dot());
    sheet_span(d->sheet, -1, ROLE_DIM, *team ? "team " : "no team");
    sheet_span(d->sheet, -1, ROLE_TEXT, team);
    sheet_end(d->sheet);
}

static void build_chart(struct detail *d, int width)
{
    static const char *const paths[WINDOWS] = {"logVolume", "week", "month"};
    sheet_blank(d->sheet);
    facts_chart(d->sheet, json_object_get(node_of(d), paths[d->window]), d->window, width, term_rows() < 30 ? 4 : 8);
    sheet_blank(d->sheet);
}

static void build_top_event(struct detail *d, const json_t *event, int width)
{
    char rate[FORMAT_SIZE], money[FORMAT_SIZE];
    const char *name = api_text(d->texts, event, "displayName"), *severity = api_text(d->texts, event, "severity");
    if (!name || !*name) name = api_text(d->texts, event, "name");
    format_count(rate, api_number(event, "status.current.eventsPerHour", 0));
    format_money(money, api_number(event, "status.current.totalUsdPerHour", 0) * HOURS_PER_YEAR);
    char *cut = text_cut(name ? name : "", width - 34);
    sheet_span(d->sheet, SHEET_LABEL, text_severity_role(severity ? severity : ""), severity ? severity : "");
    sheet_span(d->sheet, SHEET_LABEL + 7, ROLE_TEXT, cut);
    sheet_span_right(d->sheet, width - 14, ROLE_TEXT, rate);
    sheet_span(d->sheet, -1, ROLE_DIM, "/h");
    sheet_span_right(d->sheet, width - 4, ROLE_MONEY, money);
    sheet_span(d->sheet, -1, ROLE_DIM, "/yr");
    sheet_end(d->sheet);
    free(cut);
}

static void build_top_events(struct detail *d, int width)
{
    const json_t *edges = api_at(node_of(d), "logEvents.edges");
    if (json_array_size(edges) == 0) return;
    sheet_heading(d->sheet, "Its log events that cost most (v lists all)");
    for (size_t i = 0; i < json_array_size(edges); i++) build_top_event(d, json_object_get(json_array_get(edges, i), "node"), width);
    sheet_blank(d->sheet);
}

static void build_service(struct detail *d, int width)
{
    const json_t *node = node_of(d);
    char count[FORMAT_SIZE];
    bool enabled = api_bool(node, "enabled", true);
    format_count(count, api_number(node, "logEventCount", 0));
    build_owner(d, "state", enabled ? ROLE_GOOD : ROLE_WARN, enabled ? "enabled" : "disabled: not counted as spend", "team.name");
    if (strcmp(text_at(d, "statusSummary.health"), "INACTIVE") == 0)
        sheet_pair(d->sheet, "health", ROLE_WARN, "inactive: no records within 7 days");
    sheet_pair(d->sheet, "log events", ROLE_TEXT, count);
    facts_rates(d->sheet, "now", api_at(node, "statusSummary.current"));
    facts_seen(d->sheet, node, clock_now());
    sheet_blank(d->sheet);
    facts_volume(d->sheet, node);
    build_chart(d, width);
    facts_severity(d->sheet, api_at(node, "statusSummary.current.severity"), width);
    build_top_events(d, width);
}

static void build_cost(struct detail *d)
{
    char bytes[FORMAT_SIZE], events[FORMAT_SIZE], text[100];
    const json_t *current = api_at(node_of(d), "status.current");
    if (!(api_number(current, "totalUsdPerHour", 0) > 0)) return;
    format_money(bytes, api_number(current, "bytesUsdPerHour", 0) * HOURS_PER_YEAR);
    format_money(events, api_number(current, "volumeUsdPerHour", 0) * HOURS_PER_YEAR);
    snprintf(text, sizeof text, "%s for bytes, %s for records, a year", bytes, events);
    sheet_pair(d->sheet, "cost", ROLE_DIM, text);
}

static void build_event(struct detail *d, int width)
{
    const json_t *node = node_of(d);
    sheet_template(d->sheet, "template", text_at(d, "template"), width);
    if (api_bool(node, "wordsWithheld", false)) sheet_note(d->sheet, ROLE_DIM, "<?>: words seen too rarely to be kept");
    build_owner(d, "service", api_bool(node, "service.enabled", true) ? ROLE_TEXT : ROLE_DIM, text_at(d, "service.name"),
                "service.team.name");
    if (api_bool(node, "isFragment", false)) sheet_pair(d->sheet, "kind", ROLE_TEXT, "a piece of a longer record, such as a stack frame");
    facts_rates(d->sheet, "now", api_at(node, "status.current"));
    build_cost(d);
    facts_seen(d->sheet, node, clock_now());
    sheet_blank(d->sheet);
    facts_volume(d->sheet, node);
    build_chart(d, width);
}

static void build_title(struct detail *d, int width)
{
    const char *severity = text_at(d, "severity");
    char *cut = text_cut(d->title, width - 12);
    sheet_span(d->sheet, SHEET_LABEL, ROLE_TITLE, cut);
    if (*severity) sheet_span(d->sheet, SHEET_LABEL + text_width(cut) + 2, text_severity_role(severity), severity);
    sheet_end(d->sheet);
    free(cut);
}

static void build(struct detail *d, int width)
{
    arena_reset(d->texts);
    sheet_clear(d->sheet);
    d->width = width;
    build_title(d, width);
    sheet_blank(d->sheet);
    if (node_of(d)) {
        if (is_service(d)) build_service(d, width);
        else build_event(d, width);
        sheet_pair(d->sheet, "id", ROLE_DIM, d->id);
    } else if (d->get.data) {
        sheet_note(d->sheet, ROLE_WARN, "It is not there any more. q goes back, r asks again.");
    } else if (fetch_failed(&d->get)) {
        sheet_note(d->sheet, ROLE_BAD, d->get.message);
        sheet_note(d->sheet, ROLE_DIM, "r tries again, ! shows the requests");
    }
}

static void paint(struct view *v, int y, int height)
{
    struct detail *d = self(v);
    int width = term_columns() < SHEET_WIDEST ? term_columns() : SHEET_WIDEST;
    if (d->width != width) build(d, width);
    sheet_paint(d->sheet, y, height);
}

/* ---- answers ---- */

static void take_title(struct detail *d)
{
    const char *name = text_at(d, "displayName");
    if (!*name) name = text_at(d, "name");
    if (!*name) return;
    free(d->title);
    d->title = xstrdup(name);
}

static void got(void *context)
{
    struct detail *d = context;
    take_title(d);
    stale_sheet(d);
}

/* ---- actions ---- */

static void go(struct detail *d, const char *id, const char *title)
{
    char *new_id = xstrdup(id), *new_title = xstrdup(title);
    free(d->id);
    free(d->title);
    d->id = new_id;
    d->title = new_title;
    json_decref(d->get.data);
    d->get.data = NULL;
    ask(d);
    sheet_go(d->sheet, false);
    stale_sheet(d);
}

static void step(struct detail *d, int by)
{
    struct view *list = app_below(&d->v);
    const json_t *node = list_view_step(list, by);
    if (!node) {
        app_message(d->v.app, ROLE_DIM, by > 0 ? "this is the last row" : "this is the first row");
        return;
    }
    const char *id = json_string_value(json_object_get(node, "id")), *name = api_text(d->texts, node, "displayName");
    if (!name || !*name) name = api_text(d->texts, node, "name");
    go(d, id ? id : "", name ? name : "");
}

static void searched(void *context, const char *text)
{
    struct detail *d = context;
    if (!text) text = "";
    if (*text && sheet_search(d->sheet, text) == 0) app_message(d->v.app, ROLE_WARN, "not found: %s", text);
    else if (!*text) sheet_search(d->sheet, "");
    app_dirty(d->v.app);
}

static void typed(void *context, const char *text)
{
    struct detail *d = context;
    sheet_search(d->sheet, text);
    app_dirty(d->v.app);
}

static void next_match(struct detail *d, int direction)
{
    if (!sheet_next_match(d->sheet, direction)) app_message(d->v.app, ROLE_WARN, "nothing was searched for, or it is not there");
}

static bool scroll(struct detail *d, int action)
{
    int page = term_rows() - 7;
    switch (action) {
    case ACT_DOWN: sheet_scroll(d->sheet, 1); return true;
    case ACT_UP: sheet_scroll(d->sheet, -1); return true;
    case ACT_HALF_DOWN: sheet_scroll(d->sheet, page / 2); return true;
    case ACT_HALF_UP: sheet_scroll(d->sheet, -page / 2); return true;
    case ACT_PAGE_DOWN: sheet_scroll(d->sheet, page); return true;
    case ACT_PAGE_UP: sheet_scroll(d->sheet, -page); return true;
    case ACT_FIRST: sheet_go(d->sheet, false); return true;
    case ACT_LAST: sheet_go(d->sheet, true); return true;
    }
    return false;
}

static void open_events(struct detail *d)
{
    char *filter = filter_for_service(text_at(d, "name"));
    app_push(d->v.app, list_view_new(d->v.app, &resource_events, filter));
    free(filter);
}

static void open_service(struct detail *d)
{
    const char *id = json_string_value(api_at(node_of(d), "service.id"));
    if (id) app_push(d->v.app, detail_new(d->v.app, &resource_services, id, text_at(d, "service.name")));
}

static void next_window(struct detail *d)
{
    d->window = (enum window)((d->window + 1) % WINDOWS);
    stale_sheet(d);
}

static bool action(struct view *v, int id)
{
    struct detail *d = self(v);
    if (scroll(d, id)) return true;
    switch (id) {
    case ACT_NEXT: step(d, 1); return true;
    case ACT_PREVIOUS: step(d, -1); return true;
    case ACT_EVENTS_OF: open_events(d); return true;
    case ACT_SERVICE_OF: open_service(d); return true;
    case ACT_ENABLE: enable_ask(&d->enable, d->id, d->title, api_bool(node_of(d), "enabled", true)); return true;
    case ACT_WINDOW: next_window(d); return true;
    case ACT_COPY: app_copy(v->app, d->id, "id"); return true;
    case ACT_COPY_TEMPLATE: app_copy(v->app, text_at(d, "template"), "template"); return true;
    case ACT_SEARCH:
        prompt_open(&(struct prompt_options){.label = "/", .history = "search", .changed = typed, .done = searched, .context = d});
        return true;
    case ACT_SEARCH_NEXT: next_match(d, 1); return true;
    case ACT_SEARCH_PREVIOUS: next_match(d, -1); return true;
    }
    return false;
}

static const char *disabled(const struct view *v, int id)
{
    const struct detail *d = seen(v);
    if ((id == ACT_NEXT || id == ACT_PREVIOUS) && !list_view_is(v->below, d->resource)) return "it was not opened from a list";
    bool needs_node = id == ACT_EVENTS_OF || id == ACT_SERVICE_OF || id == ACT_ENABLE || id == ACT_COPY_TEMPLATE;
    if (needs_node && !node_of(d)) return "it is not loaded yet";
    return id == ACT_ENABLE ? enable_disabled(&d->enable) : NULL;
}

/* ---- the rest ---- */

static unsigned context(const struct view *v)
{
    return CONTEXT_DETAIL | CONTEXT_VOLUME | (is_service(seen(v)) ? CONTEXT_SERVICES : CONTEXT_EVENTS);
}
static void title(const struct view *v, struct buf *out) { buf_str(out, seen(v)->title); }
static void refresh(struct view *v) { ask(self(v)); }
static int64_t busy(const struct view *v) { return fetch_busy(&seen(v)->get); }
static int64_t synced(const struct view *v) { return seen(v)->get.answered_at; }

static void status(const struct view *v, struct buf *out)
{
    const struct detail *d = seen(v);
    buf_printf(out, "%s", d->resource->singular);
    if (fetch_failed(&d->get)) buf_printf(out, "%s%s", text_dot(), d->get.message);
}

static void dispose(struct view *v)
{
    struct detail *d = self(v);
    prompt_close();
    fetch_free(&d->get);
    enable_free(&d->enable);
    sheet_free(d->sheet);
    arena_free(d->texts);
    free(d->id);
    free(d->title);
    free(d);
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

struct view *detail_new(struct app *app, const struct resource *resource, const char *id, const char *name)
{
    struct detail *d = xcalloc(1, sizeof *d);
    d->v = (struct view){.ops = &ops, .app = app};
    d->resource = resource;
    d->id = xstrdup(id);
    d->title = xstrdup(name ? name : "");
    d->sheet = sheet_new();
    d->texts = arena_new(1 << 20);
    fetch_init(&d->get, app_api(app), resource->get, got, d);
    enable_init(&d->enable, app);
    ask(d);
    return &d->v;
}
