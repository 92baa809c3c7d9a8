/* One service or one log event, full screen. */
#include "screens/detail_base.h"

#include "base/clock.h"
#include "base/die.h"
#include "screens/bulk.h"
#include "screens/facts.h"
#include "screens/format.h"
#include "screens/related.h"
#include "screens/service_act.h"
#include "screens/text.h"
#include "screens/views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct catalog_view {
    struct detail d;
    enum window window;
};

static struct catalog_view *self(struct detail *d) { return (struct catalog_view *)d; }
static const struct catalog_view *seen(const struct detail *d) { return (const struct catalog_view *)d; }

/* ---- lines of both ---- */

static void build_team(struct detail *d, const char *team)
{
    sheet_span(d->sheet, -1, ROLE_DIM, text_dot());
    sheet_span(d->sheet, -1, ROLE_DIM, *team ? "team " : "no team");
    sheet_span(d->sheet, -1, ROLE_TEXT, team);
    sheet_end(d->sheet);
}

static void build_chart(struct detail *d, int width)
{
    static const char *const paths[WINDOWS] = {"logVolume", "week", "month"};
    enum window window = seen(d)->window;
    sheet_blank(d->sheet);
    facts_chart(d->sheet, json_object_get(detail_node(d), paths[window]), window, width, term_rows() < 30 ? 4 : 8);
    sheet_blank(d->sheet);
}

static void head(struct detail *d, struct sheet *sheet, int width)
{
    const char *severity = detail_text(d, "severity");
    char *cut = text_cut(d->title, width - 12);
    sheet_span(sheet, SHEET_LABEL, ROLE_TITLE, cut);
    if (*severity) sheet_span(sheet, SHEET_LABEL + text_width(cut) + 2, text_severity_role(severity), severity);
    free(cut);
}

static void next_window(struct detail *d)
{
    self(d)->window = (enum window)((seen(d)->window + 1) % WINDOWS);
    detail_stale(d);
}

/* ---- a service ---- */

static void build_top_event(struct detail *d, const json_t *event, int width)
{
    char rate[FORMAT_SIZE], money[FORMAT_SIZE];
    const char *name = detail_name(d->texts, event), *severity = api_text(d->texts, event, "severity");
    format_count(rate, api_number(event, "status.current.eventsPerHour", 0));
    format_money(money, api_number(event, "status.current.totalUsdPerHour", 0) * HOURS_PER_YEAR);
    char *cut = text_cut(name, width - 34);
    detail_link(d, &resource_events, json_string_value(json_object_get(event, "id")), name);
    sheet_span(d->sheet, SHEET_LABEL, text_severity_role(severity), severity);
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
    const json_t *edges = api_at(detail_node(d), "logEvents.edges");
    if (json_array_size(edges) == 0) return;
    sheet_heading(d->sheet, "Its log events that cost most (v lists all)");
    for (size_t i = 0; i < json_array_size(edges); i++) build_top_event(d, json_object_get(json_array_get(edges, i), "node"), width);
    sheet_blank(d->sheet);
}

static void build_state(struct detail *d)
{
    bool enabled = api_bool(detail_node(d), "enabled", true);
    sheet_span(d->sheet, SHEET_LABEL, ROLE_DIM, "state");
    sheet_span(d->sheet, SHEET_VALUE, enabled ? ROLE_GOOD : ROLE_WARN, enabled ? "enabled" : "disabled: not counted as spend");
    build_team(d, detail_text(d, "team.name"));
}

static void build_service(struct detail *d, int width)
{
    const json_t *node = detail_node(d);
    char count[FORMAT_SIZE];
    format_count(count, api_number(node, "logEventCount", 0));
    sheet_blank(d->sheet);
    build_state(d);
    if (strcmp(detail_text(d, "statusSummary.health"), "INACTIVE") == 0)
        sheet_pair(d->sheet, "health", ROLE_WARN, "inactive: no records within 7 days");
    sheet_pair(d->sheet, "log events", ROLE_TEXT, count);
    facts_rates(d->sheet, "now", api_at(node, "statusSummary.current"));
    facts_seen(d->sheet, node, clock_now());
    sheet_blank(d->sheet);
    facts_volume(d->sheet, node);
    build_chart(d, width);
    facts_severity(d->sheet, api_at(node, "statusSummary.current.severity"), width);
    build_top_events(d, width);
    char *of = filter_for_service(detail_text(d, "name")), *open = xasprintf("stage:open %s", of);
    related_issues(d, json_object_get(d->more.data, "issues"), open, width);
    related_policies(d, json_object_get(d->more.data, "logEventPolicies"), of, width);
    free(of);
    free(open);
}

static void open_events(struct detail *d)
{
    char *filter = filter_for_service(detail_text(d, "name"));
    app_push(d->v.app, list_view_new(d->v.app, &resource_events, filter));
    free(filter);
}

static bool service_action(struct detail *d, int id)
{
    switch (id) {
    case ACT_EVENTS_OF: open_events(d); return true;
    case ACT_ENABLE: service_turn(d->v.app, bulk_one(d->id), 1, !api_bool(detail_node(d), "enabled", true)); return true;
    case ACT_WINDOW: next_window(d); return true;
    }
    return false;
}

static const char *service_disabled(const struct detail *d, int id)
{
    return (id == ACT_EVENTS_OF || id == ACT_ENABLE) && !detail_node(d) ? "it is not loaded yet" : NULL;
}

static const struct detail_ops service_ops = {
    .size = sizeof(struct catalog_view),
    .context = CONTEXT_VOLUME | CONTEXT_SERVICES,
    .noun = "service",
    .more = "ServiceRelated",
    .head = head,
    .build = build_service,
    .action = service_action,
    .disabled = service_disabled,
};

struct view *service_view_new(struct app *app, const struct resource *resource, const char *id, const char *name)
{
    return detail_open(&service_ops, app, resource, id, name);
}

/* ---- a log event ---- */

static void build_cost(struct detail *d)
{
    char bytes[FORMAT_SIZE], events[FORMAT_SIZE], text[100];
    const json_t *current = api_at(detail_node(d), "status.current");
    if (!(api_number(current, "totalUsdPerHour", 0) > 0)) return;
    format_money(bytes, api_number(current, "bytesUsdPerHour", 0) * HOURS_PER_YEAR);
    format_money(events, api_number(current, "volumeUsdPerHour", 0) * HOURS_PER_YEAR);
    snprintf(text, sizeof text, "%s for bytes, %s for records, a year", bytes, events);
    sheet_pair(d->sheet, "cost", ROLE_DIM, text);
}

static void build_owner(struct detail *d)
{
    const json_t *service = json_object_get(detail_node(d), "service");
    const char *name = api_text(d->texts, service, "name");
    detail_link(d, &resource_services, json_string_value(json_object_get(service, "id")), name);
    sheet_span(d->sheet, SHEET_LABEL, ROLE_DIM, "service");
    sheet_span(d->sheet, SHEET_VALUE, api_bool(service, "enabled", true) ? ROLE_TEXT : ROLE_DIM, name);
    build_team(d, api_text(d->texts, service, "team.name"));
}

static void build_event(struct detail *d, int width)
{
    const json_t *node = detail_node(d);
    sheet_blank(d->sheet);
    sheet_template(d->sheet, "template", detail_text(d, "template"), width);
    if (api_bool(node, "wordsWithheld", false)) sheet_note(d->sheet, ROLE_DIM, "<?>: words seen too rarely to be kept");
    build_owner(d);
    if (api_bool(node, "isFragment", false)) sheet_pair(d->sheet, "kind", ROLE_TEXT, "a piece of a longer record, such as a stack frame");
    facts_rates(d->sheet, "now", api_at(node, "status.current"));
    build_cost(d);
    facts_seen(d->sheet, node, clock_now());
    sheet_blank(d->sheet);
    facts_volume(d->sheet, node);
    build_chart(d, width);
    char *of = xasprintf("event:%s", d->id);
    related_issues(d, json_object_get(d->more.data, "issues"), of, width);
    related_policies(d, json_object_get(d->more.data, "logEventPolicies"), of, width);
    free(of);
}

static void open_service(struct detail *d)
{
    const char *id = json_string_value(api_at(detail_node(d), "service.id"));
    if (id) app_push(d->v.app, service_view_new(d->v.app, &resource_services, id, detail_text(d, "service.name")));
}

static bool event_action(struct detail *d, int id)
{
    switch (id) {
    case ACT_SERVICE_OF: open_service(d); return true;
    case ACT_WINDOW: next_window(d); return true;
    case ACT_COPY_TEMPLATE: app_copy(d->v.app, detail_text(d, "template"), "template"); return true;
    }
    return false;
}

static const char *event_disabled(const struct detail *d, int id)
{
    return (id == ACT_SERVICE_OF || id == ACT_COPY_TEMPLATE) && !detail_node(d) ? "it is not loaded yet" : NULL;
}

static const struct detail_ops event_ops = {
    .size = sizeof(struct catalog_view),
    .context = CONTEXT_VOLUME | CONTEXT_EVENTS,
    .noun = "event",
    .more = "EventRelated",
    .head = head,
    .build = build_event,
    .action = event_action,
    .disabled = event_disabled,
};

struct view *event_view_new(struct app *app, const struct resource *resource, const char *id, const char *name)
{
    return detail_open(&event_ops, app, resource, id, name);
}
