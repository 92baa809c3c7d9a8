/* The specification's rules for documents ("Validation"). What passes can be planned without further checks. */
#ifndef CONTROL_PLANE_GRAPHQL_VALIDATE_H
#define CONTROL_PLANE_GRAPHQL_VALIDATE_H

#include "control-plane/graphql/ast.h"
#include "control-plane/graphql/problems.h"
#include "control-plane/graphql/schema.h"

struct gql_validation {
    const struct gql_schema *schema;
    struct ast_document *doc;
    struct arena *arena;     /* the document's */
    struct gql_names *names; /* (&doc->fragments, name), (&doc->operations, name), (operation, name): variables */
    struct gql_problems *problems;
    struct ast_body *body; /* the operation or fragment being walked */
};

/* True when nothing was reported. */
bool gql_validate(struct gql_validation *v);

/* Fields that share a response key must be the same field. Only for what the other rules have passed. */
void gql_check_overlaps(struct gql_validation *v);
/* Variables that operations use, through fragments too. */
void gql_check_variables(struct gql_validation *v, struct ast_operation *operation);
void gql_check_declarations(struct gql_validation *v, struct ast_operation *operation);

/* A value against the type of its place; variables are noted in v->body. */
void gql_check_value(struct gql_validation *v, const struct ast_value *value, const struct gql_ref *ref, bool fallback);
void gql_check_arguments(struct gql_validation *v, const char *kind, struct slice owner, const struct gql_input *inputs, size_t count,
                         const struct ast_argument *given, uint32_t at);
void gql_check_directives(struct gql_validation *v, const struct ast_directive *directives, unsigned location);
/* The variables of a value whose place is unknown. */
void gql_note_variables(struct gql_validation *v, const struct ast_value *value);
/* A constant, for schemas. */
void gql_check_literal(const struct gql_schema *s, struct gql_problems *problems, const struct ast_value *value, const struct gql_ref *ref);

#endif
