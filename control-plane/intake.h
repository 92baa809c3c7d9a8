/* From a request's bytes to committed counters: decode, count in a batch, one store job, then tell.
 *
 * What waits for the writer is bounded; beyond the bound intake_logs() says so and reads nothing. */
#ifndef CONTROL_PLANE_INTAKE_H
#define CONTROL_PLANE_INTAKE_H

#include "control-plane/catalog/catalog.h"
#include "control-plane/checks/checks.h"
#include "control-plane/ingest/otlp.h"
#include "control-plane/store/store.h"
#include "control-plane/tap/tap.h"

struct intake;

/* Both must outlive the intake. */
struct intake *intake_new(struct store *store, struct catalog *catalog);
/* After the last done(). */
void intake_free(struct intake *in);
/* Told of every batch that was committed; NULL: nobody is. Only while no batch waits. */
void intake_tell(struct intake *in, struct checks_timer *timer);

/* Who may look at records as they come in; NULL: nobody. Outlives the intake; before the first intake_logs. */
void intake_watch(struct intake *in, struct taps *taps);

typedef void intake_done(void *context, const struct otlp_outcome *outcome, enum store_result result);

enum intake_then {
    INTAKE_TAKEN, /* done() is called once, in the store's writer thread, after COMMIT; perhaps before this returns */
    INTAKE_READ,  /* nothing to write: *outcome is the answer (nothing accepted, or the request cannot be read) */
    INTAKE_BUSY,  /* too much waits for the writer: try again */
};
/* `body` is read before this returns. Thread-safe. */
enum intake_then intake_logs(struct intake *in, struct slice body, enum otlp_encoding encoding, struct otlp_outcome *outcome,
                             intake_done *done, void *context);

#endif
