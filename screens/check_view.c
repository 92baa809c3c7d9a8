/* One check, full screen: what it looks for, how it stands, its limits; switching it, changing a limit, a run now. */
#include "base/clock.h"
#include "base/die.h"
#include "screens/fetch.h"
#include "screens/format.h"
#include "screens/issue.h"
#include "screens/facts.h"
#include "screens/menu.h"
#include "screens/text.h"
#include "screens/views.h"
#include "tui/prompt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct check_view {
    struct view v;
    struct fetch get, change;
    struct sheet *sheet;
    struct arena *texts;
    char *id, *title;
    char *limit; /* the threshold that a value is typed for */
    char label[100];
    int width, height;
};

static struct check_view *self(struct view *v) { return (struct check_view *)v; }
static const struct check_view *seen(const struct view *v) { return (const struct check_view *)v; }
static const json_t *node_of(const struct check_view *s) { return json_object_get(s->get.data, "check"); }
static void ask(struct check_view *s) { fetch_send(&s->get, resource_get_variables(s->id, clock_now())); }
static const json_t *limits_of(const struct check_view *s) { return json_object_get(node_of(s), "thresholds"); }
static bool is_on(const struct check_view *s) { return api_bool(node_of(s), "enabled", true); }

static const char *text_at(struct check_view *s, const json_t *node, const char *path)
{
    const char *text = api_text(s->texts, node, path);
    return text ? text : "";
}

static void stale(struct check_view *s)
{
    s->width = 0;
    app_dirty(s->v.app);
}

/* ---- the sheet ---- */

static void build_state(struct check_view *s, int width)
{
    const char *unavailable = text_at(s, node_of(s), "unavailableReason");
    if (*unavailable) {
        char *text = xasprintf("not available: %s", unavailable);
        sheet_wrapped(s->sheet, "state", ROLE_WARN, text, width);
        free(text);
    } else if (api_at(node_of(s), "enabled")) {
        sheet_pair(s->sheet, "state", is_on(s) ? ROLE_GOOD : ROLE_WARN, is_on(s) ? "on" : "off: it looks at nothing");
    }
}

static void build_time(struct check_view *s, const char *label, const char *path)
{
    char age[FORMAT_SIZE];
    int64_t at = api_time(node_of(s), path);
    if (at) format_age(age, at, clock_now());
    sheet_pair(s->sheet, label, at ? ROLE_TEXT : ROLE_DIM, at ? age : "never");
}

static void build_posture(struct check_view *s)
{
    const json_t *p = json_object_get(node_of(s), "posture");
    char text[160], money[FORMAT_SIZE];
    snprintf(text, sizeof text, "%lld open%s%lld waiting for more records", (long long)api_integer(p, "openFindingCount", 0), text_dot(),
             (long long)api_integer(p, "pendingFindingCount", 0));
    sheet_pair(s->sheet, "findings", ROLE_TEXT, text);
    long long issues = (long long)api_integer(p, "activeIssueCount", 0), services = (long long)api_integer(p, "affectedServiceCount", 0);
    snprintf(text, sizeof text, issues ? "%lld open, findings in %lld service%s" : "none", issues, services, services == 1 ? "" : "s");
    sheet_pair(s->sheet, "issues", ROLE_TEXT, text);
    format_money(money, api_number(p, "previewSavings.totalUsdPerHour", 0) * HOURS_PER_YEAR);
    snprintf(text, sizeof text, "%s a year", money);
    sheet_pair(s->sheet, "would save", ROLE_MONEY, text);
    facts_rates(s->sheet, "cost now", json_object_get(p, "current"));
}

static void number_text(char out[FORMAT_SIZE], double value) { snprintf(out, FORMAT_SIZE, "%.10g", value); }

static void build_limit(struct check_view *s, const json_t *limit, int width)
{
    char now[FORMAT_SIZE], standard[FORMAT_SIZE], text[300];
    double value = api_number(limit, "value", 0), usual = api_number(limit, "default", value);
    number_text(now, value);
    number_text(standard, usual);
    sheet_span(s->sheet, SHEET_LABEL, ROLE_TEXT, text_at(s, limit, "name"));
    sheet_span_right(s->sheet, SHEET_LABEL + 32, value != usual ? ROLE_INFO : ROLE_TEXT, now);
    snprintf(text, sizeof text, "%s%s%s%s", value != usual ? "(usually " : "", value != usual ? standard : "", value != usual ? ") " : "",
             text_at(s, limit, "meaning"));
    char *cut = text_cut(text, width - SHEET_LABEL - 36);
    sheet_span(s->sheet, SHEET_LABEL + 34, ROLE_DIM, cut);
    sheet_end(s->sheet);
    free(cut);
}

static void build_limits(struct check_view *s, int width)
{
    sheet_blank(s->sheet);
    sheet_heading(s->sheet, "Thresholds (t changes one)");
    if (!json_is_array(limits_of(s))) sheet_note(s->sheet, ROLE_DIM, "not offered by this control plane");
    else if (json_array_size(limits_of(s)) == 0) sheet_note(s->sheet, ROLE_DIM, "It has none.");
    for (size_t i = 0; i < json_array_size(limits_of(s)); i++) build_limit(s, json_array_get(limits_of(s), i), width);
}

static void build_node(struct check_view *s, int width)
{
    char *kind = xasprintf("%s%s%s", text_at(s, node_of(s), "domain"), text_dot(), text_at(s, node_of(s), "type"));
    sheet_wrapped(s->sheet, "looks for", ROLE_TEXT, text_at(s, node_of(s), "description"), width);
    sheet_pair(s->sheet, "kind", ROLE_DIM, kind);
    build_state(s, width);
    build_time(s, "found", "posture.latestObservedAt");
    build_posture(s);
    build_limits(s, width);
    sheet_blank(s->sheet);
    sheet_pair(s->sheet, "id", ROLE_DIM, s->id);
    free(kind);
}

static void build(struct check_view *s, int width)
{
    arena_reset(s->texts);
    sheet_clear(s->sheet);
    s->width = width;
    sheet_span(s->sheet, SHEET_LABEL, ROLE_TITLE, s->title);
    sheet_end(s->sheet);
    sheet_blank(s->sheet);
    if (node_of(s)) build_node(s, width);
    else if (s->get.data) sheet_note(s->sheet, ROLE_WARN, "It is not there any more. q goes back, r asks again.");
    else if (fetch_failed(&s->get)) sheet_note(s->sheet, ROLE_BAD, s->get.message);
}

static void paint(struct view *v, int y, int height)
{
    struct check_view *s = self(v);
    int width = term_columns() < SHEET_WIDEST ? term_columns() : SHEET_WIDEST;
    s->height = height;
    if (s->width != width) build(s, width);
    sheet_paint(s->sheet, y, height);
}

/* ---- changes ---- */

static void got(void *context) { stale(context); }

static void say_run(struct check_view *s)
{
    const json_t *run = json_object_get(s->change.data, "runChecks");
    long long opened = api_integer(run, "openedIssues", 0) + api_integer(run, "reopenedIssues", 0);
    app_message(s->v.app, ROLE_GOOD, "looked at %lld services that changed: %lld issues opened, %lld closed",
                (long long)api_integer(run, "servicesLookedAt", 0), opened, (long long)api_integer(run, "closedIssues", 0));
}

static void changed(void *context)
{
    struct check_view *s = context;
    if (s->change.status != API_OK) app_message(s->v.app, ROLE_BAD, "nothing was changed: %s", s->change.message);
    else if (!strcmp(s->change.operation, "RunChecks")) say_run(s);
    else app_message(s->v.app, ROLE_GOOD, "%s was changed; the next run goes by it", s->title);
    if (s->change.status == API_OK) app_refresh_all(s->v.app);
}

static void send(struct check_view *s, const char *operation, json_t *variables)
{
    s->change.operation = operation;
    fetch_send(&s->change, variables);
}

static void turn(void *context)
{
    struct check_view *s = context;
    send(s, "UpdateCheck", json_pack("{sssb}", "id", s->id, "enabled", !is_on(s)));
}

static void ask_turn(struct check_view *s)
{
    char *question = xasprintf(is_on(s) ? "Switch %s off? Its open issues stay as they are." : "Switch %s on?", s->title);
    app_confirm(s->v.app, question, turn, s);
    free(question);
}

static void value_typed(void *context, const char *text)
{
    struct check_view *s = context;
    double value;
    app_dirty(s->v.app);
    if (!text) return;
    if (!format_parse_number(text, strlen(text), &value)) {
        app_message(s->v.app, ROLE_BAD, "nothing was changed: %s is no number", text);
        return;
    }
    send(s, "UpdateCheck", json_pack("{sss[{sssf}]}", "id", s->id, "thresholds", "name", s->limit, "value", value));
}

static bool pick_limit(void *context, int item)
{
    struct check_view *s = context;
    char now[FORMAT_SIZE];
    const json_t *limit = json_array_get(limits_of(s), (size_t)item);
    free(s->limit);
    s->limit = xstrdup(text_at(s, limit, "name"));
    number_text(now, api_number(limit, "value", 0));
    snprintf(s->label, sizeof s->label, "%s: ", s->limit);
    prompt_open(&(struct prompt_options){.label = s->label, .initial = now, .done = value_typed, .context = s});
    return true;
}

static void choose_limit(struct check_view *s)
{
    size_t count = json_array_size(limits_of(s));
    struct menu_options o = {.title = "Change which threshold", .pick = pick_limit, .context = s, .count = (int)count};
    o.items = xcalloc(count, sizeof *o.items);
    for (size_t i = 0; i < count; i++) {
        const json_t *limit = json_array_get(limits_of(s), i);
        o.items[i].text = xasprintf("%-22s %s", text_at(s, limit, "name"), text_at(s, limit, "meaning"));
    }
    app_push(s->v.app, menu_new(s->v.app, &o));
}

static void open_issues(struct app *app, const char *id)
{
    char *filter = xasprintf("stage:open check:%s", id);
    app_push(app, list_view_new(app, &resource_issues, filter));
    free(filter);
}

bool check_list_action(struct view *list, int action)
{
    const char *id = json_string_value(json_object_get(list_view_node(list), "id"));
    if (action != ACT_CHECK_ISSUES || !id) return false;
    open_issues(list->app, id);
    return true;
}

/* ---- actions ---- */

static bool scroll(struct check_view *s, int action)
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

static void step(struct check_view *s, int by)
{
    const json_t *node = list_view_step(s->v.below, by);
    if (!node) {
        app_message(s->v.app, ROLE_DIM, by > 0 ? "this is the last row" : "this is the first row");
        return;
    }
    free(s->id);
    free(s->title);
    s->id = xstrdup(text_at(s, node, "id"));
    s->title = xstrdup(text_at(s, node, "name"));
    json_decref(s->get.data);
    s->get.data = NULL;
    sheet_go(s->sheet, false);
    ask(s);
    stale(s);
}

static void typed(void *context, const char *text)
{
    struct check_view *s = context;
    sheet_search(s->sheet, text);
    app_dirty(s->v.app);
}

static void searched(void *context, const char *text)
{
    struct check_view *s = context;
    typed(s, text ? text : "");
    if (text && *text && sheet_search(s->sheet, text) == 0) app_message(s->v.app, ROLE_WARN, "not found: %s", text);
}

static void next_match(struct check_view *s, int direction)
{
    if (!sheet_next_match(s->sheet, direction)) app_message(s->v.app, ROLE_WARN, "nothing was searched for, or it is not there");
}

static bool action(struct view *v, int id)
{
    struct check_view *s = self(v);
    if (scroll(s, id)) return true;
    switch (id) {
    case ACT_NEXT: step(s, 1); return true;
    case ACT_PREVIOUS: step(s, -1); return true;
    case ACT_COPY: app_copy(v->app, s->id, "id"); return true;
    case ACT_CHECK_ISSUES: open_issues(v->app, s->id); return true;
    case ACT_CHECK_ENABLE: ask_turn(s); return true;
    case ACT_CHECK_THRESHOLD: choose_limit(s); return true;
    case ACT_SEARCH:
        prompt_open(&(struct prompt_options){.label = "/", .history = "search", .changed = typed, .done = searched, .context = s});
        return true;
    case ACT_SEARCH_NEXT: next_match(s, 1); return true;
    case ACT_SEARCH_PREVIOUS: next_match(s, -1); return true;
    case ACT_CHECK_RUN: send(s, "RunChecks", NULL); return true;
    }
    return false;
}

static const char *disabled(const struct view *v, int id)
{
    const struct check_view *s = seen(v);
    bool change = id == ACT_CHECK_ENABLE || id == ACT_CHECK_THRESHOLD;
    if ((id == ACT_NEXT || id == ACT_PREVIOUS) && !list_view_is(v->below, &resource_checks)) return "it was not opened from a list";
    if ((change || id == ACT_CHECK_RUN) && s->change.ticket) return "a change is under way";
    if (change && !node_of(s)) return "it is not loaded yet";
    if (id == ACT_CHECK_ENABLE && !json_object_get(node_of(s), "enabled")) return "not offered by this control plane";
    if (id == ACT_CHECK_THRESHOLD && !limits_of(s)) return "not offered by this control plane";
    if (id == ACT_CHECK_THRESHOLD && json_array_size(limits_of(s)) == 0) return "it has none";
    return NULL;
}

static unsigned context(const struct view *v)
{
    (void)v;
    return CONTEXT_DETAIL | CONTEXT_CHECK;
}

static void title(const struct view *v, struct buf *out) { buf_str(out, seen(v)->title); }
static void refresh(struct view *v) { ask(self(v)); }
static int64_t busy(const struct view *v) { return fetch_busy(&seen(v)->get); }
static int64_t synced(const struct view *v) { return seen(v)->get.answered_at; }

static void status(const struct view *v, struct buf *out)
{
    buf_str(out, "check");
    if (fetch_failed(&seen(v)->get)) buf_printf(out, "%s%s", text_dot(), seen(v)->get.message);
}

static void dispose(struct view *v)
{
    struct check_view *s = self(v);
    prompt_close();
    fetch_free(&s->get);
    fetch_free(&s->change);
    sheet_free(s->sheet);
    arena_free(s->texts);
    free(s->id);
    free(s->title);
    free(s->limit);
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

struct view *check_view_new(struct app *app, const struct resource *resource, const char *id, const char *name)
{
    struct check_view *s = xcalloc(1, sizeof *s);
    s->v = (struct view){.ops = &ops, .app = app};
    s->id = xstrdup(id);
    s->title = xstrdup(name ? name : "");
    s->sheet = sheet_new();
    s->texts = arena_new(1 << 20);
    fetch_init(&s->get, app_api(app), resource->get, got, s);
    fetch_init(&s->change, app_api(app), "UpdateCheck", changed, s);
    ask(s);
    return &s->v;
}
