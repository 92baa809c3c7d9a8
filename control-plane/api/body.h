/* The body of POST /graphql: {"query": ..., "operationName": ..., "variables": {...}}. */
#ifndef CONTROL_PLANE_API_BODY_H
#define CONTROL_PLANE_API_BODY_H

#include "base/arena.h"

struct graphql_body {
    struct slice query, operation; /* in the arena where they held escapes, else within the body */
    struct slice variables;        /* the object as it stands in the body, or empty */
};

/* False: *problem (static) says why it is no GraphQL request. Other members are passed over. */
bool graphql_body_read(struct slice text, struct arena *arena, struct graphql_body *body, const char **problem);

#endif
