#include "control-plane/graphql/collect.h"

enum { SCANNED = 8 }; /* groups that are searched one by one */

struct gql_visit {
    struct gql_visit *next;
    const struct ast_fragment *fragment;
    struct gql_condition when;
};

void gql_level_begin(struct gql_level *level)
{
    *level = (struct gql_level){0};
    level->tail = &level->first;
}

static struct gql_group *group_new(struct gql_collector *c, struct gql_level *level, struct slice key)
{
    struct gql_group *group = arena_alloc(c->scratch, sizeof *group);
    *group = (struct gql_group){.key = key};
    group->tail = &group->first;
    *level->tail = group;
    level->tail = &group->next;
    level->count++;
    return group;
}

static struct gql_group *group_of(struct gql_collector *c, struct gql_level *level, struct slice key)
{
    if (level->count <= SCANNED) {
        for (struct gql_group *g = level->first; g; g = g->next)
            if (slice_eq(g->key, key)) return g;
        if (level->count < SCANNED) return group_new(c, level, key);
    }
    if (!level->names.arena) {
        level->names.arena = c->scratch;
        for (struct gql_group *g = level->first; g; g = g->next) *gql_names_put(&level->names, NULL, g->key) = g;
    }
    struct gql_group **place = (struct gql_group **)gql_names_put(&level->names, NULL, key);
    if (!*place) *place = group_new(c, level, key);
    return *place;
}

static void add_field(struct gql_collector *c, struct gql_level *level, const struct ast_selection *field, struct gql_condition when)
{
    struct gql_group *group = group_of(c, level, field->key);
    struct gql_occurrence *o = arena_alloc(c->scratch, sizeof *o);
    *o = (struct gql_occurrence){NULL, field, when};
    *group->tail = o;
    group->tail = &o->next;
}

static uint64_t bit_of(struct gql_collector *c, struct slice name)
{
    struct ast_variable *variable = gql_names_get(c->names, c->operation, name);
    if (!variable->bit) {
        if (*c->bits == CONDITIONS_MAX) return 0;
        variable->bit = ++*c->bits;
    }
    return UINT64_C(1) << (variable->bit - 1);
}

/* False: never selected. */
static bool read_conditions(struct gql_collector *c, const struct ast_directive *directives, struct gql_condition *when)
{
    for (const struct ast_directive *d = directives; d; d = d->next) {
        bool skip = slice_is(d->name, "skip");
        if (!skip && !slice_is(d->name, "include")) continue;
        const struct ast_value *value = d->arguments ? d->arguments->value : NULL;
        if (!value) continue;
        if (value->kind == AST_VARIABLE) {
            uint64_t bit = bit_of(c, value->text);
            if (!bit) return c->failed = true, false;
            *(skip ? &when->off : &when->on) |= bit;
        } else if (slice_is(value->text, "true") == skip) {
            return false;
        }
    }
    return (when->on & when->off) == 0;
}

static bool visited(struct gql_collector *c, struct gql_level *level, const struct ast_fragment *fragment, struct gql_condition when)
{
    for (const struct gql_visit *v = level->visited; v; v = v->next)
        if (v->fragment == fragment && gql_condition_same(v->when, when)) return true;
    struct gql_visit *visit = arena_alloc(c->scratch, sizeof *visit);
    *visit = (struct gql_visit){level->visited, fragment, when};
    level->visited = visit;
    return false;
}

static void collect_one(struct gql_collector *c, struct gql_level *level, const struct ast_selection *s, const struct gql_type *object,
                        struct gql_condition when)
{
    if (c->bits && !read_conditions(c, s->directives, &when)) return;
    if (s->kind == AST_FIELD) {
        add_field(c, level, s, when);
    } else if (s->kind == AST_INLINE) {
        if (!object || gql_is_possible(s->parent, object)) gql_collect(c, level, s->selections, object, when);
    } else if (!object || gql_is_possible(s->fragment->type, object)) {
        if (!visited(c, level, s->fragment, when)) gql_collect(c, level, s->fragment->body.selections, object, when);
    }
}

void gql_collect(struct gql_collector *c, struct gql_level *level, const struct ast_selection *first, const struct gql_type *object,
                 struct gql_condition when)
{
    for (const struct ast_selection *s = first; s && !c->failed; s = s->next) {
        if (c->steps == 0) {
            c->failed = true;
            return;
        }
        c->steps--;
        collect_one(c, level, s, object, when);
    }
}
