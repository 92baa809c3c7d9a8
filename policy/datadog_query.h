/* A Datadog log query as a list of conditions that all hold. Private to the module. */
#ifndef POLICY_DATADOG_QUERY_H
#define POLICY_DATADOG_QUERY_H

#include "policy/reading.h"

/* One thing that is searched for. */
struct dd_atom {
    struct slice key; /* empty: the message; else as written, with its @ */
    struct slice value;
    bool quoted;
    enum policy_condition compare; /* GT ..: of the value; NO_CONDITION otherwise */
    struct slice upper;            /* of a range, with its own condition */
    enum policy_condition upper_compare;
};

/* Atoms of one key, any of which is enough. */
struct dd_clause {
    struct list atoms;
    bool negate;
};

struct dd_query {
    struct slice in;
    size_t at;
    struct arena *arena;
    struct list clauses;
    char *error;
    size_t error_size;
};

/* False: `error` says what cannot be read or expressed, and where. */
bool dd_parse(struct dd_query *q);
bool dd_refuse(struct dd_query *q, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
