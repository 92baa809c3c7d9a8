/* Rules: values of correct type, unique input field names, known and unique and required arguments, directives. */
#include "control-plane/graphql/coerce.h"
#include "control-plane/graphql/validate.h"

#include <math.h>

static void refuse_value(struct gql_validation *v, const struct ast_value *value, const struct gql_ref *ref)
{
    struct buf type;
    buf_init(&type, 128);
    gql_ref_text(&type, ref);
    static const char *const kinds[] = {"a variable", "an integer",     "a number", "a string", "a boolean",
                                        "null",       "an enum's word", "a list",   "an object"};
    gql_problem(v->problems, VALIDATION_FAILED, value->at, "Expected a value of type \"%.*s\", found %s.", NAME(buf_view(&type)),
                kinds[value->kind]);
    buf_free(&type);
}

static void note_usage(struct gql_validation *v, const struct ast_value *value, const struct gql_ref *ref, bool fallback)
{
    if (!v->body) return;
    struct ast_usage *usage = arena_alloc(v->arena, sizeof *usage);
    *usage = (struct ast_usage){v->body->usages, value, ref, fallback};
    v->body->usages = usage;
}

static bool repeated(const struct ast_value *first, const struct ast_value *field)
{
    while (first != field && !slice_eq(first->name, field->name)) first = first->next;
    return first != field;
}

static void check_unique(struct gql_validation *v, const struct ast_value *object)
{
    for (const struct ast_value *i = object->items; i && !gql_problems_full(v->problems); i = i->next)
        if (repeated(object->items, i))
            gql_problem(v->problems, VALIDATION_FAILED, i->name_at, "The input field \"%.*s\" is given twice.", NAME(i->name));
}

void gql_note_variables(struct gql_validation *v, const struct ast_value *value)
{
    if (value->kind == AST_VARIABLE) note_usage(v, value, NULL, true);
    if (value->kind == AST_OBJECT) check_unique(v, value);
    for (const struct ast_value *i = value->items; i; i = i->next) gql_note_variables(v, i);
}

static bool int_fits(struct slice text)
{
    int64_t n;
    return gql_integer(text, &n) && n >= INT32_MIN && n <= INT32_MAX;
}

static bool float_fits(struct gql_validation *v, struct slice text) { return isfinite(gql_real(v->arena, text)); }

static void check_scalar(struct gql_validation *v, const struct ast_value *value, const struct gql_ref *ref)
{
    bool ok = true;
    switch (ref->type->scalar) {
    case SCALAR_INT: ok = value->kind == AST_INT && int_fits(value->text); break;
    case SCALAR_FLOAT: ok = (value->kind == AST_INT || value->kind == AST_FLOAT) && float_fits(v, value->text); break;
    case SCALAR_STRING: ok = value->kind == AST_STRING; break;
    case SCALAR_BOOLEAN: ok = value->kind == AST_BOOL; break;
    case SCALAR_ID: ok = value->kind == AST_STRING || value->kind == AST_INT; break;
    default: gql_note_variables(v, value); break;
    }
    if (!ok) refuse_value(v, value, ref);
    if (!ok) gql_note_variables(v, value);
}

static bool given(const struct ast_value *object, struct slice name)
{
    const struct ast_value *i = object->items;
    while (i && !slice_eq(i->name, name)) i = i->next;
    return i;
}

static void check_object(struct gql_validation *v, const struct ast_value *value, const struct gql_ref *ref)
{
    const struct gql_type *type = ref->type;
    if (value->kind != AST_OBJECT) {
        refuse_value(v, value, ref);
        gql_note_variables(v, value);
        return;
    }
    check_unique(v, value);
    for (const struct ast_value *i = value->items; i && !gql_problems_full(v->problems); i = i->next) {
        const struct gql_input *input = gql_type_input(v->schema, type, i->name);
        if (input) {
            gql_check_value(v, i, input->ref, input->literal != NULL);
            continue;
        }
        gql_problem(v->problems, VALIDATION_FAILED, i->name_at, "The type \"%.*s\" has no field \"%.*s\".", NAME(type->name),
                    NAME(i->name));
        gql_note_variables(v, i);
    }
    for (size_t i = 0; i < type->input_count; i++)
        if (gql_is_required(&type->inputs[i]) && !given(value, type->inputs[i].name))
            gql_problem(v->problems, VALIDATION_FAILED, value->at, "The field \"%.*s\" of \"%.*s\" is required.",
                        NAME(type->inputs[i].name), NAME(type->name));
}

static void check_word(struct gql_validation *v, const struct ast_value *value, const struct gql_ref *ref)
{
    if (value->kind == AST_ENUM && gql_type_value(v->schema, ref->type, value->text)) return;
    if (value->kind != AST_ENUM) refuse_value(v, value, ref);
    else
        gql_problem(v->problems, VALIDATION_FAILED, value->at, "\"%.*s\" is no value of the enum \"%.*s\".", NAME(value->text),
                    NAME(ref->type->name));
    gql_note_variables(v, value);
}

void gql_check_value(struct gql_validation *v, const struct ast_value *value, const struct gql_ref *ref, bool fallback)
{
    if (value->kind == AST_VARIABLE) {
        note_usage(v, value, ref, fallback);
        return;
    }
    if (value->kind == AST_NULL) {
        if (ref->wrap == WRAP_NON_NULL) refuse_value(v, value, ref);
        return;
    }
    if (ref->wrap == WRAP_NON_NULL) ref = ref->of;
    if (ref->wrap == WRAP_LIST && value->kind == AST_LIST) {
        for (const struct ast_value *i = value->items; i && !gql_problems_full(v->problems); i = i->next)
            gql_check_value(v, i, ref->of, false);
    } else if (ref->wrap == WRAP_LIST) {
        gql_check_value(v, value, ref->of, false);
    } else if (ref->type->kind == KIND_INPUT) {
        check_object(v, value, ref);
    } else if (ref->type->kind == KIND_ENUM) {
        check_word(v, value, ref);
    } else {
        check_scalar(v, value, ref);
    }
}

void gql_check_literal(const struct gql_schema *s, struct gql_problems *problems, const struct ast_value *value, const struct gql_ref *ref)
{
    struct gql_validation v = {.schema = s, .arena = s->arena, .problems = problems};
    gql_check_value(&v, value, ref, false);
}

static const struct gql_input *input_named(const struct gql_input *inputs, size_t count, struct slice name)
{
    for (size_t i = 0; i < count; i++)
        if (slice_eq(inputs[i].name, name)) return &inputs[i];
    return NULL;
}

static const struct ast_argument *argument_named(const struct ast_argument *first, const struct ast_argument *end, struct slice name)
{
    while (first != end && !slice_eq(first->name, name)) first = first->next;
    return first == end ? NULL : first;
}

static void check_argument(struct gql_validation *v, const char *kind, struct slice owner, const struct gql_input *input,
                           const struct ast_argument *argument)
{
    if (input) {
        gql_check_value(v, argument->value, input->ref, input->literal != NULL);
        return;
    }
    gql_problem(v->problems, VALIDATION_FAILED, argument->at, "The %s \"%.*s\" has no argument \"%.*s\".", kind, NAME(owner),
                NAME(argument->name));
    gql_note_variables(v, argument->value);
}

void gql_check_arguments(struct gql_validation *v, const char *kind, struct slice owner, const struct gql_input *inputs, size_t count,
                         const struct ast_argument *given_first, uint32_t at)
{
    for (const struct ast_argument *a = given_first; a && !gql_problems_full(v->problems); a = a->next) {
        check_argument(v, kind, owner, input_named(inputs, count, a->name), a);
        if (argument_named(given_first, a, a->name))
            gql_problem(v->problems, VALIDATION_FAILED, a->at, "The argument \"%.*s\" is given twice.", NAME(a->name));
    }
    for (size_t i = 0; i < count; i++)
        if (gql_is_required(&inputs[i]) && !argument_named(given_first, NULL, inputs[i].name))
            gql_problem(v->problems, VALIDATION_FAILED, at, "The %s \"%.*s\" needs the argument \"%.*s\".", kind, NAME(owner),
                        NAME(inputs[i].name));
}

static bool stands_twice(const struct ast_directive *first, const struct ast_directive *directive)
{
    while (first != directive && !slice_eq(first->name, directive->name)) first = first->next;
    return first != directive;
}

void gql_check_directives(struct gql_validation *v, const struct ast_directive *directives, unsigned location)
{
    for (const struct ast_directive *d = directives; d && !gql_problems_full(v->problems); d = d->next) {
        const struct gql_directive *known = gql_schema_directive(v->schema, d->name);
        if (!known) {
            gql_problem(v->problems, VALIDATION_FAILED, d->at, "Unknown directive \"@%.*s\".", NAME(d->name));
            for (const struct ast_argument *a = d->arguments; a; a = a->next) gql_note_variables(v, a->value);
            continue;
        }
        if (!(known->locations & location))
            gql_problem(v->problems, VALIDATION_FAILED, d->at, "\"@%.*s\" must not stand here.", NAME(d->name));
        if (!known->repeatable && stands_twice(directives, d))
            gql_problem(v->problems, VALIDATION_FAILED, d->at, "\"@%.*s\" stands here twice.", NAME(d->name));
        gql_check_arguments(v, "directive", d->name, known->args, known->arg_count, d->arguments, d->at);
    }
}
