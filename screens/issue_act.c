/* The decisions on one issue. Each goes on to the next row of the list at once. */
#include "screens/issue_view.h"

#include "base/die.h"
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
    issue_work_deploy(&s->work, detail_node(&s->d));
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
    issue_work_ignore(&s->work, detail_node(&s->d), text);
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
    issue_work_close(&s->work, detail_node(&s->d), text);
    advance(s);
}

static char *complete_reason(void *context, const char *line, const char *word, int n)
{
    static const char *const reasons[] = {"intended", "needed", "too-small", "wrong"};
    (void)context;
    for (size_t i = 0; line == word && i < sizeof reasons / sizeof *reasons; i++)
        if (!strncmp(reasons[i], word, strlen(word)) && n-- == 0) return xstrdup(reasons[i]);
    return NULL;
}

static void ask_text(struct issue_view *s, const char *label, const char *history, void (*done)(void *context, const char *text))
{
    prompt_open(&(struct prompt_options){.label = label, .history = history, .complete = complete_reason, .done = done, .context = s});
}

/* ---- assign ---- */

static const json_t *team_at(const struct issue_view *s, int item)
{
    return json_object_get(json_array_get(api_at(s->teams.data, "teams.edges"), (size_t)item), "node");
}

static bool pick_team(void *context, int item)
{
    struct issue_view *s = context;
    const json_t *team = team_at(s, item);
    if (detail_node(&s->d) && team)
        issue_work_assign(&s->work, detail_node(&s->d), json_string_value(json_object_get(team, "id")), api_text(s->d.texts, team, "name"));
    else if (detail_node(&s->d)) issue_work_assign(&s->work, detail_node(&s->d), NULL, "the team of its service");
    return true;
}

static void teams_menu(struct issue_view *s)
{
    size_t count = json_array_size(api_at(s->teams.data, "teams.edges"));
    const char *now = detail_text(&s->d, "team.id");
    struct menu_options o = {.title = "Team of this issue", .pick = pick_team, .context = s};
    o.items = xcalloc(count + 1, sizeof *o.items);
    for (size_t i = 0; i < count; i++, o.count++) {
        const json_t *team = team_at(s, (int)i);
        o.items[i] = (struct menu_item){xstrdup(api_text(s->d.texts, team, "name")), !strcmp(api_text(s->d.texts, team, "id"), now)};
    }
    o.items[o.count++] = (struct menu_item){xstrdup("the team of its service"), !*now};
    app_push(s->d.v.app, menu_new(s->d.v.app, &o));
}

static void teams_answered(void *context)
{
    struct issue_view *s = context;
    app_dirty(s->d.v.app);
    if (!s->assigning) return;
    s->assigning = false;
    if (fetch_failed(&s->teams)) app_message(s->d.v.app, ROLE_BAD, "teams: %s", s->teams.message);
    else if (json_array_size(api_at(s->teams.data, "teams.edges")) == 0) app_message(s->d.v.app, ROLE_WARN, "there are no teams yet");
    else if (detail_node(&s->d)) teams_menu(s);
}

static void ask_team(struct issue_view *s)
{
    if (!s->teams.api) fetch_init(&s->teams, app_api(s->d.v.app), "ListTeams", teams_answered, s);
    s->assigning = true;
    fetch_send(&s->teams, NULL);
}

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
    case ACT_ISSUE_REOPEN: issue_work_reopen(&s->work, detail_node(&s->d)); return true;
    case ACT_ISSUE_UNDO: issue_work_undo(&s->work); return true;
    case ACT_ISSUE_EVIDENCE: detail_show(&s->d, PART_EVIDENCE); return true;
    case ACT_ISSUE_EFFECT: detail_show(&s->d, PART_EFFECT); return true;
    case ACT_ISSUE_TIMELINE: detail_show(&s->d, PART_TIMELINE); return true;
    case ACT_ISSUE_EVENT: open_event(s); return true;
    case ACT_SERVICE_OF: open_service(s); return true;
    }
    return false;
}

static bool decides(int action)
{
    return action == ACT_ISSUE_DEPLOY || action == ACT_ISSUE_IGNORE || action == ACT_ISSUE_CLOSE || action == ACT_ISSUE_ASSIGN ||
           action == ACT_ISSUE_REOPEN;
}

static const char *mutation_of(int action)
{
    return action == ACT_ISSUE_DEPLOY   ? "createLogEventPolicy"
           : action == ACT_ISSUE_IGNORE ? "ignoreIssue"
           : action == ACT_ISSUE_CLOSE  ? "closeIssue"
           : action == ACT_ISSUE_REOPEN ? "reopenIssue"
                                        : "assignServiceToTeam";
}

static const char *deploy_disabled(const struct issue_view *s, const char *stage)
{
    if (!issue_has_policy(detail_node(&s->d))) return "no policy is proposed; f shows what is";
    if (json_array_size(api_at(detail_node(&s->d), "logEventPolicies.edges")) && strcmp(stage, "open") != 0)
        return "it has a policy already";
    return NULL;
}

const char *issue_act_disabled(const struct issue_view *s, int action)
{
    const char *stage = json_string_value(api_at(detail_node(&s->d), "state.stage"));
    if (!stage) stage = "";
    bool shut = !strcmp(stage, "ignored") || !strcmp(stage, "resolved");
    if (action == ACT_ISSUE_UNDO) return issue_work_no_undo(&s->work);
    if (!decides(action) && action != ACT_ISSUE_EVENT && action != ACT_SERVICE_OF) return NULL;
    if (!detail_node(&s->d)) return "it is not loaded yet";
    if (action == ACT_ISSUE_EVENT)
        return json_array_size(json_object_get(detail_node(&s->d), "logEvents")) ? NULL : "no log events are known";
    if (action == ACT_SERVICE_OF) return api_at(detail_node(&s->d), "service.id") ? NULL : "its service is not known";
    if (!api_offers(s->work.send.api, "Mutation", mutation_of(action))) return "not offered by this control plane";
    if (action == ACT_ISSUE_REOPEN) return shut ? NULL : "it is open";
    if (shut && action != ACT_ISSUE_ASSIGN) return "it is not open; o opens it again";
    return action == ACT_ISSUE_DEPLOY ? deploy_disabled(s, stage) : NULL;
}
