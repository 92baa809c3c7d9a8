#include "control-plane/edges/table.h"

#include "base/die.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST = 64 };

static void put(struct table *t, uint64_t hash, uint32_t at)
{
    size_t i = (size_t)hash & (t->capacity - 1);
    while (t->cells[i].at) i = (i + 1) & (t->capacity - 1);
    t->cells[i] = (struct table_cell){hash, at + 1};
}

static void grow(struct table *t)
{
    struct table old = *t;
    t->capacity = old.capacity ? old.capacity * 2 : FIRST;
    t->cells = xcalloc(t->capacity, sizeof *t->cells);
    for (size_t i = 0; i < old.capacity; i++)
        if (old.cells[i].at) put(t, old.cells[i].hash, old.cells[i].at - 1);
    free(old.cells);
}

void table_add(struct table *t, uint64_t hash, uint32_t at)
{
    if (t->count * 2 >= t->capacity) grow(t);
    put(t, hash, at);
    t->count++;
}

void table_clear(struct table *t)
{
    if (t->capacity) memset(t->cells, 0, t->capacity * sizeof *t->cells);
    t->count = 0;
}

void table_free(struct table *t)
{
    free(t->cells);
    *t = (struct table){0};
}
