/* The decisions on one issue. Each goes on to the next row of the list at once. */
#include "screens/issue_view.h"

#include "base/die.h"
#include "screens/issue.h"
#include "screens/kind.h"
#include "screens/menu.h"
#include "screens/text.h"
#include "screens/views.h"
#include "tui/prompt.h"

#include <stdio.h>
#include <stdlib.h>

static void advance(struct issue_view *s)
{
    if (list_view_is(s->d.v.below, &resource_issues)) detail_step(&s->d, 1);
}

/* ---- deploy ---- */

static void deploy(void *context)
{
    struct issue_view *s = context;
    if (!detail_node(&s->d)) return;
    issue_work_do(&s->work, DEED_DEPLOY, detail_node(&s->d), "", "");
    advance(s);
}

static void ask_deploy(struct issue_view *s)
{
    char *question = xasprintf("Deploy? It %s.", issue_effect_line(detail_node(&s->d)));
    detail_show(&s->d, PART_EFFECT);
    app_confirm(s->d.v.app, question, deploy, s);
    free(question);
}

/* ---- ignore, close ---- */

/* The issue that a text is typed for; it may not change meanwhile. */
static void reason_given(void *context, const char *text)
{
    struct issue_view *s = context;
    app_dirty(s->d.v.app);
    if (!text || !detail_node(&s->d)) return;
    if (!*text) {
        app_message(s->d.v.app, ROLE_WARN, "nothing was changed: a reason is needed");
        return;
    }
    issue_work_do(&s->work, DEED_IGNORE, detail_node(&s->d), text, "");
    advance(s);
}

static void note_given(void *context, const char *text)
{
    struct issue_view *s = context;
    app_dirty(s->d.v.app);
    if (!text || !detail_node(&s->d)) return;
    if (!*text) {
        app_message(s->d.v.app, ROLE_WARN, "nothing was changed: a note is needed");
        return;
    }
    issue_work_do(&s->work, DEED_CLOSE, detail_node(&s->d), text, "");
    advance(s);
}

static void ask_text(struct issue_view *s, const char *label, const char *history, void (*done)(void *context, const char *text))
{
    prompt_open(
        &(struct prompt_options){.label = label, .history = history, .complete = issue_reason_complete, .done = done, .context = s});
}

/* ---- assign ---- */

static void team_picked(void *context, const char *team, const char *name)
{
    struct issue_view *s = context;
    if (detail_node(&s->d)) issue_work_do(&s->work, DEED_ASSIGN, detail_node(&s->d), team, name);
}

static void ask_team(struct issue_view *s) { issue_team_menu(s->d.v.app, detail_text(&s->d, "team.id"), team_picked, s); }

/* ---- log events ---- */

static const json_t *event_at(const struct issue_view *s, int item)
{
    return json_array_get(json_object_get(detail_node(&s->d), "logEvents"), (size_t)item);
}

static bool pick_event(void *context, int item)
{
    struct issue_view *s = context;
    const json_t *event = event_at(s, item);
    const char *id = json_string_value(json_object_get(event, "id"));
    if (id) kind_open(s->d.v.app, &resource_events, id, detail_name(s->d.texts, event));
    return true;
}

static void open_event(struct issue_view *s)
{
    int count = (int)json_array_size(json_object_get(detail_node(&s->d), "logEvents"));
    if (count == 1) {
        pick_event(s, 0);
        return;
    }
    struct menu_options o = {.title = "Log events of this issue", .pick = pick_event, .context = s, .count = count};
    o.items = xcalloc((size_t)count, sizeof *o.items);
    for (int i = 0; i < count; i++) o.items[i].text = xstrdup(detail_name(s->d.texts, event_at(s, i)));
    app_push(s->d.v.app, menu_new(s->d.v.app, &o));
}

static void open_service(struct issue_view *s)
{
    const char *id = json_string_value(api_at(detail_node(&s->d), "service.id"));
    if (id) kind_open(s->d.v.app, &resource_services, id, detail_text(&s->d, "service.name"));
}

/* ---- all of it ---- */

bool issue_act(struct issue_view *s, int action)
{
    switch (action) {
    case ACT_ISSUE_DEPLOY: ask_deploy(s); return true;
    case ACT_ISSUE_IGNORE: ask_text(s, "ignore because: ", "ignore", reason_given); return true;
    case ACT_ISSUE_CLOSE: ask_text(s, "close, note: ", "close", note_given); return true;
    case ACT_ISSUE_ASSIGN: ask_team(s); return true;
    case ACT_ISSUE_REOPEN: issue_work_do(&s->work, DEED_REOPEN, detail_node(&s->d), "", ""); return true;
    case ACT_ISSUE_UNDO: issue_work_undo(&s->work); return true;
    case ACT_ISSUE_EVIDENCE: detail_show(&s->d, PART_EVIDENCE); return true;
    case ACT_ISSUE_EFFECT: detail_show(&s->d, PART_EFFECT); return true;
    case ACT_ISSUE_TIMELINE: detail_show(&s->d, PART_TIMELINE); return true;
    case ACT_ISSUE_EVENT: open_event(s); return true;
    case ACT_SERVICE_OF: open_service(s); return true;
    }
    return false;
}

static bool deed_for(int action, enum issue_deed *deed)
{
    switch (action) {
    case ACT_ISSUE_DEPLOY: *deed = DEED_DEPLOY; return true;
    case ACT_ISSUE_IGNORE: *deed = DEED_IGNORE; return true;
    case ACT_ISSUE_CLOSE: *deed = DEED_CLOSE; return true;
    case ACT_ISSUE_ASSIGN: *deed = DEED_ASSIGN; return true;
    case ACT_ISSUE_REOPEN: *deed = DEED_REOPEN; return true;
    }
    return false;
}

static const char *related_disabled(const json_t *issue, int action)
{
    if (!issue) return "it is not loaded yet";
    if (action == ACT_ISSUE_EVENT) return json_array_size(json_object_get(issue, "logEvents")) ? NULL : "no log events are known";
    return api_at(issue, "service.id") ? NULL : "its service is not known";
}

const char *issue_act_disabled(const struct issue_view *s, int action)
{
    enum issue_deed deed;
    const json_t *issue = detail_node(&s->d);
    if (action == ACT_ISSUE_UNDO) return issue_work_no_undo(&s->work);
    if (action == ACT_ISSUE_EVENT || action == ACT_SERVICE_OF) return related_disabled(issue, action);
    if (!deed_for(action, &deed)) return NULL;
    if (!api_offers(s->work.send.api, "Mutation", issue_deed_words(deed)->mutation)) return "not offered by this control plane";
    return issue_deed_refused(deed, issue);
}
