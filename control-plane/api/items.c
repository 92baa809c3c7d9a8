#include "control-plane/api/items.h"

static void full(struct gql_call *call) { gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory"); }

struct items *items_new(struct gql_call *call, size_t size)
{
    struct items *l = arena_zero(gql_arena(call), sizeof *l);
    if (!l) {
        full(call);
        return NULL;
    }
    l->arena = gql_arena(call);
    l->size = size;
    return l;
}

void *items_add(struct items *l)
{
    if (l->count == l->room) {
        size_t room = l->room ? l->room * 2 : 8;
        char *data = arena_alloc(l->arena, room * l->size);
        l->full = data == NULL;
        if (!data) return NULL;
        if (l->count) memcpy(data, l->data, l->count * l->size);
        l->data = data;
        l->room = room;
    }
    return memset(l->data + l->count++ * l->size, 0, l->size);
}

static void *at(void *list, size_t i) { return ((struct items *)list)->data + i * ((struct items *)list)->size; }

void items_answer(struct gql_call *call, struct items *l)
{
    if (l->full) full(call);
    else gql_list(call, l->count, at, l);
}
