/* Lists of counts as blobs: the gap to the next count that is not 0, then the count, as varints. Inside the store. */
#ifndef CONTROL_PLANE_STORE_FIELD_COUNTS_H
#define CONTROL_PLANE_STORE_FIELD_COUNTS_H

#include "base/buf.h"

void counts_write(struct buf *out, const uint64_t *counts, size_t n);
/* Adds to the counts; what is wrong or beyond n is passed over. */
void counts_add(uint64_t *counts, size_t n, struct slice blob);

#endif
