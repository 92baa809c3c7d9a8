#include "screens/related.h"

#include "base/die.h"
#include "screens/facts.h"
#include "screens/format.h"
#include "screens/text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

enum { NUMBER = SHEET_LABEL, STATE = SHEET_LABEL + 9, NAME = STATE + 13, MONEY = 14 };

static const char *id_of(const json_t *node) { return json_string_value(json_object_get(node, "id")); }

/* "IN_PROGRESS": "in progress" */
static const char *word(struct detail *d, const json_t *node, const char *path)
{
    char *text = (char *)(uintptr_t)api_text(d->texts, node, path);
    for (char *c = text; c && *c; c++) *c = (char)(*c == '_' ? ' ' : tolower((unsigned char)*c));
    return text ? text : "";
}

static void span_cut(struct detail *d, int column, int width, enum role role, const char *text)
{
    char *cut = text_cut(text, width);
    sheet_span(d->sheet, column, role, cut);
    free(cut);
}

static void issue_row(struct detail *d, const json_t *issue, int width)
{
    char money[FORMAT_SIZE];
    const char *title = api_text(d->texts, issue, "title"), *priority = api_text(d->texts, issue, "priority");
    double usd = api_number(issue, "savings.totalUsdPerHour", 0) * HOURS_PER_YEAR;
    format_money(money, usd);
    detail_link(d, &resource_issues, id_of(issue), title);
    sheet_span(d->sheet, NUMBER, ROLE_KEY, api_text(d->texts, issue, "displayID"));
    sheet_span(d->sheet, STATE, text_severity_role(priority), word(d, issue, "state.stage"));
    span_cut(d, NAME, width - NAME - MONEY, text_severity_role(priority), title);
    if (usd > 0) sheet_span_right(d->sheet, width - 4, ROLE_MONEY, money);
    if (usd > 0) sheet_span(d->sheet, -1, ROLE_DIM, "/yr");
    sheet_end(d->sheet);
}

static void policy_row(struct detail *d, const json_t *policy, int width)
{
    const char *name = api_text(d->texts, policy, "name"), *state = word(d, policy, "state");
    if (!*state) state = word(d, policy, "status");
    detail_link(d, &resource_policies, id_of(policy), name);
    sheet_span(d->sheet, NUMBER, ROLE_KEY, api_text(d->texts, policy, "displayID"));
    sheet_span(d->sheet, STATE, text_state_role(state), state);
    span_cut(d, NAME, width - NAME - 2, ROLE_TEXT, name);
    sheet_end(d->sheet);
}

static void rows(struct detail *d, const struct resource *resource, const json_t *connection, const char *filter, int width,
                 void (*row)(struct detail *d, const json_t *node, int width))
{
    const json_t *edges = json_object_get(connection, "edges");
    size_t shown = json_array_size(edges);
    long long count = api_integer(connection, "totalCount", (int64_t)shown);
    if (!edges || count == 0) return;
    char *heading = xasprintf("%s %lld", resource->title, count), *all = xasprintf("all %lld", count);
    sheet_heading(d->sheet, heading);
    for (size_t i = 0; i < shown; i++) row(d, json_object_get(json_array_get(edges, i), "node"), width);
    if ((long long)shown < count) {
        detail_link_list(d, resource, filter);
        sheet_note(d->sheet, ROLE_DIM, all);
    }
    sheet_blank(d->sheet);
    free(heading);
    free(all);
}

void related_issues(struct detail *d, const json_t *connection, const char *filter, int width)
{
    rows(d, &resource_issues, connection, filter, width, issue_row);
}

void related_policies(struct detail *d, const json_t *connection, const char *filter, int width)
{
    rows(d, &resource_policies, connection, filter, width, policy_row);
}

void related_event(struct detail *d, const char *label, const json_t *event, int width)
{
    const char *name = detail_name(d->texts, event);
    if (!*name) return;
    detail_link(d, &resource_events, id_of(event), name);
    sheet_span(d->sheet, SHEET_LABEL, ROLE_DIM, label);
    span_cut(d, SHEET_VALUE, width - SHEET_VALUE - 2, ROLE_TEXT, name);
    sheet_end(d->sheet);
}

void related_service(struct detail *d, const char *label, const json_t *service)
{
    const char *name = detail_name(d->texts, service);
    if (!*name) return;
    detail_link(d, &resource_services, id_of(service), name);
    sheet_span(d->sheet, SHEET_LABEL, ROLE_DIM, label);
    sheet_span(d->sheet, SHEET_VALUE, ROLE_INFO, name);
    sheet_end(d->sheet);
}
