/* Checks: what is wrong with a workspace's logs, as findings and issues, each with its evidence and a proposal.
 *
 * A run looks at the services that changed since they were last looked at. A finding is one cause in one service: the
 * events that share it are one finding, and an event that one check would remove is not counted by another. A finding
 * with enough evidence has an issue. Findings close when the cause is gone (or its event is silent for a day while the
 * service goes on) and reopen when it returns; what a person ignored stays ignored, what a person closed stays closed
 * until the cause was gone in between. A run over services that did not change writes nothing.
 *
 * An issue whose policy is in force is resolved ("verified") when edges prove the policy (impact.h) and the volume of the last
 * day fell as it promised; one whose cause went without that is resolved as such ("cause_gone"). */
#ifndef CONTROL_PLANE_CHECKS_H
#define CONTROL_PLANE_CHECKS_H

#include "control-plane/checks/check_table.h"
#include "control-plane/store/store.h"

struct checks_outcome {
    size_t services, events; /* looked at */
    size_t opened, reopened, closed;
    bool more; /* services are left: run again */
};

/* In the writer thread. Looks at about `most` events (0 = 4,000), then at the end of a service says `more`. False: the store
 * could not be written. `now_ns` is the wall clock. */
bool checks_run(struct db *db, int64_t now_ns, size_t most, struct checks_outcome *outcome);

/* Looks at every service again in the next run: after a change of settings. */
bool checks_forget(struct db *db, int64_t account);

/* ---- settings ---- */

/* Any connection. "enabled" is 1 or 0, thresholds by name; the default where nothing was set. */
double check_value(struct db *db, int64_t account, const struct check *c, const char *name);
bool check_set(struct db *db, int64_t account, const struct check *c, const char *name, double value, int64_t now_ns);

/* ---- runs beside the requests ---- */

struct checks_timer;
/* The store outlives it. */
struct checks_timer *checks_timer_new(struct store *s);
/* Records came in, or an hour passed: a run follows soon (2 s, and never more than a tenth of the time). Any thread. */
void checks_notice(struct checks_timer *t);
void checks_timer_free(struct checks_timer *t);

#endif
