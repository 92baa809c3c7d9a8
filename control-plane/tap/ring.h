/* The last blocks that were added, in one piece of memory; the oldest give way and are wiped. Private to the module. */
#ifndef CONTROL_PLANE_TAP_RING_H
#define CONTROL_PLANE_TAP_RING_H

#include "control-plane/tap/tap.h"
#include "control-plane/tap/vault.h"

struct ring {
    char *bytes;
    size_t size, head, most; /* most: blocks */
    size_t first, count;
    struct {
        size_t at, len;
    } blocks[TAP_RECORDS_MOST];
};

/* `most` <= TAP_RECORDS_MOST. The memory stays the caller's. */
void ring_init(struct ring *r, char *bytes, size_t size, size_t most);
/* False: larger than the ring. */
bool ring_add(struct ring *r, const void *block, size_t len);
/* The i-th, oldest first. */
static inline const struct tap_record *ring_at(const struct ring *r, size_t i)
{
    return (const struct tap_record *)(const void *)(r->bytes + r->blocks[(r->first + i) % TAP_RECORDS_MOST].at);
}

#endif
