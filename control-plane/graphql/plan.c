#include "control-plane/graphql/plan.h"

#include "control-plane/graphql/coerce.h"

enum { INTROSPECTION_DEPTH = 32, INTROSPECTION_LISTS = 3, ALTERNATIVES_MAX = 64 };

struct planner {
    struct gql_planning *p;
    struct gql_plan *plan;
    struct gql_collector c;
    bool failed;
};

struct depth {
    unsigned fields, introspection, lists;
};

static void build(struct planner *pl, struct gql_plan_set *set, const struct gql_level *level, struct depth depth);

static void refuse(struct planner *pl, size_t at, const char *why, unsigned limit)
{
    if (!pl->failed) gql_problem(pl->p->problems, LIMIT_EXCEEDED, at, "%s (%u).", why, limit);
    pl->failed = true;
}

static void *keep(struct planner *pl, size_t size) { return arena_zero(pl->p->arena, size); }

static struct slice key_bytes(struct planner *pl, struct slice key)
{
    char *bytes = keep(pl, key.len + 4);
    bytes[0] = ',';
    bytes[1] = '"';
    memcpy(bytes + 2, key.ptr, key.len);
    bytes[2 + key.len] = '"';
    bytes[3 + key.len] = ':';
    return slice_of(bytes, key.len + 4);
}

static struct slice quoted(struct planner *pl, struct slice name)
{
    struct slice bytes = key_bytes(pl, name);
    return slice_of(bytes.ptr + 1, bytes.len - 2);
}

static unsigned takes_one(const struct gql_type *type)
{
    static const unsigned by_scalar[] = {
        [SCALAR_INT] = TAKES_INT,
        [SCALAR_FLOAT] = TAKES_INT | TAKES_FLOAT,
        [SCALAR_STRING] = TAKES_STRING,
        [SCALAR_BOOLEAN] = TAKES_BOOL,
        [SCALAR_ID] = TAKES_STRING | TAKES_ID,
        [SCALAR_JSON] = TAKES_BOOL | TAKES_INT | TAKES_FLOAT | TAKES_STRING,
        [SCALAR_CUSTOM] = TAKES_BOOL | TAKES_INT | TAKES_FLOAT | TAKES_STRING,
    };
    if (type->kind == KIND_ENUM) return TAKES_WORD | TAKES_JSON;
    return type->kind == KIND_SCALAR ? by_scalar[type->scalar] | TAKES_JSON : TAKES_OBJECT;
}

static unsigned takes_many(const struct gql_type *type)
{
    if (type->kind == KIND_ENUM) return TAKES_WORDS | TAKES_JSON;
    if (type->kind != KIND_SCALAR) return TAKES_OBJECTS;
    return TAKES_JSON | (takes_one(type) & TAKES_STRING ? TAKES_STRINGS : 0);
}

static void describe_type(struct gql_plan_field *f, const struct gql_ref *ref)
{
    f->non_null = ref->wrap == WRAP_NON_NULL;
    if (f->non_null) ref = ref->of;
    if (ref->wrap != WRAP_LIST) {
        f->takes = takes_one(ref->type);
        return;
    }
    const struct gql_ref *item = ref->of;
    f->item_non_null = item->wrap == WRAP_NON_NULL;
    if (f->item_non_null) item = item->of;
    if (item->wrap == WRAP_NONE) f->takes = takes_many(ref->type);
    else f->takes = gql_is_leaf(ref->type) ? TAKES_JSON : 0;
}

/* ---- arguments ---- */

static bool constant(const struct ast_argument *a)
{
    while (a && !a->value->variables) a = a->next;
    return !a;
}

static void plan_arguments(struct planner *pl, struct gql_plan_field *f, const struct ast_selection *s)
{
    struct gql_coerce c = {.schema = pl->p->schema, .arena = pl->p->arena};
    f->given = s->arguments;
    if (constant(s->arguments)) {
        f->args = keep(pl, (f->field->arg_count + 1) * sizeof(void *));
        gql_coerce_arguments(&c, f->field->args, f->field->arg_count, s->arguments, f->args);
        return;
    }
    f->slot = pl->plan->dynamic_count++;
    f->next_dynamic = pl->plan->dynamic;
    pl->plan->dynamic = f;
}

/* ---- conditions ---- */

static bool always(const struct gql_group *group)
{
    for (const struct gql_occurrence *o = group->first; o; o = o->next)
        if (gql_condition_same(o->when, (struct gql_condition){0})) return true;
    return false;
}

static bool alike(const struct gql_group *group)
{
    for (const struct gql_occurrence *o = group->first; o; o = o->next)
        if (!gql_condition_same(o->when, group->first->when)) return false;
    return true;
}

static void plan_conditions(struct planner *pl, struct gql_plan_field *f, const struct gql_group *group)
{
    struct gql_condition found[ALTERNATIVES_MAX];
    size_t n = 0;
    if (always(group)) return;
    for (const struct gql_occurrence *o = group->first; o; o = o->next) {
        size_t i = 0;
        while (i < n && !gql_condition_same(found[i], o->when)) i++;
        if (i < n) continue;
        if (n == ALTERNATIVES_MAX) {
            refuse(pl, o->field->at, "A field is selected under too many different conditions", ALTERNATIVES_MAX);
            return;
        }
        found[n++] = o->when;
    }
    struct gql_condition *when = keep(pl, n * sizeof *when);
    memcpy(when, found, n * sizeof *when);
    f->when = when;
    f->when_count = n;
}

/* ---- fields ---- */

static bool go_down(struct planner *pl, struct depth *depth, const struct ast_selection *s, const struct gql_field *field)
{
    static const char *const lists[] = {"fields", "interfaces", "possibleTypes", "inputFields"};
    const struct gql_schema *schema = pl->p->schema;
    if (field->owner != schema->meta && !field->owner->introspection) {
        if (++depth->fields <= pl->p->limits->depth) return true;
        refuse(pl, s->at, "The selection is nested too deeply", pl->p->limits->depth);
        return false;
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) depth->lists += slice_is(field->name, lists[i]);
    if (++depth->introspection > INTROSPECTION_DEPTH || depth->lists >= INTROSPECTION_LISTS)
        refuse(pl, s->at, "The introspection is nested too deeply", INTROSPECTION_DEPTH);
    return !pl->failed;
}

static void plan_sets(struct planner *pl, struct gql_plan_field *f, const struct gql_group *group, struct depth depth)
{
    const struct gql_type *type = f->field->ref->type;
    bool same = alike(group);
    struct gql_plan_set *sets = keep(pl, (type->possible_count + 1) * sizeof *sets);
    for (size_t i = 0; i < type->possible_count && !pl->failed; i++) {
        struct gql_level level;
        gql_level_begin(&level);
        for (const struct gql_occurrence *o = group->first; o; o = o->next) {
            struct gql_condition when = {0};
            if (!same) when = o->when;
            gql_collect(&pl->c, &level, o->field->selections, type->possible[i], when);
        }
        sets[i].type = type->possible[i];
        build(pl, &sets[i], &level, depth);
    }
    f->sets = sets;
    f->set_count = type->possible_count;
}

static void plan_field(struct planner *pl, struct gql_plan_field *f, const struct gql_type *object, const struct gql_group *group,
                       struct depth depth)
{
    const struct ast_selection *s = group->first->field;
    const struct gql_field *field = s->parent == object ? s->field : gql_type_field(pl->p->schema, object, s->name);
    if (!go_down(pl, &depth, s, field)) return;
    f->key = key_bytes(pl, group->key);
    f->field = field;
    f->resolve = field->resolve;
    f->at = s->at;
    if (slice_is(field->name, "__typename")) f->constant = quoted(pl, object->name);
    describe_type(f, field->ref);
    plan_conditions(pl, f, group);
    plan_arguments(pl, f, s);
    if (gql_is_composite(field->ref->type)) plan_sets(pl, f, group, depth);
}

static void build(struct planner *pl, struct gql_plan_set *set, const struct gql_level *level, struct depth depth)
{
    struct gql_plan_field *fields = keep(pl, (level->count + 1) * sizeof *fields);
    set->fields = fields;
    if (pl->c.failed) refuse(pl, 0, "The document is too complex: its fragments unfold to too many selections", COLLECT_STEPS);
    for (const struct gql_group *g = level->first; g && !pl->failed; g = g->next)
        plan_field(pl, &fields[set->count++], set->type, g, depth);
}

static void plan_defaults(struct planner *pl)
{
    const struct ast_operation *operation = pl->plan->operation;
    struct gql_coerce c = {.schema = pl->p->schema, .arena = pl->p->arena};
    pl->plan->defaults = keep(pl, (operation->variable_count + 1) * sizeof(void *));
    for (const struct ast_variable *v = operation->variables; v; v = v->next) {
        if (!v->fallback) continue;
        struct gql_value *value = keep(pl, sizeof *value);
        gql_coerce_literal(&c, v->fallback, v->ref, value);
        pl->plan->defaults[v->index] = value;
    }
}

struct gql_plan *gql_plan_new(struct gql_planning *p, const struct ast_operation *operation, size_t *steps)
{
    unsigned bits = 0;
    struct planner pl = {.p = p, .plan = arena_zero(p->arena, sizeof *pl.plan)};
    struct gql_level level;
    pl.c =
        (struct gql_collector){.scratch = arena_new(SIZE_MAX), .names = p->names, .operation = operation, .bits = &bits, .steps = *steps};
    pl.plan->operation = operation;
    pl.plan->root.type = operation->kind == AST_QUERY ? p->schema->query : p->schema->mutation;
    plan_defaults(&pl);
    gql_level_begin(&level);
    gql_collect(&pl.c, &level, operation->body.selections, pl.plan->root.type, (struct gql_condition){0});
    build(&pl, &pl.plan->root, &level, (struct depth){0});
    *steps = pl.c.steps;
    arena_free(pl.c.scratch);
    return pl.failed ? NULL : pl.plan;
}
