/* A policy's text as the control plane keeps it: one valid policy, always enabled (the state decides), in canonical
 * YAML, with what it is about as labels:
 *   tero.issue, tero.log_event   UUIDs of what it was made for
 *   tero.category, tero.risk     "health-checks", ...; "low", "medium", "high"
 * The hash is SHA-256 over the canonical proto JSON without times, so spelling makes no difference. */
#ifndef CONTROL_PLANE_POLICIES_CONTENT_H
#define CONTROL_PLANE_POLICIES_CONTENT_H

#include "base/hash.h"
#include "policy/policy.h"

enum { CONTENT_TEXT_MAX = 256 * 1024, CONTENT_HASH = 64, CONTENT_LABELS = 64, CONTENT_NAME_MAX = 200, CONTENT_ID_MAX = 200 };

enum policy_risk { RISK_UNKNOWN, RISK_LOW, RISK_MEDIUM, RISK_HIGH, POLICY_RISKS };
/* "low", ...; "" for unknown. */
const char *policy_risk_name(enum policy_risk r);

/* What the caller knows of a policy; replaces the labels of the text. Zero and empty: as the text says. */
struct content_links {
    struct id128 issue, log_event;
    struct slice category;
    enum policy_risk risk;
    struct slice id;   /* instead of the text's */
    bool only_missing; /* what the text says stays */
};

struct content {
    struct policy_set *set; /* owned where the text was read here */
    struct policy policy;   /* borrows from the set */
    struct policy_label labels[CONTENT_LABELS];
    char id_texts[2][UUID_TEXT + 1];
    struct buf text; /* canonical YAML */
    char hash[CONTENT_HASH + 1];
    unsigned stages;               /* STAGE_ bits of published.h */
    const char *action;            /* DROP, SAMPLE, RATE_LIMIT, TRANSFORM or KEEP: what it does first of all */
    struct id128 issue, log_event; /* zero: none */
    struct slice category;         /* empty: none */
    enum policy_risk risk;
};

/* Reads a text that holds exactly one policy, JSON or YAML. False: `problem` gets one line for the person. In both
 * cases content_free. */
bool content_read(struct content *c, struct slice text, const struct content_links *links, struct buf *problem);
/* The same of a policy that was read already; the set stays the caller's. */
bool content_of(struct content *c, const struct policy *p, const struct content_links *links, struct buf *problem);
void content_free(struct content *c);

/* Reads a text from the store (it was canonical once); never fails but for a damaged store. */
bool content_load(struct content *c, struct slice text);

#endif
