/* What is proposed for an issue, in words, in figures before and after, and as the policy's text. */
#include "screens/issue_view.h"

#include "base/utf8.h"
#include "screens/facts.h"
#include "screens/format.h"
#include "screens/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { PROPOSALS_SHOWN = 20, TEXT_LINES = 200, LINE_MAX_BYTES = 600 };

static const json_t *proposals_of(const json_t *issue) { return json_object_get(issue, "logEventPolicyProposals"); }

static bool does(const json_t *proposal, const char *part)
{
    const json_t *spec = json_object_get(proposal, "spec"), *p = json_object_get(spec, part);
    if (api_bool(p, "enabled", false)) return true;
    return json_array_size(json_object_get(p, "entries")) || json_array_size(json_object_get(p, "fields")) ||
           json_is_object(json_object_get(p, "severity"));
}

static const char *verb(const json_t *issue)
{
    static const struct {
        const char *part, *verb;
    } verbs[] = {
        {"drop", "drops"}, {"sample", "samples"}, {"trim", "removes fields of"}, {"redact", "redacts fields of"}, {"rewrite", "rewrites"}};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        for (size_t n = 0; n < json_array_size(proposals_of(issue)); n++)
            if (does(json_array_get(proposals_of(issue), n), verbs[i].part)) return verbs[i].verb;
    return "changes";
}

/* Drops and samples take records away; the others change what stays. */
const char *issue_effect_line(const json_t *issue)
{
    static char line[200];
    char rate[FORMAT_SIZE], money[FORMAT_SIZE], bytes[FORMAT_SIZE];
    const json_t *savings = json_object_get(issue, "savings");
    double saved = api_number(savings, "eventsPerHour", 0), usd = api_number(savings, "totalUsdPerHour", 0);
    size_t count = json_array_size(proposals_of(issue));
    format_count(rate, saved > 0 ? saved : api_number(issue, "cost.eventsPerHour", 0));
    format_money(money, usd * HOURS_PER_YEAR);
    format_bytes(bytes, api_number(savings, "bytesPerHour", 0) * HOURS_PER_MONTH);
    int n = snprintf(line, sizeof line, "%s %s records/h", verb(issue), rate);
    if (usd > 0) n += snprintf(line + n, sizeof line - (size_t)n, "%ssaves %s a month, %s a year", text_dot(), bytes, money);
    if (count > 1) snprintf(line + n, sizeof line - (size_t)n, "%s%zu policies", text_dot(), count);
    return line;
}

/* ---- figures ---- */

static void table_row(struct sheet *s, const char *label, const double values[3], void (*format)(char *, double), enum role role)
{
    sheet_span(s, SHEET_LABEL, ROLE_DIM, label);
    for (int i = 0; i < 3; i++) {
        char text[FORMAT_SIZE] = "-";
        if (!isnan(values[i])) format(text, values[i]);
        sheet_span_right(s, SHEET_VALUE + 12 + 14 * i, i == 2 ? role : ROLE_TEXT, text);
    }
    if (values[0] > 0 && values[2] > 0) {
        char share[16];
        snprintf(share, sizeof share, "%.0f%% less", 100 * values[2] / values[0]);
        sheet_span(s, SHEET_VALUE + 44, ROLE_DIM, share);
    }
    sheet_end(s);
}

static void figures(const struct detail *d, const char *path, double factor, double values[3])
{
    const json_t *issue = detail_node(d);
    values[0] = api_number(json_object_get(issue, "cost"), path, NAN) * factor;
    values[2] = api_number(json_object_get(issue, "savings"), path, NAN) * factor;
    values[1] = api_number(json_object_get(issue, "projectedCost"), path, NAN) * factor;
    if (isnan(values[1])) values[1] = values[0] - values[2];
}

static void build_table(struct detail *d)
{
    static const char *const titles[] = {"now", "after", "saved"};
    double values[3];
    for (int i = 0; i < 3; i++) sheet_span_right(d->sheet, SHEET_VALUE + 12 + 14 * i, ROLE_DIM, titles[i]);
    sheet_end(d->sheet);
    figures(d, "eventsPerHour", 1, values);
    table_row(d->sheet, "records/h", values, format_count, ROLE_TEXT);
    figures(d, "bytesPerHour", HOURS_PER_MONTH, values);
    table_row(d->sheet, "bytes/month", values, format_bytes, ROLE_TEXT);
    figures(d, "totalUsdPerHour", HOURS_PER_YEAR, values);
    table_row(d->sheet, "cost/year", values, format_money, ROLE_MONEY);
}

/* ---- text ---- */

static enum role line_role(const char *line)
{
    line += strspn(line, " -");
    return *line == '#' ? ROLE_DIM : ROLE_TEXT;
}

static void text_lines(struct detail *d, const char *text, int width)
{
    struct buf clean;
    buf_init(&clean, LINE_MAX_BYTES);
    for (int n = 0; *text && n < TEXT_LINES; n++) {
        size_t len = strcspn(text, "\n");
        buf_clear(&clean);
        utf8_clean(&clean, slice_of(text, len < LINE_MAX_BYTES ? len : LINE_MAX_BYTES));
        char *cut = text_cut(clean.data ? clean.data : "", width - SHEET_LABEL - 4);
        sheet_span(d->sheet, SHEET_LABEL + 2, line_role(cut), cut);
        sheet_end(d->sheet);
        free(cut);
        text += len + (text[len] == '\n');
    }
    buf_free(&clean);
}

static void json_lines(struct detail *d, const json_t *value, int width)
{
    char *text = json_dumps(value, JSON_INDENT(2) | JSON_ENCODE_ANY);
    if (text) text_lines(d, text, width);
    free(text);
}

static const char *field_of(struct detail *d, const json_t *proposal, const char *key)
{
    const char *text = api_text(d->texts, proposal, key);
    return text ? text : "";
}

static void build_proposal(struct detail *d, const json_t *proposal, int width)
{
    const char *title = field_of(d, proposal, "title"), *risk = field_of(d, proposal, "risk"), *reason = field_of(d, proposal, "reason");
    const char *text = json_string_value(json_object_get(proposal, "text"));
    sheet_blank(d->sheet);
    sheet_span(d->sheet, SHEET_LABEL, ROLE_TEXT, *title ? title : field_of(d, proposal, "key"));
    if (*risk) sheet_span(d->sheet, -1, ROLE_DIM, "  risk ");
    sheet_span(d->sheet, -1, text_severity_role(risk), risk);
    sheet_end(d->sheet);
    if (*reason) sheet_wrapped(d->sheet, "why", ROLE_DIM, reason, width);
    if (text && *text) text_lines(d, text, width);
    else if (json_object_get(proposal, "compiledPolicies")) json_lines(d, json_object_get(proposal, "compiledPolicies"), width);
    else if (json_object_get(proposal, "spec")) json_lines(d, json_object_get(proposal, "spec"), width);
}

static const char *task_kind(const char *kind) { return !strcmp(kind, "code_change") ? "change code" : kind; }

/* Where no policy can do it: a ticket, a change of code or configuration. */
static void build_tasks(struct detail *d, int width)
{
    const json_t *tasks = json_object_get(detail_node(d), "tasks");
    for (size_t i = 0; i < json_array_size(tasks); i++) {
        const json_t *r = json_array_get(tasks, i);
        sheet_blank(d->sheet);
        sheet_span(d->sheet, SHEET_LABEL, ROLE_TEXT, *field_of(d, r, "title") ? field_of(d, r, "title") : field_of(d, r, "kind"));
        sheet_end(d->sheet);
        sheet_wrapped(d->sheet, task_kind(field_of(d, r, "kind")), ROLE_TEXT, field_of(d, r, "text"), width);
        if (*field_of(d, r, "reason")) sheet_wrapped(d->sheet, "why", ROLE_DIM, field_of(d, r, "reason"), width);
    }
}

void issue_build_effect(struct detail *d, int width)
{
    const json_t *issue = detail_node(d), *proposals = proposals_of(issue);
    size_t count = json_array_size(proposals);
    detail_heading(d, PART_EFFECT, count ? "Effect of the proposal (d deploys it, L shows it live)" : "Proposal");
    if (!json_is_array(proposals)) sheet_note(d->sheet, ROLE_DIM, "proposals: not offered by this control plane");
    else if (count == 0) sheet_note(d->sheet, ROLE_DIM, "No policy is proposed.");
    else build_table(d);
    if (count && !(api_number(issue, "savings.eventsPerHour", 0) > 0))
        sheet_note(d->sheet, ROLE_DIM, "No record is removed; what is in them changes.");
    for (size_t i = 0; i < count && i < PROPOSALS_SHOWN; i++) build_proposal(d, json_array_get(proposals, i), width);
    build_tasks(d, width);
}
