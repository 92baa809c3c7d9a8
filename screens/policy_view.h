/* Policies in the console: their screen, and what their list does. */
#ifndef SCREENS_POLICY_VIEW_H
#define SCREENS_POLICY_VIEW_H

#include "screens/resource.h"
#include "screens/view.h"

struct view *policy_view_new(struct app *app, const struct resource *resource, const char *id, const char *title);

/* For the kind of resource_policies. */
bool policy_list_action(struct view *list, int action);
const char *policy_list_disabled(const struct view *list, int action);

/* Opens the menu of everything that can be done; `refused` says why not, `perform` does it; both outlive the menu. */
struct policy_menu {
    struct app *app;
    void *context;
    const char *(*refused)(void *context, int action);
    void (*perform)(void *context, int action);
};
void policy_menu_open(struct policy_menu *m, bool one);

#endif
