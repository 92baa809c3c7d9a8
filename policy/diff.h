/* What a change of policies means: compared by content, not by text. Spelling, key order and defaults written out make no
 * difference; the order of matchers makes none either. */
#ifndef POLICY_DIFF_H
#define POLICY_DIFF_H

#include "policy/policy.h"

enum change_kind { CHANGE_ADDED, CHANGE_REMOVED, CHANGE_CHANGED };

struct policy_change {
    enum change_kind kind;
    struct slice policy_id;
    struct slice place;  /* "keep", "match", "transform.redact", "name"; empty: the policy as a whole */
    struct slice before; /* one line for a person; empty where there was none */
    struct slice after;
};

/* Calls `report` for each difference; slices are valid during the call. Either policy may be NULL. Gives the number of differences. */
size_t policy_diff(const struct policy *before, const struct policy *after, void (*report)(void *context, const struct policy_change *c),
                   void *context);
/* Policies are paired by id, in the order of their ids. */
size_t policy_set_diff(const struct policy_set *before, const struct policy_set *after,
                       void (*report)(void *context, const struct policy_change *c), void *context);

#endif
