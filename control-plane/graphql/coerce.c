#include "control-plane/graphql/coerce.h"

#include "base/json_write.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

bool gql_coerce_fail(struct gql_coerce *c, const char *code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(c->message, sizeof c->message, format, args);
    va_end(args);
    c->code = code;
    return false;
}

static void *room(struct gql_coerce *c, size_t size)
{
    void *memory = arena_alloc(c->arena, size);
    if (!memory) gql_coerce_fail(c, LIMIT_EXCEEDED, "The input is too large.");
    return memory;
}

const struct gql_value *gql_variable(const struct gql_variables *variables, struct slice name)
{
    const struct ast_variable *variable = variables ? gql_names_get(variables->names, variables->owner, name) : NULL;
    return variable ? variables->values[variable->index] : NULL;
}

bool gql_integer(struct slice s, int64_t *value)
{
    bool negative = s.len && s.ptr[0] == '-';
    int64_t sum = 0;
    for (size_t i = negative; i < s.len; i++)
        if (__builtin_mul_overflow(sum, 10, &sum) || __builtin_sub_overflow(sum, s.ptr[i] - '0', &sum)) return false;
    if (!negative && sum == INT64_MIN) return false;
    *value = negative ? sum : -sum;
    return true;
}

double gql_real(struct arena *arena, struct slice text)
{
    char small[64];
    if (text.len < sizeof small) {
        memcpy(small, text.ptr, text.len);
        small[text.len] = '\0';
        return strtod(small, NULL);
    }
    const char *copy = arena_copy(arena, text);
    return copy ? strtod(copy, NULL) : 0;
}

/* ---- JSON text of scalars that take anything ---- */

static void value_json(struct buf *out, const struct gql_value *v);

static void object_json(struct buf *out, const struct gql_value *v)
{
    for (size_t i = 0; i < v->object.count; i++) {
        buf_char(out, i ? ',' : '{');
        json_write_string(out, v->object.entries[i].name);
        buf_char(out, ':');
        value_json(out, &v->object.entries[i].value);
    }
    buf_str(out, v->object.count ? "}" : "{}");
}

static void list_json(struct buf *out, const struct gql_value *v)
{
    buf_char(out, '[');
    for (size_t i = 0; i < v->list.count; i++) {
        if (i) buf_char(out, ',');
        value_json(out, &v->list.items[i]);
    }
    buf_char(out, ']');
}

static void value_json(struct buf *out, const struct gql_value *v)
{
    switch (v->kind) {
    case GQL_V_NULL: buf_str(out, "null"); break;
    case GQL_V_BOOL: buf_str(out, v->boolean ? "true" : "false"); break;
    case GQL_V_INT: buf_i64(out, v->integer); break;
    case GQL_V_FLOAT: json_write_double(out, v->real); break;
    case GQL_V_STRING:
    case GQL_V_ENUM: json_write_string(out, v->text); break;
    case GQL_V_JSON: buf_slice(out, v->text); break;
    case GQL_V_LIST: list_json(out, v); break;
    case GQL_V_OBJECT: object_json(out, v); break;
    }
}

static void literal_json(const struct gql_coerce *c, struct buf *out, const struct ast_value *v)
{
    bool object = v->kind == AST_OBJECT;
    const struct gql_value *given;
    switch (v->kind) {
    case AST_VARIABLE:
        given = gql_variable(c->variables, v->text);
        if (given) value_json(out, given);
        else buf_str(out, "null");
        break;
    case AST_INT:
    case AST_FLOAT:
    case AST_BOOL: buf_slice(out, v->text); break;
    case AST_NULL: buf_str(out, "null"); break;
    case AST_STRING:
    case AST_ENUM: json_write_string(out, v->text); break;
    case AST_LIST:
    case AST_OBJECT:
        buf_char(out, object ? '{' : '[');
        for (const struct ast_value *i = v->items; i; i = i->next) {
            if (object) {
                json_write_string(out, i->name);
                buf_char(out, ':');
            }
            literal_json(c, out, i);
            if (i->next) buf_char(out, ',');
        }
        buf_char(out, object ? '}' : ']');
        break;
    }
}

static bool any_json(struct gql_coerce *c, const struct ast_value *v, struct gql_value *out)
{
    struct buf text;
    buf_init(&text, (size_t)1 << 20);
    literal_json(c, &text, v);
    char *copy = text.full ? NULL : arena_copy(c->arena, buf_view(&text));
    *out = (struct gql_value){.kind = GQL_V_JSON, .text = {copy, text.len}};
    buf_free(&text);
    return copy || gql_coerce_fail(c, LIMIT_EXCEEDED, "The input is too large.");
}

/* ---- literals ---- */

static bool number(struct gql_coerce *c, const struct ast_value *v, struct gql_value *out)
{
    *out = (struct gql_value){.kind = GQL_V_INT};
    if (v->kind == AST_INT && gql_integer(v->text, &out->integer)) return true;
    *out = (struct gql_value){.kind = GQL_V_FLOAT, .real = gql_real(c->arena, v->text)};
    return true;
}

static bool scalar(struct gql_coerce *c, const struct ast_value *v, enum gql_scalar scalar, struct gql_value *out)
{
    if (scalar == SCALAR_JSON || v->kind == AST_LIST || v->kind == AST_OBJECT) return any_json(c, v, out);
    if (scalar == SCALAR_FLOAT) {
        *out = (struct gql_value){.kind = GQL_V_FLOAT, .real = gql_real(c->arena, v->text)};
        return true;
    }
    if (v->kind == AST_BOOL) *out = (struct gql_value){.kind = GQL_V_BOOL, .boolean = slice_is(v->text, "true")};
    else if (scalar != SCALAR_ID && (v->kind == AST_INT || v->kind == AST_FLOAT)) return number(c, v, out);
    else *out = (struct gql_value){.kind = GQL_V_STRING, .text = v->text};
    return true;
}

static bool list(struct gql_coerce *c, const struct ast_value *v, const struct gql_ref *ref, struct gql_value *out)
{
    size_t n = v->kind == AST_LIST ? v->count : 1;
    struct gql_value *items = room(c, n * sizeof *items);
    if (!items) return false;
    if (v->kind != AST_LIST) {
        if (!gql_coerce_literal(c, v, ref->of, items)) return false;
    } else {
        size_t at = 0;
        for (const struct ast_value *i = v->items; i; i = i->next)
            if (!gql_coerce_literal(c, i, ref->of, &items[at++])) return false;
    }
    *out = (struct gql_value){.kind = GQL_V_LIST, .list = {n, items}};
    return true;
}

static const struct ast_value *member(const struct ast_value *v, struct slice name)
{
    for (const struct ast_value *i = v->items; i; i = i->next)
        if (slice_eq(i->name, name)) return i;
    return NULL;
}

static bool object(struct gql_coerce *c, const struct ast_value *v, const struct gql_type *type, struct gql_value *out)
{
    struct gql_entry *entries = room(c, type->input_count * sizeof *entries);
    size_t n = 0;
    if (!entries) return false;
    for (size_t i = 0; i < type->input_count; i++) {
        const struct gql_input *input = &type->inputs[i];
        const struct ast_value *given = member(v, input->name);
        bool absent = !given || (given->kind == AST_VARIABLE && !gql_variable(c->variables, given->text));
        if (absent && !input->fallback) {
            if (!gql_is_required(input)) continue;
            return gql_coerce_fail(c, BAD_USER_INPUT, "The field \"%.*s\" of %.*s is required.", NAME(input->name), NAME(type->name));
        }
        entries[n].name = input->name;
        if (absent) entries[n].value = *input->fallback;
        else if (!gql_coerce_literal(c, given, input->ref, &entries[n].value)) return false;
        n++;
    }
    *out = (struct gql_value){.kind = GQL_V_OBJECT, .object = {n, entries}};
    return true;
}

bool gql_coerce_literal(struct gql_coerce *c, const struct ast_value *v, const struct gql_ref *ref, struct gql_value *out)
{
    const struct gql_value *given = v->kind == AST_VARIABLE ? gql_variable(c->variables, v->text) : NULL;
    if (v->kind == AST_NULL || (v->kind == AST_VARIABLE && (!given || given->kind == GQL_V_NULL))) {
        *out = (struct gql_value){.kind = GQL_V_NULL};
        if (ref->wrap != WRAP_NON_NULL) return true;
        return gql_coerce_fail(c, BAD_USER_INPUT, "The variable \"$%.*s\" must not be null here.", NAME(v->text));
    }
    if (given) {
        *out = *given;
        return true;
    }
    if (ref->wrap == WRAP_NON_NULL) ref = ref->of;
    if (ref->wrap == WRAP_LIST) return list(c, v, ref, out);
    if (ref->type->kind == KIND_INPUT) return object(c, v, ref->type, out);
    if (ref->type->kind == KIND_SCALAR) return scalar(c, v, ref->type->scalar, out);
    *out = (struct gql_value){.kind = GQL_V_ENUM, .text = v->text};
    return true;
}

static bool argument(struct gql_coerce *c, const struct gql_input *input, const struct ast_argument *given, const struct gql_value **out)
{
    while (given && !slice_eq(given->name, input->name)) given = given->next;
    bool variable = given && given->value->kind == AST_VARIABLE;
    const struct gql_value *value = variable ? gql_variable(c->variables, given->value->text) : NULL;
    *out = input->fallback;
    if (!given || (variable && !value)) {
        if (!gql_is_required(input)) return true;
        return gql_coerce_fail(c, BAD_USER_INPUT, "The argument \"%.*s\" is required.", NAME(input->name));
    }
    *out = value;
    if (value && (value->kind != GQL_V_NULL || input->ref->wrap != WRAP_NON_NULL)) return true;
    struct gql_value *made = room(c, sizeof *made);
    *out = made;
    return made && gql_coerce_literal(c, given->value, input->ref, made);
}

bool gql_coerce_arguments(struct gql_coerce *c, const struct gql_input *inputs, size_t count, const struct ast_argument *given,
                          const struct gql_value **out)
{
    for (size_t i = 0; i < count; i++)
        if (!argument(c, &inputs[i], given, &out[i])) return false;
    return true;
}
