/* Switching services on and off through the bulk panel: for their list and their page. */
#ifndef SCREENS_SERVICE_ACT_H
#define SCREENS_SERVICE_ACT_H

#include "screens/view.h"

/* The ids as in struct bulk_order. */
void service_turn(struct app *app, char **ids, size_t count, bool on);

/* For the kind of resource_services: the marked ones, or the one under the cursor. */
bool service_list_action(struct view *list, int action);
const char *service_list_disabled(const struct view *list, int action);

#endif
