#include "control-plane/graphql/document.h"

#include "base/die.h"
#include "control-plane/graphql/parse.h"
#include "control-plane/graphql/validate.h"

#include <stdlib.h>

const struct gql_limits gql_default_limits = {.tokens = 10000, .depth = 20, .cost = 250000, .page = 1000};

static bool plan_all(struct gql_document *doc, struct gql_problems *problems)
{
    struct gql_planning planning = {doc->schema, &doc->limits, doc->arena, &doc->names, problems};
    struct gql_plan **tail = &doc->plans;
    size_t steps = COLLECT_STEPS;
    for (const struct ast_operation *o = doc->ast.operations; o; o = o->next) {
        *tail = gql_plan_new(&planning, o, &steps);
        if (!*tail) return false;
        tail = &(*tail)->next;
    }
    return true;
}

static bool prepare(struct gql_document *doc, struct gql_problems *problems)
{
    struct gql_validation validation = {
        .schema = doc->schema, .doc = &doc->ast, .arena = doc->arena, .names = &doc->names, .problems = problems};
    return gql_parse(doc->text, doc->limits.tokens, doc->arena, problems, &doc->ast) && gql_validate(&validation) &&
           plan_all(doc, problems);
}

static void document_free(struct gql_document *doc)
{
    arena_free(doc->arena);
    free(doc);
}

struct gql_document *gql_document_new(const struct gql_schema *schema, const struct gql_limits *limits, struct slice text, struct buf *out)
{
    struct gql_document *doc = xcalloc(1, sizeof *doc);
    struct gql_problems problems;
    atomic_init(&doc->references, 1);
    doc->arena = arena_new(SIZE_MAX);
    doc->schema = schema;
    doc->limits = *limits;
    doc->text = slice_of(arena_copy(doc->arena, text), text.len);
    doc->names.arena = doc->arena;
    gql_problems_begin(&problems, doc->text);
    bool ok = prepare(doc, &problems);
    if (!ok) gql_problems_answer(&problems, out);
    gql_problems_end(&problems);
    if (ok) return doc;
    document_free(doc);
    return NULL;
}

void gql_document_release(struct gql_document *doc)
{
    if (doc && atomic_fetch_sub_explicit(&doc->references, 1, memory_order_acq_rel) == 1) document_free(doc);
}

const struct gql_plan *gql_document_plan(const struct gql_document *doc, struct slice name)
{
    if (!name.len) return doc->plans && !doc->plans->next ? doc->plans : NULL;
    for (const struct gql_plan *plan = doc->plans; plan; plan = plan->next)
        if (slice_eq(plan->operation->body.name, name)) return plan;
    return NULL;
}

enum gql_operation gql_document_operation(const struct gql_document *doc, struct slice name)
{
    const struct gql_plan *plan = gql_document_plan(doc, name);
    if (!plan) return GQL_UNKNOWN;
    return plan->operation->kind == AST_MUTATION ? GQL_MUTATION : GQL_QUERY;
}
