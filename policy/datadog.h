/* A Datadog log index exclusion filter as a policy, where that can be said.
 *
 * Understood: terms and "phrases" (of the message), attribute:value with * and ?, @attribute:value, reserved service:, host:, source:,
 * status:, trace_id:, comparisons @a:>5, ranges @a:[1 TO 5], -term and NOT, AND, an OR of values of one attribute, one group of (...).
 * Refused with the reason: OR of different attributes, and what else one list of conditions that all hold cannot say. */
#ifndef POLICY_DATADOG_H
#define POLICY_DATADOG_H

#include "policy/policy.h"

struct datadog_filter {
    struct slice id, name;
    struct slice query;
    double sample_rate; /* share that is excluded: 1 = all */
    bool enabled;
};

/* Appends one policy in authoring JSON to `out`. False: `error` says what cannot be expressed and where. */
bool datadog_import(struct buf *out, const struct datadog_filter *filter, char *error, size_t error_size);

#endif
