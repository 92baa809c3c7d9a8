/* The arithmetic of consistent probability sampling (56-bit thresholds), and the trace state's "ot" entry. Private to the module. */
#ifndef POLICY_SAMPLING_H
#define POLICY_SAMPLING_H

#include "base/buf.h"
#include "policy/policy.h"
#include "policy/record.h"

#define SAMPLING_ONE (UINT64_C(1) << 56)

/* Keep where the randomness is at or above it. SAMPLING_ONE keeps nothing. */
uint64_t sampling_threshold(double percent);
/* 56 bits of FNV-1a. */
uint64_t sampling_hash(const void *bytes, size_t n);
/* Randomness of a log's sample key; false: it has none. */
bool sampling_of_key(const struct policy_selector *key, const struct datum *d, uint64_t *randomness);

struct sampled {
    bool keep;
    bool write;         /* a new threshold for the trace state */
    uint64_t threshold; /* written */
};

/* trace_id: lower-case hex, or empty. */
struct sampled sampling_decide(const struct policy_sampling *s, struct slice trace_id, struct slice trace_state);
/* The trace state with th set. */
void sampling_state(struct buf *out, struct slice trace_state, uint64_t threshold, unsigned precision);

#endif
