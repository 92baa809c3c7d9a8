/* What the interactive console does with each resource: context, name, what Enter opens. One table; resources.c says what a
 * resource is for lists and headless output alike. */
#ifndef SCREENS_KIND_H
#define SCREENS_KIND_H

#include "screens/resource.h"
#include "screens/view.h"

struct kind {
    const struct resource *resource;
    unsigned context;    /* beside CONTEXT_LIST or CONTEXT_DETAIL */
    const char *title;   /* of its list in the breadcrumbs */
    const char *initial; /* filter of the list that is the root of its tab, NULL: none */
    const char *empty;   /* what to do where there is nothing of it yet, NULL: how to read logs */
    /* One object; `title` stands in until the answer is there. */
    struct view *(*open)(struct app *app, const struct resource *resource, const char *id, const char *title);
    /* Actions that only this resource's list has; false: not its. NULL: none. */
    bool (*action)(struct view *list, int action);
    /* Why the list's action cannot be had now, or NULL. NULL: everything can. */
    const char *(*disabled)(const struct view *list, int action);
};

/* Every resource has one. */
const struct kind *kind_of(const struct resource *resource);
/* Opens the object on top. */
void kind_open(struct app *app, const struct resource *resource, const char *id, const char *title);

#endif
