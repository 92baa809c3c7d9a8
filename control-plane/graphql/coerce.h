/* Input to values: literals of a document, JSON of a request. */
#ifndef CONTROL_PLANE_GRAPHQL_COERCE_H
#define CONTROL_PLANE_GRAPHQL_COERCE_H

#include "control-plane/graphql/schema.h"

/* The variables of one operation. */
struct gql_variables {
    const struct gql_names *names; /* (owner, name): struct ast_variable */
    const void *owner;
    const struct gql_value *const *values; /* by index; NULL: absent */
};

struct gql_coerce {
    const struct gql_schema *schema;
    struct arena *arena;                   /* may run full: LIMIT_EXCEEDED */
    const struct gql_variables *variables; /* NULL where only constants come */
    const char *code;                      /* after a failure */
    char message[256];
};

/* NULL: absent. */
const struct gql_value *gql_variable(const struct gql_variables *variables, struct slice name);

/* A literal that validation has accepted for `ref`. Only variables can still make it fail. */
bool gql_coerce_literal(struct gql_coerce *c, const struct ast_value *literal, const struct gql_ref *ref, struct gql_value *out);
/* All arguments of a field: out[i] belongs to inputs[i]; NULL: absent. */
bool gql_coerce_arguments(struct gql_coerce *c, const struct gql_input *inputs, size_t count, const struct ast_argument *given,
                          const struct gql_value **out);
/* The variables of a request, a JSON object (or nothing, or null) to values[variable->index]; defaults[] likewise.
 * c->variables is there for the names; its values may be the same array. */
bool gql_coerce_variables(struct gql_coerce *c, struct slice json, const struct ast_variable *variables,
                          const struct gql_value *const *defaults, const struct gql_value **values);
bool gql_coerce_fail(struct gql_coerce *c, const char *code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* A number as text to a double; the arena takes long ones. */
double gql_real(struct arena *arena, struct slice text);
bool gql_integer(struct slice text, int64_t *value);

#endif
