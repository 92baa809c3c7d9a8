/* Rules: unique variables of input types with correct defaults; every use declared, every declaration used, and each
 * use in a place that takes its type. */
#include "control-plane/graphql/validate.h"

static const struct gql_ref *make_ref(struct gql_validation *v, const struct ast_type *type)
{
    const struct gql_ref *inner;
    if (type->of) {
        inner = make_ref(v, type->of);
        if (!inner) return NULL;
        struct gql_ref *list = arena_alloc(v->arena, sizeof *list);
        *list = (struct gql_ref){WRAP_LIST, inner, inner->type};
        inner = list;
    } else {
        const struct gql_type *named = gql_schema_type(v->schema, type->name);
        if (!named) {
            gql_problem(v->problems, VALIDATION_FAILED, type->at, "Unknown type \"%.*s\".", NAME(type->name));
            return NULL;
        }
        inner = &named->self;
    }
    if (!type->non_null) return inner;
    struct gql_ref *ref = arena_alloc(v->arena, sizeof *ref);
    *ref = (struct gql_ref){WRAP_NON_NULL, inner, inner->type};
    return ref;
}

static void check_declaration(struct gql_validation *v, struct ast_variable *variable)
{
    gql_check_directives(v, variable->directives, AT_VARIABLE_DEFINITION);
    variable->ref = make_ref(v, variable->type);
    if (!variable->ref) return;
    if (!gql_is_input(variable->ref->type)) {
        gql_problem(v->problems, VALIDATION_FAILED, variable->type->at, "The variable \"$%.*s\" cannot be of the output type \"%.*s\".",
                    NAME(variable->name), NAME(variable->ref->type->name));
        variable->ref = NULL;
    } else if (variable->fallback) {
        gql_check_value(v, variable->fallback, variable->ref, false);
    }
}

void gql_check_declarations(struct gql_validation *v, struct ast_operation *operation)
{
    for (struct ast_variable *i = operation->variables; i && !gql_problems_full(v->problems); i = i->next) {
        struct ast_variable **place = (struct ast_variable **)gql_names_put(v->names, operation, i->name);
        if (*place)
            gql_problem_both(v->problems, VALIDATION_FAILED, (*place)->at, i->at, "The variable \"$%.*s\" is declared twice.",
                             NAME(i->name));
        else *place = i;
        check_declaration(v, i);
    }
}

/* True where every value of type a is one of type b. */
static bool fits(const struct gql_ref *a, const struct gql_ref *b)
{
    if (b->wrap == WRAP_NON_NULL) return a->wrap == WRAP_NON_NULL && fits(a->of, b->of);
    if (a->wrap == WRAP_NON_NULL) return fits(a->of, b);
    if (a->wrap != b->wrap) return false;
    return a->wrap == WRAP_LIST ? fits(a->of, b->of) : a->type == b->type;
}

static bool allowed(const struct ast_variable *variable, const struct ast_usage *usage)
{
    if (!variable->ref || !usage->ref) return true;
    if (usage->ref->wrap != WRAP_NON_NULL || variable->ref->wrap == WRAP_NON_NULL) return fits(variable->ref, usage->ref);
    bool never_null = variable->fallback && variable->fallback->kind != AST_NULL;
    return (never_null || usage->fallback) && fits(variable->ref, usage->ref->of);
}

static void refuse_place(struct gql_validation *v, const struct ast_variable *variable, const struct ast_usage *usage)
{
    struct buf has, wants;
    buf_init(&has, 128);
    buf_init(&wants, 128);
    gql_ref_text(&has, variable->ref);
    gql_ref_text(&wants, usage->ref);
    gql_problem_both(v->problems, VALIDATION_FAILED, variable->at, usage->value->at,
                     "The variable \"$%.*s\" of type \"%.*s\" cannot stand where \"%.*s\" is expected.", NAME(variable->name),
                     NAME(buf_view(&has)), NAME(buf_view(&wants)));
    buf_free(&has);
    buf_free(&wants);
}

static void check_usages(struct gql_validation *v, const struct ast_operation *operation, const struct ast_body *body)
{
    for (const struct ast_usage *i = body->usages; i && !gql_problems_full(v->problems); i = i->next) {
        struct ast_variable *variable = gql_names_get(v->names, operation, i->value->text);
        if (!variable) {
            gql_problem(v->problems, VALIDATION_FAILED, i->value->at, "The variable \"$%.*s\" is not declared by the operation \"%.*s\".",
                        NAME(i->value->text), NAME(operation->body.name));
            continue;
        }
        variable->used_by = operation;
        if (!allowed(variable, i)) refuse_place(v, variable, i);
    }
}

static void visit(struct gql_validation *v, const struct ast_operation *operation, const struct ast_body *body)
{
    check_usages(v, operation, body);
    for (const struct ast_selection *i = body->spreads; i; i = i->next_spread) {
        if (!i->fragment || i->fragment->seen == operation) continue;
        i->fragment->seen = operation;
        i->fragment->used = true;
        visit(v, operation, &i->fragment->body);
    }
}

void gql_check_variables(struct gql_validation *v, struct ast_operation *operation)
{
    visit(v, operation, &operation->body);
    for (const struct ast_variable *i = operation->variables; i && !gql_problems_full(v->problems); i = i->next)
        if (!i->used_by) gql_problem(v->problems, VALIDATION_FAILED, i->at, "The variable \"$%.*s\" is never used.", NAME(i->name));
}
