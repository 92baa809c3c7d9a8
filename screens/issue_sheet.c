/* The page of one issue: summary, what to do, evidence, effect, timeline. */
#include "screens/issue_view.h"

#include "base/clock.h"
#include "base/die.h"
#include "screens/facts.h"
#include "screens/format.h"
#include "screens/outcome.h"
#include "screens/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { FACT = 36, EVENTS_SHOWN = 20, ROWS_SHOWN = 40, POINTS = 200 };

static void span_cut(struct detail *d, int column, int width, enum role role, const char *text)
{
    char *cut = text_cut(text, width);
    sheet_span(d->sheet, column, role, cut);
    free(cut);
}

/* ---- head ---- */

static enum role stage_role(const char *stage)
{
    if (!strcmp(stage, "resolved")) return ROLE_GOOD;
    if (!strcmp(stage, "failed")) return ROLE_BAD;
    return !strcmp(stage, "ignored") ? ROLE_DIM : !strcmp(stage, "open") ? ROLE_WARN : ROLE_INFO;
}

static const char *stage_text(const char *stage) { return !strcmp(stage, "in_progress") ? "in progress" : stage; }

void issue_head(struct detail *d, struct sheet *sheet, int width)
{
    const char *priority = detail_text(d, "priority"), *stage = detail_text(d, "state.stage");
    int tail = text_width(priority) + text_width(stage_text(stage)) + 4;
    char *cut = text_cut(d->title, width - tail - 4);
    sheet_span(sheet, SHEET_LABEL, ROLE_TITLE, cut);
    sheet_span(sheet, SHEET_LABEL + text_width(cut) + 2, text_severity_role(priority), priority);
    sheet_span(sheet, -1, ROLE_DIM, "  ");
    sheet_span(sheet, -1, stage_role(stage), stage_text(stage));
    free(cut);
}

/* The issue's own, else that of its service. */
static const char *issue_team(struct detail *d, const char *key)
{
    const json_t *team = api_at(detail_node(d), "team");
    if (!team) team = api_at(detail_node(d), "service.team");
    const char *text = api_text(d->texts, team, key);
    return text ? text : "";
}

static void build_place(struct detail *d)
{
    char age[FORMAT_SIZE] = "";
    const char *team = issue_team(d, "name"), *domain = detail_text(d, "check.domain");
    int64_t created = api_time(detail_node(d), "createdAt");
    if (created) format_age(age, created, clock_now());
    const json_t *service = json_object_get(detail_node(d), "service");
    detail_link(d, &resource_services, json_string_value(json_object_get(service, "id")), detail_text(d, "service.name"));
    sheet_span(d->sheet, SHEET_LABEL, ROLE_INFO, detail_text(d, "displayID"));
    sheet_span(d->sheet, -1, ROLE_DIM, text_dot());
    sheet_span(d->sheet, -1, ROLE_TEXT, detail_text(d, "service.name"));
    sheet_span(d->sheet, -1, ROLE_DIM, *team ? ", team " : ", no team");
    sheet_span(d->sheet, -1, ROLE_TEXT, team);
    sheet_span(d->sheet, -1, ROLE_DIM, text_dot());
    sheet_span(d->sheet, -1, ROLE_TEXT, detail_text(d, "check.name"));
    sheet_span(d->sheet, -1, ROLE_DIM, *domain ? ", " : "");
    sheet_span(d->sheet, -1, ROLE_DIM, domain);
    sheet_span(d->sheet, -1, ROLE_DIM, *age ? text_dot() : "");
    sheet_span(d->sheet, -1, ROLE_DIM, age);
    sheet_end(d->sheet);
}

static void build_closed(struct detail *d)
{
    static const struct {
        const char *path, *label;
    } ends[] = {{"closedAt", "closed"}, {"ignoredAt", "ignored"}};
    char age[FORMAT_SIZE];
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        int64_t at = api_time(detail_node(d), ends[i].path);
        if (!at) continue;
        format_age(age, at, clock_now());
        sheet_span(d->sheet, SHEET_LABEL, ROLE_DIM, ends[i].label);
        sheet_span(d->sheet, SHEET_VALUE, ROLE_TEXT, age);
        sheet_span(d->sheet, -1, ROLE_DIM, "  o opens it again");
        sheet_end(d->sheet);
    }
}

/* What d would do, in a line. */
static void build_offer(struct detail *d, int width)
{
    bool policy = issue_has_policy(detail_node(d));
    const char *why = policy ? issue_effect_line(detail_node(d)) : "none by policy; f shows what is proposed instead";
    sheet_wrapped(d->sheet, "proposal", policy ? ROLE_GOOD : ROLE_WARN, why, width);
}

static const char *lower(struct detail *d, const char *text)
{
    char *copy = arena_copy(d->texts, slice_str(text));
    for (char *c = copy; c && *c; c++)
        if (*c >= 'A' && *c <= 'Z') *c = (char)(*c - 'A' + 'a');
    return copy ? copy : "";
}

/* What was made of the proposal. */
static void build_policies(struct detail *d)
{
    const json_t *policies = api_at(detail_node(d), "logEventPolicies.edges");
    for (size_t i = 0; i < json_array_size(policies); i++) {
        const json_t *policy = api_at(json_array_get(policies, i), "node");
        const char *state = api_text(d->texts, policy, "state");
        detail_link(d, &resource_policies, json_string_value(json_object_get(policy, "id")), api_text(d->texts, policy, "displayID"));
        sheet_span(d->sheet, SHEET_LABEL, ROLE_DIM, i ? "" : "policy");
        sheet_span(d->sheet, SHEET_VALUE, ROLE_INFO, api_text(d->texts, policy, "displayID"));
        sheet_span(d->sheet, -1, ROLE_DIM, "  ");
        sheet_span(d->sheet, -1, ROLE_TEXT, lower(d, *state ? state : api_text(d->texts, policy, "status")));
        sheet_end(d->sheet);
    }
}

/* ---- evidence ---- */

static void build_event(struct detail *d, const json_t *event, int width)
{
    char rate[FORMAT_SIZE], money[FORMAT_SIZE];
    const char *name = detail_name(d->texts, event), *severity = api_text(d->texts, event, "severity");
    format_count(rate, api_number(event, "status.current.eventsPerHour", 0));
    format_money(money, api_number(event, "status.current.totalUsdPerHour", 0) * HOURS_PER_YEAR);
    detail_link(d, &resource_events, json_string_value(json_object_get(event, "id")), name);
    sheet_span(d->sheet, SHEET_LABEL, text_severity_role(severity ? severity : ""), severity ? severity : "");
    span_cut(d, SHEET_LABEL + 7, width - 34, ROLE_TEXT, name ? name : "");
    sheet_span_right(d->sheet, width - 14, ROLE_TEXT, rate);
    sheet_span(d->sheet, -1, ROLE_DIM, "/h");
    sheet_span_right(d->sheet, width - 4, ROLE_MONEY, money);
    sheet_span(d->sheet, -1, ROLE_DIM, "/yr");
    sheet_end(d->sheet);
    const char *template = api_text(d->texts, event, "template");
    if (template && *template && strcmp(template, name ? name : "") != 0) span_cut(d, SHEET_LABEL + 7, width - 12, ROLE_DIM, template);
    else return;
    sheet_end(d->sheet);
}

static void build_more(struct detail *d, size_t count, size_t shown)
{
    char text[80];
    if (count <= shown) return;
    snprintf(text, sizeof text, "and %zu more", count - shown);
    sheet_note(d->sheet, ROLE_DIM, text);
}

static void build_events(struct detail *d, int width)
{
    const json_t *events = json_object_get(detail_node(d), "logEvents");
    size_t count = json_array_size(events);
    detail_heading(d, PART_EVIDENCE, count == 1 ? "Evidence: the log event (l opens it)" : "Evidence: the log events (l opens one)");
    if (!json_is_array(events)) sheet_note(d->sheet, ROLE_DIM, "log events: not offered by this control plane");
    for (size_t i = 0; i < count && i < EVENTS_SHOWN; i++) build_event(d, json_array_get(events, i), width);
    build_more(d, count, EVENTS_SHOWN);
}

/* Where sensitive data were seen, by field: what they are and how often, never they themselves. */
static void build_exposures(struct detail *d, int width)
{
    const json_t *fields = json_object_get(detail_node(d), "fields");
    size_t count = json_array_size(fields);
    int half = (width - 40) * 2 / 3;
    char records[FORMAT_SIZE];
    if (count == 0) return;
    sheet_blank(d->sheet);
    sheet_heading(d->sheet, "Fields");
    for (size_t i = 0; i < count && i < ROWS_SHOWN; i++) {
        const json_t *field = json_array_get(fields, i);
        char *place = xasprintf("%s%s%s", api_text(d->texts, field, "scope"), *api_text(d->texts, field, "path") ? "." : "",
                                api_text(d->texts, field, "path"));
        format_count(records, api_number(field, "recordCount", 0));
        span_cut(d, SHEET_LABEL, half, ROLE_TEXT, place);
        span_cut(d, SHEET_LABEL + half + 2, 16, ROLE_BAD, api_text(d->texts, field, "element"));
        span_cut(d, SHEET_LABEL + half + 20, width - half - 38, ROLE_DIM, detail_name(d->texts, json_object_get(field, "logEvent")));
        sheet_span_right(d->sheet, width - 6, ROLE_TEXT, records);
        sheet_span(d->sheet, -1, ROLE_DIM, " rec");
        sheet_end(d->sheet);
        free(place);
    }
    build_more(d, count, ROWS_SHOWN);
}

/* Facts that the check itself names, each with where it comes from. */
static void build_facts(struct detail *d, int width)
{
    const json_t *facts = json_object_get(detail_node(d), "evidence");
    size_t count = json_array_size(facts);
    if (count) sheet_blank(d->sheet);
    for (size_t i = 0; i < count && i < ROWS_SHOWN; i++) {
        const json_t *fact = json_array_get(facts, i);
        const char *value = api_text(d->texts, fact, "value"), *from = api_text(d->texts, fact, "provenance");
        bool fits = text_width(value) <= width - FACT - 12;
        span_cut(d, SHEET_LABEL, FACT - SHEET_LABEL - 2, ROLE_DIM, api_text(d->texts, fact, "label"));
        if (fits) sheet_span(d->sheet, FACT, ROLE_TEXT, value);
        sheet_span_right(d->sheet, width - 2, ROLE_DIM, from);
        sheet_end(d->sheet);
        if (fits) continue;
        span_cut(d, SHEET_LABEL + 2, width - SHEET_LABEL - 4, ROLE_TEXT, value);
        sheet_end(d->sheet);
    }
}

/* Of all its log events together; an hour that is missing in one of them counts what the others had. */
static size_t sum_points(const json_t *events, double values[POINTS], double *peak)
{
    size_t count = 0;
    for (size_t e = 0; e < json_array_size(events); e++) {
        const json_t *points = api_at(json_array_get(events, e), "logVolume.points");
        for (size_t i = 0; i < POINTS && i < json_array_size(points); i++) {
            const json_t *point = json_array_get(points, i);
            const char *quality = json_string_value(json_object_get(point, "quality"));
            double n = quality && !strcmp(quality, "MISSING") ? NAN : api_number(point, "logCount", NAN);
            if (i >= count) values[count++] = n;
            else if (!isnan(n)) values[i] = isnan(values[i]) ? n : values[i] + n;
        }
    }
    *peak = 0;
    for (size_t i = 0; i < count; i++)
        if (values[i] > *peak) *peak = values[i];
    return count;
}

static void build_chart(struct detail *d, int width)
{
    double values[POINTS], peak;
    char top[FORMAT_SIZE], text[100];
    size_t count = sum_points(json_object_get(detail_node(d), "logEvents"), values, &peak);
    if (count == 0 || !(peak > 0)) return;
    format_count(top, peak);
    snprintf(text, sizeof text, "Records, last 24 hours%s1h buckets%speak %s", text_dot(), text_dot(), top);
    sheet_blank(d->sheet);
    sheet_heading(d->sheet, text);
    struct chart_series series = {"records", ROLE_CHART, values, 0};
    facts_picture(d->sheet, &series, 1, count, api_time(detail_node(d), "logEvents.0.logVolume.points.0.start"), width,
                  d->height < 26 ? 3 : 6);
}

static void build_provenance(struct detail *d)
{
    char text[160], age[FORMAT_SIZE] = "";
    int64_t seen = api_time(detail_node(d), "finding.updatedAt");
    long version = (long)api_integer(detail_node(d), "finding.checkVersion", 0);
    if (!api_at(detail_node(d), "finding.id")) return;
    if (seen) format_age(age, seen, clock_now());
    snprintf(text, sizeof text, "check %s, version %ld", detail_text(d, "check.id"), version);
    detail_pair_link(d, "found by", text, &resource_checks, json_string_value(api_at(detail_node(d), "check.id")));
    snprintf(text, sizeof text, "%s%slast changed %s", detail_text(d, "finding.status"), text_dot(), age);
    sheet_pair(d->sheet, "finding", ROLE_DIM, text);
}

/* ---- timeline ---- */

static void build_moment(struct detail *d, int64_t at, const char *actor, const char *what, const char *note, int width)
{
    char date[40];
    if (!at) return;
    facts_date(date, sizeof date, at);
    sheet_span(d->sheet, SHEET_LABEL, ROLE_DIM, date);
    span_cut(d, SHEET_LABEL + 18, 14, ROLE_TEXT, what);
    span_cut(d, SHEET_LABEL + 34, 16, ROLE_DIM, actor);
    span_cut(d, SHEET_LABEL + 52, width - 56, ROLE_TEXT, note);
    sheet_end(d->sheet);
}

static void build_timeline(struct detail *d, int width)
{
    const json_t *moments = json_object_get(detail_node(d), "history");
    detail_heading(d, PART_TIMELINE, "Timeline");
    if (json_array_size(moments) == 0)
        build_moment(d, api_time(detail_node(d), "createdAt"), "", "found", detail_text(d, "check.name"), width);
    for (size_t i = 0; i < json_array_size(moments) && i < ROWS_SHOWN; i++) {
        const json_t *m = json_array_get(moments, i);
        build_moment(d, api_time(m, "at"), api_text(d->texts, m, "actor"), api_text(d->texts, m, "action"), api_text(d->texts, m, "note"),
                     width);
    }
    if (json_array_size(moments) == 0) {
        build_moment(d, api_time(detail_node(d), "ignoredAt"), "", "ignored", "", width);
        build_moment(d, api_time(detail_node(d), "closedAt"), "", "closed", "", width);
    }
}

/* ---- the whole ---- */

void issue_build(struct detail *d, int width)
{
    build_place(d);
    build_closed(d);
    sheet_blank(d->sheet);
    sheet_wrapped(d->sheet, "what", ROLE_TEXT, detail_text(d, "summary"), width);
    if (*detail_text(d, "causeHypothesis")) sheet_wrapped(d->sheet, "cause", ROLE_TEXT, detail_text(d, "causeHypothesis"), width);
    facts_rates(d->sheet, "cost now", json_object_get(detail_node(d), "cost"));
    build_offer(d, width);
    build_policies(d);
    outcome_impact(d->sheet, d->texts, json_object_get(detail_node(d), "impact"), width);
    build_events(d, width);
    build_exposures(d, width);
    build_facts(d, width);
    build_chart(d, width);
    issue_build_effect(d, width);
    build_timeline(d, width);
    sheet_blank(d->sheet);
    build_provenance(d);
}
