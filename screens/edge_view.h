/* Edge instances and the keys that they sign in with. */
#ifndef SCREENS_EDGE_VIEW_H
#define SCREENS_EDGE_VIEW_H

#include "screens/resource.h"
#include "screens/view.h"

/* An instance or a key. */
struct view *edge_view_new(struct app *app, const struct resource *resource, const char *id, const char *title);
/* For the kind of resource_edges. */
bool edge_list_action(struct view *list, int action);

/* For the kind of resource_edge_keys. */
bool edge_key_list_action(struct view *list, int action);
const char *edge_key_list_disabled(const struct view *list, int action);

#endif
