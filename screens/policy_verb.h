/* What can be done to a policy, in one table: the list, the policy's screen and the panel that asks share it. */
#ifndef SCREENS_POLICY_VERB_H
#define SCREENS_POLICY_VERB_H

#include "screens/bulk.h"

#include <jansson.h>
#include <stdbool.h>

enum policy_verb { VERB_APPROVE, VERB_REJECT, VERB_PROPOSE, VERB_DISABLE, VERB_ENABLE, VERB_ROLL_BACK, POLICY_VERBS };

const struct bulk_words *policy_verb_words(enum policy_verb v);
/* The embedded mutation; whether it names the content hash that was shown. */
const char *policy_verb_operation(enum policy_verb v);
bool policy_verb_names_hash(enum policy_verb v);

/* What E does to this policy. */
enum policy_verb policy_verb_turn(const json_t *node);

/* Why it cannot be done to this policy, or NULL; static, until the next call. `node` has state, inForce, requester;
 * `viewer` is who is looking, "" where unknown. */
const char *policy_verb_refused(enum policy_verb v, const json_t *node, const char *viewer, bool four_eyes);
/* The same for editing. */
const char *policy_edit_refused(const json_t *node);

/* policySettings of an answer that has accounts. */
bool policy_four_eyes(const json_t *data);

#endif
