/* What is worked out once for a document: for every operation and object type the fields to write, merged, in
 * order, with their resolvers, key bytes and constant arguments. */
#ifndef CONTROL_PLANE_GRAPHQL_PLAN_H
#define CONTROL_PLANE_GRAPHQL_PLAN_H

#include "control-plane/graphql/collect.h"
#include "control-plane/graphql/problems.h"
#include "control-plane/graphql/schema.h"

/* What answers a field takes. */
enum {
    TAKES_BOOL = 1 << 0,
    TAKES_INT = 1 << 1,
    TAKES_FLOAT = 1 << 2,
    TAKES_STRING = 1 << 3,
    TAKES_WORD = 1 << 4, /* of the enum */
    TAKES_OBJECT = 1 << 5,
    TAKES_JSON = 1 << 6,
    TAKES_OBJECTS = 1 << 7, /* a list of them */
    TAKES_STRINGS = 1 << 8,
    TAKES_WORDS = 1 << 9,
    TAKES_ID = 1 << 10, /* an integer, to be quoted */
};

struct gql_plan_field;

struct gql_plan_set {
    const struct gql_type *type;
    const struct gql_plan_field *fields;
    size_t count;
};

struct gql_plan_field {
    struct slice key;      /* `,"key":` */
    struct slice constant; /* __typename: the answer itself */
    gql_resolver *resolve; /* NULL: null */
    unsigned takes;
    bool non_null, item_non_null;
    const struct gql_field *field;
    const struct gql_condition *when; /* any of them; none: always */
    size_t when_count;
    const struct gql_plan_set *sets; /* one for each possible object type */
    size_t set_count;
    const struct gql_value **args; /* parallel to field->args; NULL: they depend on variables, see slot */
    unsigned slot;
    const struct gql_plan_field *next_dynamic;
    const struct ast_argument *given;
    uint32_t at;
};

struct gql_plan {
    struct gql_plan *next;
    const struct ast_operation *operation;
    struct gql_plan_set root;
    const struct gql_value **defaults;    /* of the variables */
    const struct gql_plan_field *dynamic; /* whose arguments depend on variables; by falling slot */
    unsigned dynamic_count;
};

struct gql_planning {
    const struct gql_schema *schema;
    const struct gql_limits *limits;
    struct arena *arena; /* the document's */
    const struct gql_names *names;
    struct gql_problems *problems;
};

/* Plans a validated operation; NULL: a limit was passed, one problem was reported. `steps` is what the document has
 * left of COLLECT_STEPS. */
struct gql_plan *gql_plan_new(struct gql_planning *p, const struct ast_operation *operation, size_t *steps);

#endif
