#include "control-plane/ingest/tally.h"

#include "base/die.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 1024 };

void tally_free(struct tally *t)
{
    free(t->slots);
    *t = (struct tally){0};
}

/* The slot of the id, or the free one where it belongs. */
static size_t place(const struct tally *t, uint64_t id)
{
    size_t at = id & (t->capacity - 1);
    while (t->slots[at] && t->slots[at] != id) at = (at + 1) & (t->capacity - 1);
    return at;
}

static void grow(struct tally *t)
{
    struct tally old = *t;
    t->capacity = old.capacity ? old.capacity * 2 : FIRST_SLOTS;
    t->slots = xcalloc(t->capacity, sizeof *t->slots);
    for (size_t i = 0; i < old.capacity; i++)
        if (old.slots[i]) t->slots[place(t, old.slots[i])] = old.slots[i];
    free(old.slots);
}

static void add_id(struct tally *t, struct id128 event)
{
    uint64_t id = hash_mix(event.hi, event.lo);
    if (!id) id = 1;
    if (t->count >= TALLY_MAX) return;
    if (t->count * 4 >= t->capacity * 3) grow(t);
    size_t at = place(t, id);
    if (t->slots[at]) return;
    t->slots[at] = id;
    t->count++;
}

static bool known(const struct tally *t, struct id128 event)
{
    uint64_t id = hash_mix(event.hi, event.lo);
    return t->capacity && t->slots[place(t, id ? id : 1)];
}

void tally_add(struct tally *t, struct batch *b)
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

size_t tally_events(const struct tally *t) { return t->count - t->merged; }
