#include "control-plane/edges/fleet.h"

#include "base/die.h"

#include <stdlib.h>

void edge_counts_add(struct edge_counts *to, const struct edge_counts *from)
{
    int64_t sums[EDGE_COUNTS], more[EDGE_COUNTS];
    memcpy(sums, to, sizeof sums);
    memcpy(more, from, sizeof more);
    for (size_t i = 0; i < EDGE_COUNTS; i++)
        if (__builtin_add_overflow(sums[i], more[i], &sums[i])) sums[i] = INT64_MAX;
    memcpy(to, sums, sizeof sums);
}

struct fleet *fleet_new(void)
{
    struct fleet *f = xcalloc(1, sizeof *f);
    f->hour = INT64_MIN;
    return f;
}

void fleet_free(struct fleet *f)
{
    if (!f) return;
    for (size_t i = 0; i < f->instance_count; i++) instance_free(f->instances[i]);
    for (size_t i = 0; i < f->policy_count; i++) free(f->policies[i].wire_id);
    free(f->instances);
    free(f->policies);
    free(f->pairs);
    free(f->rows);
    table_free(&f->by_identity);
    table_free(&f->by_wire_id);
    table_free(&f->by_pair);
    free(f);
}
