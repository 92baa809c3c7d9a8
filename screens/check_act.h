/* What can be changed about checks, for their list and their page: on or off, thresholds, a run now. */
#ifndef SCREENS_CHECK_ACT_H
#define SCREENS_CHECK_ACT_H

#include "screens/view.h"

#include <jansson.h>

/* The ids as in struct bulk_order. */
void check_turn(struct app *app, char **ids, size_t count, bool on);
/* Asks which of the node's thresholds, and for its value; the ids are asked for once that is typed. `owner` is below. */
void check_limit_ask(struct view *owner, const json_t *node, char **(*ids)(const struct view *owner, size_t *count));
void check_run(struct app *app);

/* Why the action (ACT_CHECK_ENABLE, _THRESHOLD, _RUN) cannot be had for this check, or NULL. */
const char *check_refused(const json_t *node, int action);

#endif
