/* Schema definition language to types. */
#include "base/die.h"
#include "control-plane/graphql/parse.h"
#include "control-plane/graphql/schema.h"

#include <stdlib.h>

/* A list that grows while its definition is read; taken into the schema's arena at the end. */
struct list {
    char *items;
    size_t count, cap, size;
};

struct sdl {
    struct gql_parser p;
    struct gql_schema *schema;
    bool prelude;
    struct list fields, inputs, values, types;
};

static void *push(struct list *list)
{
    if (list->count == list->cap) {
        list->cap = list->cap ? list->cap * 2 : 16;
        list->items = xreallocarray(list->items, list->cap, list->size);
    }
    void *item = list->items + list->count++ * list->size;
    memset(item, 0, list->size);
    return item;
}

static void *take(struct sdl *sdl, struct list *list, size_t *count)
{
    *count = list->count;
    if (!list->count) return NULL;
    void *items = arena_alloc(sdl->schema->arena, list->count * list->size);
    memcpy(items, list->items, list->count * list->size);
    list->count = 0;
    return items;
}

static void refuse(struct sdl *sdl, size_t at, const char *what, struct slice name)
{
    if (!sdl->p.failed) gql_problem(sdl->p.problems, PARSE_FAILED, at, "%s: %.*s", what, NAME(name));
    sdl->p.failed = true;
    sdl->p.lex.kind = TOK_ERROR;
}

static struct slice description(struct sdl *sdl)
{
    struct gql_parser *p = &sdl->p;
    if (!gql_parse_at(p, TOK_STRING) && !gql_parse_at(p, TOK_BLOCK)) return (struct slice){0};
    struct slice text = gql_lex_string(p->lex.kind, p->lex.token, p->arena);
    gql_parse_advance(p);
    return text;
}

static struct gql_type *type_named(struct sdl *sdl, struct slice name, uint32_t at)
{
    struct gql_schema *s = sdl->schema;
    struct gql_type **place = (struct gql_type **)gql_names_put(&s->names, s, name);
    struct gql_type *type = *place;
    if (type) return type;
    type = arena_zero(s->arena, sizeof *type);
    type->name = name;
    type->at = at;
    type->self = (struct gql_ref){WRAP_NONE, NULL, type};
    type->non_null = (struct gql_ref){WRAP_NON_NULL, &type->self, type};
    type->next = s->types;
    s->types = type;
    return *place = type;
}

static const struct gql_ref *wrap(struct sdl *sdl, enum gql_wrap kind, const struct gql_ref *of)
{
    struct gql_ref *ref = arena_alloc(sdl->schema->arena, sizeof *ref);
    *ref = (struct gql_ref){kind, of, of->type};
    return ref;
}

static const struct gql_ref *type_ref(struct sdl *sdl)
{
    struct gql_parser *p = &sdl->p;
    const struct gql_ref *ref;
    if (gql_parse_at(p, '[')) {
        if (!gql_parse_enter(p)) return &type_named(sdl, SLICE("Int"), 0)->self;
        gql_parse_advance(p);
        ref = wrap(sdl, WRAP_LIST, type_ref(sdl));
        gql_parse_expect(p, ']', "']'");
        gql_parse_leave(p);
        return gql_parse_skip(p, '!') ? wrap(sdl, WRAP_NON_NULL, ref) : ref;
    }
    uint32_t at = (uint32_t)p->lex.at;
    struct gql_type *type = type_named(sdl, gql_parse_name(p, "a type"), at);
    return gql_parse_skip(p, '!') ? &type->non_null : &type->self;
}

static struct slice text_argument(const struct ast_directive *directive, const char *name)
{
    for (const struct ast_argument *a = directive->arguments; a; a = a->next)
        if (slice_is(a->name, name) && a->value->kind == AST_STRING) return a->value->text;
    return (struct slice){0};
}

static struct gql_deprecation deprecation(struct sdl *sdl)
{
    struct gql_deprecation d = {0};
    for (const struct ast_directive *i = gql_parse_directives(&sdl->p, true); i; i = i->next) {
        if (!slice_is(i->name, "deprecated")) continue;
        d.deprecated = true;
        d.reason = text_argument(i, "reason");
        if (!d.reason.ptr) d.reason = SLICE("No longer supported");
    }
    return d;
}

static void check_name(struct sdl *sdl, struct slice name, size_t at)
{
    if (!sdl->prelude && slice_starts(name, "__")) refuse(sdl, at, "a name must not start with two underscores", name);
}

static void read_input(struct sdl *sdl)
{
    struct gql_parser *p = &sdl->p;
    struct gql_input *input = push(&sdl->inputs);
    input->description = description(sdl);
    input->at = (uint32_t)p->lex.at;
    input->name = gql_parse_name(p, "a name");
    check_name(sdl, input->name, input->at);
    gql_parse_expect(p, ':', "':'");
    input->ref = type_ref(sdl);
    if (gql_parse_skip(p, '=')) {
        input->literal = gql_parse_value(p, true);
        if (!p->failed) input->literal_text = slice_of(p->lex.text.ptr + input->literal->at, input->literal->end - input->literal->at);
    }
    input->deprecation = deprecation(sdl);
    for (size_t i = 0; i + 1 < sdl->inputs.count; i++)
        if (slice_eq(((struct gql_input *)(void *)sdl->inputs.items)[i].name, input->name))
            refuse(sdl, input->at, "defined twice", input->name);
}

/* A list in brackets, at least one item; nothing at all where the bracket does not open. */
static void read_block(struct sdl *sdl, char open, char close, void (*item)(struct sdl *sdl))
{
    struct gql_parser *p = &sdl->p;
    if (!gql_parse_skip(p, open)) return;
    do item(sdl);
    while (!p->failed && !gql_parse_at(p, close));
    gql_parse_advance(p);
}

static int argument_index(const struct gql_field *field, const char *name)
{
    for (size_t i = 0; i < field->arg_count; i++)
        if (slice_is(field->args[i].name, name) && slice_is(field->args[i].ref->type->name, "Int")) return (int)i;
    return -1;
}

static void read_field(struct sdl *sdl)
{
    struct gql_parser *p = &sdl->p;
    struct gql_field field = {.description = description(sdl), .at = (uint32_t)p->lex.at};
    field.name = gql_parse_name(p, "a field");
    check_name(sdl, field.name, field.at);
    read_block(sdl, '(', ')', read_input);
    field.args = take(sdl, &sdl->inputs, &field.arg_count);
    gql_parse_expect(p, ':', "':'");
    field.ref = type_ref(sdl);
    field.deprecation = deprecation(sdl);
    field.first_arg = argument_index(&field, "first");
    field.last_arg = argument_index(&field, "last");
    *(struct gql_field *)push(&sdl->fields) = field;
}

static void read_value(struct sdl *sdl)
{
    struct gql_enum_value *value = push(&sdl->values);
    value->description = description(sdl);
    value->name = gql_parse_name(&sdl->p, "a word of the enum");
    value->deprecation = deprecation(sdl);
}

static void read_type_names(struct sdl *sdl, char separator)
{
    struct gql_parser *p = &sdl->p;
    gql_parse_skip(p, separator);
    do {
        uint32_t at = (uint32_t)p->lex.at;
        struct slice name = gql_parse_name(p, "a type");
        *(struct gql_type **)push(&sdl->types) = type_named(sdl, name, at);
    } while (gql_parse_skip(p, separator));
}

static void index_names(struct sdl *sdl, struct gql_type *type)
{
    struct gql_names *names = &sdl->schema->names;
    for (size_t i = 0; i < type->field_count; i++) {
        void **place = gql_names_put(names, type, type->fields[i].name);
        if (*place) refuse(sdl, type->fields[i].at, "defined twice", type->fields[i].name);
        type->fields[i].owner = type;
        *place = &type->fields[i];
    }
    for (size_t i = 0; i < type->input_count; i++) *gql_names_put(names, type, type->inputs[i].name) = &type->inputs[i];
    for (size_t i = 0; i < type->value_count; i++) {
        void **place = gql_names_put(names, type, type->values[i].name);
        if (*place) refuse(sdl, sdl->p.lex.at, "defined twice", type->values[i].name);
        *place = &type->values[i];
    }
}

static enum gql_scalar scalar_of(struct slice name)
{
    static const struct {
        const char *name;
        enum gql_scalar scalar;
    } known[] = {{"Int", SCALAR_INT}, {"Float", SCALAR_FLOAT}, {"String", SCALAR_STRING}, {"Boolean", SCALAR_BOOLEAN},
                 {"ID", SCALAR_ID},   {"JSON", SCALAR_JSON},   {"Map", SCALAR_JSON}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (slice_is(name, known[i].name)) return known[i].scalar;
    return SCALAR_CUSTOM;
}

static void read_scalar(struct sdl *sdl, struct gql_type *type)
{
    type->scalar = scalar_of(type->name);
    for (const struct ast_directive *i = gql_parse_directives(&sdl->p, true); i; i = i->next)
        if (slice_is(i->name, "specifiedBy")) type->specified_by = text_argument(i, "url");
}

static void read_object(struct sdl *sdl, struct gql_type *type)
{
    struct gql_parser *p = &sdl->p;
    if (gql_parse_at_word(p, "implements")) {
        gql_parse_advance(p);
        read_type_names(sdl, '&');
        type->interfaces = take(sdl, &sdl->types, &type->interface_count);
    }
    gql_parse_directives(p, true);
    read_block(sdl, '{', '}', read_field);
    type->fields = take(sdl, &sdl->fields, &type->field_count);
}

static void read_union(struct sdl *sdl, struct gql_type *type)
{
    gql_parse_directives(&sdl->p, true);
    if (!gql_parse_skip(&sdl->p, '=')) return;
    read_type_names(sdl, '|');
    type->possible = take(sdl, &sdl->types, &type->possible_count);
}

static void read_enum(struct sdl *sdl, struct gql_type *type)
{
    gql_parse_directives(&sdl->p, true);
    read_block(sdl, '{', '}', read_value);
    type->values = take(sdl, &sdl->values, &type->value_count);
}

static void read_input_type(struct sdl *sdl, struct gql_type *type)
{
    gql_parse_directives(&sdl->p, true);
    read_block(sdl, '{', '}', read_input);
    type->inputs = take(sdl, &sdl->inputs, &type->input_count);
}

static const struct form {
    const char *word;
    enum gql_kind kind;
    void (*read)(struct sdl *sdl, struct gql_type *type);
} forms[] = {
    {"type", KIND_OBJECT, read_object},   {"input", KIND_INPUT, read_input_type},     {"enum", KIND_ENUM, read_enum},
    {"scalar", KIND_SCALAR, read_scalar}, {"interface", KIND_INTERFACE, read_object}, {"union", KIND_UNION, read_union},
};

static void read_type(struct sdl *sdl, const struct form *form, struct slice text)
{
    uint32_t at = (uint32_t)sdl->p.lex.at;
    struct slice name = gql_parse_name(&sdl->p, "a name");
    check_name(sdl, name, at);
    struct gql_type *type = type_named(sdl, name, at), passed_over = {.name = name};
    if (type->kind != KIND_NONE) {
        if (!sdl->prelude) refuse(sdl, at, "defined twice", name);
        type = &passed_over;
    }
    type->kind = form->kind;
    type->description = text;
    type->introspection = sdl->prelude && slice_starts(name, "__");
    form->read(sdl, type);
    if (type != &passed_over) index_names(sdl, type);
}

static void read_locations(struct sdl *sdl, struct gql_directive *directive)
{
    struct gql_parser *p = &sdl->p;
    gql_parse_skip(p, '|');
    do {
        size_t at = p->lex.at;
        struct slice name = gql_parse_name(p, "a place");
        unsigned i = 0;
        while (i < LOCATIONS && !slice_is(name, gql_location_names[i])) i++;
        if (i == LOCATIONS) refuse(sdl, at, "unknown place of a directive", name);
        else directive->locations |= 1U << i;
    } while (gql_parse_skip(p, '|'));
}

static void read_directive(struct sdl *sdl, struct slice text)
{
    struct gql_parser *p = &sdl->p;
    struct gql_schema *s = sdl->schema;
    struct gql_directive *directive = arena_zero(s->arena, sizeof *directive);
    size_t at = p->lex.at;
    gql_parse_expect(p, '@', "'@'");
    directive->name = gql_parse_name(p, "a name");
    directive->description = text;
    read_block(sdl, '(', ')', read_input);
    directive->args = take(sdl, &sdl->inputs, &directive->arg_count);
    directive->repeatable = gql_parse_at_word(p, "repeatable");
    if (directive->repeatable) gql_parse_advance(p);
    if (!gql_parse_at_word(p, "on")) gql_parse_fail(p, "\"on\"");
    gql_parse_advance(p);
    read_locations(sdl, directive);
    void **place = gql_names_put(&s->names, &s->directives, directive->name);
    if (*place) {
        if (!sdl->prelude) refuse(sdl, at, "defined twice", directive->name);
        return;
    }
    *place = directive;
    directive->next = s->directives;
    s->directives = directive;
}

static void read_root(struct sdl *sdl)
{
    struct gql_parser *p = &sdl->p;
    size_t at = p->lex.at;
    struct slice role = gql_parse_name(p, "query or mutation");
    gql_parse_expect(p, ':', "':'");
    const struct gql_ref *ref = type_ref(sdl);
    if (slice_is(role, "query")) sdl->schema->query = ref->type;
    else if (slice_is(role, "mutation")) sdl->schema->mutation = ref->type;
    else refuse(sdl, at, "an operation that is not offered", role);
}

static void read_definition(struct sdl *sdl)
{
    struct gql_parser *p = &sdl->p;
    struct slice text = description(sdl);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (gql_parse_at_word(p, forms[i].word)) {
            gql_parse_advance(p);
            read_type(sdl, &forms[i], text);
            return;
        }
    bool schema = gql_parse_at_word(p, "schema");
    if (!schema && !gql_parse_at_word(p, "directive")) {
        gql_parse_fail(p, "a definition");
        return;
    }
    gql_parse_advance(p);
    if (!schema) {
        read_directive(sdl, text);
        return;
    }
    sdl->schema->description = text;
    sdl->schema->roots_named = true;
    gql_parse_directives(p, true);
    read_block(sdl, '{', '}', read_root);
}

void gql_sdl_read(struct gql_schema *s, struct slice text, bool prelude, struct gql_problems *problems)
{
    struct sdl sdl = {.schema = s, .prelude = prelude};
    sdl.fields.size = sizeof(struct gql_field);
    sdl.inputs.size = sizeof(struct gql_input);
    sdl.values.size = sizeof(struct gql_enum_value);
    sdl.types.size = sizeof(struct gql_type *);
    gql_parser_begin(&sdl.p, text, SIZE_MAX, s->arena, problems);
    while (!sdl.p.failed && !gql_parse_at(&sdl.p, TOK_END)) read_definition(&sdl);
    free(sdl.fields.items);
    free(sdl.inputs.items);
    free(sdl.values.items);
    free(sdl.types.items);
}
