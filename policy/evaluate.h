/* Policies against records: which match, whether the record is kept, what the transforms do, and the counters.
 *
 *   struct evaluator *e = evaluator_new(set, POLICY_LOG);      immutable: any number of threads; borrows the set
 *   struct evaluation *v = evaluation_new(e, now_ns);          one thread's state: rate windows, counters, room
 *   struct verdict d = evaluate_log(v, &ops, record, now_ns);  for each record, in order
 *   const struct policy_count *rows = evaluation_counts(v);    evaluator_count(e) of them
 *
 * Only enabled, valid policies of the signal take part, in the order of their ids (bytes). Of the policies that match a record the
 * most restrictive decides: none, then percentages and rates, then all; of equals the first by id. A rate counts in fixed windows that
 * start with the evaluation. What is kept is then transformed by every policy that matched.
 *
 * The cost of a record depends on how many policies are candidates for it, not on how many there are: each policy is found through its
 * rarest condition (an equal value, a literal of its text). The results are those of evaluating each policy by itself, which
 * evaluator_new_plain does (for tests and comparisons). */
#ifndef POLICY_EVALUATE_H
#define POLICY_EVALUATE_H

#include "policy/record.h"

struct evaluator;
struct evaluation;

struct evaluator *evaluator_new(const struct policy_set *set, enum policy_signal signal);
struct evaluator *evaluator_new_plain(const struct policy_set *set, enum policy_signal signal);
void evaluator_free(struct evaluator *e);
size_t evaluator_count(const struct evaluator *e);
/* By number, as verdicts and counters have them. */
const struct policy *evaluator_policy(const struct evaluator *e, size_t number);

struct stage_count {
    uint64_t hits, misses;
};

struct policy_count {
    const struct policy *policy;
    uint64_t hits, misses;
    struct stage_count stages[POLICY_STAGES];
};

enum { NO_POLICY = -1 };

struct verdict {
    bool keep;
    /* How much of such records is kept on the long run: 0, 1, or the share of a percentage for which this record has no key to decide
     * by (it is kept then, as edges do). A rate that is not used up gives 1. */
    double fraction;
    int64_t decided_by;      /* the number of the policy, or NO_POLICY where none matched */
    const uint32_t *matched; /* numbers, ascending; valid until the next record */
    size_t matched_count;
};

struct evaluation *evaluation_new(const struct evaluator *e, int64_t now_ns);
void evaluation_free(struct evaluation *v);

/* Log: decides, counts, transforms what is kept (where the record can be written). */
struct verdict evaluate_log(struct evaluation *v, const struct record_ops *ops, void *record, int64_t now_ns);
/* A metric, or one data point of it: what POLICY_RECORD attributes are is up to the ops. */
struct verdict evaluate_metric(struct evaluation *v, const struct record_ops *ops, void *record);
/* A span; a kept one gets its new trace state (ops->set of POLICY_TRACE_STATE) where sampling asks for it. */
struct verdict evaluate_span(struct evaluation *v, const struct record_ops *ops, void *record);
/* Only which policies match; counts nothing, decides nothing. */
size_t evaluate_match(struct evaluation *v, const struct record_ops *ops, void *record, const uint32_t **matched);

/* In the order of the numbers. Reset begins again at zero (a sync report); windows go on. */
const struct policy_count *evaluation_counts(const struct evaluation *v);
void evaluation_reset_counts(struct evaluation *v);

#endif
