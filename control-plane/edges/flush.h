/* What the fleet gathered, on its way to the store.
 *
 *     under the lock:  struct flush *w = flush_take(fleet, keys);         NULL: nothing
 *     without it:      flush_write(w, store);                             false: call it again later; what was written
 *                                                                         is not written twice
 *                      flush_free(w);
 */
#ifndef CONTROL_PLANE_EDGES_FLUSH_H
#define CONTROL_PLANE_EDGES_FLUSH_H

#include "control-plane/edges/fleet.h"
#include "control-plane/edges/keys.h"

struct flush;
struct flush *flush_take(struct fleet *f, struct keys *k);
bool flush_write(struct flush *w, struct store *store);
void flush_free(struct flush *w);

/* The way back, at the start: instances, policies that edges may speak of, errors. False: the store could not be read. */
bool fleet_load(struct fleet *f, struct db *db);
/* The policies alone, of one account. */
bool fleet_load_policies(struct fleet *f, struct db *db, int64_t account);

enum { EDGE_DETAIL_HOURS = 7 * 24, EDGE_SUM_HOURS = 400 * 24, EDGE_FORGET_DAYS = 30 };
/* Deletes what is older than that, in small steps, and the instances that the fleet forgot (last heard of before).
 * False: the store could not write. */
bool edges_retain(struct store *store, int64_t now_ns, int64_t instances_before_ns);

#endif
