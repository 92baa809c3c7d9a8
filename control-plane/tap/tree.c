#include "control-plane/tap/tree.h"

#include "base/proto_read.h"
#include "control-plane/ingest/otlp_wire.h"

/* ---- reading ---- */

static void read_value(struct tree *t, struct tree_value *v, struct slice any, unsigned depth);

static struct tree_pair *pair_new(struct tree *t)
{
    struct tree_pair *p = vault_alloc(t->vault, sizeof *p);
    if (!p) t->lost = true;
    return p;
}

/* At the end of the list that *last ends. */
static struct tree_pair *append(struct tree *t, struct tree_pair ***last)
{
    struct tree_pair *p = pair_new(t);
    if (!p) return NULL;
    **last = p;
    *last = &p->next;
    return p;
}

static void read_pair(struct tree *t, struct tree_pair ***last, struct slice bytes, unsigned depth)
{
    struct proto p;
    struct proto_field f;
    struct tree_pair *pair = append(t, last);
    struct slice value = {0};
    if (!pair) return;
    pair->key = SLICE("");
    proto_begin(&p, bytes);
    while (proto_next(&p, &f)) {
        if (f.number == KEY_VALUE_KEY) pair->key = f.bytes;
        if (f.number == KEY_VALUE_VALUE) value = f.bytes, pair->there = true;
    }
    if (pair->there) read_value(t, &pair->value, value, depth);
}

/* The members `number` of a message, as pairs or as values. */
static struct tree_pair *read_list(struct tree *t, struct slice message, uint32_t number, bool keyed, unsigned depth)
{
    struct tree_pair *first = NULL, **last = &first;
    struct proto p;
    struct proto_field f;
    proto_begin(&p, message);
    while (!t->lost && proto_next(&p, &f)) {
        if (f.number != number || f.wire != PROTO_BYTES) continue;
        struct tree_pair *item = NULL;
        if (keyed) read_pair(t, &last, f.bytes, depth);
        else item = append(t, &last);
        if (!item) continue;
        item->key = SLICE("");
        item->there = true;
        read_value(t, &item->value, f.bytes, depth);
    }
    return first;
}

static void read_value(struct tree *t, struct tree_value *v, struct slice any, unsigned depth)
{
    static const enum value_type types[] = {
        [ANY_STRING] = VALUE_STRING, [ANY_BOOL] = VALUE_BOOL, [ANY_INT] = VALUE_INT,    [ANY_DOUBLE] = VALUE_DOUBLE,
        [ANY_ARRAY] = VALUE_ARRAY,   [ANY_MAP] = VALUE_MAP,   [ANY_BYTES] = VALUE_BYTES};
    struct proto p;
    struct proto_field one, last = {0};
    proto_begin(&p, any);
    while (proto_next(&p, &one))
        if (one.number >= ANY_STRING && one.number <= ANY_BYTES) last = one;
    *v = (struct tree_value){.type = types[last.number]};
    if (last.number == ANY_STRING || last.number == ANY_BYTES) v->text = last.bytes;
    if (last.number == ANY_BOOL) v->boolean = last.value != 0;
    if (last.number == ANY_INT) v->integer = (int64_t)last.value;
    if (last.number == ANY_DOUBLE) memcpy(&v->real, &last.value, sizeof v->real);
    bool list = last.number == ANY_ARRAY || last.number == ANY_MAP;
    if (list && depth + 1 < TREE_DEPTH) v->pairs = read_list(t, last.bytes, VALUES, last.number == ANY_MAP, depth + 1);
}

/* Empty where all is zero. */
static struct slice read_id(struct tree *t, struct slice bytes)
{
    static const char hex[] = "0123456789abcdef";
    char *text = vault_alloc(t->vault, bytes.len * 2 + 1);
    bool any = false;
    if (!text) t->lost = true;
    for (size_t i = 0; text && i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.ptr[i];
        text[2 * i] = hex[c >> 4];
        text[2 * i + 1] = hex[c & 15];
        any |= c != 0;
    }
    return any && text ? slice_of(text, bytes.len * 2) : (struct slice){0};
}

static void read_record(struct tree *t, struct slice record)
{
    struct proto p;
    struct proto_field f;
    proto_begin(&p, record);
    while (proto_next(&p, &f)) {
        switch (f.number) {
        case RECORD_SEVERITY_TEXT: t->fields[POLICY_SEVERITY_TEXT] = f.bytes; break;
        case RECORD_EVENT_NAME: t->fields[POLICY_EVENT_NAME] = f.bytes; break;
        case RECORD_TRACE_ID: t->fields[POLICY_TRACE_ID] = read_id(t, f.bytes); break;
        case RECORD_SPAN_ID: t->fields[POLICY_SPAN_ID] = read_id(t, f.bytes); break;
        case RECORD_BODY:
            t->has_body = true;
            read_value(t, &t->body, f.bytes, 0);
            break;
        default: break;
        }
    }
    t->attributes[POLICY_RECORD] = read_list(t, record, RECORD_ATTRIBUTES, true, 0);
}

static void read_scope(struct tree *t, struct slice scope)
{
    struct proto p;
    struct proto_field f;
    proto_begin(&p, scope);
    while (proto_next(&p, &f)) {
        if (f.number == SCOPE_NAME) t->fields[POLICY_SCOPE_NAME] = f.bytes;
        if (f.number == SCOPE_VERSION) t->fields[POLICY_SCOPE_VERSION] = f.bytes;
    }
    t->attributes[POLICY_SCOPE] = read_list(t, scope, SCOPE_ATTRIBUTES, true, 0);
}

void tree_read(struct tree *t, struct vault *vault, const struct otlp_sight *sight)
{
    *t = (struct tree){.vault = vault};
    t->fields[POLICY_RESOURCE_SCHEMA_URL] = sight->resource_url;
    t->fields[POLICY_SCOPE_SCHEMA_URL] = sight->scope_url;
    t->attributes[POLICY_RESOURCE] = read_list(t, sight->resource, RESOURCE_ATTRIBUTES, true, 0);
    read_scope(t, sight->scope);
    read_record(t, sight->record);
}

/* ---- copies ---- */

static struct tree_pair *copy_list(struct tree *to, struct tree_pair *list)
{
    struct tree_pair *first = NULL, **last = &first;
    for (struct tree_pair *p = list; p && !to->lost; p = p->next) {
        struct tree_pair *copy = append(to, &last);
        if (!copy) break;
        copy->key = p->key;
        copy->there = p->there;
        copy->value = p->value;
        copy->twin = p;
        p->twin = copy;
        copy->value.pairs = copy_list(to, p->value.pairs);
    }
    return first;
}

void tree_copy(struct tree *copy, struct tree *of)
{
    *copy = *of;
    copy->body.pairs = copy_list(copy, of->body.pairs);
    for (size_t i = 0; i < POLICY_EVENT; i++) copy->attributes[i] = copy_list(copy, of->attributes[i]);
}

static void link_list(struct tree_pair *list, struct tree_pair *parent)
{
    for (; list; list = list->next) {
        list->parent = parent;
        link_list(list->value.pairs, list);
    }
}

void tree_link(struct tree *t)
{
    link_list(t->body.pairs, NULL);
    for (size_t i = 0; i < POLICY_EVENT; i++) link_list(t->attributes[i], NULL);
}

static bool lists_equal(const struct tree_pair *a, const struct tree_pair *b)
{
    for (; a && b; a = a->next, b = b->next)
        if (!slice_eq(a->key, b->key) || !tree_equal(&a->value, &b->value)) return false;
    return !a && !b;
}

bool tree_equal(const struct tree_value *a, const struct tree_value *b)
{
    uint64_t x, y;
    memcpy(&x, &a->real, sizeof x);
    memcpy(&y, &b->real, sizeof y);
    if (a->type != b->type || a->boolean != b->boolean || a->integer != b->integer || x != y) return false;
    return slice_eq(a->text, b->text) && lists_equal(a->pairs, b->pairs);
}
