/* How policies read and change a tree: policy/record.h says what is asked. */
#include "control-plane/tap/tree.h"

static struct datum text_datum(struct slice s)
{
    if (!s.len) return (struct datum){0};
    return (struct datum){.type = DATUM_STRING, .text = s};
}

static struct datum value_datum(const struct tree_value *v)
{
    static const enum datum_type types[] = {
        [VALUE_EMPTY] = DATUM_OTHER,   [VALUE_STRING] = DATUM_STRING, [VALUE_BOOL] = DATUM_BOOL,   [VALUE_INT] = DATUM_INT,
        [VALUE_DOUBLE] = DATUM_DOUBLE, [VALUE_BYTES] = DATUM_BYTES,   [VALUE_ARRAY] = DATUM_OTHER, [VALUE_MAP] = DATUM_OTHER};
    return (struct datum){.type = types[v->type], .boolean = v->boolean, .integer = v->integer, .real = v->real, .text = v->text};
}

static struct datum body_datum(const struct tree *t)
{
    bool nothing = !t->has_body || t->body.type == VALUE_EMPTY || (t->body.type == VALUE_STRING && !t->body.text.len);
    struct datum absent = {0};
    return nothing ? absent : value_datum(&t->body);
}

static struct datum get_field(void *record, enum policy_field field)
{
    const struct tree *t = record;
    return field == POLICY_BODY ? body_datum(t) : text_datum(t->fields[field]);
}

static struct tree_pair **find_key(struct tree_pair **list, struct slice key)
{
    while (*list && !slice_eq((*list)->key, key)) list = &(*list)->next;
    return list;
}

/* Where the path leads: a place that holds the pair, or an end (NULL) where it is not there. NULL: no way to it. */
static struct tree_pair **find_path(struct tree *t, enum policy_scope scope, const struct slice *path, size_t count)
{
    struct tree_pair **at = find_key(&t->attributes[scope], path[0]);
    for (size_t i = 1; i < count; i++) {
        if (!*at || (*at)->value.type != VALUE_MAP) return NULL;
        at = find_key(&(*at)->value.pairs, path[i]);
    }
    return at;
}

static struct datum get_attribute(void *record, enum policy_scope scope, const struct slice *path, size_t count)
{
    struct tree_pair **at = scope < POLICY_EVENT ? find_path(record, scope, path, count) : NULL;
    return at && *at && (*at)->there ? value_datum(&(*at)->value) : (struct datum){0};
}

static void each_attribute(void *record, enum policy_scope scope, void (*visit)(void *context, struct slice key, struct datum value),
                           void *context)
{
    const struct tree *t = record;
    if (scope >= POLICY_EVENT) return;
    for (const struct tree_pair *p = t->attributes[scope]; p; p = p->next)
        if (p->there) visit(context, p->key, value_datum(&p->value));
}

/* ---- changes ---- */

static void forget(struct tree_pair *p)
{
    if (p->twin) p->twin->twin = NULL;
    for (struct tree_pair *inner = p->value.pairs; inner; inner = inner->next) forget(inner);
}

static void unlink_pair(struct tree_pair **at) { *at = (*at)->next; }

static bool settable(enum policy_field f)
{
    return f == POLICY_SEVERITY_TEXT || f == POLICY_TRACE_ID || f == POLICY_SPAN_ID || f == POLICY_EVENT_NAME ||
           f == POLICY_RESOURCE_SCHEMA_URL || f == POLICY_SCOPE_SCHEMA_URL;
}

static void forget_body(struct tree *t)
{
    for (struct tree_pair *p = t->body.pairs; p; p = p->next) forget(p);
}

static bool remove_field(struct tree *t, enum policy_field field)
{
    bool there = (field == POLICY_BODY || settable(field)) && get_field(t, field).type != DATUM_ABSENT;
    if (field == POLICY_BODY) {
        forget_body(t);
        t->has_body = false;
        t->body = (struct tree_value){0};
    } else if (settable(field)) {
        t->fields[field] = (struct slice){0};
    }
    return there;
}

static bool remove_target(void *record, const struct policy_selector *target)
{
    struct tree *t = record;
    if (target->kind != POLICY_SELECT_ATTRIBUTE) return remove_field(t, target->field);
    struct tree_pair **at = find_path(t, target->scope, target->path, target->path_count);
    if (!at || !*at) return false;
    forget(*at);
    unlink_pair(at);
    return true;
}

static struct tree_value text_value(struct tree *t, struct slice text)
{
    struct slice copy = vault_copy(t->vault, text);
    if (!copy.ptr) t->lost = true;
    return (struct tree_value){.type = VALUE_STRING, .text = copy};
}

static bool set_field(struct tree *t, enum policy_field field, struct slice text)
{
    bool there = (field == POLICY_BODY || settable(field)) && get_field(t, field).type != DATUM_ABSENT;
    struct tree_value v = text_value(t, text);
    if (field == POLICY_BODY) {
        forget_body(t);
        t->has_body = true;
        t->body = v;
    } else if (settable(field)) {
        t->fields[field] = v.text;
    }
    return there;
}

static struct tree_pair *pair_made(struct tree *t, struct tree_pair **at, struct slice key, enum value_type type)
{
    struct tree_pair *p = *at;
    if (p) return p;
    p = vault_alloc(t->vault, sizeof *p);
    if (!p) {
        t->lost = true;
        return NULL;
    }
    p->key = key;
    p->there = true;
    p->value.type = type;
    return *at = p;
}

static bool set_target(void *record, const struct policy_selector *target, struct slice text)
{
    struct tree *t = record;
    if (target->kind != POLICY_SELECT_ATTRIBUTE) return set_field(t, target->field, text);
    struct tree_pair **at = find_key(&t->attributes[target->scope], target->path[0]);
    for (size_t i = 1; i < target->path_count; i++) {
        struct tree_pair *map = pair_made(t, at, target->path[i - 1], VALUE_MAP);
        if (!map || map->value.type != VALUE_MAP) return false;
        at = find_key(&map->value.pairs, target->path[i]);
    }
    bool there = *at != NULL;
    struct tree_pair *p = pair_made(t, at, target->path[target->path_count - 1], VALUE_STRING);
    if (!p) return there;
    for (struct tree_pair *inner = p->value.pairs; inner; inner = inner->next) forget(inner);
    p->there = true;
    p->value = text_value(t, text);
    return there;
}

/* The pair itself moves: to the end of the list, or to the place of the one it replaces. */
static bool rename_target(void *record, const struct policy_selector *from, struct slice to)
{
    struct tree *t = record;
    struct tree_pair **at = find_path(t, from->scope, from->path, from->path_count), *moved;
    if (!at || !*at || !(*at)->there) return false;
    moved = *at;
    unlink_pair(at);
    at = find_key(&t->attributes[from->scope], to);
    moved->next = NULL;
    if (*at) {
        moved->next = (*at)->next;
        forget(*at);
    }
    moved->key = to;
    *at = moved;
    return true;
}

const struct record_ops tree_ops = {
    .field = get_field,
    .attribute = get_attribute,
    .attributes = each_attribute,
    .remove = remove_target,
    .set = set_target,
    .rename = rename_target,
};
