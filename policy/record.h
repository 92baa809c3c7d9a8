/* How the evaluator sees a record: a table of functions over whatever holds it.
 *
 * Reading functions are needed; writing ones may be NULL in a record that is only looked at: transforms are then counted as far
 * as that can be told without doing them. A value borrows from the record until the record is changed. */
#ifndef POLICY_RECORD_H
#define POLICY_RECORD_H

#include "policy/policy.h"

enum datum_type { DATUM_ABSENT, DATUM_STRING, DATUM_BOOL, DATUM_INT, DATUM_DOUBLE, DATUM_BYTES, DATUM_OTHER /* a list or map */ };

struct datum {
    enum datum_type type;
    bool boolean;
    int64_t integer;
    double real;
    struct slice text; /* STRING, BYTES */
};

struct record_ops {
    /* An empty string of any field, and an id that is empty or all zero, is ABSENT. Ids are lower-case hex. POLICY_SPAN_KIND and the
     * like are ints; a span status that is missing is 0. A body that is a list or map is OTHER. */
    struct datum (*field)(void *record, enum policy_field field);
    /* path_count >= 1. More segments walk maps. An attribute with the empty string is there. */
    struct datum (*attribute)(void *record, enum policy_scope scope, const struct slice *path, size_t path_count);
    /* Calls visit for every attribute of the scope (not EVENT), the first of a repeated key only or first. A list or map is OTHER. */
    void (*attributes)(void *record, enum policy_scope scope, void (*visit)(void *context, struct slice key, struct datum value),
                       void *context);
    /* Spans: the i-th event's name or attribute (path), the i-th link's trace id. False: there are not so many. May be NULL. */
    bool (*event_name)(void *record, size_t i, struct slice *name);
    bool (*event_attribute)(void *record, size_t i, const struct slice *path, size_t path_count, struct datum *value);
    bool (*link_trace_id)(void *record, size_t i, struct slice *id);

    /* Writing. Each gives whether the target was there before. An attribute of several segments is looked for in maps, and set makes
     * them; a rename puts the value under the one key `to` of the same scope, at the place of a value that it replaces. */
    bool (*remove)(void *record, const struct policy_selector *target);
    bool (*set)(void *record, const struct policy_selector *target, struct slice text);
    bool (*rename)(void *record, const struct policy_selector *from, struct slice to);
};

#endif
