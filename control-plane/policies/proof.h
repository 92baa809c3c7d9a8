/* What a condition on text and a log event's template say about each other, without seeing a record.
 *
 * The condition becomes an automaton that walks over the template. The catalog folds texts, and so must a proof: a hole ("<*>",
 * "<?>") stands for any text or none, a blank for one or more, a doubled sign for two or more. What is taken as the
 * template shows it: that the body is one line, begins with the first word, and has no blanks beside signs but those.
 * A proof works for one thread at a time. */
#ifndef CONTROL_PLANE_POLICIES_PROOF_H
#define CONTROL_PLANE_POLICIES_PROOF_H

#include "policy/policy.h"

enum { SHAPE_MAX = 4096 };

/* A template: its characters (Unicode) and what stands for many texts. */
#define SHAPE_HOLE  UINT32_C(0x110000)
#define SHAPE_SPACE UINT32_C(0x110001)
#define SHAPE_RUN   UINT32_C(0x200000) /* with a character: that one, once or more */
struct shape {
    uint32_t at[SHAPE_MAX];
    size_t count;
    bool whole; /* one text: nothing in it stands for others */
};

/* False: longer than SHAPE_MAX. */
bool shape_of_template(struct shape *s, struct slice template);
bool shape_of_text(struct shape *s, struct slice text);
/* Blanks and doubled signs as the template shows them; holes stay. */
void shape_settle(struct shape *s);

struct proof;

/* EXACT, STARTS_WITH, ENDS_WITH, CONTAINS, REGEX. NULL: not understood, or too large. */
struct proof *proof_new(const struct policy_matcher *m);
void proof_free(struct proof *p);

/* Every text of this shape matches: true is a proof. */
bool proof_covers(struct proof *p, const struct shape *s);
/* Some text of this shape may match: false is a proof. */
bool proof_meets(struct proof *p, const struct shape *s);

#endif
