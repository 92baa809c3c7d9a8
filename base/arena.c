#include "base/arena.h"

#include "base/die.h"

#include <stdint.h>
#include <stdlib.h>

enum { BLOCK = 16 * 1024 };

struct block {
    struct block *next;
    size_t used, size;
    _Alignas(max_align_t) char bytes[];
};

struct arena {
    struct block *head; /* the newest; the first one is the last of the list */
    size_t used, max;
};

static struct block *block_new(size_t size, struct block *next)
{
    struct block *b = xmalloc(sizeof *b + size);
    *b = (struct block){.next = next, .size = size};
    return b;
}

struct arena *arena_new(size_t max)
{
    struct arena *a = xmalloc(sizeof *a);
    *a = (struct arena){.head = block_new(BLOCK, NULL), .max = max};
    return a;
}

static void drop_to_first(struct arena *a)
{
    while (a->head->next) {
        struct block *next = a->head->next;
        free(a->head);
        a->head = next;
    }
}

void arena_free(struct arena *a)
{
    if (!a) return;
    drop_to_first(a);
    free(a->head);
    free(a);
}

void arena_reset(struct arena *a)
{
    drop_to_first(a);
    a->head->used = 0;
    a->used = 0;
}

void *arena_alloc(struct arena *a, size_t size)
{
    if (size > SIZE_MAX - 32) return NULL;
    size = (size + 15) & ~(size_t)15;
    if (size == 0) size = 16;
    if (size > a->max || a->used > a->max - size) return NULL;
    if (a->head->size - a->head->used < size) {
        size_t grown = a->head->size < (size_t)1 << 20 ? a->head->size * 2 : a->head->size;
        a->head = block_new(size > grown ? size : grown, a->head);
    }
    void *memory = a->head->bytes + a->head->used;
    a->head->used += size;
    a->used += size;
    return memory;
}

void *arena_zero(struct arena *a, size_t size)
{
    void *memory = arena_alloc(a, size);
    if (memory) memset(memory, 0, size);
    return memory;
}

char *arena_copy(struct arena *a, struct slice s)
{
    char *copy = arena_alloc(a, s.len + 1);
    if (!copy) return NULL;
    if (s.len) memcpy(copy, s.ptr, s.len);
    copy[s.len] = '\0';
    return copy;
}

size_t arena_used(const struct arena *a) { return a->used; }
