/* The transform of one policy on one record. Private to the module. */
#ifndef POLICY_TRANSFORM_H
#define POLICY_TRANSFORM_H

#include "policy/evaluate.h"

void transform_record(const struct policy *p, const struct record_ops *ops, void *record, struct stage_count stages[POLICY_STAGES]);

/* All matches of the pattern replaced; $0, $N, ${N}, ${name}, $$ stand for what was matched. False: none. */
bool transform_replace(struct buf *out, const struct regex *regex, struct slice text, struct slice template);

#endif
