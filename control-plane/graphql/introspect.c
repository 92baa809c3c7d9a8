/* The resolvers of __schema, __type and __typename. A __Type is a gql_ref; the other objects are the schema's own. */
#include "control-plane/graphql/document.h"
#include "control-plane/graphql/execute.h"

static const struct gql_schema *schema_of(const struct gql_call *call) { return call->x->doc->schema; }

static bool deprecated_too(const struct gql_call *call)
{
    const struct gql_value *value = gql_arg(call, "includeDeprecated");
    return value && value->kind == GQL_V_BOOL && value->boolean;
}

static void text_or_null(struct gql_call *call, struct slice text)
{
    if (text.ptr) gql_string(call, text);
    else gql_null(call);
}

static void give_ref(struct gql_call *call, const struct gql_ref *ref) { gql_object(call, (void *)ref); }

static void give_named(struct gql_call *call, const struct gql_type *type) { give_ref(call, type ? &type->self : NULL); }

static void *item_at(void *list, size_t i) { return ((void **)list)[i]; }

static void *type_at(void *list, size_t i) { return &((struct gql_type **)list)[i]->self; }

/* Pointers to the items of an array, without the deprecated ones where they are not asked for. */
static void give_items(struct gql_call *call, const void *items, size_t count, size_t size, size_t deprecation_at)
{
    bool all = deprecated_too(call);
    const void **kept = arena_alloc(gql_arena(call), (count + 1) * sizeof *kept);
    size_t n = 0;
    if (!kept) {
        gql_fail(call, LIMIT_EXCEEDED, "The request needs too much memory.");
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const char *item = (const char *)items + i * size;
        const struct gql_deprecation *d = (const void *)(item + deprecation_at);
        if (all || !d->deprecated) kept[n++] = item;
    }
    gql_list(call, n, item_at, kept);
}

static void give_inputs(struct gql_call *call, const struct gql_input *inputs, size_t count)
{
    give_items(call, inputs, count, sizeof *inputs, offsetof(struct gql_input, deprecation));
}

/* ---- Query ---- */

static void query_schema(struct gql_call *call) { gql_object(call, (void *)schema_of(call)); }

static void query_type(struct gql_call *call)
{
    const struct gql_type *type = gql_schema_type(schema_of(call), gql_arg(call, "name")->text);
    give_named(call, type == schema_of(call)->meta ? NULL : type);
}

static void any_typename(struct gql_call *call)
{
    buf_slice(call->x->out, call->f->constant);
    call->answer = ANSWER_WRITTEN;
}

/* ---- __Schema ---- */

static void schema_description(struct gql_call *call) { text_or_null(call, schema_of(call)->description); }
static void schema_types(struct gql_call *call) { gql_list(call, schema_of(call)->type_count, type_at, (void *)schema_of(call)->all); }
static void schema_query(struct gql_call *call) { give_named(call, schema_of(call)->query); }
static void schema_mutation(struct gql_call *call) { give_named(call, schema_of(call)->mutation); }
static void schema_directives(struct gql_call *call)
{
    gql_list(call, schema_of(call)->directive_count, item_at, (void *)schema_of(call)->all_directives);
}

/* ---- __Type ---- */

/* The named type, or NULL for a list or non-null. */
static const struct gql_type *named(const struct gql_call *call)
{
    const struct gql_ref *ref = gql_parent(call);
    return ref->wrap == WRAP_NONE ? ref->type : NULL;
}

static void type_kind(struct gql_call *call)
{
    static const char *const kinds[] = {"", "SCALAR", "OBJECT", "INTERFACE", "UNION", "ENUM", "INPUT_OBJECT"};
    const struct gql_ref *ref = gql_parent(call);
    const char *wrapped = ref->wrap == WRAP_LIST ? "LIST" : "NON_NULL";
    gql_string(call, slice_str(ref->wrap == WRAP_NONE ? kinds[ref->type->kind] : wrapped));
}

static void type_name(struct gql_call *call) { text_or_null(call, named(call) ? named(call)->name : (struct slice){0}); }
static void type_description(struct gql_call *call) { text_or_null(call, named(call) ? named(call)->description : (struct slice){0}); }
static void type_specified_by(struct gql_call *call) { text_or_null(call, named(call) ? named(call)->specified_by : (struct slice){0}); }

static void type_fields(struct gql_call *call)
{
    const struct gql_type *t = named(call);
    if (!t || (t->kind != KIND_OBJECT && t->kind != KIND_INTERFACE)) gql_null(call);
    else give_items(call, t->fields, t->field_count, sizeof *t->fields, offsetof(struct gql_field, deprecation));
}

static void type_interfaces(struct gql_call *call)
{
    const struct gql_type *t = named(call);
    if (!t || (t->kind != KIND_OBJECT && t->kind != KIND_INTERFACE)) gql_null(call);
    else gql_list(call, t->interface_count, type_at, t->interfaces);
}

static void type_possible(struct gql_call *call)
{
    const struct gql_type *t = named(call);
    if (!t || (t->kind != KIND_UNION && t->kind != KIND_INTERFACE)) gql_null(call);
    else gql_list(call, t->possible_count, type_at, t->possible);
}

static void type_values(struct gql_call *call)
{
    const struct gql_type *t = named(call);
    if (!t || t->kind != KIND_ENUM) gql_null(call);
    else give_items(call, t->values, t->value_count, sizeof *t->values, offsetof(struct gql_enum_value, deprecation));
}

static void type_inputs(struct gql_call *call)
{
    const struct gql_type *t = named(call);
    if (!t || t->kind != KIND_INPUT) gql_null(call);
    else give_inputs(call, t->inputs, t->input_count);
}

static void type_of(struct gql_call *call)
{
    const struct gql_ref *ref = gql_parent(call);
    give_ref(call, ref->of);
}

/* ---- __Field, __InputValue, __EnumValue, __Directive ---- */

static void field_name(struct gql_call *call) { gql_string(call, ((struct gql_field *)gql_parent(call))->name); }
static void field_description(struct gql_call *call) { text_or_null(call, ((struct gql_field *)gql_parent(call))->description); }
static void field_type(struct gql_call *call) { give_ref(call, ((struct gql_field *)gql_parent(call))->ref); }
static void field_deprecated(struct gql_call *call) { gql_bool(call, ((struct gql_field *)gql_parent(call))->deprecation.deprecated); }
static void field_reason(struct gql_call *call) { text_or_null(call, ((struct gql_field *)gql_parent(call))->deprecation.reason); }
static void field_args(struct gql_call *call)
{
    const struct gql_field *field = gql_parent(call);
    give_inputs(call, field->args, field->arg_count);
}

static void input_name(struct gql_call *call) { gql_string(call, ((struct gql_input *)gql_parent(call))->name); }
static void input_description(struct gql_call *call) { text_or_null(call, ((struct gql_input *)gql_parent(call))->description); }
static void input_type(struct gql_call *call) { give_ref(call, ((struct gql_input *)gql_parent(call))->ref); }
static void input_default(struct gql_call *call) { text_or_null(call, ((struct gql_input *)gql_parent(call))->literal_text); }
static void input_deprecated(struct gql_call *call) { gql_bool(call, ((struct gql_input *)gql_parent(call))->deprecation.deprecated); }
static void input_reason(struct gql_call *call) { text_or_null(call, ((struct gql_input *)gql_parent(call))->deprecation.reason); }

static void value_name(struct gql_call *call) { gql_string(call, ((struct gql_enum_value *)gql_parent(call))->name); }
static void value_description(struct gql_call *call) { text_or_null(call, ((struct gql_enum_value *)gql_parent(call))->description); }
static void value_deprecated(struct gql_call *call) { gql_bool(call, ((struct gql_enum_value *)gql_parent(call))->deprecation.deprecated); }
static void value_reason(struct gql_call *call) { text_or_null(call, ((struct gql_enum_value *)gql_parent(call))->deprecation.reason); }

static void directive_name(struct gql_call *call) { gql_string(call, ((struct gql_directive *)gql_parent(call))->name); }
static void directive_description(struct gql_call *call) { text_or_null(call, ((struct gql_directive *)gql_parent(call))->description); }
static void directive_repeatable(struct gql_call *call) { gql_bool(call, ((struct gql_directive *)gql_parent(call))->repeatable); }
static void directive_args(struct gql_call *call)
{
    const struct gql_directive *directive = gql_parent(call);
    give_inputs(call, directive->args, directive->arg_count);
}

static void directive_locations(struct gql_call *call)
{
    const struct gql_directive *directive = gql_parent(call);
    struct slice names[LOCATIONS];
    size_t n = 0;
    for (unsigned i = 0; i < LOCATIONS; i++)
        if (directive->locations >> i & 1) names[n++] = slice_str(gql_location_names[i]);
    gql_strings(call, n, names);
}

const struct gql_binding gql_introspection_bindings[] = {
    {"__Meta", "__schema", query_schema},
    {"__Meta", "__type", query_type},
    {"__Meta", "__typename", any_typename},
    {"__Schema", "description", schema_description},
    {"__Schema", "types", schema_types},
    {"__Schema", "queryType", schema_query},
    {"__Schema", "mutationType", schema_mutation},
    {"__Schema", "directives", schema_directives},
    {"__Type", "kind", type_kind},
    {"__Type", "name", type_name},
    {"__Type", "description", type_description},
    {"__Type", "specifiedByURL", type_specified_by},
    {"__Type", "fields", type_fields},
    {"__Type", "interfaces", type_interfaces},
    {"__Type", "possibleTypes", type_possible},
    {"__Type", "enumValues", type_values},
    {"__Type", "inputFields", type_inputs},
    {"__Type", "ofType", type_of},
    {"__Field", "name", field_name},
    {"__Field", "description", field_description},
    {"__Field", "args", field_args},
    {"__Field", "type", field_type},
    {"__Field", "isDeprecated", field_deprecated},
    {"__Field", "deprecationReason", field_reason},
    {"__InputValue", "name", input_name},
    {"__InputValue", "description", input_description},
    {"__InputValue", "type", input_type},
    {"__InputValue", "defaultValue", input_default},
    {"__InputValue", "isDeprecated", input_deprecated},
    {"__InputValue", "deprecationReason", input_reason},
    {"__EnumValue", "name", value_name},
    {"__EnumValue", "description", value_description},
    {"__EnumValue", "isDeprecated", value_deprecated},
    {"__EnumValue", "deprecationReason", value_reason},
    {"__Directive", "name", directive_name},
    {"__Directive", "description", directive_description},
    {"__Directive", "isRepeatable", directive_repeatable},
    {"__Directive", "locations", directive_locations},
    {"__Directive", "args", directive_args},
};
const size_t gql_introspection_binding_count = sizeof gql_introspection_bindings / sizeof *gql_introspection_bindings;
