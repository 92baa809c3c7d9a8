/* What can be listed: columns, orders and predicates of each type, as tables. From these come paging, filters and
 * cursors. Aliases in SQL: o organizations, a accounts, t teams, s services, e log_events, p policies, i issues (edge
 * instances where those are listed), f findings, n issue actions, l audit_log. */
#ifndef CONTROL_PLANE_API_ENTITY_H
#define CONTROL_PLANE_API_ENTITY_H

#include "control-plane/api/rows.h"
#include "control-plane/api/sql.h"

struct order {
    const char *name; /* of the API */
    const char *expression;
    enum sql_type type;
};

enum predicate_kind { P_ID, P_REFERENCE, P_TEXT, P_INT, P_FLOAT, P_TIME, P_BOOL, P_SEVERITY };

struct predicate {
    const char *field; /* "name"; the suffix comes after */
    enum predicate_kind kind;
    const char *column;
    double factor;          /* P_FLOAT: what the API's number is multiplied with; 0 = 1 */
    const char *rows;       /* P_REFERENCE: SELECT of the row by an id */
    const char *expression; /* a column put through a function; `column` is then NULL */
    const char *after;      /* closes what the expression opened: behind the value; only for comparisons and lists */
    const char *comparison; /* of a field that says it by its name, " >= "; NULL: the suffix says it */
    bool counted;           /* log_event_counts has the column, too */
    bool unique;            /* equality finds few rows, by an index */
};

/* A filter on related rows, or a group of predicates: `before` nested `after`. */
struct edge {
    const char *field, *has; /* "service", "hasService"; has NULL: there is none */
    const struct entity *entity;
    const char *before, *after;
    const char *present; /* SQL of has: true */
    bool counted;        /* as in predicate */
};

struct entity {
    const char *type; /* "LogEvent" */
    const char *columns, *from, *row;
    const char *account; /* the column that scope.account narrows; NULL: the type has a rule of its own (page.c) */
    int column_count;
    void *(*read)(struct request_context *x, sqlite3_stmt *st, int column);
    const struct order *orders; /* the first one is the default */
    size_t order_count;
    const struct predicate *predicates;
    size_t predicate_count;
    const struct edge *edges;
    size_t edge_count;
};

extern const struct entity entity_organization, entity_account, entity_team, entity_service, entity_log_event, entity_audit;

#endif
