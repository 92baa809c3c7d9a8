/* Changes of policies through the bulk panel. What was approved is the text whose hash the panel loaded. */
#ifndef SCREENS_POLICY_PANEL_H
#define SCREENS_POLICY_PANEL_H

#include "screens/policy_verb.h"
#include "screens/view.h"

/* The ids as in struct bulk_order. version: VERB_ROLL_BACK goes back to this one. */
void policy_panel_open(struct app *app, enum policy_verb verb, char **ids, size_t count, int64_t version);

#endif
