/* What a condition on text and a log event's template say about each other, without seeing a record.
 *
 * Both become sequences of literal characters and gaps. A template's holes ("<*>", "<?>") stand for any text of at
 * least one character; a condition's gaps match anything. Proofs are sound under what the catalog knows: a record's body is
 * one line, spaced as the template shows it. */
#ifndef CONTROL_PLANE_POLICIES_GLOB_H
#define CONTROL_PLANE_POLICIES_GLOB_H

#include "policy/policy.h"

enum { GLOB_MAX = 4096 };

/* A sequence of characters 0-255 and the symbols below. */
enum glob_symbol { GLOB_ANY = 256, /* any text, also none */ GLOB_SOME = 257 /* any text of one character at least */ };

struct glob {
    unsigned short at[GLOB_MAX];
    size_t count;
    bool fold;  /* ASCII letters match their other case */
    bool exact; /* says just what the condition says; else more texts match it than the condition */
};

/* False: longer than GLOB_MAX. */
bool glob_of_template(struct glob *g, struct slice template);
/* The text of a value that is known whole. */
bool glob_of_text(struct glob *g, struct slice text);
/* EXACT, STARTS_WITH, ENDS_WITH, CONTAINS, REGEX. False: longer than GLOB_MAX. */
bool glob_of_condition(struct glob *g, const struct policy_matcher *m);

/* Whether every text of the template matches: true is a proof (where condition->exact). */
bool glob_covers(const struct glob *condition, const struct glob *template);
/* Whether some text of the template may match: false is a proof. */
bool glob_meets(const struct glob *condition, const struct glob *template);

#endif
