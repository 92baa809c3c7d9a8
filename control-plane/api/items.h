/* A list that grows in the request's arena, and its answer. */
#ifndef CONTROL_PLANE_API_ITEMS_H
#define CONTROL_PLANE_API_ITEMS_H

#include "control-plane/api/rows.h"

struct items {
    struct arena *arena;
    size_t count, room, size;
    char *data;
    bool full; /* the arena was */
};

/* For items of `size` bytes. NULL: the call was answered (LIMIT_EXCEEDED). */
struct items *items_new(struct gql_call *call, size_t size);
/* The next item, zeroed; NULL: the arena is full. Earlier items may move. */
void *items_add(struct items *l);
void items_answer(struct gql_call *call, struct items *l);

#endif
