/* Memory for what must not be anywhere else: locked where the system allows it, not in core files, wiped when it is given back.
 *
 * A stack of allocations: vault_mark(), vault_alloc() ..., vault_release(mark) wipes all since the mark. */
#ifndef CONTROL_PLANE_TAP_VAULT_H
#define CONTROL_PLANE_TAP_VAULT_H

#include "base/slice.h"

struct vault {
    char *bytes;
    size_t size, used;
};

/* False: there is no such memory. */
bool vault_init(struct vault *v, size_t size);
void vault_free(struct vault *v);
/* Aligned for any type, zeroed; NULL: it does not fit. */
void *vault_alloc(struct vault *v, size_t size);
/* ptr NULL: it does not fit. */
struct slice vault_copy(struct vault *v, struct slice s);
static inline size_t vault_mark(const struct vault *v) { return v->used; }
void vault_release(struct vault *v, size_t mark);

#endif
