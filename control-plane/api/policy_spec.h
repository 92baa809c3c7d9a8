/* A log policy in the words of the API's LogEventPolicySpec, and back. Paths begin with where the value lives: ["body"],
 * ["severity_text"], ["attributes", key ...], ["resource", key ...], ["scope", key ...]. */
#ifndef CONTROL_PLANE_API_POLICY_SPEC_H
#define CONTROL_PLANE_API_POLICY_SPEC_H

#include "control-plane/api/policy_rows.h"

struct spec_path {
    size_t count;
    const struct slice *segments;
};

struct spec_entry {
    struct spec_path path, to; /* to: of a rename */
    struct slice regex, replacement;
    bool has_regex;
};

struct policy_spec {
    bool drop, sample, trim;
    int64_t interval_seconds; /* 0: not a sample by time */
    double keep_percentage;   /* < 0: not a sample by share */
    struct spec_path sample_key;
    struct slice severity; /* ptr NULL: not rewritten */
    struct spec_entry *removes, *redacts, *renames;
    size_t remove_count, redact_count, rename_count;
};

/* In the arena. NULL: the policy cannot be said so (metrics, traces, added fields, rates of several records). */
struct policy_spec *policy_spec_of(struct request_context *x, const struct policy *p);

/* Writes a whole policy in authoring JSON that does what the input says to the log event's records. False: *problem
 * (static) says why not. */
bool policy_from_spec(const struct log_event *e, const struct gql_value *spec, struct buf *json, const char **problem);

#endif
