#include "control-plane/graphql/execute.h"

#include "base/json_write.h"
#include "control-plane/graphql/document.h"

/* ---- errors of single fields ---- */

static void write_path(struct buf *out, const struct gql_path *path)
{
    if (!path) return;
    write_path(out, path->up);
    if (path->field) buf_add(out, path->field->key.ptr, path->field->key.len - 1);
    else buf_printf(out, ",%zu", path->index);
}

static const struct gql_plan_field *field_of(const struct gql_path *path)
{
    while (path && !path->field) path = path->up;
    return path ? path->field : NULL;
}

void gql_execution_error(struct gql_execution *x, const struct gql_path *path, const char *code, struct slice message)
{
    const struct gql_plan_field *f = field_of(path);
    size_t at = f ? f->at : 0;
    if (x->errors.len) buf_char(&x->errors, ',');
    gql_error_open(&x->errors, message, x->doc->text, &at, f ? 1 : 0);
    buf_str(&x->errors, "\"path\":[");
    size_t mark = x->errors.len;
    write_path(&x->errors, path);
    if (!x->errors.full && x->errors.len > mark) {
        memmove(x->errors.data + mark, x->errors.data + mark + 1, x->errors.len - mark - 1);
        buf_cut(&x->errors, x->errors.len - 1);
    }
    buf_str(&x->errors, "],");
    gql_error_close(&x->errors, code);
}

static void error_text(struct gql_call *call, const char *message)
{
    gql_execution_error(call->x, &call->path, INTERNAL, slice_str(message));
}

/* ---- fields ---- */

static void resolve(struct gql_call *call)
{
    const struct gql_plan_field *f = call->f;
    const struct gql_slot *slot = f->args ? NULL : &call->x->slots[f->slot];
    if (slot && slot->code) {
        gql_execution_error(call->x, &call->path, slot->code, slice_str(slot->message));
        call->answer = ANSWER_FAILED;
        return;
    }
    f->resolve(call);
    if (call->answer != ANSWER_NONE) return;
    error_text(call, "The field was not answered.");
    call->answer = ANSWER_FAILED;
}

static bool run_field(struct gql_execution *x, const struct gql_plan_field *f, void *object, const struct gql_path *up)
{
    struct gql_call call = {.x = x, .f = f, .parent = object, .path = {up, f, 0}};
    if (!f->resolve) {
        buf_add(x->out, "null", 4);
        return true;
    }
    size_t mark = x->out->len;
    resolve(&call);
    if (call.answer == ANSWER_WRITTEN) return true;
    if (x->out->full) return false;
    if (call.answer == ANSWER_NULL && f->non_null) error_text(&call, "A null came where none may be.");
    if (f->non_null) return false;
    buf_cut(x->out, mark);
    buf_add(x->out, "null", 4);
    return true;
}

bool gql_run_set(struct gql_execution *x, const struct gql_plan_set *set, void *object, const struct gql_path *path)
{
    size_t comma = 1;
    buf_char(x->out, '{');
    for (size_t i = 0; i < set->count; i++) {
        const struct gql_plan_field *f = &set->fields[i];
        if (!gql_is_active(f, x->conditions)) continue;
        buf_add(x->out, f->key.ptr + comma, f->key.len - comma);
        comma = 0;
        if (!run_field(x, f, object, path) || x->out->full) return false;
    }
    buf_char(x->out, '}');
    return true;
}

/* ---- requests ---- */

static bool fill_slots(struct gql_execution *x, struct gql_coerce *c)
{
    const struct gql_plan *plan = x->plan;
    if (!plan->dynamic_count) return true;
    x->slots = arena_zero(x->arena, plan->dynamic_count * sizeof *x->slots);
    if (!x->slots) return gql_coerce_fail(c, LIMIT_EXCEEDED, "The input is too large.");
    for (const struct gql_plan_field *f = plan->dynamic; f; f = f->next_dynamic) {
        struct gql_slot *slot = &x->slots[f->slot];
        const struct gql_value **args = arena_zero(x->arena, f->field->arg_count * sizeof(void *));
        if (!args) return gql_coerce_fail(c, LIMIT_EXCEEDED, "The input is too large.");
        if (gql_coerce_arguments(c, f->field->args, f->field->arg_count, f->given, args)) {
            slot->args = args;
            continue;
        }
        slot->code = c->code;
        slot->message = arena_copy(x->arena, slice_str(c->message));
        if (!slot->message) return false;
    }
    return true;
}

static bool read_conditions(struct gql_execution *x, struct gql_coerce *c, const struct gql_value *const *values)
{
    for (const struct ast_variable *v = x->plan->operation->variables; v; v = v->next) {
        if (!v->bit) continue;
        const struct gql_value *value = values[v->index];
        if (!value || value->kind != GQL_V_BOOL)
            return gql_coerce_fail(c, BAD_USER_INPUT, "Variable \"$%.*s\": must not be null, @skip or @include needs it.", NAME(v->name));
        if (value->boolean) x->conditions |= UINT64_C(1) << (v->bit - 1);
    }
    return true;
}

static bool prepare(struct gql_execution *x, const struct gql_request *request, struct gql_problems *problems)
{
    const struct ast_operation *operation = x->plan->operation;
    const struct gql_value **values = arena_alloc(x->arena, (operation->variable_count + 1) * sizeof(void *));
    const struct gql_variables variables = {&x->doc->names, operation, values};
    struct gql_coerce c = {.schema = x->doc->schema, .arena = x->arena, .variables = &variables};
    if (!values) gql_coerce_fail(&c, LIMIT_EXCEEDED, "The input is too large.");
    else if (gql_coerce_variables(&c, request->variables, operation->variables, x->plan->defaults, values) &&
             read_conditions(x, &c, values) && fill_slots(x, &c))
        return gql_check_cost(x, &x->doc->limits, problems);
    gql_problem(problems, c.code, operation->body.at, "%s", c.message);
    return false;
}

static void run(struct gql_execution *x)
{
    buf_str(x->out, "{\"data\":");
    size_t mark = x->out->len;
    if (!gql_run_set(x, &x->plan->root, NULL, NULL) && !x->out->full) {
        buf_cut(x->out, mark);
        buf_str(x->out, "null");
    }
    if (x->errors.len) {
        buf_str(x->out, ",\"errors\":[");
        buf_slice(x->out, buf_view(&x->errors));
        buf_char(x->out, ']');
    }
    buf_char(x->out, '}');
}

enum gql_outcome gql_execute(const struct gql_request *request, struct buf *out)
{
    size_t start = out->len;
    struct gql_execution x = {.doc = request->doc, .arena = request->arena, .user = request->user, .out = out};
    x.plan = gql_document_plan(x.doc, request->operation);
    if (!x.plan) {
        gql_error_answer(out, BAD_USER_INPUT, SLICE("operationName must name an operation of the document."));
        return GQL_REFUSED;
    }
    struct gql_problems problems;
    gql_problems_begin(&problems, x.doc->text);
    bool ok = prepare(&x, request, &problems);
    if (!ok) gql_problems_answer(&problems, out);
    gql_problems_end(&problems);
    if (!ok) return GQL_REFUSED;
    buf_init(&x.errors, out->max);
    run(&x);
    bool full = out->full || x.errors.full;
    buf_free(&x.errors);
    if (!full) return GQL_DONE;
    buf_cut(out, start);
    gql_error_answer(out, "RESPONSE_TOO_LARGE", SLICE("The answer is larger than this server sends; ask for less."));
    return GQL_REFUSED;
}
