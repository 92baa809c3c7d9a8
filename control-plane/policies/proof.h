/* What a condition on text and a log event's template say about each other, without seeing a record.
 *
 * The condition becomes an automaton that walks over the template. A template's holes ("<*>", "<?>") stand for any text of one
 * character at least. Proofs are sound under what the catalog knows: a record's body is one line, spaced as the
 * template shows it. A proof works for one thread at a time. */
#ifndef CONTROL_PLANE_POLICIES_PROOF_H
#define CONTROL_PLANE_POLICIES_PROOF_H

#include "policy/policy.h"

enum { SHAPE_MAX = 4096 };

/* A text with holes: its characters (Unicode), SHAPE_HOLE for what varies. */
#define SHAPE_HOLE UINT32_C(0x110000)
struct shape {
    uint32_t at[SHAPE_MAX];
    size_t count;
    bool holes;
};

/* False: longer than SHAPE_MAX. `holes` false: the marks of holes are taken as they stand. */
bool shape_of(struct shape *s, struct slice text, bool holes);

struct proof;

/* EXACT, STARTS_WITH, ENDS_WITH, CONTAINS, REGEX. NULL: not understood, or too large. */
struct proof *proof_new(const struct policy_matcher *m);
void proof_free(struct proof *p);

/* Every text of this shape matches: true is a proof. */
bool proof_covers(struct proof *p, const struct shape *s);
/* Some text of this shape may match: false is a proof. */
bool proof_meets(struct proof *p, const struct shape *s);

#endif
