#include "control-plane/tap/ring.h"

enum { ALIGNED = 16 };

void ring_init(struct ring *r, char *bytes, size_t size, size_t most) { *r = (struct ring){.bytes = bytes, .size = size, .most = most}; }

static void evict(struct ring *r)
{
    explicit_bzero(r->bytes + r->blocks[r->first].at, r->blocks[r->first].len);
    r->first = (r->first + 1) % TAP_RECORDS_MOST;
    r->count--;
}

static size_t oldest(const struct ring *r) { return r->blocks[r->first].at; }

bool ring_add(struct ring *r, const void *block, size_t len)
{
    size_t room = (len + ALIGNED - 1) & ~(size_t)(ALIGNED - 1);
    if (room > r->size) return false;
    while (r->count >= r->most) evict(r);
    if (r->head + room > r->size) {
        while (r->count && oldest(r) >= r->head) evict(r);
        r->head = 0;
    }
    while (r->count && oldest(r) >= r->head && oldest(r) < r->head + room) evict(r);
    size_t slot = (r->first + r->count++) % TAP_RECORDS_MOST;
    r->blocks[slot].at = r->head;
    r->blocks[slot].len = room;
    memcpy(r->bytes + r->head, block, len);
    r->head += room;
    return true;
}
