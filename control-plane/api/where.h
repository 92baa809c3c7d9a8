/* A where input as SQL. Bounded: WHERE_DEPTH levels of and, or, not and related types, SQL_VALUES values and SQL_TEXT_MAX
 * bytes in all, WHERE_TEXT bytes a text. */
#ifndef CONTROL_PLANE_API_WHERE_H
#define CONTROL_PLANE_API_WHERE_H

#include "control-plane/api/entity.h"

enum { WHERE_DEPTH = 8, WHERE_TEXT = 1024 };

/* What of the filter the kept counters know: all of it where `exact`. */
struct kept_filter {
    bool exact;
    int64_t service;                /* 0 = any, -1 = none matches */
    unsigned severities, fragments; /* bits of the allowed values */
    int enabled;                    /* services: -1 any, 0, 1 */
};

struct where {
    struct request_context *x;
    struct sql *out; /* column names carry SQL_MARK */
    struct kept_filter kept;
    size_t predicates;   /* how many were written; 0 = no filter */
    const char *problem; /* NULL = none; else for BAD_USER_INPUT */
};

void where_init(struct where *w, struct request_context *x, struct sql *out);
/* Appends " AND ..." for each predicate of the input; NULL or null: nothing. */
void where_add(struct where *w, const struct entity *entity, const struct gql_value *input);

#endif
