/* A document that passed: kept by the cache, shared by threads, never changed but for its count. */
#ifndef CONTROL_PLANE_GRAPHQL_DOCUMENT_H
#define CONTROL_PLANE_GRAPHQL_DOCUMENT_H

#include "control-plane/graphql/plan.h"

#include <stdatomic.h>

struct gql_document {
    atomic_uint references;
    struct arena *arena;
    const struct gql_schema *schema;
    struct gql_limits limits;
    struct slice text;
    struct ast_document ast;
    struct gql_names names;
    struct gql_plan *plans; /* one for each operation */
};

/* Parses, validates, plans a copy of the text. NULL: a whole error answer was written to out. */
struct gql_document *gql_document_new(const struct gql_schema *schema, const struct gql_limits *limits, struct slice text, struct buf *out);
/* NULL: no such operation, or the name is needed. */
const struct gql_plan *gql_document_plan(const struct gql_document *doc, struct slice name);

#endif
