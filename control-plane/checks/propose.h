/* From a finding to what is proposed: policies as canonical YAML, tried on records made from templates; or a task for a
 * person with the reason why no policy does it. Proposals hold templates' constant words and names of fields, never values.
 * Inside the module only. */
#ifndef CONTROL_PLANE_CHECKS_PROPOSE_H
#define CONTROL_PLANE_CHECKS_PROPOSE_H

#include "base/buf.h"
#include "control-plane/checks/observe.h"

enum { PROPOSALS = 24, PROPOSAL_EVENTS = 16, PROPOSAL_REGEX = 6000, PROPOSAL_TRIED = 2000 };

struct proposal {
    const char *kind; /* "policy", "code_change", "ticket", "configuration" */
    struct slice key; /* stable; the policy's id */
    struct slice title, text, reason;
    const char *action, *risk;          /* of a policy: "drop", "sample", "rate_limit", "redact", "remove", "trim"; else "" */
    const struct observed_event *event; /* NULL: several */
};

/* In the making. */
struct draft {
    struct observation *o;
    struct finding *finding;
    const char *fingerprint;
    struct proposal proposals[PROPOSALS];
    size_t count;
    struct slice blocked; /* why the last attempt gave no policy */
};

/* Makes all proposals of d->finding: policies first, then the lasting remedy. */
void propose_all(struct draft *d);
/* {service}, {subject}, {events}, {s} of their verb, {first}, {share} of a text of the table. */
struct slice propose_text(struct observation *o, const struct finding *f, const char *text);

/* The table's proposers. */
void propose_drop(struct draft *d);
void propose_sample(struct draft *d);
void propose_rate(struct draft *d);
void propose_debug(struct draft *d);
void propose_probes(struct draft *d);
void propose_bots(struct draft *d);
void propose_malformed(struct draft *d);
void propose_remove(struct draft *d);
void propose_remove_twins(struct draft *d);
void propose_trim(struct draft *d);
void propose_redact(struct draft *d);

/* ---- a policy in the making ---- */

struct proposal_field {
    const char *selector; /* NULL: none that policies can address */
    struct slice path;
    bool number, everywhere; /* everywhere: nearly all records have it */
};
/* The most frequent field of the finding's events with this role. */
struct proposal_field proposal_field_of(struct draft *d, enum field_role role);

/* Conditions and steps are JSON objects, each closed. */
struct policy_draft {
    struct buf match, steps;          /* steps: "remove":[...],"redact":[...] */
    const char *keep;                 /* NULL: all */
    struct proposal_field sample_key; /* of a percentage */
    const char *action, *suffix, *risk;
    struct slice title;
    const struct observed_event *event;
};
void policy_draft_init(struct policy_draft *p, struct draft *d, const char *action, const char *suffix);
/* selector: "log_field", "log_attribute", ...; name: a field's or an attribute's. condition: "exact", ... */
void policy_match_text(struct policy_draft *p, const char *selector, struct slice name, const char *condition, struct slice text,
                       bool negate);
void policy_match_number(struct policy_draft *p, const char *selector, struct slice name, const char *condition, int64_t n);
/* Adds the policy where it is valid; else d->blocked says why. Frees the draft. */
bool policy_draft_end(struct policy_draft *p, struct draft *d);

/* "log_attribute" and the like for a scope of event_fields; NULL: policies cannot address it. */
const char *selector_of(int scope, struct slice path);

/* ---- texts of events ---- */

/* The bodies of up to PROPOSAL_EVENTS events, from the given one on, as one regular expression, tried on records made from
 * their templates and from those of the service's other events. False: d->blocked says why not. */
bool events_regex(struct draft *d, size_t from, struct buf *out);
/* The same of events that may look like others: it only matches all of their own. At most PROPOSAL_EVENTS. */
bool some_regex(struct draft *d, const struct observed_event *const *events, size_t n, struct buf *out);

/* {"log_attribute":["path"] , left open; and ,"regex":...,"replacement":...} which closes it. */
void propose_put_target(struct buf *steps, const char *selector, struct slice path);
void propose_put_redaction(struct buf *steps, struct slice regex, struct slice replacement);

#endif
