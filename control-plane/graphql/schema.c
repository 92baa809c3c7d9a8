#include "control-plane/graphql/schema.h"

#include "base/die.h"
#include "control-plane/graphql/parse.h"

#include <stdio.h>
#include <stdlib.h>

struct gql_type *gql_schema_type(const struct gql_schema *s, struct slice name) { return gql_names_get(&s->names, s, name); }

struct gql_field *gql_type_field(const struct gql_schema *s, const struct gql_type *type, struct slice name)
{
    if (!slice_starts(name, "__")) return gql_names_get(&s->names, type, name);
    if (!slice_is(name, "__typename") && type != s->query) return NULL;
    return gql_names_get(&s->names, s->meta, name);
}

struct gql_input *gql_type_input(const struct gql_schema *s, const struct gql_type *type, struct slice name)
{
    return gql_names_get(&s->names, type, name);
}

struct gql_enum_value *gql_type_value(const struct gql_schema *s, const struct gql_type *type, struct slice name)
{
    return gql_names_get(&s->names, type, name);
}

struct gql_directive *gql_schema_directive(const struct gql_schema *s, struct slice name)
{
    return gql_names_get(&s->names, &s->directives, name);
}

bool gql_is_possible(const struct gql_type *type, const struct gql_type *concrete)
{
    if (type == concrete) return true;
    for (size_t i = 0; i < type->possible_count; i++)
        if (type->possible[i] == concrete) return true;
    return false;
}

bool gql_overlap(const struct gql_type *a, const struct gql_type *b)
{
    if (a == b) return true;
    for (size_t i = 0; i < a->possible_count; i++)
        if (gql_is_possible(b, a->possible[i])) return true;
    return false;
}

void gql_ref_text(struct buf *out, const struct gql_ref *ref)
{
    switch (ref->wrap) {
    case WRAP_NONE: buf_slice(out, ref->type->name); break;
    case WRAP_LIST:
        buf_char(out, '[');
        gql_ref_text(out, ref->of);
        buf_char(out, ']');
        break;
    case WRAP_NON_NULL:
        gql_ref_text(out, ref->of);
        buf_char(out, '!');
        break;
    }
}

/* ---- bindings ---- */

static void bind_one(struct gql_schema *s, const struct gql_binding *b, struct gql_problems *problems)
{
    struct gql_type *type = gql_schema_type(s, slice_str(b->type));
    bool abstract = type && (type->kind == KIND_INTERFACE || type->kind == KIND_UNION);
    if (abstract && strcmp(b->field, "__typename") == 0) {
        type->type_name = b->resolve;
        return;
    }
    struct gql_field *field = type && type->kind == KIND_OBJECT ? gql_names_get(&s->names, type, slice_str(b->field)) : NULL;
    if (field && !field->resolve) field->resolve = b->resolve;
    else
        gql_problem(problems, INTERNAL, 0, "the binding %s.%s %s", b->type, b->field,
                    field ? "comes twice" : "names no field of an object");
}

static void check_field(const struct gql_field *field, struct gql_problems *problems)
{
    const struct gql_type *type = field->ref->type;
    const struct gql_type *owner = field->owner;
    if (!field->resolve && field->ref->wrap == WRAP_NON_NULL)
        gql_problem(problems, INTERNAL, field->at, "%.*s.%.*s is non-null and has no binding", NAME(owner->name), NAME(field->name));
    if (field->resolve && (type->kind == KIND_INTERFACE || type->kind == KIND_UNION) && !type->type_name)
        gql_problem(problems, INTERNAL, type->at, "%.*s has no binding for __typename", NAME(type->name));
}

void gql_schema_bind(struct gql_schema *s, const struct gql_binding *bindings, size_t count, struct gql_problems *problems)
{
    for (size_t i = 0; i < gql_introspection_binding_count; i++) bind_one(s, &gql_introspection_bindings[i], problems);
    for (size_t i = 0; i < count; i++) bind_one(s, &bindings[i], problems);
    for (const struct gql_type *type = s->types; type; type = type->next)
        for (size_t i = 0; type->kind == KIND_OBJECT && i < type->field_count; i++) check_field(&type->fields[i], problems);
}

/* ---- life ---- */

static const char *keep_problem(const struct gql_problems *problems)
{
    static _Thread_local char text[640];
    unsigned line = gql_place_of(problems->source, problems->first_at).line;
    if (problems->first_at) snprintf(text, sizeof text, "schema line %u: %s", line, problems->first);
    else snprintf(text, sizeof text, "schema: %s", problems->first);
    return text;
}

struct gql_schema *gql_schema_new(struct slice sdl, const struct gql_binding *bindings, size_t count, const char **problem)
{
    struct gql_schema *s = xcalloc(1, sizeof *s);
    struct gql_problems problems;
    s->arena = arena_new(SIZE_MAX);
    s->names.arena = s->arena;
    gql_problems_begin(&problems, sdl);
    gql_sdl_read(s, sdl, false, &problems);
    if (!problems.count) gql_sdl_read(s, slice_str(gql_prelude), true, &problems);
    if (!problems.count) gql_sdl_link(s, &problems);
    if (!problems.count) gql_schema_bind(s, bindings, count, &problems);
    bool ok = problems.count == 0;
    *problem = ok ? NULL : keep_problem(&problems);
    gql_problems_end(&problems);
    if (ok) return s;
    gql_schema_free(s);
    return NULL;
}

void gql_schema_free(struct gql_schema *s)
{
    if (!s) return;
    arena_free(s->arena);
    free(s);
}
