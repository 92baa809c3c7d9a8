/* What the list of policies does with its rows: one under the cursor, or all that are marked. */
#include "screens/policy_view.h"

#include "base/die.h"
#include "screens/list_view.h"
#include "screens/menu.h"
#include "screens/policy_panel.h"

#include <stdlib.h>

/* ---- the menu, for the policy's screen as well ---- */

static const struct {
    int action;
    const char *text;
    bool one; /* only where one policy is open */
} choices[] = {
    {ACT_POLICY_APPROVE, "approve", false},        {ACT_POLICY_REJECT, "reject with a reason", false},
    {ACT_POLICY_PROPOSE, "propose", false},        {ACT_POLICY_TURN, "disable or enable", false},
    {ACT_POLICY_EDIT, "edit in $EDITOR", true},    {ACT_POLICY_ROLL_BACK, "go back to an older version", true},
    {ACT_POLICY_EXPORT, "export to a file", true},
};
enum { CHOICES = sizeof choices / sizeof *choices };

static bool writes(int action) { return action != ACT_POLICY_EXPORT; }

static bool pick(void *context, int item)
{
    struct policy_menu *m = context;
    int action = choices[item].action;
    const char *why = writes(action) ? app_no_changes(m->app) : NULL;
    if (!why) why = m->refused(m->context, action);
    if (why) app_message(m->app, ROLE_WARN, "%s: %s", choices[item].text, why);
    else m->perform(m->context, action);
    return true;
}

void policy_menu_open(struct policy_menu *m, bool one)
{
    struct menu_item *items = xcalloc(CHOICES, sizeof *items);
    int count = 0;
    for (int i = 0; i < CHOICES; i++) {
        if (choices[i].one && !one) continue;
        const char *why = writes(choices[i].action) ? app_no_changes(m->app) : NULL;
        if (!why) why = m->refused(m->context, choices[i].action);
        items[count++].text = why ? xasprintf("%s (not now: %s)", choices[i].text, why) : xstrdup(choices[i].text);
    }
    app_push(
        m->app,
        menu_new(m->app, &(struct menu_options){
                             .title = one ? "This policy" : "These policies", .items = items, .count = count, .pick = pick, .context = m}));
}

/* ---- the list ---- */

static const struct list_view *seen(const struct view *v) { return (const struct list_view *)v; }

static void perform(struct view *list, enum policy_verb verb)
{
    size_t count;
    char **ids = bulk_ids(list, &count);
    policy_panel_open(list->app, verb, ids, count, 0);
}

/* The list outlives its menu; there is one menu at a time. */
static struct policy_menu menu;

static const char *menu_refused(void *context, int action) { return policy_list_disabled(context, action); }
static void menu_perform(void *context, int action) { policy_list_action(context, action); }

static void open_menu(struct view *list)
{
    menu = (struct policy_menu){.app = list->app, .context = list, .refused = menu_refused, .perform = menu_perform};
    policy_menu_open(&menu, false);
}

static void open_inbox(struct view *list)
{
    const char *problem;
    list_view_filter(list, "state:proposed", &problem);
}

bool policy_list_action(struct view *list, int action)
{
    switch (action) {
    case ACT_POLICY_APPROVE: perform(list, VERB_APPROVE); return true;
    case ACT_POLICY_REJECT: perform(list, VERB_REJECT); return true;
    case ACT_POLICY_PROPOSE: perform(list, VERB_PROPOSE); return true;
    case ACT_POLICY_TURN: perform(list, policy_verb_turn(list_view_node(list))); return true;
    case ACT_POLICY_MENU: open_menu(list); return true;
    case ACT_POLICY_INBOX: open_inbox(list); return true;
    }
    return false;
}

static const char *refused(const struct view *list, enum policy_verb verb)
{
    const char *why = bulk_ids_refused(list);
    return why || bulk_ids_marked(list) ? why : policy_verb_refused(verb, list_view_node(list), "", false);
}

const char *policy_list_disabled(const struct view *list, int action)
{
    bool needs_row = action >= ACT_POLICY_MENU && action <= ACT_POLICY_EXPORT;
    if (needs_row && seen(list)->list.count == 0) return "the list is empty";
    switch (action) {
    case ACT_POLICY_APPROVE: return refused(list, VERB_APPROVE);
    case ACT_POLICY_REJECT: return refused(list, VERB_REJECT);
    case ACT_POLICY_PROPOSE: return refused(list, VERB_PROPOSE);
    case ACT_POLICY_TURN: return refused(list, policy_verb_turn(list_view_node(list)));
    }
    return NULL;
}
