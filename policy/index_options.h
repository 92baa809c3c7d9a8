/* What a rule can be filed under. Private to the module. */
#ifndef POLICY_INDEX_OPTIONS_H
#define POLICY_INDEX_OPTIONS_H

#include "policy/index.h"
#include "policy/reading.h"

struct option {
    enum probe_kind kind;
    uint32_t selector;
    double number;        /* NUMBER */
    struct list literals; /* of struct slice. TEXT: the one; GRAM: one of them is in every match */
    bool folds;           /* GRAM: letters may match others than their ASCII cases */
};

/* The options of a rule, of struct option; not those on the selector `but`. */
void rule_options(struct arena *a, const struct rule *r, uint32_t but, struct list *options);
/* The places of a literal that can stand for it; false where this one cannot. */
bool gram_usable(struct slice literal, size_t at, bool folds);

#endif
