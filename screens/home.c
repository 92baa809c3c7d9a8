/* Home: what there is, what it costs, how it comes in. Everything is computed from answers of the control plane. */
#include "base/clock.h"
#include "base/die.h"
#include "screens/facts.h"
#include "screens/fetch.h"
#include "screens/format.h"
#include "screens/home_charts.h"
#include "screens/issue.h"
#include "screens/kind.h"
#include "screens/otlp.h"
#include "screens/overview.h"
#include "screens/text.h"
#include "screens/views.h"

#include <stdio.h>
#include <stdlib.h>

enum { TOP = 15, WIDEST = 168 };

struct home {
    struct view v;
    struct sheet *sheet;
    struct arena *texts;
    struct fetch charts;
    unsigned asked;    /* the refresh that the charts were asked after */
    int width, height; /* what the sheet was built for */
    unsigned built;    /* of which refresh */
    int64_t minute;    /* of which time: ages change */
    bool offered;      /* the way in was shown once by itself */
    struct {
        int line;
        const struct resource *resource;
        const json_t *node;
    } rows[TOP];
    int row_count, cursor;
};

static struct home *self(struct view *v) { return (struct home *)v; }
static const struct overview *overview_of(const struct view *v) { return app_overview(v->app); }
static const json_t *account(const struct home *h) { return api_at(overview_home(overview_of(&h->v)), "accounts.edges.0.node"); }

static const char *text_of(struct home *h, const json_t *node, const char *path)
{
    const char *text = api_text(h->texts, node, path);
    return text ? text : "";
}

/* ---- totals ---- */

static void tile(struct sheet *s, int column, enum role role, const char *number, const char *unit)
{
    sheet_span(s, column, role, number);
    sheet_span(s, -1, ROLE_DIM, " ");
    sheet_span(s, -1, ROLE_DIM, unit);
}

static void build_totals(struct home *h, int width)
{
    const json_t *status = json_object_get(account(h), "status"), *totals = api_at(status, "current.totals");
    char cost[FORMAT_SIZE], rate[FORMAT_SIZE], volume[FORMAT_SIZE], records[FORMAT_SIZE];
    int tiles = width < 76 ? 3 : 4, step = (width - 2 * SHEET_LABEL) / tiles;
    format_money(cost, api_number(totals, "totalUsdPerHour", 0) * HOURS_PER_YEAR);
    format_count(rate, api_number(totals, "eventsPerHour", 0));
    format_bytes(volume, api_number(totals, "bytesPerHour", 0) * HOURS_PER_MONTH);
    format_count(records, api_number(status, "eventCount", 0));
    tile(h->sheet, SHEET_LABEL, ROLE_MONEY, cost, "a year");
    tile(h->sheet, SHEET_LABEL + step, ROLE_TITLE, rate, "records/h");
    tile(h->sheet, SHEET_LABEL + 2 * step, ROLE_TITLE, volume, "a month");
    if (tiles == 4) tile(h->sheet, SHEET_LABEL + 3 * step, ROLE_TITLE, records, "records");
    sheet_end(h->sheet);
}

static bool silent(const struct home *h)
{
    int64_t last = api_time(account(h), "status.lastSeenAt");
    return last && clock_now() - last > 24 * NS_PER_HOUR;
}

/* Nothing comes in: that must not be missed. */
static void build_silence(struct home *h)
{
    char text[160], age[FORMAT_SIZE];
    if (!silent(h)) return;
    format_age(age, api_time(account(h), "status.lastSeenAt"), clock_now());
    snprintf(text, sizeof text, "latest record %s: nothing came in for more than a day", age);
    sheet_pair(h->sheet, "ingest", ROLE_WARN, text);
}

static void build_state(struct home *h)
{
    const json_t *coverage = api_at(account(h), "status.coverage");
    int64_t active = api_integer(coverage, "logActiveServices", 0), off = api_integer(coverage, "disabledServices", 0);
    int64_t inactive = api_integer(coverage, "inactiveServices", 0), last = api_time(account(h), "status.lastSeenAt");
    char text[160], age[FORMAT_SIZE];
    int n = snprintf(text, sizeof text, "%lld active", (long long)active);
    if (inactive) n += snprintf(text + n, sizeof text - (size_t)n, "%s%lld silent for 7 days", text_dot(), (long long)inactive);
    if (off) snprintf(text + n, sizeof text - (size_t)n, "%s%lld disabled", text_dot(), (long long)off);
    sheet_pair(h->sheet, "services", ROLE_TEXT, text);
    if (!last || silent(h)) return;
    format_age(age, last, clock_now());
    snprintf(text, sizeof text, "latest record %s", age);
    sheet_pair(h->sheet, "ingest", ROLE_GOOD, text);
}

/* ---- what costs most ---- */

static void add_row(struct home *h, const struct resource *r, const json_t *node, int line)
{
    if (h->row_count == TOP) return;
    h->rows[h->row_count].resource = r;
    h->rows[h->row_count].node = node;
    h->rows[h->row_count++].line = line;
}

static void span_cut(struct home *h, int column, int width, enum role role, const char *text)
{
    char *cut = text_cut(text, width);
    sheet_span(h->sheet, column, role, cut);
    free(cut);
}

static void span_number(struct home *h, int column, enum role role, const char *number, const char *unit)
{
    sheet_span_right(h->sheet, column, role, number);
    sheet_span(h->sheet, -1, ROLE_DIM, unit);
}

/* From the right: money, rate, bytes where there is room, severity and service of a log event; the name takes the rest. */
static void build_row(struct home *h, const struct resource *r, const json_t *node, int width)
{
    bool event = r == &resource_events, wide = width >= 100 || !event;
    const json_t *current = api_at(node, event ? "status.current" : "statusSummary.current");
    const char *name = text_of(h, node, "displayName"), *severity = text_of(h, node, "severity");
    char rate[FORMAT_SIZE], money[FORMAT_SIZE], bytes[FORMAT_SIZE];
    int left = width - (wide ? 40 : 26);
    format_count(rate, api_number(current, "eventsPerHour", 0));
    format_bytes(bytes, api_number(current, "bytesPerHour", 0) * HOURS_PER_MONTH);
    format_money(money, api_number(current, "totalUsdPerHour", 0) * HOURS_PER_YEAR);
    if (event) left -= 26;
    span_cut(h, SHEET_LABEL, left - SHEET_LABEL - 2, ROLE_TEXT, *name ? name : text_of(h, node, "name"));
    if (event) span_cut(h, left, 18, ROLE_DIM, text_of(h, node, "service.name"));
    if (event) sheet_span(h->sheet, left + 20, text_severity_role(severity), severity);
    if (wide) span_number(h, width - 27, ROLE_TEXT, bytes, "/mo");
    span_number(h, width - 15, ROLE_TEXT, rate, "/h");
    span_number(h, width - 5, ROLE_MONEY, money, "/yr");
    add_row(h, r, node, sheet_end(h->sheet));
}

static void build_top(struct home *h, const struct resource *r, const char *heading, size_t most, int width)
{
    const json_t *edges = json_object_get(json_object_get(overview_home(overview_of(&h->v)), r->connection), "edges");
    sheet_blank(h->sheet);
    sheet_heading(h->sheet, heading);
    for (size_t i = 0; i < most && i < json_array_size(edges); i++)
        build_row(h, r, json_object_get(json_array_get(edges, i), "node"), width);
}

static void build_issues(struct home *h, size_t most, int width)
{
    const json_t *edges = api_at(overview_home(overview_of(&h->v)), "issues.edges");
    if (json_array_size(edges) == 0) return;
    sheet_blank(h->sheet);
    sheet_heading(h->sheet, "Issues that matter most");
    for (size_t i = 0; i < most && i < json_array_size(edges); i++) {
        const json_t *node = json_object_get(json_array_get(edges, i), "node");
        issue_home_row(h->sheet, h->texts, node, width);
        add_row(h, &resource_issues, node, sheet_end(h->sheet));
    }
}

/* ---- the whole ---- */

static void build_promise(struct home *h)
{
    const json_t *server = overview_server(overview_of(&h->v));
    if (!api_at(server, "serverInfo.rawTelemetryStored")) return;
    bool stored = api_bool(server, "serverInfo.rawTelemetryStored", true);
    sheet_pair(h->sheet, "raw logs", stored ? ROLE_WARN : ROLE_GOOD,
               stored ? "this control plane says that it stores raw telemetry" : "not stored: records are counted and dropped");
}

static void build_severity(struct home *h, int width, bool large)
{
    const json_t *severity = api_at(account(h), "status.current.severity");
    if (large) sheet_blank(h->sheet);
    if (large) facts_severity(h->sheet, severity, width);
    else facts_severity_line(h->sheet, severity, width);
}

/* What it costs and what to do comes first; how it stands follows. */
static void build(struct home *h, int width, int height)
{
    const json_t *home = overview_home(overview_of(&h->v));
    bool large = height >= 32;
    size_t most = height >= 23 ? 5 : 3;
    arena_reset(h->texts);
    sheet_clear(h->sheet);
    h->row_count = 0;
    build_totals(h, width);
    build_silence(h);
    home_savings(h->sheet, account(h), width);
    sheet_blank(h->sheet);
    home_spend(h->sheet, account(h), h->charts.data, width, large ? 11 : 5);
    sheet_blank(h->sheet);
    issue_home_line(h->sheet, home);
    home_share(h->sheet, account(h), h->charts.data, width);
    if (!large) build_severity(h, width, false);
    if (large) build_issues(h, most, width);
    build_top(h, &resource_events, "Log events by cost", most, width);
    build_top(h, &resource_services, "Services by volume", most, width);
    if (large) home_distribution(h->sheet, h->charts.data, width);
    if (large) build_severity(h, width, true);
    else sheet_blank(h->sheet);
    build_state(h);
    otlp_pair(h->sheet, app_options(h->v.app), overview_server(overview_of(&h->v)));
    build_promise(h);
    if (h->cursor >= h->row_count) h->cursor = h->row_count ? h->row_count - 1 : 0;
}

static void ask_charts(struct home *h)
{
    const struct overview *s = overview_of(&h->v);
    if (h->asked == s->refreshes || fetch_busy(&h->charts) || !overview_home(s) || overview_empty(s)) return;
    json_t *v = resource_get_variables("", clock_now()), *wanted = json_object();
    json_object_set(wanted, "day", json_object_get(v, "day"));
    json_decref(v);
    h->asked = s->refreshes;
    fetch_send(&h->charts, wanted);
}

static void got_charts(void *context)
{
    struct home *h = context;
    h->width = 0;
    app_dirty(h->v.app);
}

static void build_waiting(struct home *h)
{
    const struct overview *s = overview_of(&h->v);
    sheet_clear(h->sheet);
    h->row_count = 0;
    sheet_blank(h->sheet);
    if (overview_home(s) && overview_empty(s)) {
        sheet_note(h->sheet, ROLE_TEXT, "The catalog is empty.");
        sheet_note(h->sheet, ROLE_DIM, "Press i to read logs of this machine, or to see where to send them.");
    } else if (fetch_failed(&s->home)) {
        sheet_note(h->sheet, ROLE_BAD, s->home.message);
        sheet_note(h->sheet, ROLE_DIM, "r tries again, ! shows the requests");
    }
}

static void rebuild(struct home *h, int width, int height)
{
    const struct overview *s = overview_of(&h->v);
    if (overview_home(s) && !overview_empty(s)) build(h, width, height);
    else build_waiting(h);
    h->width = width;
    h->height = height;
    h->built = s->refreshes + (overview_server(s) ? 1u : 0u) * 1000000u;
    h->minute = clock_monotonic() / (60 * NS_PER_SECOND);
}

static bool outdated(const struct home *h, int width, int height)
{
    const struct overview *s = overview_of(&h->v);
    return h->width != width || h->height != height || h->built != s->refreshes + (overview_server(s) ? 1u : 0u) * 1000000u ||
           h->minute != clock_monotonic() / (60 * NS_PER_SECOND);
}

static void paint(struct view *v, int y, int height)
{
    struct home *h = self(v);
    ask_charts(h);
    int width = term_columns() < WIDEST ? term_columns() : WIDEST;
    if (outdated(h, width, height)) rebuild(h, width, height);
    sheet_select(h->sheet, h->row_count ? h->rows[h->cursor].line : -1);
    sheet_paint(h->sheet, y, height);
}

/* Rows first; beyond the last row the text itself scrolls. */
static void move(struct home *h, int by)
{
    int wanted = h->cursor + by;
    if (wanted >= 0 && wanted < h->row_count) {
        h->cursor = wanted;
        sheet_show(h->sheet, h->rows[wanted].line);
        if (wanted == 0) sheet_go(h->sheet, false);
    } else {
        sheet_scroll(h->sheet, by);
    }
}

static void open_row(struct home *h)
{
    if (h->row_count == 0) return;
    const json_t *node = h->rows[h->cursor].node;
    const char *name = text_of(h, node, "displayName");
    if (!*name) name = text_of(h, node, "name");
    if (!*name) name = text_of(h, node, "title");
    kind_open(h->v.app, h->rows[h->cursor].resource, json_string_value(json_object_get(node, "id")), name);
}

static bool action(struct view *v, int id)
{
    struct home *h = self(v);
    int page = h->height > 2 ? h->height - 2 : 1;
    if (h->width && outdated(h, h->width, h->height)) rebuild(h, h->width, h->height);
    switch (id) {
    case ACT_DOWN: move(h, 1); return true;
    case ACT_UP: move(h, -1); return true;
    case ACT_PAGE_DOWN: sheet_scroll(h->sheet, page); return true;
    case ACT_PAGE_UP: sheet_scroll(h->sheet, -page); return true;
    case ACT_HALF_DOWN: sheet_scroll(h->sheet, page / 2); return true;
    case ACT_HALF_UP: sheet_scroll(h->sheet, -page / 2); return true;
    case ACT_FIRST: h->cursor = 0, sheet_go(h->sheet, false); return true;
    case ACT_LAST: sheet_go(h->sheet, true); return true;
    case ACT_OPEN: open_row(h); return true;
    }
    return false;
}

static bool click(struct view *v, int y, int x)
{
    struct home *h = self(v);
    int line = sheet_line_at(h->sheet, y);
    (void)x;
    for (int i = 0; i < h->row_count; i++) {
        if (h->rows[i].line != line) continue;
        if (i == h->cursor) app_action(v->app, ACT_OPEN);
        h->cursor = i;
        return true;
    }
    return false;
}

static const char *disabled(const struct view *v, int id)
{
    const struct home *h = (const struct home *)v;
    return id == ACT_OPEN && h->row_count == 0 ? "there is nothing to open yet" : NULL;
}

static unsigned context(const struct view *v)
{
    (void)v;
    return CONTEXT_HOME;
}

static void title(const struct view *v, struct buf *out)
{
    (void)v;
    buf_str(out, "Home");
}

static void status(const struct view *v, struct buf *out)
{
    const struct home *h = (const struct home *)v;
    const struct overview *s = overview_of(v);
    const char *version = api_text(h->texts, overview_server(s), "serverInfo.version");
    if (version && *version) buf_printf(out, "control plane %s", version);
    if (fetch_failed(&s->home) && s->home.data) buf_printf(out, "%s%s", text_dot(), s->home.message);
}

static int64_t busy(const struct view *v) { return fetch_busy(&overview_of(v)->home); }
static int64_t synced(const struct view *v) { return overview_of(v)->home.answered_at; }

static void dispose(struct view *v)
{
    struct home *h = self(v);
    fetch_free(&h->charts);
    sheet_free(h->sheet);
    arena_free(h->texts);
    free(h);
}

static char *text(struct view *v) { return sheet_text(self(v)->sheet); }

static const struct view_ops ops = {
    .text = text,
    .context = context,
    .paint = paint,
    .action = action,
    .click = click,
    .title = title,
    .status = status,
    .disabled = disabled,
    .busy = busy,
    .synced = synced,
    .close = dispose,
};

struct view *home_new(struct app *app)
{
    struct home *h = xcalloc(1, sizeof *h);
    h->v = (struct view){.ops = &ops, .app = app};
    h->sheet = sheet_new();
    h->texts = arena_new(1 << 20);
    fetch_init(&h->charts, app_api(app), "HomeCharts", got_charts, h);
    return &h->v;
}
