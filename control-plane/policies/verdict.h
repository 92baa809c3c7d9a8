/* Whether a log policy matches the records of a log event, told from what the catalog knows of the event alone.
 *
 *   struct judge *j = judge_new(policy);            the policy outlives it
 *   struct event_verdict d = judge_event(j, &facts, reasons);
 *
 * CERTAIN is a proof (proof.h): every record of the event matches, as far as its body is one line that begins with the template's
 * first word. NO is a proof of the same kind. All else is POSSIBLE, and each reason says what is not known. */
#ifndef CONTROL_PLANE_POLICIES_VERDICT_H
#define CONTROL_PLANE_POLICIES_VERDICT_H

#include "control-plane/catalog/record.h"
#include "policy/policy.h"

enum presence { PRESENCE_UNKNOWN, PRESENCE_NEVER, PRESENCE_SOMETIMES, PRESENCE_ALWAYS };

struct event_facts {
    struct slice service, template;
    int64_t severities[SEVERITIES]; /* records ever, as delivered */
    int64_t records;
    bool structured_body; /* some bodies are fields: the template is of one of them */
    /* Of a field, by its keys joined with dots. NULL: fields are not known. */
    enum presence (*field)(void *context, enum policy_scope scope, struct slice path);
    void (*load)(struct event_facts *f); /* fills the two above when they are first needed; NULL: they are as they are */
    void *context;                       /* of both */
};

enum match_verdict { MATCH_NO, MATCH_POSSIBLE, MATCH_CERTAIN };

struct event_verdict {
    enum match_verdict match;
    double most; /* POSSIBLE: at most this share of the records */
};

struct judge;
/* Works for one thread at a time. */
struct judge *judge_new(const struct policy *p);
void judge_free(struct judge *j);

/* The service that all matched records are of, where the policy says so; else empty. */
struct slice judge_service(const struct judge *j);

/* `reasons` (may be NULL) gets one line for each thing that is not known, separated by newlines. */
struct event_verdict judge_event(struct judge *j, struct event_facts *facts, struct buf *reasons);

#endif
