/* What only the list of issues can do: views by domain, facets with counts, the way to the checks; decisions are in
 * issue_many.c. */
#include "screens/issue.h"

#include "screens/kind.h"
#include "screens/views.h"

#include <string.h>

/* The views are filters that anybody could type. */
static const char *const views[] = {"stage:open", "stage:open domain:cost", "stage:open domain:compliance", ""};
enum { VIEWS = sizeof views / sizeof *views };

static void next_view(struct view *list)
{
    const char *problem;
    size_t next = 0;
    for (size_t i = 0; i < VIEWS; i++)
        if (!strcmp(list_view_text(list), views[i])) next = (i + 1) % VIEWS;
    list_view_filter(list, views[next], &problem);
}

bool issue_list_action(struct view *list, int action)
{
    if (issue_many_action(list, action)) return true;
    switch (action) {
    case ACT_ISSUE_VIEW: next_view(list); return true;
    case ACT_ISSUE_FACETS: issue_facets_open(list); return true;
    case ACT_ISSUE_CHECKS: app_push(list->app, list_view_new(list->app, &resource_checks, NULL)); return true;
    }
    return false;
}
