/* Decisions on issues in their list: the marked ones, or the one under the cursor. */
#include "screens/issue.h"

#include "base/die.h"
#include "screens/bulk.h"
#include "screens/facts.h"
#include "screens/format.h"
#include "screens/issue_view.h"
#include "screens/views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *issue_reason_complete(void *context, const char *line, const char *word, int n)
{
    static const char *const reasons[] = {"intended", "needed", "too-small", "wrong"};
    (void)context;
    for (size_t i = 0; line == word && i < sizeof reasons / sizeof *reasons; i++)
        if (!strncmp(reasons[i], word, strlen(word)) && n-- == 0) return xstrdup(reasons[i]);
    return NULL;
}

static const struct bulk_words words[] = {
    [DEED_DEPLOY] = {.word = "deploy", .doing = "deploying", .done = "deployed", .consequence = ": edges get it with their next poll"},
    [DEED_IGNORE] = {.word = "ignore",
                     .doing = "ignoring",
                     .done = "ignored",
                     .consequence = "",
                     .prompt = "ignore because: ",
                     .history = "ignore",
                     .needs = "a reason",
                     .complete = issue_reason_complete},
    [DEED_CLOSE] = {.word = "close",
                    .doing = "closing",
                    .done = "closed",
                    .consequence = "",
                    .prompt = "close, note: ",
                    .history = "close",
                    .needs = "a note"},
    [DEED_ASSIGN] = {.word = "assign", .doing = "assigning", .done = "assigned", .consequence = ""},
    [DEED_REOPEN] = {.word = "reopen", .doing = "reopening", .done = "open again", .consequence = ""},
};

static enum issue_deed deed_of(const struct bulk *b) { return (enum issue_deed)b->order.verb; }
static const char *refused(const struct bulk *b, const struct bulk_item *i) { return issue_deed_refused(deed_of(b), bulk_node(i)); }

static json_t *request(struct bulk *b, struct bulk_item *i, const char **operation)
{
    if (!i->deed) i->deed = issue_deed_new(deed_of(b), bulk_node(i), b->text ? b->text : "", b->order.context);
    return issue_deed_next(i->deed, operation);
}

static enum bulk_state answered(struct bulk *b, struct bulk_item *i, const struct api_answer *answer)
{
    (void)b;
    if (!issue_deed_answered(i->deed, answer->status, answer->data, answer->message)) return BULK_FAILED;
    if (json_array_size(json_object_get(i->deed, "requests"))) return BULK_READY;
    char *held = xasprintf("proposed; %s", issue_deed_text(i->deed, "why"));
    bulk_say(i, issue_deed_held(i->deed) ? held : b->order.words->done);
    free(held);
    return BULK_DONE;
}

static double saving(const struct bulk_item *i) { return api_number(bulk_node(i), "savings.totalUsdPerHour", 0) * HOURS_PER_YEAR; }

static void row(const struct bulk *b, const struct bulk_item *i, struct bulk_row *row)
{
    char money[FORMAT_SIZE];
    if (deed_of(b) == DEED_DEPLOY) {
        snprintf(row->effect, sizeof row->effect, "%.120s", issue_effect_line(bulk_node(i)));
    } else if (deed_of(b) == DEED_ASSIGN) {
        snprintf(row->effect, sizeof row->effect, "to %.100s", (const char *)b->order.context);
    } else if (saving(i) > 0) {
        format_money(money, saving(i));
        snprintf(row->effect, sizeof row->effect, "%s", money);
        row->unit = " a year to save";
    }
}

static bool sum(const struct bulk *b, const char **label, char *text, size_t size)
{
    double usd = 0;
    char money[FORMAT_SIZE];
    if (deed_of(b) == DEED_ASSIGN || deed_of(b) == DEED_REOPEN) return false;
    for (size_t i = 0; i < b->count; i++)
        if (b->items[i].state != BULK_LEFT_OUT) usd += saving(&b->items[i]);
    format_money(money, usd);
    snprintf(text, size, "%s a year together", money);
    *label = deed_of(b) == DEED_DEPLOY ? "saves" : "gives up";
    return true;
}

static void closed(struct bulk *b) { free(b->order.context); }

static const struct bulk_ops ops = {
    .resource = &resource_issues,
    .load = "IssueEffect",
    .refused = refused,
    .request = request,
    .answered = answered,
    .row = row,
    .sum = sum,
    .closed = closed,
};

static void decide(struct view *list, enum issue_deed deed, const char *team, const char *team_name)
{
    size_t count;
    char **ids = bulk_ids(list, &count);
    bulk_open(list->app, &(struct bulk_order){.ops = &ops,
                                              .words = &words[deed],
                                              .ids = ids,
                                              .count = count,
                                              .verb = (int)deed,
                                              .text = team,
                                              .context = team_name ? xstrdup(team_name) : NULL});
}

static void team_picked(void *context, const char *team, const char *name) { decide(context, DEED_ASSIGN, team, name); }

static bool deed_for(int action, enum issue_deed *deed)
{
    switch (action) {
    case ACT_ISSUE_DEPLOY: *deed = DEED_DEPLOY; return true;
    case ACT_ISSUE_IGNORE: *deed = DEED_IGNORE; return true;
    case ACT_ISSUES_CLOSE: *deed = DEED_CLOSE; return true;
    case ACT_ISSUE_ASSIGN: *deed = DEED_ASSIGN; return true;
    case ACT_ISSUE_REOPEN: *deed = DEED_REOPEN; return true;
    }
    return false;
}

bool issue_many_action(struct view *list, int action)
{
    enum issue_deed deed;
    if (!deed_for(action, &deed)) return false;
    if (deed == DEED_ASSIGN) issue_team_menu(list->app, "", team_picked, list);
    else decide(list, deed, NULL, NULL);
    return true;
}

/* A row of the list has no proposals with it, only whether there is one. */
static const char *row_refused(enum issue_deed deed, const json_t *node)
{
    if (deed != DEED_DEPLOY) return issue_deed_refused(deed, node);
    if (!api_bool(node, "actionable", true)) return "no policy is proposed";
    return issue_deed_refused(DEED_CLOSE, node);
}

const char *issue_list_disabled(const struct view *list, int action)
{
    enum issue_deed deed;
    if (!deed_for(action, &deed)) return NULL;
    const char *why = bulk_ids_refused(list);
    if (!why && !api_offers(app_api(list->app), "Mutation", issue_deed_words(deed)->mutation)) why = "not offered by this control plane";
    return why || bulk_ids_marked(list) ? why : row_refused(deed, list_view_node(list));
}
