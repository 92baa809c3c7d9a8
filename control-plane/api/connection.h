/* Relay connections: pages by keyset, totals, facets. */
#ifndef CONTROL_PLANE_API_CONNECTION_H
#define CONTROL_PLANE_API_CONNECTION_H

#include "control-plane/api/cursor.h"
#include "control-plane/api/where.h"

enum { PAGE_DEFAULT = 50, PAGE_MAX = 1000 };

/* What the list is of, before the filter; 0 = any. */
struct scope {
    int64_t organization, account, service, team;
    struct id128 log_event, issue; /* policies, issue actions: of these; zero = any */
    struct id128 object;           /* audit entries: of this; zero = any */
};

struct connection {
    struct request_context *x;
    const struct entity *entity;
    const struct order *order;
    struct then_by then;
    struct scope scope;
    struct sql_part where; /* " AND ..." */
    struct filter_facts facts;
    void **rows;
    struct place *places;
    size_t count;
    bool has_next, has_previous;
    int64_t total; /* -1: not counted yet */
    bool too_many; /* page_read gave up: too many rows are equal in the first order to sort them by the others */
};

/* Reads the call's after, first, before, last, orderBy and where, then the page, and answers the call. */
void connection_answer(struct gql_call *call, const struct entity *entity, struct scope scope);

/* Of the whole filter; -1 on an error of the store. */
int64_t connection_total(struct connection *c);

/* Log events whose filter log_event_counts can answer: " FROM ... WHERE ..." on its rows (alias e, number of events n). */
bool connection_counted(const struct connection *c);
void connection_counts_from(const struct connection *c, struct sql *q);

/* The statement's WHERE for everything the filter holds; `walk` as in sql_mark. */
void connection_where(const struct connection *c, struct sql *q, bool walk);

extern const struct gql_binding connection_bindings[], facet_bindings[];

#endif
