#include "control-plane/ingest/distinct.h"

#include "base/die.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 1024 };

void distinct_free(struct distinct *t)
{
    free(t->slots);
    *t = (struct distinct){0};
}

/* The slot of the id, or the free one where it belongs. */
static size_t place(const struct distinct *t, uint64_t id)
{
    size_t at = id & (t->capacity - 1);
    while (t->slots[at] && t->slots[at] != id) at = (at + 1) & (t->capacity - 1);
    return at;
}

static void grow(struct distinct *t)
{
    struct distinct old = *t;
    t->capacity = old.capacity ? old.capacity * 2 : FIRST_SLOTS;
    t->slots = xcalloc(t->capacity, sizeof *t->slots);
    for (size_t i = 0; i < old.capacity; i++)
        if (old.slots[i]) t->slots[place(t, old.slots[i])] = old.slots[i];
    free(old.slots);
}

static void add_id(struct distinct *t, struct id128 event)
{
    uint64_t id = hash_mix(event.hi, event.lo);
    if (!id) id = 1;
    if (t->count >= DISTINCT_MAX) return;
    if (t->count * 4 >= t->capacity * 3) grow(t);
    size_t at = place(t, id);
    if (t->slots[at]) return;
    t->slots[at] = id;
    t->count++;
}

static bool known(const struct distinct *t, struct id128 event)
{
    uint64_t id = hash_mix(event.hi, event.lo);
    return t->capacity && t->slots[place(t, id ? id : 1)];
}

void distinct_add(struct distinct *t, struct batch *b)
{
    const struct delta *deltas;
    const struct merge *merges;
    size_t n = batch_deltas(b, &deltas);
    for (size_t i = 0; i < n; i++) add_id(t, deltas[i].event_id);
    n = batch_merges(b, &merges);
    for (size_t i = 0; i < n; i++) {
        if (!known(t, merges[i].from)) continue;
        add_id(t, merges[i].to);
        t->merged++;
    }
}

size_t distinct_events(const struct distinct *t) { return t->count - t->merged; }
