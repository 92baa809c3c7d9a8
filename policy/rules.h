/* What the evaluator is made of. Private to the module. */
#ifndef POLICY_RULES_H
#define POLICY_RULES_H

#include "policy/evaluate.h"

struct index;
struct part;

/* What one matcher on text wants, beside its rule: most rules that are tried do not match, and this shows it. */
struct check {
    union {
        const char *text;
        const struct regex *regex;
    };
    uint32_t len;
    uint32_t matcher; /* which one, or UINT32_MAX: none is such */
    uint32_t selector;
    uint8_t condition; /* enum policy_condition; REGEX wherever there is a regex */
    bool negate;
};

/* As large as a line of the cache. */
struct rule {
    const struct policy_matcher *match;
    const uint32_t *selectors; /* of each matcher, by number */
    uint32_t match_count;
    uint32_t sure; /* the matcher that holds where the rule is tried at all, or UINT32_MAX */
    const struct policy *policy;
    int weight; /* how restrictive */
    struct check check;
};

enum { LINE = 64 };
_Static_assert(sizeof(struct rule) == LINE, "a rule fills a line of the cache");

struct evaluator {
    enum policy_signal signal;
    struct arena *arena;
    struct rule *rules;
    size_t count;
    struct policy_selector *selectors; /* distinct */
    size_t selector_count;
    struct index *index; /* NULL: every rule is tried on every record */
};

struct seen {
    uint64_t record;
    struct datum datum;
};

struct window {
    int64_t start_ns;
    uint32_t used;
};

struct evaluation {
    const struct evaluator *evaluator;
    const struct record_ops *ops;
    void *record;
    uint64_t serial;   /* of the record */
    struct seen *seen; /* by selector: what the record has there */
    uint64_t *tried;   /* by rule */
    uint32_t *matched; /* while the record is looked up: the candidates */
    size_t matched_count;
    struct window *windows;
    struct policy_count *counts;
    const struct part *last_part; /* of the record before */
};

/* The record's value, read once. */
const struct datum *evaluation_datum(struct evaluation *v, uint32_t selector);

enum { FEW_TRIED = 16 };

/* Makes the rule a candidate, once for a record. What it needs comes nearer in the meantime. Few candidates are looked through: where
 * a rule was tried last is seldom near. */
static inline void evaluation_try(struct evaluation *v, uint32_t rule)
{
    if (v->matched_count > FEW_TRIED) {
        if (v->tried[rule] == v->serial) return;
    } else
        for (size_t i = 0; i < v->matched_count; i++)
            if (v->matched[i] == rule) return;
    v->tried[rule] = v->serial;
    v->matched[v->matched_count++] = rule;
    __builtin_prefetch(&v->evaluator->rules[rule]);
}

/* Sets the rules' `sure`. */
struct index *index_new(struct evaluator *e);
void index_free(struct index *i);
/* Tries every rule that can match the record. */
void index_find(const struct index *i, struct evaluation *v);

#endif
