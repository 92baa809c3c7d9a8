/* The rule "overlapping fields can be merged", over whole operations: at each level the fields of one response key
 * are compared with the first of them, then their selections are taken together as the next level. */
#include "control-plane/graphql/collect.h"
#include "control-plane/graphql/validate.h"

struct overlap {
    struct gql_validation *v;
    struct gql_collector c;
};

static void check_level(struct overlap *o, const struct gql_level *level, bool strict);

static bool same_value(const struct ast_value *a, const struct ast_value *b)
{
    if (a->kind != b->kind || a->count != b->count) return false;
    if (a->kind != AST_LIST && a->kind != AST_OBJECT) return slice_eq(a->text, b->text);
    const struct ast_value *j = b->items;
    for (const struct ast_value *i = a->items; i; i = i->next) {
        if (a->kind == AST_OBJECT)
            for (j = b->items; j && !slice_eq(i->name, j->name);) j = j->next;
        if (!j || !same_value(i, j)) return false;
        j = j->next;
    }
    return true;
}

static bool same_arguments(const struct ast_argument *a, const struct ast_argument *b)
{
    size_t balance = 0;
    for (const struct ast_argument *i = b; i; i = i->next) balance++;
    for (; a; a = a->next, balance--) {
        const struct ast_argument *j = b;
        while (j && !slice_eq(a->name, j->name)) j = j->next;
        if (!j || !same_value(a->value, j->value)) return false;
    }
    return balance == 0;
}

static bool same_shape(const struct gql_ref *a, const struct gql_ref *b)
{
    if (a == b) return true;
    if (a->wrap != b->wrap) return false;
    if (a->wrap != WRAP_NONE) return same_shape(a->of, b->of);
    return a->type == b->type || (!gql_is_leaf(a->type) && !gql_is_leaf(b->type));
}

static void conflict(struct overlap *o, const struct ast_selection *a, const struct ast_selection *b, const char *why)
{
    gql_problem_both(o->v->problems, VALIDATION_FAILED, a->at, b->at, "The fields under \"%.*s\" conflict: they %s.", NAME(a->key), why);
}

static bool compare(struct overlap *o, const struct ast_selection *a, const struct ast_selection *b, bool strict)
{
    const char *why = NULL;
    if (strict && !slice_eq(a->name, b->name)) why = "are different fields; give one of them an alias";
    else if (strict && !same_arguments(a->arguments, b->arguments)) why = "have different arguments; give one of them an alias";
    else if (!same_shape(a->field->ref, b->field->ref)) why = "have different types";
    if (why) conflict(o, a, b, why);
    return !why;
}

/* Whether the field takes part where objects of type `object` are looked at. */
static bool member(const struct gql_occurrence *i, const struct gql_type *object)
{
    return !object || i->field->parent == object || i->field->parent->kind != KIND_OBJECT;
}

static void check_members(struct overlap *o, const struct gql_group *group, const struct gql_type *object, bool strict)
{
    const struct ast_selection *first = NULL;
    struct gql_level below;
    gql_level_begin(&below);
    for (const struct gql_occurrence *i = group->first; i; i = i->next) {
        if (!member(i, object)) continue;
        if (!first) first = i->field;
        else if (i->field != first && !compare(o, first, i->field, strict)) return;
        gql_collect(&o->c, &below, i->field->selections, NULL, (struct gql_condition){0});
    }
    if (!o->c.failed) check_level(o, &below, strict);
}

static bool object_seen_before(const struct gql_group *group, const struct gql_occurrence *end)
{
    for (const struct gql_occurrence *i = group->first; i != end; i = i->next)
        if (i->field->parent == end->field->parent) return true;
    return false;
}

static unsigned count_objects(const struct gql_group *group)
{
    const struct gql_type *object = NULL;
    for (const struct gql_occurrence *i = group->first; i; i = i->next) {
        if (i->field->parent->kind != KIND_OBJECT || i->field->parent == object) continue;
        if (object) return 2;
        object = i->field->parent;
    }
    return object != NULL;
}

/* Fields of different object types never meet in one answer: they need the same shape only. */
static void check_group(struct overlap *o, const struct gql_group *group, bool strict)
{
    bool apart = strict && count_objects(group) > 1;
    check_members(o, group, NULL, strict && !apart);
    for (const struct gql_occurrence *i = group->first; apart && i && !o->c.failed; i = i->next)
        if (i->field->parent->kind == KIND_OBJECT && !object_seen_before(group, i)) check_members(o, group, i->field->parent, true);
}

static void check_level(struct overlap *o, const struct gql_level *level, bool strict)
{
    for (const struct gql_group *g = level->first; g && !o->c.failed && !gql_problems_full(o->v->problems); g = g->next)
        check_group(o, g, strict);
}

void gql_check_overlaps(struct gql_validation *v)
{
    struct overlap o = {.v = v, .c = {.scratch = arena_new(SIZE_MAX), .steps = COLLECT_STEPS}};
    const struct ast_operation *operation = v->doc->operations;
    for (; operation && !o.c.failed; operation = operation->next) {
        struct gql_level level;
        gql_level_begin(&level);
        gql_collect(&o.c, &level, operation->body.selections, NULL, (struct gql_condition){0});
        if (!o.c.failed) check_level(&o, &level, true);
    }
    if (o.c.failed)
        gql_problem(v->problems, LIMIT_EXCEEDED, 0, "The document is too complex: its fragments unfold to more than %d selections.",
                    COLLECT_STEPS);
    arena_free(o.c.scratch);
}
