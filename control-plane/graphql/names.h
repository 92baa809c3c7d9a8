/* A table from (owner, name) to a pointer: fields of a type, fragments of a document, ... It lives in an arena that
 * must not run full; names are borrowed. Start from zero with `arena` set. */
#ifndef CONTROL_PLANE_GRAPHQL_NAMES_H
#define CONTROL_PLANE_GRAPHQL_NAMES_H

#include "base/arena.h"

#include <stdint.h>

struct gql_name;

struct gql_names {
    struct arena *arena;
    struct gql_name *slots;
    size_t cap, count;
};

/* Where the value of (owner, name) is kept, NULL at first. Valid until the next addition. */
void **gql_names_put(struct gql_names *names, const void *owner, struct slice name);
/* NULL where there is none. */
void *gql_names_get(const struct gql_names *names, const void *owner, struct slice name);

#endif
