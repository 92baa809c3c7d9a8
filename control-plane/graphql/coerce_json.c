/* The variables of a request: JSON, led by the types that the operation declares. */
#include "base/json_read.h"
#include "control-plane/graphql/coerce.h"

#include <math.h>

/* Where in the variable's value we are, for the message. */
struct spot {
    const struct spot *up;
    struct slice name; /* of a field, or empty: an index */
    size_t index;
};

struct input {
    struct gql_coerce *c;
    struct json_reader r;
    struct slice variable;
    struct buf scratch;
};

static bool value(struct input *in, const struct spot *spot, const struct gql_ref *ref, struct gql_value *out);

static void spot_text(struct buf *out, const struct spot *spot)
{
    if (!spot) return;
    spot_text(out, spot->up);
    if (spot->name.len) buf_printf(out, ".%.*s", NAME(spot->name));
    else buf_printf(out, "[%zu]", spot->index);
}

static bool refuse(struct input *in, const struct spot *spot, const char *why, struct slice what)
{
    struct buf where;
    buf_init(&where, 128);
    spot_text(&where, spot);
    gql_coerce_fail(in->c, BAD_USER_INPUT, "Variable \"$%.*s%.*s\": %s%.*s.", NAME(in->variable), NAME(buf_view(&where)), why, NAME(what));
    buf_free(&where);
    return false;
}

static bool mismatch(struct input *in, const struct spot *spot, const struct gql_ref *ref)
{
    struct buf type;
    buf_init(&type, 128);
    gql_ref_text(&type, ref);
    refuse(in, spot, "expected ", buf_view(&type));
    buf_free(&type);
    return false;
}

static bool broken(struct input *in)
{
    return gql_coerce_fail(in->c, BAD_USER_INPUT, "The variables are not valid JSON: %s.",
                           in->r.error ? in->r.error : "an object expected");
}

static bool too_large(struct input *in) { return gql_coerce_fail(in->c, LIMIT_EXCEEDED, "The variables are too large."); }

/* The reader's last string or key, to stay. */
static bool text(struct input *in, struct slice *out)
{
    *out = in->r.text;
    if (!in->r.escaped) return true;
    struct slice plain = json_text(&in->r, &in->scratch);
    *out = slice_of(arena_copy(in->c->arena, plain), plain.len);
    return out->ptr || too_large(in);
}

static bool string(struct input *in, struct gql_value *out)
{
    *out = (struct gql_value){.kind = GQL_V_STRING};
    return text(in, &out->text);
}

/* The value as it stands, whatever it is. */
static bool verbatim(struct input *in, struct gql_value *out)
{
    size_t before = in->r.text.len + (in->r.token == JSON_STRING ? 2 : 0);
    if (in->r.token == JSON_OBJECT || in->r.token == JSON_ARRAY) before = 1;
    else if (in->r.token != JSON_STRING && in->r.token != JSON_NUMBER) before = in->r.token == JSON_FALSE ? 5 : 4;
    size_t start = in->r.at - before;
    if (!json_skip(&in->r)) return broken(in);
    *out = (struct gql_value){.kind = GQL_V_JSON, .text = {in->r.in.ptr + start, in->r.at - start}};
    return true;
}

static bool whole(struct input *in, int64_t *out)
{
    if (json_int(&in->r, out)) return true;
    double real = gql_real(in->c->arena, in->r.text);
    if (!(fabs(real) <= 9007199254740992.0) || real != floor(real)) return false;
    *out = (int64_t)real;
    return true;
}

static bool number(struct input *in, const struct spot *spot, const struct gql_ref *ref, struct gql_value *out)
{
    enum gql_scalar kind = ref->type->scalar;
    int64_t integer = 0;
    bool is_whole = whole(in, &integer);
    *out = (struct gql_value){.kind = GQL_V_INT, .integer = integer};
    if (kind == SCALAR_INT) {
        if (!is_whole) return mismatch(in, spot, ref);
        return (integer >= INT32_MIN && integer <= INT32_MAX) || refuse(in, spot, "beyond the range of Int", SLICE(""));
    }
    if (kind == SCALAR_ID) {
        *out = (struct gql_value){.kind = GQL_V_STRING, .text = in->r.text};
        return is_whole || mismatch(in, spot, ref);
    }
    if (kind == SCALAR_CUSTOM && is_whole) return true;
    *out = (struct gql_value){.kind = GQL_V_FLOAT, .real = gql_real(in->c->arena, in->r.text)};
    if (kind != SCALAR_FLOAT && kind != SCALAR_CUSTOM) return mismatch(in, spot, ref);
    return isfinite(out->real) || refuse(in, spot, "beyond the range of Float", SLICE(""));
}

static bool scalar(struct input *in, const struct spot *spot, const struct gql_ref *ref, struct gql_value *out)
{
    enum gql_scalar kind = ref->type->scalar;
    bool custom = kind == SCALAR_CUSTOM;
    if (kind == SCALAR_JSON) return verbatim(in, out);
    switch (in->r.token) {
    case JSON_NUMBER: return number(in, spot, ref, out);
    case JSON_STRING: return kind == SCALAR_STRING || kind == SCALAR_ID || custom ? string(in, out) : mismatch(in, spot, ref);
    case JSON_TRUE:
    case JSON_FALSE:
        *out = (struct gql_value){.kind = GQL_V_BOOL, .boolean = in->r.token == JSON_TRUE};
        return kind == SCALAR_BOOLEAN || custom || mismatch(in, spot, ref);
    default: return custom ? verbatim(in, out) : mismatch(in, spot, ref);
    }
}

static bool word(struct input *in, const struct spot *spot, const struct gql_ref *ref, struct gql_value *out)
{
    if (in->r.token != JSON_STRING) return mismatch(in, spot, ref);
    struct slice name = json_text(&in->r, &in->scratch);
    const struct gql_enum_value *known = gql_type_value(in->c->schema, ref->type, name);
    if (!known) return mismatch(in, spot, ref);
    *out = (struct gql_value){.kind = GQL_V_ENUM, .text = known->name};
    return true;
}

static bool list(struct input *in, const struct spot *spot, const struct gql_ref *ref, struct gql_value *out)
{
    struct gql_value *items = NULL;
    size_t n = 0, cap = 0;
    while (json_next(&in->r) != JSON_ARRAY_END) {
        if (in->r.token == JSON_ERROR) return broken(in);
        if (n == cap) {
            cap = cap ? cap * 2 : 8;
            struct gql_value *more = arena_alloc(in->c->arena, cap * sizeof *more);
            if (!more) return too_large(in);
            if (n) memcpy(more, items, n * sizeof *more);
            items = more;
        }
        if (!value(in, &(struct spot){spot, {0}, n}, ref->of, &items[n])) return false;
        n++;
    }
    *out = (struct gql_value){.kind = GQL_V_LIST, .list = {n, items}};
    return true;
}

static struct gql_entry *entry(struct gql_entry *entries, size_t n, struct slice name)
{
    for (size_t i = 0; i < n; i++)
        if (slice_eq(entries[i].name, name)) return &entries[i];
    return &entries[n];
}

static bool complete(struct input *in, const struct spot *spot, const struct gql_type *type, struct gql_entry *entries, size_t *n)
{
    for (size_t i = 0; i < type->input_count; i++) {
        const struct gql_input *input = &type->inputs[i];
        if (!input->fallback && !gql_is_required(input)) continue;
        struct gql_entry *e = entry(entries, *n, input->name);
        if (e != &entries[*n]) continue;
        if (!input->fallback) return refuse(in, spot, "a required field is missing: ", input->name);
        *e = (struct gql_entry){input->name, *input->fallback};
        ++*n;
    }
    return true;
}

static bool object(struct input *in, const struct spot *spot, const struct gql_ref *ref, struct gql_value *out)
{
    if (in->r.token != JSON_OBJECT) return mismatch(in, spot, ref);
    struct gql_entry *entries = arena_alloc(in->c->arena, (ref->type->input_count + 1) * sizeof *entries);
    size_t n = 0;
    if (!entries) return too_large(in);
    while (json_next(&in->r) != JSON_OBJECT_END) {
        if (in->r.token == JSON_ERROR) return broken(in);
        struct slice name = json_text(&in->r, &in->scratch);
        const struct gql_input *input = gql_type_input(in->c->schema, ref->type, name);
        if (!input) return refuse(in, spot, "no such field: ", name);
        struct gql_entry *e = entry(entries, n, input->name);
        e->name = input->name;
        n += e == &entries[n];
        json_next(&in->r);
        if (!value(in, &(struct spot){spot, input->name, 0}, input->ref, &e->value)) return false;
    }
    *out = (struct gql_value){.kind = GQL_V_OBJECT};
    if (!complete(in, spot, ref->type, entries, &n)) return false;
    out->object.count = n;
    out->object.entries = entries;
    return true;
}

static bool single(struct input *in, const struct spot *spot, const struct gql_ref *ref, struct gql_value *out)
{
    struct gql_value *item = arena_alloc(in->c->arena, sizeof *item);
    if (!item) return too_large(in);
    *out = (struct gql_value){.kind = GQL_V_LIST, .list = {1, item}};
    return value(in, spot, ref->of, item);
}

static bool value(struct input *in, const struct spot *spot, const struct gql_ref *ref, struct gql_value *out)
{
    if (in->r.token == JSON_ERROR) return broken(in);
    const struct gql_ref *plain = ref->wrap == WRAP_NON_NULL ? ref->of : ref;
    if (in->r.token == JSON_NULL) {
        *out = (struct gql_value){.kind = GQL_V_NULL};
        return ref->wrap != WRAP_NON_NULL || refuse(in, spot, "must not be null", SLICE(""));
    }
    if (plain->wrap == WRAP_LIST) return in->r.token == JSON_ARRAY ? list(in, spot, plain, out) : single(in, spot, plain, out);
    if (ref->type->kind == KIND_SCALAR) return scalar(in, spot, plain, out);
    return ref->type->kind == KIND_ENUM ? word(in, spot, plain, out) : object(in, spot, plain, out);
}

static bool read_all(struct input *in, const struct gql_value **values)
{
    if (json_next(&in->r) == JSON_NULL) return json_next(&in->r) == JSON_END || broken(in);
    if (in->r.token != JSON_OBJECT) return broken(in);
    while (json_next(&in->r) == JSON_KEY) {
        struct slice name = json_text(&in->r, &in->scratch);
        const struct ast_variable *variable = gql_names_get(in->c->variables->names, in->c->variables->owner, name);
        if (!variable) {
            if (!json_skip(&in->r)) return broken(in);
            continue;
        }
        struct gql_value *made = arena_alloc(in->c->arena, sizeof *made);
        if (!made) return too_large(in);
        in->variable = variable->name;
        json_next(&in->r);
        if (!value(in, NULL, variable->ref, made)) return false;
        values[variable->index] = made;
    }
    return (in->r.token == JSON_OBJECT_END && json_next(&in->r) == JSON_END) || broken(in);
}

bool gql_coerce_variables(struct gql_coerce *c, struct slice json, const struct ast_variable *variables,
                          const struct gql_value *const *defaults, const struct gql_value **values)
{
    struct input in = {.c = c};
    for (const struct ast_variable *v = variables; v; v = v->next) values[v->index] = NULL;
    json_begin(&in.r, json);
    buf_init(&in.scratch, json.len);
    bool ok = json.len == 0 || read_all(&in, values);
    buf_free(&in.scratch);
    for (const struct ast_variable *v = variables; ok && v; v = v->next) {
        if (values[v->index]) continue;
        values[v->index] = defaults[v->index];
        in.variable = v->name;
        if (!values[v->index] && v->ref->wrap == WRAP_NON_NULL) ok = refuse(&in, NULL, "a value is required", SLICE(""));
    }
    return ok;
}
