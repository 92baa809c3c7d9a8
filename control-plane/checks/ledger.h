/* Findings and issues in the store: what an observation found is compared with what is known of the service, and the difference is
 * written. Inside the module only. */
#ifndef CONTROL_PLANE_CHECKS_LEDGER_H
#define CONTROL_PLANE_CHECKS_LEDGER_H

#include "control-plane/checks/observe.h"

enum { FINGERPRINT = 32 };

/* What is stored of a finding and its issue. */
struct known {
    int64_t row, issue; /* issue 0: none yet */
    char fingerprint[FINGERPRINT + 1], basis[FINGERPRINT + 1];
    const struct check *check; /* NULL: of a check that is no more */
    char status[12];
    bool issue_closed, ignored, verified;
    int64_t baseline;
    int64_t rate_events, rate_bytes, cost, save_events, save_bytes, save_cost;
    bool seen; /* in this observation */
};

/* Adds to the outcome. False: the store could not be written. */
bool ledger_reconcile(struct observation *o, struct checks_outcome *outcome);

/* Tables of a finding: events, fields, evidence, proposals. Each replaces what there was. */
bool ledger_write_parts(struct observation *o, const struct finding *f, int64_t row, const char *fingerprint, bool *actionable);

#endif
