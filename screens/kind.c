#include "screens/kind.h"

#include "base/die.h"
#include "screens/edge_view.h"
#include "screens/issue.h"
#include "screens/policy_view.h"
#include "screens/service_act.h"
#include "screens/views.h"

static const struct kind kinds[] = {
    {.resource = &resource_issues,
     .context = CONTEXT_ISSUES,
     .title = "Issues",
     .initial = "stage:open",
     .empty = "The checks look at new logs a few seconds after they came in. K lists the checks.",
     .open = issue_view_new,
     .action = issue_list_action,
     .disabled = issue_list_disabled},
    {.resource = &resource_checks,
     .context = CONTEXT_CHECKS,
     .title = "Checks",
     .open = check_view_new,
     .action = check_list_action,
     .disabled = check_list_disabled},
    {.resource = &resource_policies,
     .context = CONTEXT_POLICIES,
     .title = "Policies",
     .empty = "Checks propose them for issues; d on an issue deploys what it proposes.",
     .open = policy_view_new,
     .action = policy_list_action,
     .disabled = policy_list_disabled},
    {.resource = &resource_edges,
     .context = CONTEXT_EDGES,
     .title = "Edge",
     .empty = "K makes a key; an edge that polls /v1/policy/sync with it appears here.",
     .open = edge_view_new,
     .action = edge_list_action},
    {.resource = &resource_edge_keys,
     .context = CONTEXT_EDGE_KEYS,
     .title = "Keys",
     .empty = "N makes one; it is shown once.",
     .open = edge_view_new,
     .action = edge_key_list_action,
     .disabled = edge_key_list_disabled},
    {.resource = &resource_services,
     .context = CONTEXT_SERVICES,
     .title = "Services",
     .open = service_view_new,
     .action = service_list_action,
     .disabled = service_list_disabled},
    {.resource = &resource_events, .context = CONTEXT_EVENTS, .title = "Events", .open = event_view_new},
};

const struct kind *kind_of(const struct resource *resource)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].resource == resource) return &kinds[i];
    die("no screen for %s", resource->name);
}

void kind_open(struct app *app, const struct resource *resource, const char *id, const char *title)
{
    if (id) app_push(app, kind_of(resource)->open(app, resource, id, title));
    else app_message(app, ROLE_WARN, "the control plane named no id to open it by");
}
