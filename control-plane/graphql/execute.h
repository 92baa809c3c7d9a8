/* One request being executed. */
#ifndef CONTROL_PLANE_GRAPHQL_EXECUTE_H
#define CONTROL_PLANE_GRAPHQL_EXECUTE_H

#include "control-plane/graphql/coerce.h"
#include "control-plane/graphql/plan.h"

/* Arguments that depend on variables, made once a request. */
struct gql_slot {
    const struct gql_value **args;
    const char *code, *message; /* code != NULL: they could not be made */
};

struct gql_execution {
    const struct gql_document *doc;
    const struct gql_plan *plan;
    struct arena *arena;
    void *user;
    struct buf *out, errors;
    struct gql_slot *slots;
    uint64_t conditions; /* bits of the Boolean variables that are true */
};

enum gql_answer { ANSWER_NONE, ANSWER_WRITTEN, ANSWER_NULL, ANSWER_FAILED };

/* Where we are: fields and list indexes up to the root. */
struct gql_path {
    const struct gql_path *up;
    const struct gql_plan_field *field; /* NULL: an index */
    size_t index;
};

struct gql_call {
    struct gql_execution *x;
    const struct gql_plan_field *f;
    void *parent;
    struct gql_path path;
    enum gql_answer answer;
};

/* Writes {...}. False: a null has to go further up; what was written is for the caller to cut. */
bool gql_run_set(struct gql_execution *x, const struct gql_plan_set *set, void *object, const struct gql_path *path);
void gql_execution_error(struct gql_execution *x, const struct gql_path *path, const char *code, struct slice message);

/* True where the field takes this kind of answer; else the call has failed. */
bool gql_takes(struct gql_call *call, unsigned kind);
static inline bool gql_is_active(const struct gql_plan_field *f, uint64_t conditions)
{
    if (!f->when_count) return true;
    for (size_t i = 0; i < f->when_count; i++)
        if (gql_condition_met(f->when[i], conditions)) return true;
    return false;
}

/* The price of a plan with these variables; false: a problem was reported. */
bool gql_check_cost(const struct gql_execution *x, const struct gql_limits *limits, struct gql_problems *problems);

#endif
