/* Whether a log policy matches the records of a log event, told from what the catalog knows of the event alone.
 *
 *   struct judge *j = judge_new(policy);            the policy outlives it
 *   struct event_verdict d = judge_event(j, &facts, reasons);
 *
 * CERTAIN is a proof: every record of the event matches, as far as its body is the one line that the template shows, spaced
 * like it. NO is a proof of the same kind. All else is POSSIBLE, and each reason says what is not known. */
#ifndef CONTROL_PLANE_POLICIES_VERDICT_H
#define CONTROL_PLANE_POLICIES_VERDICT_H

#include "control-plane/catalog/record.h"
#include "policy/policy.h"

struct event_facts {
    struct slice service, template;
    int64_t severities[SEVERITIES]; /* records ever, as delivered */
    int64_t records;
    /* Whether the event has this field (path with dots): 1 always, 0 never, -1 sometimes or unknown. NULL: fields are not known. */
    int (*field)(void *context, enum policy_scope scope, struct slice path);
    void *field_context;
    bool structured_body; /* the body is fields: the template is of one of them */
};

enum match_verdict { MATCH_NO, MATCH_POSSIBLE, MATCH_CERTAIN };

struct event_verdict {
    enum match_verdict match;
    double most; /* POSSIBLE: at most this share of the records */
};

struct judge;
struct judge *judge_new(const struct policy *p);
void judge_free(struct judge *j);

/* The service that all matched records are of, where the policy says so; else empty. */
struct slice judge_service(const struct judge *j);

/* `reasons` (may be NULL) gets one line for each thing that is not known, separated by newlines. */
struct event_verdict judge_event(const struct judge *j, const struct event_facts *facts, struct buf *reasons);

#endif
