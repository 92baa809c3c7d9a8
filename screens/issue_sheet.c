/* The page of one issue: summary, what to do, evidence, effect, timeline. */
#include "screens/issue_view.h"

#include "base/clock.h"
#include "base/die.h"
#include "screens/facts.h"
#include "screens/format.h"
#include "screens/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { FACT = 36, EVENTS_SHOWN = 20, ROWS_SHOWN = 40, POINTS = 200 };

static void span_cut(struct issue_view *s, int column, int width, enum role role, const char *text)
{
    char *cut = text_cut(text, width);
    sheet_span(s->sheet, column, role, cut);
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

static void build_head(struct issue_view *s, int width)
{
    const char *priority = issue_text(s, "priority"), *stage = issue_text(s, "state.stage");
    int tail = text_width(priority) + text_width(stage_text(stage)) + 4;
    char *cut = text_cut(s->title, width - tail - 4);
    sheet_span(s->sheet, SHEET_LABEL, ROLE_TITLE, cut);
    sheet_span(s->sheet, SHEET_LABEL + text_width(cut) + 2, text_severity_role(priority), priority);
    sheet_span(s->sheet, -1, ROLE_DIM, "  ");
    sheet_span(s->sheet, -1, stage_role(stage), stage_text(stage));
    sheet_end(s->sheet);
    free(cut);
}

/* The issue's own, else that of its service. */
static const char *issue_team(struct issue_view *s, const char *key)
{
    const json_t *team = api_at(issue_node(s), "team");
    if (!team) team = api_at(issue_node(s), "service.team");
    const char *text = api_text(s->texts, team, key);
    return text ? text : "";
}

static void build_place(struct issue_view *s)
{
    char age[FORMAT_SIZE] = "";
    const char *team = issue_team(s, "name"), *domain = issue_text(s, "check.domain");
    int64_t created = api_time(issue_node(s), "createdAt");
    if (created) format_age(age, created, clock_now());
    sheet_span(s->sheet, SHEET_LABEL, ROLE_INFO, issue_text(s, "displayID"));
    sheet_span(s->sheet, -1, ROLE_DIM, text_dot());
    sheet_span(s->sheet, -1, ROLE_TEXT, issue_text(s, "service.name"));
    sheet_span(s->sheet, -1, ROLE_DIM, *team ? ", team " : ", no team");
    sheet_span(s->sheet, -1, ROLE_TEXT, team);
    sheet_span(s->sheet, -1, ROLE_DIM, text_dot());
    sheet_span(s->sheet, -1, ROLE_TEXT, issue_text(s, "check.name"));
    sheet_span(s->sheet, -1, ROLE_DIM, *domain ? ", " : "");
    sheet_span(s->sheet, -1, ROLE_DIM, domain);
    sheet_span(s->sheet, -1, ROLE_DIM, *age ? text_dot() : "");
    sheet_span(s->sheet, -1, ROLE_DIM, age);
    sheet_end(s->sheet);
}

static void build_closed(struct issue_view *s)
{
    static const struct {
        const char *path, *label;
    } ends[] = {{"closedAt", "closed"}, {"ignoredAt", "ignored"}};
    char age[FORMAT_SIZE];
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        int64_t at = api_time(issue_node(s), ends[i].path);
        if (!at) continue;
        format_age(age, at, clock_now());
        sheet_span(s->sheet, SHEET_LABEL, ROLE_DIM, ends[i].label);
        sheet_span(s->sheet, SHEET_VALUE, ROLE_TEXT, age);
        sheet_span(s->sheet, -1, ROLE_DIM, "  o opens it again");
        sheet_end(s->sheet);
    }
}

/* What d would do, in a line. */
static void build_offer(struct issue_view *s, int width)
{
    bool policy = issue_has_policy(issue_node(s));
    const char *why = policy ? issue_effect_line(issue_node(s)) : "none by policy; f shows what is proposed instead";
    sheet_wrapped(s->sheet, "proposal", policy ? ROLE_GOOD : ROLE_WARN, why, width);
}

static const char *lower(struct issue_view *s, const char *text)
{
    char *copy = arena_copy(s->texts, slice_str(text));
    for (char *c = copy; c && *c; c++)
        if (*c >= 'A' && *c <= 'Z') *c = (char)(*c - 'A' + 'a');
    return copy ? copy : "";
}

/* What was made of the proposal. */
static void build_policies(struct issue_view *s)
{
    const json_t *policies = json_object_get(issue_node(s), "policies");
    for (size_t i = 0; i < json_array_size(policies); i++) {
        const json_t *policy = json_array_get(policies, i);
        const char *state = api_text(s->texts, policy, "state");
        sheet_span(s->sheet, SHEET_LABEL, ROLE_DIM, i ? "" : "policy");
        sheet_span(s->sheet, SHEET_VALUE, ROLE_INFO, api_text(s->texts, policy, "displayID"));
        sheet_span(s->sheet, -1, ROLE_DIM, "  ");
        sheet_span(s->sheet, -1, ROLE_TEXT, lower(s, *state ? state : api_text(s->texts, policy, "status")));
        sheet_end(s->sheet);
    }
}

/* ---- evidence ---- */

static void heading(struct issue_view *s, enum issue_part part, const char *text)
{
    sheet_blank(s->sheet);
    s->parts[part] = sheet_lines(s->sheet);
    sheet_heading(s->sheet, text);
}

static const char *event_name(struct issue_view *s, const json_t *event)
{
    const char *name = api_text(s->texts, event, "displayName");
    return name && *name ? name : api_text(s->texts, event, "name");
}

static void build_event(struct issue_view *s, const json_t *event, int width)
{
    char rate[FORMAT_SIZE], money[FORMAT_SIZE];
    const char *name = event_name(s, event), *severity = api_text(s->texts, event, "severity");
    format_count(rate, api_number(event, "status.current.eventsPerHour", 0));
    format_money(money, api_number(event, "status.current.totalUsdPerHour", 0) * HOURS_PER_YEAR);
    sheet_span(s->sheet, SHEET_LABEL, text_severity_role(severity ? severity : ""), severity ? severity : "");
    span_cut(s, SHEET_LABEL + 7, width - 34, ROLE_TEXT, name ? name : "");
    sheet_span_right(s->sheet, width - 14, ROLE_TEXT, rate);
    sheet_span(s->sheet, -1, ROLE_DIM, "/h");
    sheet_span_right(s->sheet, width - 4, ROLE_MONEY, money);
    sheet_span(s->sheet, -1, ROLE_DIM, "/yr");
    sheet_end(s->sheet);
    const char *template = api_text(s->texts, event, "template");
    if (template && *template && strcmp(template, name ? name : "") != 0) span_cut(s, SHEET_LABEL + 7, width - 12, ROLE_DIM, template);
    else return;
    sheet_end(s->sheet);
}

static void build_more(struct issue_view *s, size_t count, size_t shown)
{
    char text[80];
    if (count <= shown) return;
    snprintf(text, sizeof text, "and %zu more", count - shown);
    sheet_note(s->sheet, ROLE_DIM, text);
}

static void build_events(struct issue_view *s, int width)
{
    const json_t *events = json_object_get(issue_node(s), "logEvents");
    size_t count = json_array_size(events);
    heading(s, PART_EVIDENCE, count == 1 ? "Evidence: the log event (l opens it)" : "Evidence: the log events (l opens one)");
    if (!json_is_array(events)) sheet_note(s->sheet, ROLE_DIM, "log events: not offered by this control plane");
    for (size_t i = 0; i < count && i < EVENTS_SHOWN; i++) build_event(s, json_array_get(events, i), width);
    build_more(s, count, EVENTS_SHOWN);
}

/* Where sensitive data were seen, by field: what they are and how often, never they themselves. */
static void build_exposures(struct issue_view *s, int width)
{
    const json_t *fields = json_object_get(issue_node(s), "fields");
    size_t count = json_array_size(fields);
    int half = (width - 40) * 2 / 3;
    char records[FORMAT_SIZE];
    if (count == 0) return;
    sheet_blank(s->sheet);
    sheet_heading(s->sheet, "Fields");
    for (size_t i = 0; i < count && i < ROWS_SHOWN; i++) {
        const json_t *field = json_array_get(fields, i);
        char *place = xasprintf("%s%s%s", api_text(s->texts, field, "scope"), *api_text(s->texts, field, "path") ? "." : "",
                                api_text(s->texts, field, "path"));
        format_count(records, api_number(field, "recordCount", 0));
        span_cut(s, SHEET_LABEL, half, ROLE_TEXT, place);
        span_cut(s, SHEET_LABEL + half + 2, 16, ROLE_BAD, api_text(s->texts, field, "element"));
        span_cut(s, SHEET_LABEL + half + 20, width - half - 38, ROLE_DIM, event_name(s, json_object_get(field, "logEvent")));
        sheet_span_right(s->sheet, width - 6, ROLE_TEXT, records);
        sheet_span(s->sheet, -1, ROLE_DIM, " rec");
        sheet_end(s->sheet);
        free(place);
    }
    build_more(s, count, ROWS_SHOWN);
}

/* Facts that the check itself names, each with where it comes from. */
static void build_facts(struct issue_view *s, int width)
{
    const json_t *facts = json_object_get(issue_node(s), "evidence");
    size_t count = json_array_size(facts);
    if (count) sheet_blank(s->sheet);
    for (size_t i = 0; i < count && i < ROWS_SHOWN; i++) {
        const json_t *fact = json_array_get(facts, i);
        const char *value = api_text(s->texts, fact, "value"), *from = api_text(s->texts, fact, "provenance");
        bool fits = text_width(value) <= width - FACT - 12;
        span_cut(s, SHEET_LABEL, FACT - SHEET_LABEL - 2, ROLE_DIM, api_text(s->texts, fact, "label"));
        if (fits) sheet_span(s->sheet, FACT, ROLE_TEXT, value);
        sheet_span_right(s->sheet, width - 2, ROLE_DIM, from);
        sheet_end(s->sheet);
        if (fits) continue;
        span_cut(s, SHEET_LABEL + 2, width - SHEET_LABEL - 4, ROLE_TEXT, value);
        sheet_end(s->sheet);
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

static void build_chart(struct issue_view *s, int width)
{
    double values[POINTS], peak;
    char top[FORMAT_SIZE], text[100];
    size_t count = sum_points(json_object_get(issue_node(s), "logEvents"), values, &peak);
    if (count == 0 || !(peak > 0)) return;
    format_count(top, peak);
    snprintf(text, sizeof text, "Records, last 24 hours%s1h buckets%speak %s", text_dot(), text_dot(), top);
    sheet_blank(s->sheet);
    sheet_heading(s->sheet, text);
    int room = width - 2 * SHEET_LABEL, bar = room / (int)count;
    sheet_chart(s->sheet, SHEET_LABEL, bar >= 1 ? (int)count * (bar > 4 ? 4 : bar) : room, s->height < 26 ? 3 : 6, ROLE_CHART, values,
                count);
}

static void build_provenance(struct issue_view *s)
{
    char text[160], age[FORMAT_SIZE] = "";
    int64_t seen = api_time(issue_node(s), "finding.updatedAt");
    long version = (long)api_integer(issue_node(s), "finding.checkVersion", 0);
    if (!api_at(issue_node(s), "finding.id")) return;
    if (seen) format_age(age, seen, clock_now());
    snprintf(text, sizeof text, "check %s, version %ld", issue_text(s, "check.id"), version);
    sheet_pair(s->sheet, "found by", ROLE_DIM, text);
    snprintf(text, sizeof text, "%s%slast changed %s", issue_text(s, "finding.status"), text_dot(), age);
    sheet_pair(s->sheet, "finding", ROLE_DIM, text);
}

/* ---- timeline ---- */

static void build_moment(struct issue_view *s, int64_t at, const char *actor, const char *what, const char *note, int width)
{
    char date[40];
    if (!at) return;
    facts_date(date, sizeof date, at);
    sheet_span(s->sheet, SHEET_LABEL, ROLE_DIM, date);
    span_cut(s, SHEET_LABEL + 18, 14, ROLE_TEXT, what);
    span_cut(s, SHEET_LABEL + 34, 16, ROLE_DIM, actor);
    span_cut(s, SHEET_LABEL + 52, width - 56, ROLE_TEXT, note);
    sheet_end(s->sheet);
}

static void build_timeline(struct issue_view *s, int width)
{
    const json_t *moments = json_object_get(issue_node(s), "history");
    heading(s, PART_TIMELINE, "Timeline");
    if (json_array_size(moments) == 0)
        build_moment(s, api_time(issue_node(s), "createdAt"), "", "found", issue_text(s, "check.name"), width);
    for (size_t i = 0; i < json_array_size(moments) && i < ROWS_SHOWN; i++) {
        const json_t *m = json_array_get(moments, i);
        build_moment(s, api_time(m, "at"), api_text(s->texts, m, "actor"), api_text(s->texts, m, "action"), api_text(s->texts, m, "note"),
                     width);
    }
    if (json_array_size(moments) == 0) {
        build_moment(s, api_time(issue_node(s), "ignoredAt"), "", "ignored", "", width);
        build_moment(s, api_time(issue_node(s), "closedAt"), "", "closed", "", width);
    }
}

/* ---- the whole ---- */

static void build_missing(struct issue_view *s)
{
    if (s->get.data) {
        sheet_note(s->sheet, ROLE_WARN, "It is not there any more. q goes back, r asks again.");
    } else if (fetch_failed(&s->get)) {
        sheet_note(s->sheet, ROLE_BAD, s->get.message);
        sheet_note(s->sheet, ROLE_DIM, "r tries again, ! shows the requests");
    }
}

void issue_build(struct issue_view *s, int width)
{
    arena_reset(s->texts);
    sheet_clear(s->sheet);
    for (int i = 0; i < PARTS; i++) s->parts[i] = -1;
    build_head(s, width);
    if (!issue_node(s)) {
        sheet_blank(s->sheet);
        build_missing(s);
        return;
    }
    build_place(s);
    build_closed(s);
    sheet_blank(s->sheet);
    sheet_wrapped(s->sheet, "what", ROLE_TEXT, issue_text(s, "summary"), width);
    if (*issue_text(s, "causeHypothesis")) sheet_wrapped(s->sheet, "cause", ROLE_TEXT, issue_text(s, "causeHypothesis"), width);
    facts_rates(s->sheet, "cost now", json_object_get(issue_node(s), "cost"));
    build_offer(s, width);
    build_policies(s);
    build_events(s, width);
    build_exposures(s, width);
    build_facts(s, width);
    build_chart(s, width);
    issue_build_effect(s, width);
    build_timeline(s, width);
    sheet_blank(s->sheet);
    build_provenance(s);
    sheet_pair(s->sheet, "id", ROLE_DIM, s->id);
}
