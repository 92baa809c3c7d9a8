#include "screens/check_act.h"

#include "base/die.h"
#include "screens/bulk.h"
#include "screens/format.h"
#include "screens/issue.h"
#include "screens/menu.h"
#include "screens/views.h"
#include "tui/prompt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum check_verb { CHECK_OFF, CHECK_ON, CHECK_LIMIT };

static const struct bulk_words words[] = {
    [CHECK_OFF] = {.word = "switch off",
                   .doing = "switching off",
                   .done = "off",
                   .consequence = "",
                   .effect = "Its open issues stay as they are.",
                   .effects = "Their open issues stay as they are."},
    [CHECK_ON] = {.word = "switch on", .doing = "switching on", .done = "on", .consequence = ": the next run goes by it"},
    [CHECK_LIMIT] = {.word = "change", .doing = "changing", .done = "changed", .consequence = ": the next run goes by it"},
};

static const json_t *limit_of(const json_t *node, const char *name)
{
    const json_t *limits = json_object_get(node, "thresholds"), *limit;
    size_t i;
    json_array_foreach((json_t *)(uintptr_t)limits, i, limit)
    {
        const char *is = json_string_value(json_object_get(limit, "name"));
        if (is && !strcmp(is, name)) return limit;
    }
    return NULL;
}

static const char *refused(const struct bulk *b, const struct bulk_item *i)
{
    static char text[120];
    const json_t *node = bulk_node(i);
    if (b->order.verb == CHECK_LIMIT) {
        snprintf(text, sizeof text, "it has no %.60s", (const char *)b->order.context);
        return limit_of(node, b->order.context) ? NULL : text;
    }
    const char *why = check_refused(node, ACT_CHECK_ENABLE);
    if (why) return why;
    if (api_bool(node, "enabled", true) != (b->order.verb == CHECK_ON)) return NULL;
    return b->order.verb == CHECK_ON ? "it is on" : "it is off";
}

static json_t *request(struct bulk *b, struct bulk_item *i, const char **operation)
{
    *operation = "UpdateCheck";
    if (b->order.verb != CHECK_LIMIT) return json_pack("{sssb}", "id", i->id, "enabled", b->order.verb == CHECK_ON);
    return json_pack("{sss[{sssf}]}", "id", i->id, "thresholds", "name", (const char *)b->order.context, "value", strtod(b->text, NULL));
}

static void row(const struct bulk *b, const struct bulk_item *i, struct bulk_row *row)
{
    if (b->order.verb == CHECK_LIMIT) {
        const json_t *limit = limit_of(bulk_node(i), b->order.context);
        snprintf(row->effect, sizeof row->effect, "%.60s: %.10g %s %s", (const char *)b->order.context, api_number(limit, "value", 0),
                 glyph(GLYPH_ARROW), b->text);
        return;
    }
    snprintf(row->effect, sizeof row->effect, "%lld", (long long)api_integer(bulk_node(i), "posture.activeIssueCount", 0));
    row->unit = " open issues";
}

static void closed(struct bulk *b) { free(b->order.context); }

static const struct bulk_ops ops = {
    .resource = &resource_checks,
    .load = "CheckEffect",
    .refused = refused,
    .request = request,
    .row = row,
    .closed = closed,
};

void check_turn(struct app *app, char **ids, size_t count, bool on)
{
    enum check_verb verb = on ? CHECK_ON : CHECK_OFF;
    bulk_open(app, &(struct bulk_order){.ops = &ops, .words = &words[verb], .ids = ids, .count = count, .verb = (int)verb});
}

/* ---- thresholds; one is asked for at a time ---- */

static struct {
    char **(*ids)(const struct view *owner, size_t *count);
    json_t *limits;
    char *name;
    char label[100];
} asking;

static void value_typed(void *context, const char *text)
{
    struct view *owner = context;
    double value;
    size_t count;
    app_dirty(owner->app);
    if (!text) return;
    if (!format_parse_number(text, strlen(text), &value)) {
        app_message(owner->app, ROLE_BAD, "nothing was changed: %s is no number", text);
        return;
    }
    char **ids = asking.ids(owner, &count), *plain = xasprintf("%.10g", value);
    bulk_open(owner->app, &(struct bulk_order){.ops = &ops,
                                               .words = &words[CHECK_LIMIT],
                                               .ids = ids,
                                               .count = count,
                                               .verb = CHECK_LIMIT,
                                               .context = xstrdup(asking.name),
                                               .text = plain,
                                               .confirmed = count == 1});
    free(plain);
}

static bool pick_limit(void *context, int item)
{
    char now[FORMAT_SIZE];
    const json_t *limit = json_array_get(asking.limits, (size_t)item);
    const char *name = json_string_value(json_object_get(limit, "name"));
    free(asking.name);
    asking.name = xstrdup(name ? name : "");
    snprintf(now, sizeof now, "%.10g", api_number(limit, "value", 0));
    snprintf(asking.label, sizeof asking.label, "%s: ", asking.name);
    prompt_open(&(struct prompt_options){.label = asking.label, .initial = now, .done = value_typed, .context = context});
    return true;
}

void check_limit_ask(struct view *owner, const json_t *node, char **(*ids)(const struct view *owner, size_t *count))
{
    json_t *limits = json_object_get(node, "thresholds");
    size_t count = json_array_size(limits);
    struct arena *texts = arena_new(1 << 16);
    struct menu_options o = {.title = "Change which threshold", .pick = pick_limit, .context = owner, .count = (int)count};
    o.items = xcalloc(count, sizeof *o.items);
    for (size_t i = 0; i < count; i++) {
        const json_t *limit = json_array_get(limits, i);
        o.items[i].text = xasprintf("%-22s %s", api_text(texts, limit, "name"), api_text(texts, limit, "meaning"));
    }
    arena_free(texts);
    json_decref(asking.limits);
    asking.limits = json_incref(limits);
    asking.ids = ids;
    app_push(owner->app, menu_new(owner->app, &o));
}

/* ---- a run ---- */

static struct {
    struct app *app;
    uint64_t ticket;
} running;

static void ran(void *context, const struct api_answer *answer)
{
    const json_t *run = json_object_get(answer->data, "runChecks");
    (void)context;
    running.ticket = 0;
    if (answer->status != API_OK) {
        app_message(running.app, ROLE_BAD, "the checks did not run: %s", answer->message);
        return;
    }
    long long opened = api_integer(run, "openedIssues", 0) + api_integer(run, "reopenedIssues", 0);
    app_message(running.app, ROLE_GOOD, "looked at %lld services that changed: %lld issues opened, %lld closed",
                (long long)api_integer(run, "servicesLookedAt", 0), opened, (long long)api_integer(run, "closedIssues", 0));
    app_refresh_all(running.app);
}

void check_run(struct app *app)
{
    running.app = app;
    running.ticket = api_send(app_api(app), "RunChecks", NULL, ran, NULL);
}

/* ---- what can be done ---- */

const char *check_refused(const json_t *node, int action)
{
    if (action == ACT_CHECK_RUN) return running.ticket ? "the checks run already" : NULL;
    if (!node) return "it is not loaded yet";
    if (action == ACT_CHECK_ENABLE) return json_object_get(node, "enabled") ? NULL : "not offered by this control plane";
    const json_t *limits = json_object_get(node, "thresholds");
    if (!json_is_array(limits)) return "not offered by this control plane";
    return json_array_size(limits) ? NULL : "it has none";
}

/* ---- the list ---- */

static void open_issues(struct view *list)
{
    const char *id = json_string_value(json_object_get(list_view_node(list), "id"));
    if (id) check_open_issues(list->app, id);
}

static void turn_rows(struct view *list)
{
    size_t count;
    char **ids = bulk_ids(list, &count);
    check_turn(list->app, ids, count, !api_bool(list_view_node(list), "enabled", true));
}

bool check_list_action(struct view *list, int action)
{
    switch (action) {
    case ACT_CHECK_ISSUES: open_issues(list); return true;
    case ACT_CHECK_ENABLE: turn_rows(list); return true;
    case ACT_CHECK_THRESHOLD: check_limit_ask(list, list_view_node(list), bulk_ids); return true;
    case ACT_CHECK_RUN: check_run(list->app); return true;
    }
    return false;
}

const char *check_list_disabled(const struct view *list, int action)
{
    if (action == ACT_CHECK_RUN) return check_refused(NULL, action);
    if (action != ACT_CHECK_ENABLE && action != ACT_CHECK_THRESHOLD) return NULL;
    const char *why = bulk_ids_refused(list);
    if (why || (bulk_ids_marked(list) && action == ACT_CHECK_ENABLE)) return why;
    return check_refused(list_view_node(list), action);
}
