/* A parsed document. Lists are chained by `next`; texts are parts of the source; everything lives in the
 * document's arena. `at` is a byte offset into the source. Validation fills in what the schema knows. */
#ifndef CONTROL_PLANE_GRAPHQL_AST_H
#define CONTROL_PLANE_GRAPHQL_AST_H

#include "base/slice.h"

#include <stdint.h>

struct gql_type;
struct gql_ref;
struct gql_field;

enum ast_value_kind { AST_VARIABLE, AST_INT, AST_FLOAT, AST_STRING, AST_BOOL, AST_NULL, AST_ENUM, AST_LIST, AST_OBJECT };

struct ast_value {
    struct ast_value *next; /* in a list or object */
    enum ast_value_kind kind;
    bool variables; /* it is or holds a variable */
    uint32_t at, end;
    struct slice text;       /* VARIABLE: name without $; INT, FLOAT, BOOL, ENUM: as it stands; STRING: decoded */
    struct ast_value *items; /* LIST, OBJECT */
    size_t count;
    struct slice name; /* of an object's field */
    uint32_t name_at;
};

struct ast_argument {
    struct ast_argument *next;
    struct slice name;
    uint32_t at;
    struct ast_value *value;
};

struct ast_directive {
    struct ast_directive *next;
    struct slice name;
    uint32_t at;
    struct ast_argument *arguments;
};

struct ast_type {
    struct ast_type *of; /* of a list; NULL: a name */
    struct slice name;
    uint32_t at;
    bool non_null;
};

enum ast_selection_kind { AST_FIELD, AST_SPREAD, AST_INLINE };

struct ast_selection {
    struct ast_selection *next;
    enum ast_selection_kind kind;
    uint32_t at;
    struct slice key, name; /* FIELD: response key and field; SPREAD: fragment; INLINE: type condition or empty */
    uint32_t name_at;
    struct ast_argument *arguments;
    struct ast_directive *directives;
    struct ast_selection *selections;
    bool braces;
    /* Set by validation. */
    const struct gql_type *parent; /* what the field is selected on; INLINE: its type condition */
    const struct gql_field *field; /* FIELD */
    struct ast_fragment *fragment; /* SPREAD */
    struct ast_selection *next_spread;
};

struct ast_variable {
    struct ast_variable *next;
    struct slice name;
    uint32_t at;
    struct ast_type *type;
    struct ast_value *fallback;
    struct ast_directive *directives;
    const struct gql_ref *ref; /* set by validation */
    unsigned index;
    unsigned bit; /* 1..64 where @skip or @include ask for it, set by planning */
    const void *used_by;
};

/* A place where a variable is used. */
struct ast_usage {
    struct ast_usage *next;
    const struct ast_value *value;
    const struct gql_ref *ref; /* the type expected there */
    bool fallback;             /* the place has a default of its own */
};

/* What operations and fragments have in common. */
struct ast_body {
    struct slice name;
    uint32_t at;
    struct ast_directive *directives;
    struct ast_selection *selections;
    struct ast_selection *spreads; /* set by validation, with usages */
    struct ast_usage *usages;
};

enum ast_operation_kind { AST_QUERY, AST_MUTATION, AST_SUBSCRIPTION };

struct ast_operation {
    struct ast_operation *next;
    struct ast_body body;
    enum ast_operation_kind kind;
    struct ast_variable *variables;
    unsigned variable_count;
};

struct ast_fragment {
    struct ast_fragment *next;
    struct ast_body body;
    struct slice condition;
    uint32_t condition_at;
    const struct gql_type *type; /* set by validation */
    const void *seen;            /* the last walk that came here */
    unsigned char colour;
    bool used;
};

struct ast_document {
    struct ast_operation *operations;
    struct ast_fragment *fragments;
    size_t operation_count;
};

#endif
