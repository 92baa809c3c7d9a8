#include "screens/kind.h"

#include "base/die.h"
#include "screens/views.h"

static const struct kind kinds[] = {
    {.resource = &resource_services, .context = CONTEXT_SERVICES, .title = "Services", .open = detail_new},
    {.resource = &resource_events, .context = CONTEXT_EVENTS, .title = "Events", .open = detail_new},
};

const struct kind *kind_of(const struct resource *resource)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].resource == resource) return &kinds[i];
    die("no screen for %s", resource->name);
}

void kind_open(struct app *app, const struct resource *resource, const char *id, const char *title)
{
    app_push(app, kind_of(resource)->open(app, resource, id, title));
}
