/* What resolvers answer with and ask for. */
#include "base/clock.h"
#include "base/json_write.h"
#include "control-plane/graphql/execute.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

static void fail(struct gql_call *call, const char *code, const char *message)
{
    gql_execution_error(call->x, &call->path, code, slice_str(message));
    call->answer = ANSWER_FAILED;
}

bool gql_takes(struct gql_call *call, unsigned kind)
{
    if (call->answer != ANSWER_NONE) return false;
    if (call->f->takes & kind) return true;
    fail(call, INTERNAL, "The field was answered with a value of another type.");
    return false;
}

void *gql_user(const struct gql_call *call) { return call->x->user; }
void *gql_parent(const struct gql_call *call) { return call->parent; }
struct arena *gql_arena(const struct gql_call *call) { return call->x->arena; }

void gql_null(struct gql_call *call)
{
    if (call->answer == ANSWER_NONE) call->answer = ANSWER_NULL;
}

void gql_bool(struct gql_call *call, bool value)
{
    if (!gql_takes(call, TAKES_BOOL)) return;
    if (value) buf_add(call->x->out, "true", 4);
    else buf_add(call->x->out, "false", 5);
    call->answer = ANSWER_WRITTEN;
}

void gql_int(struct gql_call *call, int64_t value)
{
    bool quote = call->f->takes & TAKES_ID;
    if (!gql_takes(call, TAKES_INT | TAKES_ID)) return;
    if (quote) buf_char(call->x->out, '"');
    buf_i64(call->x->out, value);
    if (quote) buf_char(call->x->out, '"');
    call->answer = ANSWER_WRITTEN;
}

void gql_float(struct gql_call *call, double value)
{
    if (!gql_takes(call, TAKES_FLOAT)) return;
    if (!isfinite(value)) {
        fail(call, INTERNAL, "The number has no finite value.");
        return;
    }
    json_write_double(call->x->out, value);
    call->answer = ANSWER_WRITTEN;
}

static bool known_word(const struct gql_call *call, struct slice word)
{
    const struct gql_type *type = call->f->field->ref->type;
    for (size_t i = 0; i < type->value_count; i++)
        if (slice_eq(type->values[i].name, word)) return true;
    return false;
}

void gql_string(struct gql_call *call, struct slice value)
{
    if (!gql_takes(call, TAKES_STRING | TAKES_WORD)) return;
    if (call->f->takes & TAKES_WORD && !known_word(call, value)) {
        fail(call, INTERNAL, "The word is not one of the enum.");
        return;
    }
    json_write_string(call->x->out, value);
    call->answer = ANSWER_WRITTEN;
}

void gql_time(struct gql_call *call, int64_t ns)
{
    if (!gql_takes(call, TAKES_STRING)) return;
    buf_char(call->x->out, '"');
    clock_rfc3339(call->x->out, ns);
    buf_char(call->x->out, '"');
    call->answer = ANSWER_WRITTEN;
}

void gql_json(struct gql_call *call, struct slice value)
{
    if (!gql_takes(call, TAKES_JSON)) return;
    buf_slice(call->x->out, value);
    call->answer = ANSWER_WRITTEN;
}

void gql_strings(struct gql_call *call, size_t n, const struct slice *values)
{
    struct buf *out = call->x->out;
    if (!gql_takes(call, TAKES_STRINGS | TAKES_WORDS)) return;
    buf_char(out, '[');
    for (size_t i = 0; i < n; i++) {
        if (call->f->takes & TAKES_WORDS && !known_word(call, values[i])) {
            fail(call, INTERNAL, "The word is not one of the enum.");
            return;
        }
        if (i) buf_char(out, ',');
        json_write_string(out, values[i]);
    }
    buf_char(out, ']');
    call->answer = ANSWER_WRITTEN;
}

/* ---- objects ---- */

/* Asks the binding "__typename" of an interface or union. */
static const struct gql_plan_set *concrete_set(struct gql_call *call, void *object, const struct gql_path *path)
{
    static const struct gql_type any = {.kind = KIND_SCALAR, .scalar = SCALAR_STRING};
    static const struct gql_ref ref = {WRAP_NONE, NULL, (struct gql_type *)&any};
    static const struct gql_field field = {.ref = &ref};
    struct gql_plan_field name = {.takes = TAKES_STRING, .field = &field, .key = call->f->key, .at = call->f->at};
    struct gql_call ask = {.x = call->x, .f = &name, .parent = object, .path = *path};
    struct buf *out = call->x->out;
    size_t mark = out->len;
    const struct gql_plan_set *found = NULL;
    call->f->field->ref->type->type_name(&ask);
    if (ask.answer == ANSWER_WRITTEN && !out->full && out->len - mark > 2) {
        struct slice answer = slice_of(out->data + mark + 1, out->len - mark - 2);
        for (size_t i = 0; i < call->f->set_count && !found; i++)
            if (slice_eq(call->f->sets[i].type->name, answer)) found = &call->f->sets[i];
    }
    if (out->full) return NULL;
    buf_cut(out, mark);
    if (!found && ask.answer != ANSWER_FAILED)
        gql_execution_error(call->x, path, INTERNAL, SLICE("The object has none of the types that the field may have."));
    return found;
}

static bool run_object(struct gql_call *call, void *object, const struct gql_path *path)
{
    const struct gql_plan_set *set = call->f->sets;
    if (call->f->field->ref->type->kind != KIND_OBJECT) set = concrete_set(call, object, path);
    return set && gql_run_set(call->x, set, object, path);
}

void gql_object(struct gql_call *call, void *object)
{
    if (!object) {
        gql_null(call);
        return;
    }
    if (!gql_takes(call, TAKES_OBJECT)) return;
    call->answer = run_object(call, object, &call->path) ? ANSWER_WRITTEN : ANSWER_FAILED;
}

static bool run_item(struct gql_call *call, void *object, size_t index)
{
    struct gql_path path = {&call->path, NULL, index};
    struct buf *out = call->x->out;
    size_t mark = out->len;
    if (object && run_object(call, object, &path)) return true;
    if (out->full) return false;
    if (!object && call->f->item_non_null) gql_execution_error(call->x, &path, INTERNAL, SLICE("A null came where none may be."));
    if (call->f->item_non_null) return false;
    buf_cut(out, mark);
    buf_add(out, "null", 4);
    return true;
}

void gql_list(struct gql_call *call, size_t n, void *(*at)(void *list, size_t i), void *list)
{
    struct buf *out = call->x->out;
    if (!gql_takes(call, TAKES_OBJECTS)) return;
    buf_char(out, '[');
    for (size_t i = 0; i < n; i++) {
        if (i) buf_char(out, ',');
        if (run_item(call, at(list, i), i)) continue;
        call->answer = ANSWER_FAILED;
        return;
    }
    buf_char(out, ']');
    call->answer = ANSWER_WRITTEN;
}

void gql_fail(struct gql_call *call, const char *code, const char *format, ...)
{
    char message[512];
    if (call->answer != ANSWER_NONE) return;
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    fail(call, code, message);
}

/* ---- what was asked ---- */

static bool selects(const struct gql_plan_field *f, const char *path, uint64_t conditions)
{
    const char *dot = strchr(path, '.');
    struct slice name = slice_of(path, dot ? (size_t)(dot - path) : strlen(path));
    for (size_t s = 0; s < f->set_count; s++)
        for (size_t i = 0; i < f->sets[s].count; i++) {
            const struct gql_plan_field *inner = &f->sets[s].fields[i];
            if (!slice_eq(inner->field->name, name) || !gql_is_active(inner, conditions)) continue;
            if (!dot || selects(inner, dot + 1, conditions)) return true;
        }
    return false;
}

bool gql_selects(const struct gql_call *call, const char *path) { return selects(call->f, path, call->x->conditions); }

const struct gql_value *gql_arg(const struct gql_call *call, const char *name)
{
    const struct gql_plan_field *f = call->f;
    const struct gql_value **args = f->args ? f->args : call->x->slots[f->slot].args;
    for (size_t i = 0; i < f->field->arg_count; i++)
        if (slice_is(f->field->args[i].name, name)) return args[i];
    return NULL;
}

const struct gql_value *gql_entry(const struct gql_value *object, const char *name)
{
    if (!object || object->kind != GQL_V_OBJECT) return NULL;
    for (size_t i = 0; i < object->object.count; i++)
        if (slice_is(object->object.entries[i].name, name)) return &object->object.entries[i].value;
    return NULL;
}
