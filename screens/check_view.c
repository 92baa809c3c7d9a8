/* One check, full screen: what it looks for, how it stands, its limits; switching it, changing a limit, a run now. */
#include "base/clock.h"
#include "base/die.h"
#include "screens/detail_base.h"
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
    struct detail d;
    struct fetch change;
    char *limit; /* the threshold that a value is typed for */
    char label[100];
};

static struct check_view *self(struct detail *d) { return (struct check_view *)d; }
static const struct check_view *seen(const struct detail *d) { return (const struct check_view *)d; }
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

static void build(struct detail *d, int width)
{
    char *kind = xasprintf("%s%s%s", detail_text(d, "domain"), text_dot(), detail_text(d, "type"));
    sheet_blank(d->sheet);
    sheet_wrapped(d->sheet, "looks for", ROLE_TEXT, detail_text(d, "description"), width);
    sheet_pair(d->sheet, "kind", ROLE_DIM, kind);
    build_state(d, width);
    build_time(d, "found", "posture.latestObservedAt");
    build_posture(d);
    build_limits(d, width);
    sheet_blank(d->sheet);
    free(kind);
}

/* ---- changes ---- */

static void say_run(struct check_view *s)
{
    const json_t *run = json_object_get(s->change.data, "runChecks");
    long long opened = api_integer(run, "openedIssues", 0) + api_integer(run, "reopenedIssues", 0);
    app_message(s->d.v.app, ROLE_GOOD, "looked at %lld services that changed: %lld issues opened, %lld closed",
                (long long)api_integer(run, "servicesLookedAt", 0), opened, (long long)api_integer(run, "closedIssues", 0));
}

static void changed(void *context)
{
    struct check_view *s = context;
    if (s->change.status != API_OK) app_message(s->d.v.app, ROLE_BAD, "nothing was changed: %s", s->change.message);
    else if (!strcmp(s->change.operation, "RunChecks")) say_run(s);
    else app_message(s->d.v.app, ROLE_GOOD, "%s was changed; the next run goes by it", s->d.title);
    if (s->change.status == API_OK) app_refresh_all(s->d.v.app);
}

static void send(struct check_view *s, const char *operation, json_t *variables)
{
    s->change.operation = operation;
    fetch_send(&s->change, variables);
}

static void turn(void *context)
{
    struct check_view *s = context;
    send(s, "UpdateCheck", json_pack("{sssb}", "id", s->d.id, "enabled", !is_on(&s->d)));
}

static void ask_turn(struct check_view *s)
{
    char *question = xasprintf(is_on(&s->d) ? "Switch %s off? Its open issues stay as they are." : "Switch %s on?", s->d.title);
    app_confirm(s->d.v.app, question, turn, s);
    free(question);
}

static void value_typed(void *context, const char *text)
{
    struct check_view *s = context;
    double value;
    app_dirty(s->d.v.app);
    if (!text) return;
    if (!format_parse_number(text, strlen(text), &value)) {
        app_message(s->d.v.app, ROLE_BAD, "nothing was changed: %s is no number", text);
        return;
    }
    send(s, "UpdateCheck", json_pack("{sss[{sssf}]}", "id", s->d.id, "thresholds", "name", s->limit, "value", value));
}

static bool pick_limit(void *context, int item)
{
    struct check_view *s = context;
    char now[FORMAT_SIZE];
    const json_t *limit = json_array_get(limits_of(&s->d), (size_t)item);
    free(s->limit);
    s->limit = xstrdup(api_text(s->d.texts, limit, "name"));
    number_text(now, api_number(limit, "value", 0));
    snprintf(s->label, sizeof s->label, "%s: ", s->limit);
    prompt_open(&(struct prompt_options){.label = s->label, .initial = now, .done = value_typed, .context = s});
    return true;
}

static void choose_limit(struct check_view *s)
{
    size_t count = json_array_size(limits_of(&s->d));
    struct menu_options o = {.title = "Change which threshold", .pick = pick_limit, .context = s, .count = (int)count};
    o.items = xcalloc(count, sizeof *o.items);
    for (size_t i = 0; i < count; i++) {
        const json_t *limit = json_array_get(limits_of(&s->d), i);
        o.items[i].text = xasprintf("%-22s %s", api_text(s->d.texts, limit, "name"), api_text(s->d.texts, limit, "meaning"));
    }
    app_push(s->d.v.app, menu_new(s->d.v.app, &o));
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

/* ---- the page ---- */

static void opened(struct detail *d) { fetch_init(&self(d)->change, app_api(d->v.app), "UpdateCheck", changed, d); }

static void closed(struct detail *d)
{
    fetch_free(&self(d)->change);
    free(self(d)->limit);
}

static bool action(struct detail *d, int id)
{
    switch (id) {
    case ACT_CHECK_ISSUES: open_issues(d->v.app, d->id); return true;
    case ACT_CHECK_ENABLE: ask_turn(self(d)); return true;
    case ACT_CHECK_THRESHOLD: choose_limit(self(d)); return true;
    case ACT_CHECK_RUN: send(self(d), "RunChecks", NULL); return true;
    }
    return false;
}

static const char *disabled(const struct detail *d, int id)
{
    bool change = id == ACT_CHECK_ENABLE || id == ACT_CHECK_THRESHOLD;
    if ((change || id == ACT_CHECK_RUN) && seen(d)->change.ticket) return "a change is under way";
    if (change && !detail_node(d)) return "it is not loaded yet";
    if (id == ACT_CHECK_ENABLE && !json_object_get(detail_node(d), "enabled")) return "not offered by this control plane";
    if (id == ACT_CHECK_THRESHOLD && !limits_of(d)) return "not offered by this control plane";
    if (id == ACT_CHECK_THRESHOLD && json_array_size(limits_of(d)) == 0) return "it has none";
    return NULL;
}

static const struct detail_ops ops = {
    .size = sizeof(struct check_view),
    .context = CONTEXT_CHECK,
    .noun = "check",
    .build = build,
    .open = opened,
    .action = action,
    .disabled = disabled,
    .close = closed,
};

struct view *check_view_new(struct app *app, const struct resource *resource, const char *id, const char *name)
{
    return detail_open(&ops, app, resource, id, name);
}
