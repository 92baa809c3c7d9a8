/* A record for tests and measurements: fields and attributes in arrays. Header only. */
#ifndef TESTS_POLICY_PLAIN_RECORD_H
#define TESTS_POLICY_PLAIN_RECORD_H

#include "policy/evaluate.h"

enum { PLAIN_ATTRIBUTES = 12 };

struct plain_attribute {
    struct slice key;
    struct datum value;
};

struct plain_record {
    struct datum fields[POLICY_FIELDS];
    struct plain_attribute attributes[3][PLAIN_ATTRIBUTES];
    size_t counts[3];
};

static inline struct datum datum_text(struct slice s) { return (struct datum){.type = s.len ? DATUM_STRING : DATUM_ABSENT, .text = s}; }

static inline void plain_add(struct plain_record *r, enum policy_scope scope, struct slice key, struct datum value)
{
    if (r->counts[scope] < PLAIN_ATTRIBUTES) r->attributes[scope][r->counts[scope]++] = (struct plain_attribute){key, value};
}

static inline struct datum plain_field(void *record, enum policy_field field) { return ((struct plain_record *)record)->fields[field]; }

static inline struct datum plain_attribute_of(void *record, enum policy_scope scope, const struct slice *path, size_t count)
{
    const struct plain_record *r = record;
    for (size_t i = 0; count == 1 && i < r->counts[scope]; i++)
        if (slice_eq(r->attributes[scope][i].key, path[0])) return r->attributes[scope][i].value;
    return (struct datum){0};
}

static inline void plain_each(void *record, enum policy_scope scope, void (*visit)(void *context, struct slice key, struct datum value),
                              void *context)
{
    const struct plain_record *r = record;
    for (size_t i = 0; i < r->counts[scope]; i++) visit(context, r->attributes[scope][i].key, r->attributes[scope][i].value);
}

static const struct record_ops plain_ops = {.field = plain_field, .attribute = plain_attribute_of, .attributes = plain_each};

#endif
