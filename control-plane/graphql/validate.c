/* The walk over a document: operations, fragments, fields. */
#include "control-plane/graphql/validate.h"

static void walk(struct gql_validation *v, struct ast_selection *first, const struct gql_type *parent);

static void check_shape(struct gql_validation *v, const struct ast_selection *s)
{
    const struct gql_type *type = s->field->ref->type;
    if (gql_is_leaf(type) && s->braces)
        gql_problem(v->problems, VALIDATION_FAILED, s->at, "The field \"%.*s\" has no fields of its own: its type is \"%.*s\".",
                    NAME(s->name), NAME(type->name));
    if (!gql_is_leaf(type) && !s->braces)
        gql_problem(v->problems, VALIDATION_FAILED, s->at, "The field \"%.*s\" of type \"%.*s\" needs a selection of fields.",
                    NAME(s->name), NAME(type->name));
}

static void note_arguments(struct gql_validation *v, const struct ast_argument *first)
{
    for (; first; first = first->next) gql_note_variables(v, first->value);
}

static void walk_field(struct gql_validation *v, struct ast_selection *s, const struct gql_type *parent)
{
    s->parent = parent;
    s->field = parent ? gql_type_field(v->schema, parent, s->name) : NULL;
    gql_check_directives(v, s->directives, AT_FIELD);
    if (s->field) {
        check_shape(v, s);
        gql_check_arguments(v, "field", s->name, s->field->args, s->field->arg_count, s->arguments, s->name_at);
    } else {
        if (parent)
            gql_problem(v->problems, VALIDATION_FAILED, s->at, "The type \"%.*s\" has no field \"%.*s\".", NAME(parent->name),
                        NAME(s->name));
        note_arguments(v, s->arguments);
    }
    walk(v, s->selections, s->field && !gql_is_leaf(s->field->ref->type) ? s->field->ref->type : NULL);
}

static const struct gql_type *condition(struct gql_validation *v, struct slice name, uint32_t at)
{
    const struct gql_type *type = gql_schema_type(v->schema, name);
    if (!type) gql_problem(v->problems, VALIDATION_FAILED, at, "Unknown type \"%.*s\".", NAME(name));
    else if (!gql_is_composite(type))
        gql_problem(v->problems, VALIDATION_FAILED, at, "A fragment cannot be on the type \"%.*s\".", NAME(name));
    return type && gql_is_composite(type) ? type : NULL;
}

static void check_possible(struct gql_validation *v, const struct ast_selection *s, const struct gql_type *parent,
                           const struct gql_type *type)
{
    if (parent && type && !gql_overlap(parent, type))
        gql_problem(v->problems, VALIDATION_FAILED, s->at, "A fragment on \"%.*s\" can never apply to \"%.*s\".", NAME(type->name),
                    NAME(parent->name));
}

static void walk_spread(struct gql_validation *v, struct ast_selection *s, const struct gql_type *parent)
{
    gql_check_directives(v, s->directives, AT_FRAGMENT_SPREAD);
    s->parent = parent;
    s->fragment = gql_names_get(v->names, &v->doc->fragments, s->name);
    if (!s->fragment) {
        gql_problem(v->problems, VALIDATION_FAILED, s->name_at, "Unknown fragment \"%.*s\".", NAME(s->name));
        return;
    }
    s->next_spread = v->body->spreads;
    v->body->spreads = s;
    check_possible(v, s, parent, gql_schema_type(v->schema, s->fragment->condition));
}

static void walk_inline(struct gql_validation *v, struct ast_selection *s, const struct gql_type *parent)
{
    gql_check_directives(v, s->directives, AT_INLINE_FRAGMENT);
    s->parent = s->name.len ? condition(v, s->name, s->name_at) : parent;
    if (s->name.len) check_possible(v, s, parent, s->parent);
    walk(v, s->selections, s->parent);
}

static void walk(struct gql_validation *v, struct ast_selection *first, const struct gql_type *parent)
{
    for (struct ast_selection *s = first; s && !gql_problems_full(v->problems); s = s->next) switch (s->kind) {
        case AST_FIELD: walk_field(v, s, parent); break;
        case AST_SPREAD: walk_spread(v, s, parent); break;
        case AST_INLINE: walk_inline(v, s, parent); break;
        }
}

/* ---- operations ---- */

static const struct gql_type *root(struct gql_validation *v, const struct ast_operation *operation)
{
    static const char *const words[] = {"queries", "mutations", "subscriptions"};
    const struct gql_type *type = operation->kind == AST_QUERY      ? v->schema->query
                                  : operation->kind == AST_MUTATION ? v->schema->mutation
                                                                    : NULL;
    if (!type) gql_problem(v->problems, VALIDATION_FAILED, operation->body.at, "This server has no %s.", words[operation->kind]);
    return type;
}

static void walk_operation(struct gql_validation *v, struct ast_operation *operation)
{
    static const unsigned locations[] = {AT_QUERY, AT_MUTATION, AT_SUBSCRIPTION};
    v->body = &operation->body;
    gql_check_declarations(v, operation);
    gql_check_directives(v, operation->body.directives, locations[operation->kind]);
    walk(v, operation->body.selections, root(v, operation));
}

static void check_names(struct gql_validation *v)
{
    struct ast_document *doc = v->doc;
    for (struct ast_operation *o = doc->operations; o && !gql_problems_full(v->problems); o = o->next) {
        struct ast_operation **place = (struct ast_operation **)gql_names_put(v->names, &doc->operations, o->body.name);
        if (!o->body.name.len && doc->operation_count > 1)
            gql_problem(v->problems, VALIDATION_FAILED, o->body.at, "An operation without a name must be the only one.");
        else if (*place)
            gql_problem_both(v->problems, VALIDATION_FAILED, (*place)->body.at, o->body.at, "There are two operations \"%.*s\".",
                             NAME(o->body.name));
        *place = o;
    }
    for (struct ast_fragment *f = doc->fragments; f && !gql_problems_full(v->problems); f = f->next) {
        struct ast_fragment **place = (struct ast_fragment **)gql_names_put(v->names, &doc->fragments, f->body.name);
        if (*place)
            gql_problem_both(v->problems, VALIDATION_FAILED, (*place)->body.at, f->body.at, "There are two fragments \"%.*s\".",
                             NAME(f->body.name));
        *place = f;
    }
}

/* ---- fragments ---- */

static void walk_fragment(struct gql_validation *v, struct ast_fragment *fragment)
{
    v->body = &fragment->body;
    fragment->type = condition(v, fragment->condition, fragment->condition_at);
    gql_check_directives(v, fragment->body.directives, AT_FRAGMENT_DEFINITION);
    walk(v, fragment->body.selections, fragment->type);
}

static void check_circle(struct gql_validation *v, struct ast_fragment *fragment)
{
    fragment->colour = 1;
    for (const struct ast_selection *s = fragment->body.spreads; s && !gql_problems_full(v->problems); s = s->next_spread) {
        if (s->fragment->colour == 1)
            gql_problem(v->problems, VALIDATION_FAILED, s->at, "The fragment \"%.*s\" contains itself.", NAME(s->name));
        else if (!s->fragment->colour) check_circle(v, s->fragment);
    }
    fragment->colour = 2;
}

static void check_fragments(struct gql_validation *v)
{
    for (struct ast_fragment *f = v->doc->fragments; f && !gql_problems_full(v->problems); f = f->next) {
        if (!f->colour) check_circle(v, f);
        if (!f->used) gql_problem(v->problems, VALIDATION_FAILED, f->body.at, "The fragment \"%.*s\" is never used.", NAME(f->body.name));
    }
}

bool gql_validate(struct gql_validation *v)
{
    check_names(v);
    for (struct ast_operation *o = v->doc->operations; o && !gql_problems_full(v->problems); o = o->next) walk_operation(v, o);
    for (struct ast_fragment *f = v->doc->fragments; f && !gql_problems_full(v->problems); f = f->next) walk_fragment(v, f);
    for (struct ast_operation *o = v->doc->operations; o && !gql_problems_full(v->problems); o = o->next) gql_check_variables(v, o);
    check_fragments(v);
    if (!v->problems->count && !v->doc->operations) gql_problem(v->problems, VALIDATION_FAILED, 0, "The document holds no operation.");
    if (!v->problems->count) gql_check_overlaps(v);
    return v->problems->count == 0;
}
