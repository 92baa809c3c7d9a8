/* The vocabularies of the model: enum names as they are written, and their numbers. Private to the module. */
#ifndef POLICY_WORDS_H
#define POLICY_WORDS_H

#include "policy/node.h"
#include "policy/policy.h"

/* One enum: `prefix` makes the full names. Ends with a word whose text is NULL. */
struct word {
    unsigned number;
    const char *text;
};

struct vocabulary {
    const char *prefix;
    const struct word *words;
};

extern const struct vocabulary words_log_fields, words_metric_fields, words_trace_fields, words_metric_types, words_temporalities,
    words_span_kinds, words_span_statuses, words_sampling_modes, words_extension_modes;

/* A name, short or full and in any case, or a number (also of no word). False: none of them. */
bool word_parse(const struct vocabulary *v, const struct node *n, unsigned *number);
const char *word_text(const struct vocabulary *v, unsigned number);

/* The field enum of a signal's records. */
const struct vocabulary *field_words(enum policy_signal signal);
enum policy_field field_of(enum policy_signal signal, unsigned number);
unsigned field_number(enum policy_signal signal, enum policy_field field);
/* The vocabulary of a field that is an enum itself (metric type, span kind ...); NULL. */
const struct vocabulary *field_values(enum policy_field field);

/* The key of a selector: "log_field", "span_attribute", "metric_type". With "from_" before it in a rename. */
const char *selector_key(enum policy_signal signal, const struct policy_selector *s);
const char *scope_key(enum policy_signal signal, enum policy_scope scope);
const char *field_key(enum policy_signal signal);

#endif
