/* What is wrong or doubtful in policies. Errors are what makes a policy inert (the model's own), warnings what a person should know
 * before publishing: runtimes that differ on a pattern, matching everything, having no effect. */
#ifndef POLICY_LINT_H
#define POLICY_LINT_H

#include "policy/policy.h"

enum lint_level { LINT_ERROR, LINT_WARNING };

struct finding {
    enum lint_level level;
    const char *rule; /* "regex-empty", "matches-everything", ...: static */
    struct slice source;
    unsigned line;
    struct slice policy_id; /* empty: the text as a whole */
    struct slice message;
};

/* Calls `report` for each finding, in the order of the set. Slices are valid during the call. Gives the number of errors. */
size_t policy_lint(const struct policy_set *set, void (*report)(void *context, const struct finding *f), void *context);
/* The findings of one policy (which need no others to see). */
size_t policy_lint_one(const struct policy *p, void (*report)(void *context, const struct finding *f), void *context);

#endif
