/* A where input as SQL. Bounded: WHERE_DEPTH levels of and, or, not and related types, SQL_VALUES values and SQL_TEXT_MAX
 * bytes in all, WHERE_TEXT bytes a text. */
#ifndef CONTROL_PLANE_API_WHERE_H
#define CONTROL_PLANE_API_WHERE_H

#include "control-plane/api/entity.h"

enum { WHERE_DEPTH = 8, WHERE_TEXT = 1024 };

/* What the filter says that other ways of finding and counting rows can use. */
struct filter_facts {
    bool any;        /* there is a filter at all */
    bool counted;    /* log events: it speaks only of service, severity and fragment, as log_event_counts does */
    bool by_service; /* log events: it speaks of the service */
    bool selective;  /* an equality on an id or a name must hold: an index finds the rows at once */
    bool other;      /* services: it speaks of something else than enabled */
    int64_t service; /* log events: the one that must be; 0 = any, -1 = none */
    int enabled;     /* services: -1 any, 0, 1 */
};

struct where {
    struct request_context *x;
    struct sql *out; /* column names carry SQL_MARK */
    struct filter_facts facts;
    const char *problem; /* NULL = none; else for BAD_USER_INPUT */
};

void where_init(struct where *w, struct request_context *x, struct sql *out);
/* Appends " AND ..." for each predicate of the input; NULL or null: nothing. */
void where_add(struct where *w, const struct entity *entity, const struct gql_value *input);

#endif
