/* Memory for one request or one batch: many small allocations, freed or reset together.
 * Pointers stay valid until arena_reset() or arena_free(). Beyond `max` bytes it gives NULL: the caller answers
 * with its own limit error. Allocations are aligned for any type and not zeroed (arena_zero is). */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/slice.h"

struct arena;

struct arena *arena_new(size_t max);
void arena_free(struct arena *a);
/* Forgets everything; keeps the first block. */
void arena_reset(struct arena *a);
void *arena_alloc(struct arena *a, size_t size);
void *arena_zero(struct arena *a, size_t size);
/* A NUL-terminated copy. */
char *arena_copy(struct arena *a, struct slice s);
size_t arena_used(const struct arena *a);

#endif
