/* An index from hashes to numbers: open addressing, grows, nothing is taken out but all at once.
 *
 *     size_t probe = table_start(&t, hash);
 *     while ((at = table_next(&t, hash, &probe)) != TABLE_NONE)
 *         if (items[at] is the one) ...
 */
#ifndef CONTROL_PLANE_EDGES_TABLE_H
#define CONTROL_PLANE_EDGES_TABLE_H

#include <stddef.h>
#include <stdint.h>

#define TABLE_NONE UINT32_MAX

struct table_cell {
    uint64_t hash;
    uint32_t at; /* 1 more; 0: free */
};

struct table {
    struct table_cell *cells;
    size_t capacity, count; /* capacity: a power of two, or 0 */
};

void table_add(struct table *t, uint64_t hash, uint32_t at);
void table_clear(struct table *t);
void table_free(struct table *t);

static inline size_t table_start(const struct table *t, uint64_t hash) { return t->capacity ? (size_t)hash & (t->capacity - 1) : 0; }

static inline uint32_t table_next(const struct table *t, uint64_t hash, size_t *probe)
{
    while (t->capacity && t->cells[*probe].at) {
        const struct table_cell *c = &t->cells[*probe];
        *probe = (*probe + 1) & (t->capacity - 1);
        if (c->hash == hash) return c->at - 1;
    }
    return TABLE_NONE;
}

#endif
