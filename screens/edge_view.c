/* One edge instance, full screen. */
#include "screens/edge_view.h"

#include "base/clock.h"
#include "base/die.h"
#include "screens/facts.h"
#include "screens/fetch.h"
#include "screens/format.h"
#include "screens/text.h"
#include "screens/views.h"
#include "tui/prompt.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct edge_view {
    struct view v;
    const struct resource *resource;
    struct fetch get;
    struct sheet *sheet;
    struct arena *texts;
    char *id, *title;
    int width; /* what the sheet was built for, 0: build it anew */
};

static struct edge_view *self(struct view *v) { return (struct edge_view *)v; }
static const struct edge_view *seen(const struct view *v) { return (const struct edge_view *)v; }
static const json_t *node_of(const struct edge_view *d) { return json_object_get(d->get.data, d->resource->object); }
static void ask(struct edge_view *d) { fetch_send(&d->get, resource_get_variables(d->id, clock_now())); }

static const char *text_at(struct edge_view *d, const char *path)
{
    const char *text = api_text(d->texts, node_of(d), path);
    return text ? text : "";
}

static void got(void *context)
{
    struct edge_view *d = context;
    const char *name = text_at(d, d->resource == &resource_edges ? "instanceID" : "name");
    if (*name) {
        free(d->title);
        d->title = xstrdup(name);
    }
    d->width = 0;
    app_dirty(d->v.app);
}

/* ---- the sheet ---- */

static void pair(struct edge_view *d, const char *label, enum role role, const char *path)
{
    const char *text = text_at(d, path);
    if (*text) sheet_pair(d->sheet, label, role, text);
}

static void time_line(struct edge_view *d, const char *label, const char *path)
{
    char date[40], age[FORMAT_SIZE], *text;
    int64_t then = api_time(node_of(d), path);
    if (!then) return;
    facts_date(date, sizeof date, then);
    format_age(age, then, clock_now());
    text = xasprintf("%s%s%s", age, text_dot(), date);
    sheet_pair(d->sheet, label, ROLE_TEXT, text);
    free(text);
}

static void sync_lines(struct edge_view *d)
{
    static const char *const words[][2] = {{"IN_SYNC", "in sync: it runs what is approved"},
                                           {"SENT", "sent: it has what is approved, and did not say yet that it runs it"},
                                           {"BEHIND", "behind: it did not poll since something changed, or could not apply it"}};
    const char *state = text_at(d, "syncState"), *text = "not told by this control plane";
    enum role role = !strcmp(state, "IN_SYNC") ? ROLE_GOOD : !strcmp(state, "BEHIND") ? ROLE_BAD : ROLE_WARN;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(state, words[i][0])) text = words[i][1];
    sheet_wrapped(d->sheet, "policies", role, text, d->width);
    pair(d, "approved", ROLE_INFO, "publishedHash");
    pair(d, "was sent", ROLE_TEXT, "lastResponseHash");
    pair(d, "runs", role, "lastSuccessfulHash");
}

static void error_lines(struct edge_view *d)
{
    const json_t *list = api_at(node_of(d), "policyErrors"), *e, *message;
    size_t i, n;
    if (json_array_size(list) == 0) return;
    sheet_blank(d->sheet);
    sheet_heading(d->sheet, "Policies that it could not apply");
    json_array_foreach((json_t *)(uintptr_t)list, i, e)
    {
        const char *name = api_text(d->texts, e, "policyName"), *id = api_text(d->texts, e, "policyID");
        sheet_span(d->sheet, SHEET_LABEL, ROLE_BAD, name && *name ? name : id);
        sheet_end(d->sheet);
        json_array_foreach(json_object_get(e, "messages"), n, message)
        {
            sheet_wrapped(d->sheet, "", ROLE_TEXT, api_text(d->texts, message, ""), d->width);
        }
    }
}

static void stage_line(struct edge_view *d)
{
    const json_t *list = api_at(node_of(d), "supportedStages"), *stage;
    struct buf text;
    size_t i;
    buf_init(&text, 400);
    json_array_foreach((json_t *)(uintptr_t)list, i, stage) { buf_printf(&text, "%s%s", i ? ", " : "", api_text(d->texts, stage, "")); }
    for (size_t n = 0; n < text.len; n++)
        text.data[n] = (char)(text.data[n] == '_' ? ' ' : text.data[n] >= 'A' && text.data[n] <= 'Z' ? text.data[n] + 32 : text.data[n]);
    if (text.len) sheet_wrapped(d->sheet, "can do", ROLE_TEXT, text.data, d->width);
    buf_free(&text);
}

static void telemetry_lines(struct edge_view *d)
{
    const json_t *telemetry = api_at(node_of(d), "policyTelemetry"), *points = api_at(telemetry, "points");
    static const char *const totals[][2] = {{"matchHits", "hits"},     {"matchMisses", "misses"},  {"errors", "errors"},
                                            {"removeHits", "removed"}, {"redactHits", "redacted"}, {"renameHits", "renamed"},
                                            {"addHits", "added"}};
    double values[48];
    char number[FORMAT_SIZE];
    double peak = 0;
    size_t n = 0;
    if (!telemetry) return;
    sheet_blank(d->sheet);
    sheet_heading(d->sheet, "Policies, last 24 hours");
    for (; n < 48 && n < json_array_size(points); n++) {
        values[n] = api_number(json_array_get(points, n), "matchHits", NAN);
        if (values[n] > peak) peak = values[n];
    }
    if (peak > 0) sheet_chart(d->sheet, SHEET_LABEL, (int)n * 2, 4, ROLE_CHART, values, n);
    for (size_t i = 0; i < sizeof totals / sizeof *totals; i++) {
        double value = api_number(api_at(telemetry, "totals"), totals[i][0], 0);
        format_count(number, value);
        sheet_pair(d->sheet, totals[i][1], i == 2 && value > 0 ? ROLE_BAD : ROLE_TEXT, number);
    }
}

static void map_lines(struct edge_view *d, const char *heading, const char *path)
{
    const json_t *map = api_at(node_of(d), path), *value;
    const char *key;
    if (json_object_size(map) == 0) return;
    sheet_blank(d->sheet);
    sheet_heading(d->sheet, heading);
    json_object_foreach((json_t *)(uintptr_t)map, key, value)
    {
        json_t *name = json_string(key);
        const char *label = api_text(d->texts, name, ""), *text = api_text(d->texts, value, "");
        json_decref(name);
        sheet_span(d->sheet, SHEET_LABEL, ROLE_DIM, label ? label : "");
        sheet_span(d->sheet, SHEET_LABEL + 28, ROLE_TEXT, text ? text : "");
        sheet_end(d->sheet);
    }
}

static void build_key(struct edge_view *d)
{
    bool revoked = api_time(node_of(d), "revokedAt") != 0;
    sheet_pair(d->sheet, "state", revoked ? ROLE_BAD : ROLE_GOOD, revoked ? "revoked: edges that use it are refused" : "good");
    pair(d, "begins with", ROLE_INFO, "keyPrefix");
    time_line(d, "created", "createdAt");
    time_line(d, "last used", "lastUsedAt");
    time_line(d, "revoked", "revokedAt");
    sheet_note(d->sheet, ROLE_DIM, "Only a hash of it is kept; it was shown once, when it was made.");
}

static void build_instance(struct edge_view *d)
{
    sync_lines(d);
    pair(d, "service", ROLE_TEXT, "serviceName");
    pair(d, "namespace", ROLE_TEXT, "serviceNamespace");
    pair(d, "version", ROLE_TEXT, "serviceVersion");
    time_line(d, "last seen", "lastSyncAt");
    time_line(d, "first seen", "firstSeenAt");
    stage_line(d);
    error_lines(d);
    telemetry_lines(d);
    map_lines(d, "Labels", "labels");
    map_lines(d, "Resource", "resourceAttributes");
}

static void build(struct edge_view *d, int width)
{
    arena_reset(d->texts);
    sheet_clear(d->sheet);
    d->width = width;
    sheet_span(d->sheet, SHEET_LABEL, ROLE_TITLE, d->title);
    sheet_end(d->sheet);
    sheet_blank(d->sheet);
    if (node_of(d)) {
        if (d->resource == &resource_edges) build_instance(d);
        else build_key(d);
        sheet_blank(d->sheet);
        sheet_pair(d->sheet, "id", ROLE_DIM, d->id);
    } else if (fetch_failed(&d->get)) {
        sheet_note(d->sheet, ROLE_BAD, d->get.message);
    } else if (d->get.data) {
        sheet_note(d->sheet, ROLE_WARN, "It is not there any more. q goes back, r asks again.");
    }
}

static void paint(struct view *v, int y, int height)
{
    struct edge_view *d = self(v);
    int width = term_columns() < SHEET_WIDEST ? term_columns() : SHEET_WIDEST;
    if (d->width != width) build(d, width);
    sheet_paint(d->sheet, y, height);
}

/* ---- actions ---- */

static void searched(void *context, const char *text)
{
    struct edge_view *d = context;
    if (sheet_search(d->sheet, text ? text : "") == 0 && text && *text) app_message(d->v.app, ROLE_WARN, "not found: %s", text);
    app_dirty(d->v.app);
}

static void step(struct edge_view *d, int by)
{
    const json_t *node = list_view_step(app_below(&d->v), by);
    const char *id = json_string_value(json_object_get(node, "id"));
    if (!id) {
        app_message(d->v.app, ROLE_DIM, by > 0 ? "this is the last row" : "this is the first row");
        return;
    }
    char *title = xstrdup(api_text(d->texts, node, d->resource == &resource_edges ? "instanceID" : "name")), *copy = xstrdup(id);
    free(d->id);
    free(d->title);
    d->id = copy;
    d->title = title;
    json_decref(d->get.data);
    d->get.data = NULL;
    ask(d);
    got(d);
}

static bool action(struct view *v, int id)
{
    struct edge_view *d = self(v);
    int page = term_rows() - 7;
    switch (id) {
    case ACT_DOWN: sheet_scroll(d->sheet, 1); return true;
    case ACT_UP: sheet_scroll(d->sheet, -1); return true;
    case ACT_HALF_DOWN: sheet_scroll(d->sheet, page / 2); return true;
    case ACT_HALF_UP: sheet_scroll(d->sheet, -page / 2); return true;
    case ACT_PAGE_DOWN: sheet_scroll(d->sheet, page); return true;
    case ACT_PAGE_UP: sheet_scroll(d->sheet, -page); return true;
    case ACT_FIRST: sheet_go(d->sheet, false); return true;
    case ACT_LAST: sheet_go(d->sheet, true); return true;
    case ACT_SEARCH_NEXT: sheet_next_match(d->sheet, 1); return true;
    case ACT_SEARCH_PREVIOUS: sheet_next_match(d->sheet, -1); return true;
    case ACT_NEXT: step(d, 1); return true;
    case ACT_PREVIOUS: step(d, -1); return true;
    case ACT_COPY: app_copy(v->app, d->id, "id"); return true;
    case ACT_SEARCH:
        prompt_open(&(struct prompt_options){.label = "/", .history = "search", .changed = searched, .done = searched, .context = d});
        return true;
    }
    return false;
}

static const char *disabled(const struct view *v, int id)
{
    if ((id == ACT_NEXT || id == ACT_PREVIOUS) && !list_view_is(v->below, seen(v)->resource)) return "it was not opened from a list";
    return NULL;
}

/* ---- the rest ---- */

static unsigned context(const struct view *v)
{
    (void)v;
    return CONTEXT_DETAIL;
}

static void title(const struct view *v, struct buf *out) { buf_str(out, seen(v)->title); }
static void refresh(struct view *v) { ask(self(v)); }
static int64_t busy(const struct view *v) { return fetch_busy(&seen(v)->get); }
static int64_t synced(const struct view *v) { return seen(v)->get.answered_at; }

static void status(const struct view *v, struct buf *out)
{
    buf_str(out, seen(v)->resource == &resource_edges ? "edge instance" : "edge key");
    if (fetch_failed(&seen(v)->get)) buf_printf(out, "%s%s", text_dot(), seen(v)->get.message);
}

static void dispose(struct view *v)
{
    struct edge_view *d = self(v);
    prompt_close();
    fetch_free(&d->get);
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

struct view *edge_view_new(struct app *app, const struct resource *resource, const char *id, const char *name)
{
    struct edge_view *d = xcalloc(1, sizeof *d);
    d->v = (struct view){.ops = &ops, .app = app};
    d->resource = resource;
    d->id = xstrdup(id);
    d->title = xstrdup(name ? name : "");
    d->sheet = sheet_new();
    d->texts = arena_new(1 << 20);
    fetch_init(&d->get, app_api(app), resource->get, got, d);
    ask(d);
    return &d->v;
}

bool edge_list_action(struct view *list, int id)
{
    if (id != ACT_EDGE_KEYS) return false;
    app_push(list->app, list_view_new(list->app, &resource_edge_keys, NULL));
    return true;
}
