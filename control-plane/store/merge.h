/* Two events become one. Inside the store only. */
#ifndef CONTROL_PLANE_STORE_MERGE_H
#define CONTROL_PLANE_STORE_MERGE_H

#include "base/hash.h"
#include "control-plane/store/store.h"

/* Moves the counters of `from` to `to`; from now on `from`, and all that resolved to it, resolves to `to`. Where `to`
 * is not known, `from` becomes it. Nothing happens where both are one already. */
bool merge_events(struct db *db, int64_t account, struct id128 from, struct id128 to, int64_t now_ns);

#endif
