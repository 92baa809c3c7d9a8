/* How many different events a run of records holds: the ids that batches gave, merged ones once. */
#ifndef CONTROL_PLANE_TALLY_H
#define CONTROL_PLANE_TALLY_H

#include "control-plane/catalog/catalog.h"

enum { TALLY_MAX = 1 << 21 };

struct tally {
    uint64_t *slots; /* 0: free */
    size_t count, capacity, merged;
};

/* Starts zeroed. */
void tally_free(struct tally *t);
void tally_add(struct tally *t, struct batch *b);
/* Exact up to TALLY_MAX. */
size_t tally_events(const struct tally *t);

#endif
