/* The panel at the bottom in which a change of one or many policies is shown with its effect, asked for once, carried
 * out and told of, one line a policy. What was approved is the text whose hash the panel loaded. */
#ifndef SCREENS_POLICY_PANEL_H
#define SCREENS_POLICY_PANEL_H

#include "screens/policy_verb.h"
#include "screens/view.h"

enum { PANEL_ITEMS = 500 };

struct policy_panel_order {
    enum policy_verb verb;
    char **ids; /* xmalloc'd with its strings; the panel takes them over */
    size_t count;
    int64_t version; /* VERB_ROLL_BACK: to this one */
};

/* Asks for a reason first where the verb wants one. At most PANEL_ITEMS ids. */
void policy_panel_open(struct app *app, const struct policy_panel_order *order);

#endif
