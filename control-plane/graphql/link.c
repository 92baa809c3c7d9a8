/* Checks that a schema's definitions fit together, and what only then can be made: lists, possible types, defaults. */
#include "control-plane/graphql/coerce.h"
#include "control-plane/graphql/validate.h"

struct link {
    struct gql_schema *s;
    struct gql_problems *problems;
};

static void refuse(struct link *l, size_t at, struct slice owner, struct slice name, const char *why)
{
    gql_problem(l->problems, VALIDATION_FAILED, at, "%.*s%s%.*s %s", NAME(owner), name.len ? "." : "", NAME(name), why);
}

static void number_types(struct gql_schema *s)
{
    for (const struct gql_type *t = s->types; t; t = t->next) s->type_count++;
    s->all = arena_alloc(s->arena, s->type_count * sizeof(struct gql_type *));
    size_t at = s->type_count;
    for (struct gql_type *t = s->types; t; t = t->next)
        if (t != s->meta) s->all[--at] = t;
    s->type_count -= at;
    s->all += at;
    for (const struct gql_directive *d = s->directives; d; d = d->next) s->directive_count++;
    s->all_directives = arena_alloc(s->arena, s->directive_count * sizeof(struct gql_directive *));
    at = s->directive_count;
    for (struct gql_directive *d = s->directives; d; d = d->next) s->all_directives[--at] = d;
}

static void find_roots(struct link *l)
{
    struct gql_schema *s = l->s;
    if (!s->roots_named) s->query = gql_schema_type(s, SLICE("Query"));
    if (!s->roots_named) s->mutation = gql_schema_type(s, SLICE("Mutation"));
    s->meta = gql_schema_type(s, SLICE("__Meta"));
    if (!s->query || s->query->kind != KIND_OBJECT) refuse(l, 0, SLICE("Query"), SLICE(""), "must be an object type");
    if (s->mutation && s->mutation->kind != KIND_OBJECT) refuse(l, 0, SLICE("Mutation"), SLICE(""), "must be an object type");
}

/* ---- possible types ---- */

static void collect_implementers(struct gql_schema *s)
{
    for (size_t n = 0; n < s->type_count; n++)
        for (size_t i = 0; s->all[n]->kind == KIND_OBJECT && i < s->all[n]->interface_count; i++)
            s->all[n]->interfaces[i]->possible_count++;
    for (struct gql_type *t = s->types; t; t = t->next) {
        if (t->kind != KIND_INTERFACE && t->kind != KIND_OBJECT) continue;
        t->possible = arena_alloc(s->arena, (t->possible_count + 1) * sizeof(struct gql_type *));
        t->possible_count = 0;
    }
    for (size_t n = 0; n < s->type_count; n++) {
        struct gql_type *t = s->all[n];
        if (t->kind != KIND_OBJECT) continue;
        t->possible[t->possible_count++] = t;
        for (size_t i = 0; i < t->interface_count; i++) t->interfaces[i]->possible[t->interfaces[i]->possible_count++] = t;
    }
}

static bool implements(const struct gql_type *type, const struct gql_type *interface)
{
    for (size_t i = 0; i < type->interface_count; i++)
        if (type->interfaces[i] == interface) return true;
    return false;
}

static bool same_ref(const struct gql_ref *a, const struct gql_ref *b)
{
    if (a->wrap != b->wrap) return false;
    return a->wrap == WRAP_NONE ? a->type == b->type : same_ref(a->of, b->of);
}

/* A field may promise more than its interface does: non-null for nullable, a member for an abstract type. */
static bool covariant(const struct gql_ref *a, const struct gql_ref *b)
{
    if (a->wrap == WRAP_NON_NULL) return covariant(a->of, b->wrap == WRAP_NON_NULL ? b->of : b);
    if (a->wrap != b->wrap) return false;
    if (a->wrap == WRAP_LIST) return covariant(a->of, b->of);
    return gql_is_possible(b->type, a->type) || implements(a->type, b->type);
}

static const struct gql_input *argument(const struct gql_field *field, struct slice name)
{
    for (size_t i = 0; i < field->arg_count; i++)
        if (slice_eq(field->args[i].name, name)) return &field->args[i];
    return NULL;
}

static void check_arguments(struct link *l, const struct gql_field *field, const struct gql_field *promised)
{
    for (size_t i = 0; i < promised->arg_count; i++) {
        const struct gql_input *own = argument(field, promised->args[i].name);
        if (!own || !same_ref(own->ref, promised->args[i].ref))
            refuse(l, field->at, field->owner->name, field->name, "does not take the arguments of its interface");
    }
    for (size_t i = 0; i < field->arg_count; i++)
        if (!argument(promised, field->args[i].name) && gql_is_required(&field->args[i]))
            refuse(l, field->at, field->owner->name, field->name, "asks for an argument that its interface does not have");
}

static void check_interface(struct link *l, const struct gql_type *type, const struct gql_type *interface)
{
    if (interface->kind != KIND_INTERFACE || interface == type) {
        refuse(l, type->at, type->name, SLICE(""), "implements what is no interface");
        return;
    }
    for (size_t i = 0; i < interface->interface_count; i++)
        if (!implements(type, interface->interfaces[i]))
            refuse(l, type->at, type->name, SLICE(""), "must name the interfaces of its interfaces");
    for (size_t i = 0; i < interface->field_count; i++) {
        const struct gql_field *promised = &interface->fields[i], *field = gql_names_get(&l->s->names, type, promised->name);
        if (!field) refuse(l, type->at, type->name, promised->name, "is missing: an interface asks for it");
        else if (!covariant(field->ref, promised->ref))
            refuse(l, field->at, type->name, field->name, "has another type than its interface says");
        else check_arguments(l, field, promised);
    }
}

/* ---- fields and inputs ---- */

static void check_inputs(struct link *l, struct slice owner, const struct gql_input *inputs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (inputs[i].ref->type->kind != KIND_NONE && !gql_is_input(inputs[i].ref->type))
            refuse(l, inputs[i].at, owner, inputs[i].name, "must have an input type");
}

static void check_type(struct link *l, const struct gql_type *type)
{
    size_t parts = type->field_count + type->input_count + type->value_count + (type->kind == KIND_UNION ? type->possible_count : 0);
    if (type->kind == KIND_NONE) refuse(l, type->at, type->name, SLICE(""), "is not defined");
    else if (type->kind != KIND_SCALAR && !parts) refuse(l, type->at, type->name, SLICE(""), "is empty");
    for (size_t i = 0; i < type->field_count; i++) {
        const struct gql_field *field = &type->fields[i];
        if (field->ref->type->kind == KIND_INPUT) refuse(l, field->at, type->name, field->name, "must not have an input type");
        check_inputs(l, field->name, field->args, field->arg_count);
    }
    check_inputs(l, type->name, type->inputs, type->input_count);
    for (size_t i = 0; type->kind == KIND_UNION && i < type->possible_count; i++)
        if (type->possible[i]->kind != KIND_OBJECT) refuse(l, type->at, type->name, SLICE(""), "may hold object types only");
}

/* An input object that needs itself can never be written. */
static void check_circle(struct link *l, struct gql_type *type)
{
    if (type->colour == 2) return;
    if (type->colour == 1) {
        refuse(l, type->at, type->name, SLICE(""), "needs itself");
        return;
    }
    type->colour = 1;
    for (size_t i = 0; i < type->input_count; i++) {
        const struct gql_ref *ref = type->inputs[i].ref;
        if (ref->wrap == WRAP_NON_NULL && ref->of->wrap == WRAP_NONE && ref->type->kind == KIND_INPUT) check_circle(l, ref->type);
    }
    type->colour = 2;
}

/* ---- defaults ---- */

static void make_default(struct link *l, struct gql_input *input);

/* The defaults that this literal leaves to the fields of input objects come first. */
static void make_inner(struct link *l, const struct ast_value *v, const struct gql_ref *ref)
{
    struct gql_type *type = ref->type;
    if (v->kind == AST_LIST)
        for (const struct ast_value *i = v->items; i; i = i->next) make_inner(l, i, ref);
    if (v->kind != AST_OBJECT || type->kind != KIND_INPUT) return;
    for (const struct ast_value *i = v->items; i; i = i->next) {
        const struct gql_input *input = gql_type_input(l->s, type, i->name);
        if (input) make_inner(l, i, input->ref);
    }
    for (size_t i = 0; i < type->input_count; i++) make_default(l, &type->inputs[i]);
}

static void make_default(struct link *l, struct gql_input *input)
{
    struct gql_coerce c = {.schema = l->s, .arena = l->s->arena};
    if (!input->literal || input->fallback) return;
    if (input->resolving) {
        refuse(l, input->at, input->name, SLICE(""), "has a default that holds itself");
        return;
    }
    input->resolving = true;
    make_inner(l, input->literal, input->ref);
    unsigned before = l->problems->count;
    gql_check_literal(l->s, l->problems, input->literal, input->ref);
    struct gql_value *value = arena_alloc(l->s->arena, sizeof *value);
    if (l->problems->count == before && gql_coerce_literal(&c, input->literal, input->ref, value)) input->fallback = value;
    input->resolving = false;
}

static void make_defaults(struct link *l, struct gql_input *inputs, size_t count)
{
    for (size_t i = 0; i < count && !l->problems->count; i++) make_default(l, &inputs[i]);
}

void gql_sdl_link(struct gql_schema *s, struct gql_problems *problems)
{
    struct link l = {s, problems};
    find_roots(&l);
    number_types(s);
    for (struct gql_type *t = s->types; t; t = t->next) check_type(&l, t);
    for (const struct gql_directive *d = s->directives; d; d = d->next) check_inputs(&l, d->name, d->args, d->arg_count);
    for (struct gql_type *t = s->types; t; t = t->next)
        for (size_t i = 0; i < t->interface_count; i++)
            if (t->interfaces[i]->kind != KIND_INTERFACE || t->interfaces[i] == t) check_interface(&l, t, t->interfaces[i]);
    if (problems->count) return;
    collect_implementers(s);
    for (struct gql_type *t = s->types; t; t = t->next) {
        for (size_t i = 0; i < t->interface_count; i++) check_interface(&l, t, t->interfaces[i]);
        check_circle(&l, t);
    }
    for (struct gql_type *t = s->types; t; t = t->next) {
        make_defaults(&l, t->inputs, t->input_count);
        for (size_t i = 0; i < t->field_count; i++) make_defaults(&l, t->fields[i].args, t->fields[i].arg_count);
    }
    for (struct gql_directive *d = s->directives; d; d = d->next) make_defaults(&l, d->args, d->arg_count);
}
