/* The sections of the policy's screen, on its sheet. */
#include "api-client/api.h"
#include "base/die.h"
#include "base/utf8.h"
#include "screens/related.h"
#include "screens/facts.h"
#include "screens/format.h"
#include "screens/policy_diff.h"
#include "screens/policy_facts.h"
#include "screens/outcome.h"
#include "screens/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { EVENT_LABEL = 10 };

static const json_t *node_of(const struct policy_sheet *p) { return json_object_get(p->data, "logEventPolicy"); }

static const char *text_of(const struct policy_sheet *p, const json_t *value, const char *path)
{
    const char *text = api_text(p->texts, value, path);
    return text ? text : "";
}

static const char *lower_of(const struct policy_sheet *p, const json_t *value, const char *path)
{
    char *text = (char *)(uintptr_t)text_of(p, value, path);
    for (char *c = text; *c; c++) *c = (char)(*c == '_' ? ' ' : *c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
    return text;
}

static void not_offered(const struct policy_sheet *p, const char *what)
{
    char text[120];
    snprintf(text, sizeof text, "%s: not offered by this control plane", what);
    sheet_note(p->sheet, ROLE_DIM, text);
}

static bool offered(const struct policy_sheet *p, const char *field) { return p->offers(p->offers_context, "LogEventPolicy", field); }

static void age_span(const struct policy_sheet *p, const json_t *value, const char *path)
{
    char age[FORMAT_SIZE];
    int64_t then = api_time(value, path);
    if (!then) return;
    format_age(age, then, p->now_ns);
    sheet_span(p->sheet, -1, ROLE_DIM, age);
}

/* ---- overview ---- */

static void dotted(const struct policy_sheet *p, enum role role, const char *text)
{
    if (!*text) return;
    sheet_span(p->sheet, -1, ROLE_DIM, text_dot());
    sheet_span(p->sheet, -1, role, text);
}

static void state_line(const struct policy_sheet *p, const json_t *node)
{
    char text[80];
    const char *state = lower_of(p, node, "state"), *risk = lower_of(p, node, "risk");
    long version = (long)api_integer(node, "version", 0), approved = (long)api_integer(node, "approvedVersion", 0);
    sheet_span(p->sheet, SHEET_LABEL, ROLE_DIM, "state");
    sheet_span(p->sheet, SHEET_VALUE, text_state_role(state), state);
    snprintf(text, sizeof text, "version %ld", version);
    dotted(p, ROLE_TEXT, text);
    if (api_bool(node, "inForce", false) && approved != version) {
        snprintf(text, sizeof text, "version %ld still in force", approved);
        dotted(p, ROLE_WARN, text);
    } else {
        dotted(p, api_bool(node, "inForce", false) ? ROLE_GOOD : ROLE_DIM, api_bool(node, "inForce", false) ? "in force" : "not in force");
    }
    if (*risk) {
        snprintf(text, sizeof text, "%s risk", risk);
        dotted(p, text_state_role(risk), text);
    }
    sheet_end(p->sheet);
}

static void effect_lines(const struct policy_sheet *p)
{
    struct buf text;
    buf_init(&text, 1000);
    if (p->preview) {
        policy_effect_text(&text, p->preview);
        sheet_wrapped(p->sheet, "removes", ROLE_MONEY, text.data, p->width);
        buf_clear(&text);
        policy_matches_text(&text, p->preview);
        sheet_pair(p->sheet, "matches", ROLE_TEXT, text.data);
    } else if (*p->preview_problem) {
        sheet_wrapped(p->sheet, "removes", ROLE_DIM, p->preview_problem, p->width);
    } else {
        sheet_pair(p->sheet, "removes", ROLE_DIM, glyph(GLYPH_ELLIPSIS));
    }
    buf_free(&text);
}

static void list_lines(const struct policy_sheet *p, const char *label, const json_t *lines)
{
    const json_t *line;
    size_t i;
    json_array_foreach((json_t *)lines, i, line)
    {
        sheet_wrapped(p->sheet, i == 0 ? label : "", ROLE_TEXT, text_of(p, line, ""), p->width);
    }
}

static void link_lines(const struct policy_sheet *p, const json_t *node)
{
    const char *event = text_of(p, node, "logEvent.displayName");
    const char *issue = text_of(p, node, "issue.displayID"), *title = text_of(p, node, "issue.title");
    if (!*event) event = text_of(p, node, "logEvent.name");
    if (*event) {
        detail_link(p->detail, &resource_events, json_string_value(api_at(node, "logEvent.id")), event);
        sheet_span(p->sheet, SHEET_LABEL, ROLE_DIM, "made for");
        sheet_span(p->sheet, SHEET_VALUE, ROLE_TEXT, event);
        sheet_end(p->sheet);
    }
    related_service(p->detail, "service", api_at(node, "logEvent.service"));
    if (!*issue) issue = text_of(p, node, "issueID");
    if (!*issue) return;
    detail_link(p->detail, &resource_issues, json_string_value(json_object_get(node, "issueID")), title);
    sheet_span(p->sheet, SHEET_LABEL, ROLE_DIM, "issue");
    sheet_span(p->sheet, SHEET_VALUE, ROLE_INFO, issue);
    dotted(p, ROLE_TEXT, title);
    sheet_end(p->sheet);
}

static void author_line(const struct policy_sheet *p, const json_t *node)
{
    sheet_span(p->sheet, SHEET_LABEL, ROLE_DIM, "written by");
    sheet_span(p->sheet, SHEET_VALUE, ROLE_TEXT, text_of(p, node, "requester"));
    sheet_span(p->sheet, -1, ROLE_DIM, text_dot());
    age_span(p, node, "updatedAt");
    dotted(p, ROLE_DIM, lower_of(p, node, "sourceKind"));
    dotted(p, ROLE_DIM, text_of(p, node, "category"));
    sheet_end(p->sheet);
    sheet_span(p->sheet, SHEET_LABEL, ROLE_DIM, "content");
    sheet_span(p->sheet, SHEET_VALUE, ROLE_INFO, text_of(p, node, "contentHash"));
    sheet_end(p->sheet);
}

static size_t hits_of(const json_t *node, double *values, size_t max)
{
    const json_t *points = api_at(node, "executionTelemetry.points");
    size_t n = json_array_size(points) < max ? json_array_size(points) : max;
    for (size_t i = 0; i < n; i++) values[i] = api_number(json_array_get(points, i), "matchHits", NAN);
    return n;
}

static void hits_lines(const struct policy_sheet *p, const json_t *node)
{
    double values[48];
    char hits[FORMAT_SIZE], text[100];
    size_t n = hits_of(node, values, 48);
    if (!api_at(node, "executionSummary")) {
        if (!offered(p, "executionSummary")) not_offered(p, "hits at the edges");
        return;
    }
    format_count(hits, api_number(node, "executionSummary.matchHits", 0));
    sheet_span(p->sheet, SHEET_LABEL, ROLE_DIM, "24 h");
    sheet_span(p->sheet, n ? SHEET_VALUE + (int)n + 2 : SHEET_VALUE, ROLE_TEXT, hits);
    long errors = (long)api_integer(node, "executionSummary.errors", 0);
    snprintf(text, sizeof text, " hits%s%ld error%s", text_dot(), errors, errors == 1 ? "" : "s");
    sheet_span(p->sheet, -1, errors ? ROLE_BAD : ROLE_DIM, text);
    if (n) sheet_chart(p->sheet, SHEET_VALUE, (int)n, 1, ROLE_CHART, values, n);
    else sheet_end(p->sheet);
}

void policy_section_overview(const struct policy_sheet *p)
{
    const json_t *node = node_of(p), *changes = json_object_get(node, "changes");
    state_line(p, node);
    effect_lines(p);
    outcome_impact(p->sheet, p->texts, json_object_get(node, "impact"), p->width);
    sheet_blank(p->sheet);
    list_lines(p, "where", json_object_get(node, "conditions"));
    list_lines(p, "does", json_object_get(node, "effects"));
    if (!api_at(node, "conditions") && !offered(p, "conditions")) not_offered(p, "what it looks at in words");
    for (size_t i = 0; i < json_array_size(changes) && api_integer(node, "version", 1) > 1; i++) {
        char *line = policy_change_text(p->texts, json_array_get(changes, i));
        sheet_wrapped(p->sheet, i == 0 ? "changes" : "", ROLE_WARN, line, p->width);
        free(line);
    }
    sheet_blank(p->sheet);
    link_lines(p, node);
    author_line(p, node);
    hits_lines(p, node);
    const char *description = text_of(p, node, "description");
    if (*description) sheet_wrapped(p->sheet, "about", ROLE_TEXT, description, p->width);
}

/* ---- spec ---- */

static bool is_error(const json_t *finding)
{
    const char *level = json_string_value(json_object_get(finding, "level"));
    return level && !strcmp(level, "ERROR");
}

static void finding_line(const struct policy_sheet *p, const json_t *f)
{
    bool error = is_error(f);
    char *text = xasprintf("%s %s: %s (%s)", glyph(error ? GLYPH_CROSS : GLYPH_UP), error ? "error" : "warning", text_of(p, f, "message"),
                           text_of(p, f, "rule"));
    sheet_wrapped(p->sheet, "", error ? ROLE_BAD : ROLE_WARN, text, p->width);
    free(text);
}

static void findings_at(const struct policy_sheet *p, const json_t *lint, int64_t line)
{
    const json_t *f;
    size_t i;
    json_array_foreach((json_t *)lint, i, f)
    {
        if (api_integer(f, "line", 0) == line) finding_line(p, f);
    }
}

static char *clean_line(struct slice line)
{
    struct buf clean;
    buf_init(&clean, 1 << 16);
    utf8_clean(&clean, line);
    return clean.data ? clean.data : xstrdup("");
}

/* Keys of YAML in their own role. */
static void text_line(const struct policy_sheet *p, long number, const char *line, size_t len)
{
    char digits[24];
    char *text = clean_line(slice_of(line, len));
    size_t indent = strspn(text, " -"), key = strcspn(text + indent, ":\"' ");
    snprintf(digits, sizeof digits, "%ld", number);
    sheet_span_right(p->sheet, 6, ROLE_DIM, digits);
    if (text[indent + key] == ':') {
        char *head = xasprintf("%.*s", (int)(indent + key + 1), text);
        sheet_span(p->sheet, 8, ROLE_KEY, head);
        sheet_span(p->sheet, -1, ROLE_TEXT, text + indent + key + 1);
        free(head);
    } else {
        sheet_span(p->sheet, 8, ROLE_TEXT, text);
    }
    sheet_end(p->sheet);
    free(text);
}

static void each_line(const struct policy_sheet *p, const char *text, const json_t *lint)
{
    long number = 1;
    for (const char *at = text; *at; number++) {
        size_t len = strcspn(at, "\n");
        text_line(p, number, at, len);
        findings_at(p, lint, number);
        at += len + (at[len] == '\n');
    }
}

void policy_section_spec(const struct policy_sheet *p)
{
    const json_t *node = node_of(p), *lint = json_object_get(node, "lint");
    const char *text = json_string_value(json_object_get(node, "text"));
    char heading[120];
    size_t errors = 0;
    for (size_t i = 0; i < json_array_size(lint); i++) errors += is_error(json_array_get(lint, i));
    if (!text) {
        not_offered(p, "the policy's text");
        return;
    }
    if (json_array_size(lint)) snprintf(heading, sizeof heading, "%zu errors, %zu warnings", errors, json_array_size(lint) - errors);
    else snprintf(heading, sizeof heading, lint ? "nothing to complain about" : "not checked: not offered by this control plane");
    sheet_note(p->sheet, errors ? ROLE_BAD : json_array_size(lint) ? ROLE_WARN : ROLE_GOOD, heading);
    findings_at(p, lint, 0);
    sheet_blank(p->sheet);
    each_line(p, text, lint);
}

/* ---- preview ---- */

static void amounts(const struct policy_sheet *p, const char *label, enum role role, const json_t *a, long events)
{
    char count[24], records[FORMAT_SIZE], bytes[FORMAT_SIZE], money[FORMAT_SIZE];
    format_count(records, api_number(a, "recordsPerYear", 0));
    format_bytes(bytes, api_number(a, "bytesPerYear", 0));
    format_money(money, api_number(a, "usdPerYear", 0));
    sheet_span(p->sheet, SHEET_LABEL, role, label);
    if (events >= 0) {
        snprintf(count, sizeof count, "%ld", events);
        sheet_span_right(p->sheet, 31, ROLE_TEXT, count);
    }
    if (a) {
        sheet_span_right(p->sheet, 43, ROLE_TEXT, records);
        sheet_span_right(p->sheet, 55, ROLE_TEXT, bytes);
        sheet_span_right(p->sheet, 67, ROLE_MONEY, money);
    }
    sheet_end(p->sheet);
}

static void preview_table(const struct policy_sheet *p)
{
    sheet_span_right(p->sheet, 31, ROLE_DIM, "events");
    sheet_span_right(p->sheet, 43, ROLE_DIM, "records/yr");
    sheet_span_right(p->sheet, 55, ROLE_DIM, "bytes/yr");
    sheet_span_right(p->sheet, 67, ROLE_DIM, "cost/yr");
    sheet_end(p->sheet);
    amounts(p, "matches for certain", ROLE_BAD, api_at(p->preview, "certain.volume"),
            (long)api_integer(p->preview, "certain.eventCount", 0));
    amounts(p, "possibly", ROLE_WARN, api_at(p->preview, "possible.volume"), (long)api_integer(p->preview, "possible.eventCount", 0));
    amounts(p, "not at all", ROLE_GOOD, NULL, (long)api_integer(p->preview, "unmatchedEventCount", 0));
    amounts(p, "removed at least", ROLE_DIM, api_at(p->preview, "removedAtLeast"), -1);
    amounts(p, "removed at most", ROLE_DIM, api_at(p->preview, "removedAtMost"), -1);
}

static void preview_event(const struct policy_sheet *p, const json_t *e)
{
    char money[FORMAT_SIZE], records[FORMAT_SIZE];
    bool certain = strcmp(text_of(p, e, "match"), "CERTAIN") == 0;
    const char *name = text_of(p, e, "logEvent.displayName");
    if (!*name) name = text_of(p, e, "logEvent.name");
    char *cut = text_cut(name, p->width - 58), *service = text_cut(text_of(p, e, "logEvent.service.name"), 14);
    format_count(records, api_number(e, "removedAtMost.recordsPerYear", 0));
    format_money(money, api_number(e, "removedAtMost.usdPerYear", 0));
    detail_link(p->detail, &resource_events, json_string_value(api_at(e, "logEvent.id")), name);
    sheet_span(p->sheet, SHEET_LABEL, certain ? ROLE_BAD : ROLE_WARN, certain ? "certain" : "possible");
    sheet_span(p->sheet, SHEET_LABEL + EVENT_LABEL, text_severity_role(text_of(p, e, "logEvent.severity")), cut);
    sheet_span(p->sheet, p->width - 44, ROLE_DIM, service);
    sheet_span_right(p->sheet, p->width - 18, ROLE_TEXT, records);
    sheet_span(p->sheet, -1, ROLE_DIM, "/yr");
    sheet_span_right(p->sheet, p->width - 4, ROLE_MONEY, money);
    sheet_span(p->sheet, -1, ROLE_DIM, "/yr");
    sheet_end(p->sheet);
    const json_t *reason;
    size_t i;
    json_array_foreach(json_object_get(e, "reasons"), i, reason)
    {
        sheet_span(p->sheet, SHEET_LABEL + EVENT_LABEL + 2, ROLE_DIM, text_of(p, reason, ""));
        sheet_end(p->sheet);
    }
    free(cut);
    free(service);
}

static void overlap_line(const struct policy_sheet *p, const json_t *o)
{
    static const char *const words[][2] = {{"REDUNDANT", "decides there already: nothing changes"},
                                           {"DECIDES", "is less strict: this one decides"},
                                           {"COMBINED", "transforms, too: both are carried out"}};
    const char *relation = text_of(p, o, "relation"), *meaning = relation;
    char text[120];
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(relation, words[i][0])) meaning = words[i][1];
    snprintf(text, sizeof text, "%s%ld certain, %ld possible", text_dot(), (long)api_integer(o, "certainEventCount", 0),
             (long)api_integer(o, "possibleEventCount", 0));
    detail_link(p->detail, &resource_policies, json_string_value(api_at(o, "policy.id")), text_of(p, o, "policy.name"));
    sheet_span(p->sheet, SHEET_LABEL, ROLE_KEY, text_of(p, o, "policy.displayID"));
    sheet_span(p->sheet, SHEET_LABEL + EVENT_LABEL, ROLE_TEXT, text_of(p, o, "policy.name"));
    sheet_span(p->sheet, -1, ROLE_WARN, " ");
    sheet_span(p->sheet, -1, ROLE_WARN, meaning);
    sheet_span(p->sheet, -1, ROLE_DIM, text);
    sheet_end(p->sheet);
}

static void preview_notes(const struct policy_sheet *p)
{
    const json_t *note;
    size_t i;
    json_array_foreach(json_object_get(p->preview, "notes"), i, note)
    {
        sheet_wrapped(p->sheet, i == 0 ? "note" : "", ROLE_DIM, text_of(p, note, ""), p->width);
    }
}

void policy_section_preview(const struct policy_sheet *p)
{
    const json_t *item;
    size_t i;
    if (!p->preview) {
        sheet_note(p->sheet, ROLE_DIM, *p->preview_problem ? p->preview_problem : "looking at the catalog");
        return;
    }
    preview_table(p);
    sheet_blank(p->sheet);
    if (json_array_size(json_object_get(p->preview, "events"))) sheet_heading(p->sheet, "Log events that it matches, by what they lose");
    json_array_foreach(json_object_get(p->preview, "events"), i, item) { preview_event(p, item); }
    if (json_array_size(json_object_get(p->preview, "overlaps"))) {
        sheet_blank(p->sheet);
        sheet_heading(p->sheet, "Policies in force that it meets");
    }
    json_array_foreach(json_object_get(p->preview, "overlaps"), i, item) { overlap_line(p, item); }
    sheet_blank(p->sheet);
    preview_notes(p);
    if (p->offers(p->offers_context, "Mutation", "startPolicyTap"))
        sheet_note(p->sheet, ROLE_DIM, "L shows it on records as they come in.");
}

/* ---- versions ---- */

static void diff_line(void *context, char mark, struct slice text)
{
    const struct policy_sheet *p = context;
    char *clean = clean_line(text), *line = xasprintf("%c %s", mark, clean);
    enum role role = mark == '+' ? ROLE_GOOD : mark == '-' ? ROLE_BAD : ROLE_DIM;
    sheet_span(p->sheet, SHEET_LABEL + 2, role, mark == '~' ? glyph(GLYPH_ELLIPSIS) : line);
    sheet_end(p->sheet);
    free(line);
    free(clean);
}

static void version_head(const struct policy_sheet *p, const json_t *v)
{
    char text[40];
    snprintf(text, sizeof text, "version %ld", (long)api_integer(v, "version", 0));
    sheet_span(p->sheet, SHEET_LABEL, ROLE_HEADING, text);
    if (api_bool(v, "inForce", false)) dotted(p, ROLE_GOOD, "in force");
    else
        dotted(p, api_bool(v, "approved", false) ? ROLE_INFO : ROLE_WARN,
               api_bool(v, "approved", false) ? "was approved" : "never approved");
    dotted(p, ROLE_TEXT, text_of(p, v, "author"));
    sheet_span(p->sheet, -1, ROLE_DIM, text_dot());
    age_span(p, v, "createdAt");
    snprintf(text, sizeof text, "%.12s", text_of(p, v, "contentHash"));
    dotted(p, ROLE_INFO, text);
    sheet_end(p->sheet);
    const char *reason = text_of(p, v, "reason");
    if (*reason) sheet_wrapped(p->sheet, "reason", ROLE_TEXT, reason, p->width);
}

static struct slice text_slice(const json_t *version)
{
    const json_t *text = json_object_get(version, "text");
    return json_is_string(text) ? slice_of(json_string_value(text), json_string_length(text)) : slice_of("", 0);
}

void policy_section_versions(const struct policy_sheet *p)
{
    const json_t *versions = json_object_get(node_of(p), "versions");
    if (!versions) not_offered(p, "versions");
    for (size_t i = 0; i < json_array_size(versions); i++) {
        const json_t *v = json_array_get(versions, i), *older = json_array_get(versions, i + 1);
        version_head(p, v);
        if (!older) sheet_note(p->sheet, ROLE_DIM, "the first one; Spec shows a text in full");
        else if (policy_diff_lines(text_slice(older), text_slice(v), 2, diff_line, (void *)(uintptr_t)p) == 0)
            sheet_note(p->sheet, ROLE_DIM, "the same text");
        sheet_blank(p->sheet);
    }
}

/* ---- edges ---- */

static void edge_line(const struct policy_sheet *p, const json_t *d)
{
    char hits[FORMAT_SIZE];
    const char *name = text_of(p, d, "edgeInstance.instanceID");
    const char *state = lower_of(p, d, "edgeInstance.syncState");
    bool in_sync = strcmp(state, "in sync") == 0;
    long errors = (long)api_integer(d, "executionSummary.errors", 0);
    format_count(hits, api_number(d, "executionSummary.matchHits", 0));
    char *cut = text_cut(name, p->width - 54);
    detail_link(p->detail, &resource_edges, json_string_value(api_at(d, "edgeInstance.id")), name);
    sheet_span(p->sheet, SHEET_LABEL, in_sync ? ROLE_GOOD : ROLE_WARN, glyph(in_sync ? GLYPH_CHECK : GLYPH_CROSS));
    sheet_span(p->sheet, SHEET_LABEL + 2, ROLE_TEXT, cut);
    sheet_span(p->sheet, p->width - 48, text_state_role(state), state);
    sheet_span_right(p->sheet, p->width - 28, ROLE_TEXT, hits);
    sheet_span(p->sheet, -1, ROLE_DIM, " hits");
    snprintf(hits, sizeof hits, "%ld errors", errors);
    sheet_span_right(p->sheet, p->width - 12, errors ? ROLE_BAD : ROLE_DIM, hits);
    sheet_span(p->sheet, -1, ROLE_DIM, "  ");
    age_span(p, d, "lastHitAt");
    sheet_end(p->sheet);
    free(cut);
}

void policy_section_edges(const struct policy_sheet *p)
{
    const json_t *list = json_object_get(node_of(p), "deployments"), *totals = api_at(node_of(p), "executionTelemetry.totals");
    char text[200];
    if (totals) {
        snprintf(text, sizeof text, "%ld hits, %ld misses, %ld errors", (long)api_integer(totals, "matchHits", 0),
                 (long)api_integer(totals, "matchMisses", 0), (long)api_integer(totals, "errors", 0));
        sheet_pair(p->sheet, "24 h", ROLE_TEXT, text);
        snprintf(text, sizeof text, "%ld removed, %ld redacted, %ld renamed, %ld added", (long)api_integer(totals, "removeHits", 0),
                 (long)api_integer(totals, "redactHits", 0), (long)api_integer(totals, "renameHits", 0),
                 (long)api_integer(totals, "addHits", 0));
        sheet_pair(p->sheet, "fields", ROLE_TEXT, text);
        sheet_blank(p->sheet);
    }
    if (!list) not_offered(p, "deployments");
    else if (json_array_size(list) == 0) sheet_note(p->sheet, ROLE_DIM, "No edge has reported on this policy within 24 hours.");
    for (size_t i = 0; i < json_array_size(list); i++) edge_line(p, json_array_get(list, i));
}

/* ---- audit ---- */

void policy_section_audit(const struct policy_sheet *p)
{
    const json_t *list = json_object_get(node_of(p), "approvals"), *entries = json_object_get(node_of(p), "auditEntries"), *d;
    char date[40], text[80];
    size_t i;
    if (json_is_object(entries)) {
        outcome_audit(p->sheet, p->texts, entries, p->width);
        return;
    }
    if (!list) not_offered(p, "the trail of decisions");
    else if (json_array_size(list) == 0) sheet_note(p->sheet, ROLE_DIM, "Nobody has decided on it yet.");
    json_array_foreach((json_t *)list, i, d)
    {
        bool approved = api_bool(d, "approved", false);
        facts_date(date, sizeof date, api_time(d, "at"));
        sheet_span(p->sheet, SHEET_LABEL, ROLE_DIM, date);
        sheet_span(p->sheet, 20, approved ? ROLE_GOOD : ROLE_BAD, approved ? "approved" : "rejected");
        snprintf(text, sizeof text, "version %ld%s%.12s", (long)api_integer(d, "version", 0), text_dot(), text_of(p, d, "contentHash"));
        sheet_span(p->sheet, 30, ROLE_TEXT, text);
        dotted(p, ROLE_TEXT, text_of(p, d, "actor"));
        sheet_end(p->sheet);
        const char *reason = text_of(p, d, "reason");
        if (*reason) sheet_wrapped(p->sheet, "", ROLE_DIM, reason, p->width);
    }
}
