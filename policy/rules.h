/* What the evaluator is made of. Private to the module. */
#ifndef POLICY_RULES_H
#define POLICY_RULES_H

#include "policy/evaluate.h"

struct index;

struct rule {
    const struct policy *policy;
    const uint32_t *selectors; /* of each matcher, by number */
    int weight;                /* how restrictive */
};

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
    uint32_t *matched;
    size_t matched_count;
    struct window *windows;
    struct policy_count *counts;
    struct buf lower;
};

/* The record's value, read once. */
const struct datum *evaluation_datum(struct evaluation *v, uint32_t selector);
/* Adds the rule to `matched` where it matches; once for a record. */
void evaluation_try(struct evaluation *v, uint32_t rule);

struct index *index_new(const struct evaluator *e);
void index_free(struct index *i);
/* Tries every rule that can match the record. */
void index_find(const struct index *i, struct evaluation *v);

#endif
