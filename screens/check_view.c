/* One check, full screen: what it looks for, how it stands, its limits; switching it, changing a limit, a run now. */
#include "base/clock.h"
#include "base/die.h"
#include "screens/bulk.h"
#include "screens/check_act.h"
#include "screens/detail_base.h"
#include "screens/format.h"
#include "screens/issue.h"
#include "screens/facts.h"
#include "screens/outcome.h"
#include "screens/related.h"
#include "screens/text.h"
#include "screens/views.h"

#include <stdio.h>
#include <stdlib.h>

static const json_t *limits_of(const struct detail *d) { return json_object_get(detail_node(d), "thresholds"); }
static bool is_on(const struct detail *d) { return api_bool(detail_node(d), "enabled", true); }

/* ---- the sheet ---- */

static void build_state(struct detail *d, int width)
{
    const char *unavailable = detail_text(d, "unavailableReason");
    if (*unavailable) {
        char *text = xasprintf("not available: %s", unavailable);
        sheet_wrapped(d->sheet, "state", ROLE_WARN, text, width);
        free(text);
    } else if (api_at(detail_node(d), "enabled")) {
        sheet_pair(d->sheet, "state", is_on(d) ? ROLE_GOOD : ROLE_WARN, is_on(d) ? "on" : "off: it looks at nothing");
    }
}

static void build_time(struct detail *d, const char *label, const char *path)
{
    char age[FORMAT_SIZE];
    int64_t at = api_time(detail_node(d), path);
    if (at) format_age(age, at, clock_now());
    sheet_pair(d->sheet, label, at ? ROLE_TEXT : ROLE_DIM, at ? age : "never");
}

static void build_posture(struct detail *d)
{
    const json_t *p = json_object_get(detail_node(d), "posture");
    char text[160], money[FORMAT_SIZE];
    snprintf(text, sizeof text, "%lld open%s%lld waiting for more records", (long long)api_integer(p, "openFindingCount", 0), text_dot(),
             (long long)api_integer(p, "pendingFindingCount", 0));
    sheet_pair(d->sheet, "findings", ROLE_TEXT, text);
    long long issues = (long long)api_integer(p, "activeIssueCount", 0), services = (long long)api_integer(p, "affectedServiceCount", 0);
    snprintf(text, sizeof text, issues ? "%lld open, findings in %lld service%s" : "none", issues, services, services == 1 ? "" : "s");
    sheet_pair(d->sheet, "issues", ROLE_TEXT, text);
    format_money(money, api_number(p, "previewSavings.totalUsdPerHour", 0) * HOURS_PER_YEAR);
    snprintf(text, sizeof text, "%s a year", money);
    sheet_pair(d->sheet, "would save", ROLE_MONEY, text);
    facts_rates(d->sheet, "cost now", json_object_get(p, "current"));
}

static void number_text(char out[FORMAT_SIZE], double value) { snprintf(out, FORMAT_SIZE, "%.10g", value); }

static void build_limit(struct detail *d, const json_t *limit, int width)
{
    char now[FORMAT_SIZE], standard[FORMAT_SIZE], text[300];
    double value = api_number(limit, "value", 0), usual = api_number(limit, "default", value);
    number_text(now, value);
    number_text(standard, usual);
    sheet_span(d->sheet, SHEET_LABEL, ROLE_TEXT, api_text(d->texts, limit, "name"));
    sheet_span_right(d->sheet, SHEET_LABEL + 32, value != usual ? ROLE_INFO : ROLE_TEXT, now);
    snprintf(text, sizeof text, "%s%s%s%s", value != usual ? "(usually " : "", value != usual ? standard : "", value != usual ? ") " : "",
             api_text(d->texts, limit, "meaning"));
    char *cut = text_cut(text, width - SHEET_LABEL - 36);
    sheet_span(d->sheet, SHEET_LABEL + 34, ROLE_DIM, cut);
    sheet_end(d->sheet);
    free(cut);
}

static void build_limits(struct detail *d, int width)
{
    sheet_blank(d->sheet);
    sheet_heading(d->sheet, "Thresholds (t changes one)");
    if (!json_is_array(limits_of(d))) sheet_note(d->sheet, ROLE_DIM, "not offered by this control plane");
    else if (json_array_size(limits_of(d)) == 0) sheet_note(d->sheet, ROLE_DIM, "It has none.");
    for (size_t i = 0; i < json_array_size(limits_of(d)); i++) build_limit(d, json_array_get(limits_of(d), i), width);
}

static void build_changes(struct detail *d, int width)
{
    const json_t *entries = json_object_get(detail_node(d), "auditEntries");
    if (json_array_size(json_object_get(entries, "edges")) == 0) return;
    sheet_blank(d->sheet);
    sheet_heading(d->sheet, "Changes");
    outcome_audit(d->sheet, d->texts, entries, width);
}

static void build(struct detail *d, int width)
{
    char *kind = xasprintf("%s%s%s", detail_text(d, "domain"), text_dot(), detail_text(d, "type"));
    sheet_blank(d->sheet);
    sheet_wrapped(d->sheet, "looks for", ROLE_TEXT, detail_text(d, "description"), width);
    sheet_pair(d->sheet, "kind", ROLE_DIM, kind);
    build_state(d, width);
    if (api_time(detail_node(d), "lastRunAt")) build_time(d, "last run", "lastRunAt");
    build_time(d, "found", "posture.latestObservedAt");
    build_posture(d);
    build_limits(d, width);
    build_changes(d, width);
    sheet_blank(d->sheet);
    char *of = xasprintf("stage:open check:%s", d->id);
    related_issues(d, json_object_get(d->more.data, "issues"), of, width);
    free(of);
    free(kind);
}

/* ---- the page ---- */

void check_open_issues(struct app *app, const char *id)
{
    char *filter = xasprintf("stage:open check:%s", id);
    app_push(app, list_view_new(app, &resource_issues, filter));
    free(filter);
}

static char **own_id(const struct view *v, size_t *count)
{
    *count = 1;
    return bulk_one(((const struct detail *)v)->id);
}

static bool action(struct detail *d, int id)
{
    switch (id) {
    case ACT_CHECK_ISSUES: check_open_issues(d->v.app, d->id); return true;
    case ACT_CHECK_ENABLE: check_turn(d->v.app, bulk_one(d->id), 1, !is_on(d)); return true;
    case ACT_CHECK_THRESHOLD: check_limit_ask(&d->v, detail_node(d), own_id); return true;
    case ACT_CHECK_RUN: check_run(d->v.app); return true;
    }
    return false;
}

static const char *disabled(const struct detail *d, int id)
{
    bool ours = id == ACT_CHECK_ENABLE || id == ACT_CHECK_THRESHOLD || id == ACT_CHECK_RUN;
    return ours ? check_refused(detail_node(d), id) : NULL;
}

static const struct detail_ops ops = {
    .context = CONTEXT_CHECK,
    .noun = "check",
    .more = "CheckRelated",
    .build = build,
    .action = action,
    .disabled = disabled,
};

struct view *check_view_new(struct app *app, const struct resource *resource, const char *id, const char *name)
{
    return detail_open(&ops, app, resource, id, name);
}
