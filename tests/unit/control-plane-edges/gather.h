/* Collects what the readers of a SyncRequest hand on. */
#ifndef TESTS_UNIT_EDGES_GATHER_H
#define TESTS_UNIT_EDGES_GATHER_H

#include "control-plane/edges/sync_request.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

enum { GATHERED = 10000 };

struct gather {
    struct arena *arena;
    struct sync_request request;
    struct sync_client client;
    unsigned clients;
    struct sync_status statuses[GATHERED];
    size_t count, before_client;
    bool ok;
};

static inline void gather_client(void *context, const struct sync_client *client)
{
    struct gather *g = context;
    g->client = *client;
    g->clients++;
}

static inline void gather_statuses(void *context, const struct sync_status *statuses, size_t count)
{
    struct gather *g = context;
    if (!g->clients) g->before_client += count;
    for (size_t i = 0; i < count && g->count < GATHERED; i++) g->statuses[g->count++] = statuses[i];
}

static inline struct gather *gather(struct slice body, bool json)
{
    static struct gather g;
    arena_free(g.arena);
    memset(&g, 0, sizeof g);
    g.arena = arena_new(2 << 20);
    struct sync_sink sink = {&g, gather_client, gather_statuses};
    g.ok = json ? sync_read_json(body, g.arena, &sink, &g.request) : sync_read_protobuf(body, g.arena, &sink, &g.request);
    return &g;
}

static inline void gather_end(struct gather *g)
{
    arena_free(g->arena);
    g->arena = NULL;
}

#endif
