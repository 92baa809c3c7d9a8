/* A SyncRequest of any bytes, in both encodings, folded into a fleet: no fault, and what is handed on is as promised. */
#include "base/json_read.h"
#include "control-plane/edges/fleet.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct poll {
    struct fleet *fleet;
    struct instance *instance;
    unsigned clients;
};

static void on_client(void *context, const struct sync_client *client)
{
    struct poll *p = context;
    struct edge_identity who = {SLICE("n"), SLICE(""), SLICE(""), client->resource.count ? client->resource.items[0].value : SLICE("")};
    if (p->clients++) abort();
    p->instance = fleet_instance_add(p->fleet, 1, &who, 1);
    fleet_instance_describe(p->instance, client);
    struct json_reader r;
    json_begin(&r, slice_str(p->instance->resource));
    if (json_next(&r) != JSON_OBJECT || !json_skip(&r) || json_next(&r) != JSON_END) abort();
}

static void on_statuses(void *context, const struct sync_status *statuses, size_t count)
{
    struct poll *p = context;
    if (!p->clients) return;
    for (size_t i = 0; i < count; i++) {
        const struct sync_counts *c = &statuses[i].counts;
        if (statuses[i].id.len == 0 || c->hits < 0 || c->misses < 0 || statuses[i].errors.len > SYNC_ERRORS_MAX + 1) abort();
        fleet_policy_add(p->fleet, 1, statuses[i].id, (struct id128){1, i}, 1);
    }
    fleet_fold(p->fleet, 1, p->instance, statuses, count, 1);
}

static void read_one(struct slice body, bool json)
{
    struct poll p = {.fleet = fleet_new()};
    struct sync_sink sink = {&p, on_client, on_statuses};
    struct sync_request r;
    struct arena *arena = arena_new(1 << 20);
    bool ok = json ? sync_read_json(body, arena, &sink, &r) : sync_read_protobuf(body, arena, &sink, &r);
    if (ok != (r.problem == NULL) || (ok && p.clients != 1)) abort();
    fleet_collect(p.fleet);
    fleet_free(p.fleet);
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice body = slice_of((const char *)data, size);
    read_one(body, true);
    read_one(body, false);
    return 0;
}
