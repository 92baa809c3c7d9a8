/* The catalog's durable half: what a batch counted is added to the store, and its windows move with the clock.
 *
 * In a store job:   batch_add(...)...; run(): return catalog_write(db, batch, clock_now());
 * Counters are added, so an applied batch must not be applied again; a job that failed left nothing behind.
 *
 * Kept at write time: totals, the trailing windows of 24 hours, 7 and 30 days, first and last seen, the commonest
 * severity, current rates and cost of every event and service, and of the account; how many events there are by
 * service, severity and fragment. A record from the future counts in the hour of its arrival.
 *
 * current rates = the 7-day window / hours since the service was first seen (1 to 168);
 * cost          = bytes x price of a GB (10^9) + events x price of a million, as micro-dollars a year of 8,766 hours. */
#ifndef CONTROL_PLANE_CATALOG_WRITE_H
#define CONTROL_PLANE_CATALOG_WRITE_H

#include "control-plane/catalog/catalog.h"
#include "control-plane/store/store.h"

/* False: the store could not write; the job's run() must return false too. */
bool catalog_write(struct db *db, struct batch *b, int64_t now_ns);

/* Moves windows to now_ns: takes out the hours that left, and works on what is to be recomputed (rates of services
 * younger than a week once an hour, all costs after a change of price). At most `rows` counters a call (0 = 2,000),
 * touching only what changes. *more: call again. */
bool catalog_roll(struct db *db, int64_t now_ns, unsigned rows, bool *more);

/* catalog_roll as store jobs, one after the other until nothing is left; other jobs come in between. Returns at
 * once; does nothing while a former call still works. For a timer (each minute is fine: without work it costs a few
 * look-ups), the start, and after a change of price. */
void catalog_roll_submit(struct store *s);

/* After a change of the account's prices, in the same job: costs of the services and of the account at once, those of
 * the events by catalog_roll in steps. */
bool catalog_reprice(struct db *db, int64_t account);

/* The key that seeds the ids of the account's events (struct catalog_options). One account: its own. */
bool catalog_key(struct db *db, uint64_t *key);

#endif
