/* Selections of one level, fragments opened, grouped by response key: what both the overlap rule and planning walk.
 * Every selection looked at costs a step; a document that needs more than its budget is refused, so that fragments
 * within fragments cannot multiply without end. */
#ifndef CONTROL_PLANE_GRAPHQL_COLLECT_H
#define CONTROL_PLANE_GRAPHQL_COLLECT_H

#include "control-plane/graphql/ast.h"
#include "control-plane/graphql/names.h"
#include "control-plane/graphql/schema.h"

enum { COLLECT_STEPS = 20000, CONDITIONS_MAX = 64 };

/* What @skip and @include ask of the variables: one bit for each Boolean variable so used. */
struct gql_condition {
    uint64_t on, off;
};
static inline bool gql_condition_met(struct gql_condition c, uint64_t set) { return (c.on & ~set) == 0 && (c.off & set) == 0; }
static inline bool gql_condition_same(struct gql_condition a, struct gql_condition b) { return a.on == b.on && a.off == b.off; }

struct gql_occurrence {
    struct gql_occurrence *next;
    const struct ast_selection *field;
    struct gql_condition when;
};

struct gql_group {
    struct gql_group *next;
    struct slice key;
    struct gql_occurrence *first, **tail;
};

struct gql_visit;

struct gql_level {
    struct gql_group *first, **tail;
    unsigned count;
    struct gql_names names; /* of many groups */
    struct gql_visit *visited;
};

struct gql_collector {
    struct arena *scratch;
    const struct gql_names *names; /* for variables, with operation */
    const struct ast_operation *operation;
    unsigned *bits; /* variables with a condition bit so far; NULL: @skip and @include are not looked at */
    size_t steps;   /* that are left */
    bool failed;    /* out of steps or bits */
};

void gql_level_begin(struct gql_level *level);
/* Adds selections; with `object`, only what applies to that object type. */
void gql_collect(struct gql_collector *c, struct gql_level *level, const struct ast_selection *first, const struct gql_type *object,
                 struct gql_condition when);

#endif
