#include "control-plane/tap/rows.h"

#include "base/utf8.h"
#include "control-plane/tap/show.h"

enum { TEXT_ROOM = TAP_RECORD_BYTES - (int)(ROWS_MOST * sizeof(struct tap_field) + sizeof(struct tap_record)) };
enum { SHORT_TEXT = 256 };

struct rows {
    const struct rows_mask *mask;
    struct tap_field *fields;
    uint32_t count;
    bool truncated;
    struct buf text; /* in the vault: never grows */
};

/* A place of a tree with what is there. */
struct leaf {
    struct show_place place;
    struct tree_value value;
    bool there;
};

static struct tap_text told(struct rows *r, size_t mark)
{
    if (r->text.full) {
        buf_cut(&r->text, mark);
        r->truncated = true;
    }
    return (struct tap_text){(uint32_t)mark + 1, (uint32_t)(r->text.len - mark)};
}

static struct tap_text put_path(struct rows *r, const struct show_place *place)
{
    size_t mark = r->text.len;
    show_path(&r->text, r->mask, place);
    return told(r, mark);
}

static struct tap_text put_value(struct rows *r, const struct leaf *l)
{
    size_t mark = r->text.len;
    if (!l->there) return (struct tap_text){0};
    if (!show_value(&r->text, r->mask, &l->place, &l->value)) r->truncated = true;
    return told(r, mark);
}

static struct tap_field *row(struct rows *r, const struct leaf *l, enum tap_change change)
{
    if (r->count == ROWS_MOST || r->text.max - r->text.len < SHORT_TEXT) {
        r->truncated = true;
        return NULL;
    }
    struct tap_field *f = &r->fields[r->count++];
    *f = (struct tap_field){.path = put_path(r, &l->place), .type = l->value.type, .change = change};
    return f;
}

static bool same_place(const struct tree_pair *a, const struct tree_pair *b)
{
    for (; a && b; a = a->parent, b = b->parent)
        if (!slice_eq(a->key, b->key)) return false;
    return !a && !b;
}

/* `b` is the same thing afterwards; NULL: the record was dropped. */
static void compare(struct rows *r, const struct leaf *a, struct leaf *b)
{
    bool same = !b || (a->there == b->there && tree_equal(&a->value, &b->value));
    bool moved = b && a->there && b->there && !same_place(a->place.pair, b->place.pair);
    enum tap_change change = same && !moved ? TAP_SAME : !b->there ? TAP_REMOVED : !a->there ? TAP_ADDED : moved ? TAP_MOVED : TAP_CHANGED;
    if (!a->there && (!b || !b->there)) return;
    struct tap_field *f = row(r, a->there ? a : b, change);
    if (!f) return;
    f->before = put_value(r, a);
    if (!b) return;
    b->place.written = !same;
    f->after = same ? f->before : put_value(r, b);
    if (moved) f->moved_to = put_path(r, &b->place);
}

/* ---- what was there before ---- */

static bool is_leaf(const struct tree_pair *p) { return p->value.type != VALUE_MAP || !p->value.pairs; }

static struct leaf leaf_of(const struct show_place *in, const struct tree_pair *p)
{
    struct leaf l = {.place = *in};
    if (!p) return l;
    l.place.pair = p;
    l.value = p->value;
    l.there = p->there;
    return l;
}

static void compare_list(struct rows *r, const struct show_place *in, const struct tree_pair *list, bool dropped)
{
    for (const struct tree_pair *p = list; p; p = p->next) {
        if (!is_leaf(p)) {
            compare_list(r, in, p->value.pairs, dropped);
            continue;
        }
        struct leaf a = leaf_of(in, p), b = leaf_of(in, p->twin);
        compare(r, &a, dropped ? NULL : &b);
    }
}

/* ---- what is new ---- */

static void add_list(struct rows *r, const struct show_place *in, const struct tree_pair *list)
{
    for (const struct tree_pair *p = list; p; p = p->next) {
        if (!is_leaf(p)) add_list(r, in, p->value.pairs);
        else if (!p->twin || !is_leaf(p->twin)) {
            struct leaf nothing = {.place = *in}, b = leaf_of(in, p);
            compare(r, &nothing, &b);
        }
    }
}

static struct leaf scalar(const struct tree *t, enum policy_field field)
{
    struct slice text = t->fields[field];
    return (struct leaf){.place.field = field, .value = {.type = VALUE_STRING, .text = text}, .there = text.len > 0};
}

static struct leaf body(const struct tree *t)
{
    bool map = t->body.type == VALUE_MAP && t->body.pairs;
    return (struct leaf){.place.field = POLICY_BODY, .value = t->body, .there = t->has_body && !map};
}

static void compare_scalar(struct rows *r, const struct tree *before, const struct tree *after, enum policy_field field)
{
    struct leaf a = scalar(before, field), b = after ? scalar(after, field) : (struct leaf){0};
    compare(r, &a, after ? &b : NULL);
}

static void compare_all(struct rows *r, struct tree *before, struct tree *after)
{
    static const enum policy_field last[] = {
        POLICY_TRACE_ID, POLICY_SPAN_ID, POLICY_SCOPE_NAME, POLICY_SCOPE_VERSION, POLICY_RESOURCE_SCHEMA_URL, POLICY_SCOPE_SCHEMA_URL};
    struct show_place in_body = {.field = POLICY_BODY};
    struct leaf a = body(before), b = after ? body(after) : (struct leaf){0};
    compare_scalar(r, before, after, POLICY_SEVERITY_TEXT);
    compare_scalar(r, before, after, POLICY_EVENT_NAME);
    compare(r, &a, after ? &b : NULL);
    if (before->body.type == VALUE_MAP) compare_list(r, &in_body, before->body.pairs, !after);
    if (after && after->body.type == VALUE_MAP) add_list(r, &in_body, after->body.pairs);
    for (unsigned i = 0; i < POLICY_EVENT; i++) {
        struct show_place in = {.scope = (enum policy_scope)i};
        compare_list(r, &in, before->attributes[i], !after);
        if (after) add_list(r, &in, after->attributes[i]);
    }
    for (size_t i = 0; i < sizeof last / sizeof *last; i++) compare_scalar(r, before, after, last[i]);
}

/* ---- the block ---- */

static void shift(struct tap_text *t, size_t by)
{
    if (t->at) t->at += (uint32_t)by - 1;
}

static struct tap_text put_text(struct rows *r, struct slice text)
{
    size_t mark = r->text.len;
    if (!text.len) return (struct tap_text){0};
    utf8_clean(&r->text, text);
    return told(r, mark);
}

static struct tap_record *block_of(struct vault *vault, const struct tap_record *head, struct rows *r)
{
    size_t texts = sizeof *head + r->count * sizeof *r->fields, size = texts + r->text.len;
    struct tap_record *block = vault_alloc(vault, size);
    if (!block) return NULL;
    *block = *head;
    block->size = size;
    block->field_count = r->count;
    block->truncated = r->truncated;
    if (r->count) memcpy(block->fields, r->fields, r->count * sizeof *r->fields);
    if (r->text.len) memcpy((char *)block + texts, r->text.data, r->text.len);
    shift(&block->service, texts);
    shift(&block->decided_by, texts);
    for (uint32_t i = 0; i < r->count; i++) {
        struct tap_field *f = &block->fields[i];
        shift(&f->path, texts);
        shift(&f->moved_to, texts);
        shift(&f->before, texts);
        shift(&f->after, texts);
    }
    return block;
}

struct tap_record *rows_make(struct vault *vault, const struct tap_record *head, struct slice service, struct slice decided_by,
                             struct tree *before, struct tree *after, const struct rows_mask *mask)
{
    struct rows r = {.mask = mask, .fields = vault_alloc(vault, ROWS_MOST * sizeof *r.fields)};
    struct tap_record top = *head;
    r.text = (struct buf){.data = vault_alloc(vault, TEXT_ROOM), .cap = TEXT_ROOM, .max = TEXT_ROOM - 1};
    if (!r.fields || !r.text.data) return NULL;
    top.masked = !mask->reveal;
    tree_link(before);
    if (after) tree_link(after);
    top.service = put_text(&r, service);
    top.decided_by = put_text(&r, decided_by);
    compare_all(&r, before, after);
    return block_of(vault, &top, &r);
}
