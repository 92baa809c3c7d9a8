/* How many different events a run of records holds: the ids that batches gave, merged ones once. */
#ifndef CONTROL_PLANE_DISTINCT_H
#define CONTROL_PLANE_DISTINCT_H

#include "control-plane/catalog/catalog.h"

enum { DISTINCT_MAX = 1 << 21 };

struct distinct {
    uint64_t *slots; /* 0: free */
    size_t count, capacity, merged;
};

/* Starts zeroed. */
void distinct_free(struct distinct *t);
void distinct_add(struct distinct *t, struct batch *b);
/* Exact up to DISTINCT_MAX. */
size_t distinct_events(const struct distinct *t);

#endif
