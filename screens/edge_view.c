/* One edge instance, full screen. */
#include "screens/edge_view.h"

#include "base/clock.h"
#include "base/die.h"
#include "screens/detail_base.h"
#include "screens/facts.h"
#include "screens/format.h"
#include "screens/text.h"
#include "screens/views.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { HOURS = 48 };

static bool is_instance(const struct detail *d) { return d->resource == &resource_edges; }

/* ---- the sheet ---- */

static void pair(struct detail *d, const char *label, enum role role, const char *path)
{
    const char *text = detail_text(d, path);
    if (*text) sheet_pair(d->sheet, label, role, text);
}

static void time_line(struct detail *d, const char *label, const char *path)
{
    char date[40], age[FORMAT_SIZE], *text;
    int64_t then = api_time(detail_node(d), path);
    if (!then) return;
    facts_date(date, sizeof date, then);
    format_age(age, then, clock_now());
    text = xasprintf("%s%s%s", age, text_dot(), date);
    sheet_pair(d->sheet, label, ROLE_TEXT, text);
    free(text);
}

static void sync_lines(struct detail *d)
{
    static const char *const words[][2] = {{"IN_SYNC", "in sync: it runs what is approved"},
                                           {"SENT", "sent: it has what is approved, and did not say yet that it runs it"},
                                           {"BEHIND", "behind: it did not poll since something changed, or could not apply it"},
                                           {"NEVER", "never: it polls, and never said that it applied anything"}};
    const char *state = detail_text(d, "syncState"), *text = "not told by this control plane";
    enum role role = !strcmp(state, "IN_SYNC") ? ROLE_GOOD : !strcmp(state, "BEHIND") || !strcmp(state, "NEVER") ? ROLE_BAD : ROLE_WARN;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(state, words[i][0])) text = words[i][1];
    sheet_wrapped(d->sheet, "policies", role, text, d->width);
    pair(d, "approved", ROLE_INFO, "publishedHash");
    pair(d, "was sent", ROLE_TEXT, "lastResponseHash");
    pair(d, "runs", role, "lastSuccessfulHash");
    detail_pair_list(d, "in force", "the policies that edges get", &resource_policies, "state:active");
}

static void error_lines(struct detail *d)
{
    const json_t *list = api_at(detail_node(d), "policyErrors"), *e, *message;
    size_t i, n;
    if (json_array_size(list) == 0) return;
    sheet_blank(d->sheet);
    sheet_heading(d->sheet, "Policies that it could not apply");
    json_array_foreach((json_t *)(uintptr_t)list, i, e)
    {
        const char *name = api_text(d->texts, e, "policyName"), *id = api_text(d->texts, e, "policyID");
        detail_link(d, &resource_policies, json_string_value(json_object_get(e, "logEventPolicyID")), name);
        sheet_span(d->sheet, SHEET_LABEL, ROLE_BAD, name && *name ? name : id);
        sheet_end(d->sheet);
        json_array_foreach(json_object_get(e, "messages"), n, message)
        {
            sheet_wrapped(d->sheet, "", ROLE_TEXT, api_text(d->texts, message, ""), d->width);
        }
    }
}

static void stage_line(struct detail *d)
{
    const json_t *list = api_at(detail_node(d), "supportedStages"), *stage;
    struct buf text;
    size_t i;
    buf_init(&text, 400);
    json_array_foreach((json_t *)(uintptr_t)list, i, stage) { buf_printf(&text, "%s%s", i ? ", " : "", api_text(d->texts, stage, "")); }
    for (size_t n = 0; n < text.len; n++)
        text.data[n] = (char)(text.data[n] == '_' ? ' ' : text.data[n] >= 'A' && text.data[n] <= 'Z' ? text.data[n] + 32 : text.data[n]);
    if (text.len) sheet_wrapped(d->sheet, "can do", ROLE_TEXT, text.data, d->width);
    buf_free(&text);
}

static void hits_picture(struct detail *d, const json_t *points)
{
    double hits[HOURS], misses[HOURS], sum = 0;
    const struct chart_series series[] = {{"hits", ROLE_CHART, hits, 0}, {"misses", ROLE_CHART_REST, misses, 3}};
    size_t n = json_array_size(points) < HOURS ? json_array_size(points) : HOURS;
    for (size_t i = 0; i < n; i++) {
        hits[i] = api_number(json_array_get(points, i), "matchHits", NAN);
        misses[i] = api_number(json_array_get(points, i), "matchMisses", NAN);
        sum += (hits[i] > 0 ? hits[i] : 0) + (misses[i] > 0 ? misses[i] : 0);
    }
    if (sum > 0) facts_picture(d->sheet, series, 2, n, api_time(json_array_get(points, 0), "start"), d->width, 5);
}

static void telemetry_lines(struct detail *d)
{
    const json_t *telemetry = api_at(detail_node(d), "policyTelemetry"), *points = api_at(telemetry, "points");
    static const char *const totals[][2] = {{"matchHits", "hits"},     {"matchMisses", "misses"},  {"errors", "errors"},
                                            {"removeHits", "removed"}, {"redactHits", "redacted"}, {"renameHits", "renamed"},
                                            {"addHits", "added"}};
    char number[FORMAT_SIZE];
    if (!telemetry) return;
    sheet_blank(d->sheet);
    sheet_heading(d->sheet, "Policies, last 24 hours");
    hits_picture(d, points);
    for (size_t i = 0; i < sizeof totals / sizeof *totals; i++) {
        double value = api_number(api_at(telemetry, "totals"), totals[i][0], 0);
        format_count(number, value);
        sheet_pair(d->sheet, totals[i][1], i == 2 && value > 0 ? ROLE_BAD : ROLE_TEXT, number);
    }
}

static void map_lines(struct detail *d, const char *heading, const char *path)
{
    const json_t *map = api_at(detail_node(d), path), *value;
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

static void build_key(struct detail *d)
{
    bool revoked = api_time(detail_node(d), "revokedAt") != 0;
    sheet_pair(d->sheet, "state", revoked ? ROLE_BAD : ROLE_GOOD, revoked ? "revoked: edges that use it are refused" : "good");
    pair(d, "begins with", ROLE_INFO, "keyPrefix");
    time_line(d, "created", "createdAt");
    time_line(d, "last used", "lastUsedAt");
    time_line(d, "revoked", "revokedAt");
    sheet_note(d->sheet, ROLE_DIM, "Only a hash of it is kept; it was shown once, when it was made.");
}

static void build_instance(struct detail *d)
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

static void build(struct detail *d, int width)
{
    (void)width;
    sheet_blank(d->sheet);
    if (is_instance(d)) build_instance(d);
    else build_key(d);
    sheet_blank(d->sheet);
}

static const struct detail_ops instance_ops = {.noun = "edge instance", .build = build};
static const struct detail_ops key_ops = {.noun = "edge key", .build = build};

struct view *edge_view_new(struct app *app, const struct resource *resource, const char *id, const char *name)
{
    return detail_open(resource == &resource_edges ? &instance_ops : &key_ops, app, resource, id, name);
}

bool edge_list_action(struct view *list, int id)
{
    if (id != ACT_EDGE_KEYS) return false;
    app_push(list->app, list_view_new(list->app, &resource_edge_keys, NULL));
    return true;
}
