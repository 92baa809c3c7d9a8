/* Protobuf by the tables of schema.c. Bounded by the input's length and PROTO_DEPTH; unknown fields are passed over. */
#include "policy/schema.h"

#include "base/json_write.h"
#include "base/utf8.h"
#include "policy/reading.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { VARINT, FIXED64, BYTES, FIXED32 = 5, PROTO_DEPTH = 24 };

static bool read_varint(struct slice *in, uint64_t *value)
{
    *value = 0;
    for (unsigned i = 0; i < 10 && i < in->len; i++) {
        unsigned char c = (unsigned char)in->ptr[i];
        *value |= (uint64_t)(c & 0x7f) << (7 * i);
        if (c & 0x80) continue;
        *in = slice_of(in->ptr + i + 1, in->len - i - 1);
        return true;
    }
    return false;
}

static bool read_fixed(struct slice *in, unsigned n, uint64_t *value)
{
    if (in->len < n) return false;
    *value = 0;
    for (unsigned i = 0; i < n; i++) *value |= (uint64_t)(unsigned char)in->ptr[i] << (8 * i);
    *in = slice_of(in->ptr + n, in->len - n);
    return true;
}

static bool payload(struct slice *in, struct proto_item *item)
{
    switch (item->wire) {
    case VARINT: return read_varint(in, &item->value);
    case FIXED64: return read_fixed(in, 8, &item->value);
    case FIXED32: return read_fixed(in, 4, &item->value);
    case BYTES:
        if (!read_varint(in, &item->value) || item->value > in->len) return false;
        item->bytes = slice_of(in->ptr, (size_t)item->value);
        *in = slice_of(in->ptr + item->value, in->len - (size_t)item->value);
        return true;
    default: return false;
    }
}

bool wire_item_next(struct slice *in, struct proto_item *item, const char **error)
{
    uint64_t tag;
    if (!in->len) return false;
    *item = (struct proto_item){0};
    if (read_varint(in, &tag) && tag >> 3 && tag >> 3 <= 536870911) {
        item->number = (unsigned)(tag >> 3);
        item->wire = (unsigned)(tag & 7);
        if (payload(in, item)) return true;
    }
    *error = "not a protobuf message";
    return false;
}

static unsigned wire_of(enum proto_type t)
{
    switch (t) {
    case PROTO_STRING:
    case PROTO_BYTES:
    case PROTO_MESSAGE: return BYTES;
    case PROTO_FIXED64:
    case PROTO_DOUBLE: return FIXED64;
    case PROTO_FLOAT: return FIXED32;
    default: return VARINT;
    }
}

static const struct proto_field *field_numbered(const struct proto_message *m, unsigned number)
{
    for (size_t i = 0; i < m->count; i++)
        if (m->fields[i].number == number) return &m->fields[i];
    return NULL;
}

static struct node *member(struct node *map, const char *key)
{
    for (struct node *n = map->first; n; n = n->next)
        if (slice_is(n->key, key)) return n;
    return NULL;
}

/* A later member of a oneof takes the place of an earlier one. */
static void drop_others(const struct proto_message *m, const struct proto_field *f, struct node *map)
{
    for (struct node **at = &map->first, *n; (n = *at);) {
        bool other = false;
        for (size_t i = 0; i < m->count; i++)
            other |= m->fields[i].oneof == f->oneof && &m->fields[i] != f && slice_is(n->key, m->fields[i].name);
        if (other) *at = n->next;
        else at = &n->next;
    }
    map->last = map->first;
    while (map->last && map->last->next) map->last = map->last->next;
}

static bool add_scalar(struct arena *a, struct node *map, const struct proto_field *f, const struct proto_item *item, const char **error)
{
    double real;
    float single;
    uint32_t low = (uint32_t)item->value;
    struct buf b;
    switch (f->type) {
    case PROTO_STRING:
        if (!utf8_valid(item->bytes)) return *error = "a string is not UTF-8", false;
        node_put_string(a, map, f->name, item->bytes);
        break;
    case PROTO_BYTES:
        buf_init(&b, item->bytes.len * 2 + 8);
        base64_write(&b, item->bytes);
        node_put_string(a, map, f->name, node_copy_text(a, buf_view(&b)));
        buf_free(&b);
        break;
    case PROTO_BOOL: node_put_bool(a, map, f->name, item->value != 0); break;
    case PROTO_INT64: node_put_int(a, map, f->name, (int64_t)item->value); break;
    case PROTO_ENUM: node_put_int(a, map, f->name, (int32_t)low); break;
    case PROTO_UINT32: node_put_u64(a, map, f->name, low); break;
    case PROTO_FIXED64: node_put_u64(a, map, f->name, item->value); break;
    case PROTO_DOUBLE:
        memcpy(&real, &item->value, sizeof real);
        node_put_double(a, map, f->name, real);
        break;
    case PROTO_FLOAT:
        memcpy(&single, &low, sizeof single);
        node_put_double(a, map, f->name, (double)single);
        break;
    case PROTO_MESSAGE: break;
    }
    return true;
}

static bool read_message(struct arena *a, const struct proto_message *m, struct slice bytes, struct node *map, unsigned depth,
                         const char **error);

static bool read_field(struct arena *a, const struct proto_field *f, const struct proto_item *item, struct node *map, unsigned depth,
                       const char **error)
{
    if (!(f->flags & PROTO_REPEATED)) {
        struct node *old = member(map, f->name);
        if (f->type == PROTO_MESSAGE) {
            if (!old) old = node_put(a, map, f->name, NODE_MAP, (struct slice){0});
            return read_message(a, f->message, item->bytes, old, depth + 1, error);
        }
        struct node once = {0};
        if (!old) return add_scalar(a, map, f, item, error);
        if (!add_scalar(a, &once, f, item, error)) return false;
        old->text = once.first->text;
        old->boolean = once.first->boolean;
        return true;
    }
    struct node *list = member(map, f->name);
    if (!list) list = node_put(a, map, f->name, NODE_LIST, (struct slice){0});
    if (f->type != PROTO_MESSAGE) return add_scalar(a, list, f, item, error);
    struct node *element = node_new(a, NODE_MAP, (struct slice){0});
    node_append(list, element);
    return read_message(a, f->message, item->bytes, element, depth + 1, error);
}

static void imply(struct arena *a, const struct proto_message *m, struct node *map)
{
    for (size_t i = 0; i < m->count; i++) {
        const struct proto_field *f = &m->fields[i];
        if (!(f->flags & PROTO_IMPLIED) || member(map, f->name)) continue;
        if (f->type == PROTO_BOOL) node_put_bool(a, map, f->name, false);
        else node_put_int(a, map, f->name, 0);
    }
}

static bool read_message(struct arena *a, const struct proto_message *m, struct slice bytes, struct node *map, unsigned depth,
                         const char **error)
{
    struct proto_item item;
    if (depth > PROTO_DEPTH) return *error = "nested too deeply", false;
    while (wire_item_next(&bytes, &item, error)) {
        const struct proto_field *f = field_numbered(m, item.number);
        if (!f) continue;
        if (item.wire != wire_of(f->type)) return *error = "a field of another type", false;
        if (f->oneof) drop_others(m, f, map);
        if (!read_field(a, f, &item, map, depth, error)) return false;
    }
    imply(a, m, map);
    return !*error;
}

struct node *proto_read(struct arena *a, const struct proto_message *m, struct slice bytes, const char **error)
{
    struct node *map = node_new(a, NODE_MAP, (struct slice){0});
    *error = NULL;
    return read_message(a, m, bytes, map, 0, error) ? map : NULL;
}

static void write_varint(struct buf *out, uint64_t value)
{
    for (; value >= 0x80; value >>= 7) buf_char(out, (char)(value | 0x80));
    buf_char(out, (char)value);
}

static void write_fixed(struct buf *out, uint64_t value, unsigned n)
{
    for (unsigned i = 0; i < n; i++) buf_char(out, (char)(value >> (8 * i)));
}

static void write_tag(struct buf *out, const struct proto_field *f) { write_varint(out, (uint64_t)f->number << 3 | wire_of(f->type)); }

static void write_bytes(struct buf *out, const struct proto_field *f, struct slice s)
{
    write_tag(out, f);
    write_varint(out, s.len);
    buf_slice(out, s);
}

static void write_base64(struct buf *out, const struct proto_field *f, struct slice text)
{
    struct arena *a = arena_new(text.len * 2 + 4096);
    struct slice bytes;
    if (read_base64(a, text, &bytes) && (bytes.len || f->flags & PROTO_PRESENT)) write_bytes(out, f, bytes);
    arena_free(a);
}

static void write_number(struct buf *out, const struct proto_field *f, const struct node *n)
{
    int64_t integer = 0;
    uint64_t bits = 0;
    double real = 0;
    float single;
    uint32_t low;
    if (f->type == PROTO_BOOL) bits = n->boolean;
    else if (f->type == PROTO_FIXED64) (void)node_u64(n, &bits);
    else if (f->type == PROTO_DOUBLE) {
        (void)node_double(n, &real);
        memcpy(&bits, &real, sizeof bits);
    } else if (f->type == PROTO_FLOAT) {
        (void)node_double(n, &real);
        single = (float)real;
        memcpy(&low, &single, sizeof low);
        bits = low;
    } else {
        (void)node_int(n, &integer);
        bits = (uint64_t)integer;
    }
    if (!bits && !(f->flags & PROTO_PRESENT)) return;
    write_tag(out, f);
    unsigned wire = wire_of(f->type);
    if (wire == VARINT) write_varint(out, bits);
    else write_fixed(out, bits, wire == FIXED64 ? 8 : 4);
}

static void write_field(struct buf *out, const struct proto_field *f, const struct node *n)
{
    struct buf inner;
    bool always = f->flags & (PROTO_PRESENT | PROTO_REPEATED);
    switch (f->type) {
    case PROTO_STRING:
        if (n->text.len || always) write_bytes(out, f, n->text);
        break;
    case PROTO_BYTES: write_base64(out, f, n->text); break;
    case PROTO_MESSAGE:
        buf_init(&inner, out->max);
        proto_write(&inner, f->message, n);
        write_bytes(out, f, buf_view(&inner));
        buf_free(&inner);
        break;
    default: write_number(out, f, n); break;
    }
}

void proto_write(struct buf *out, const struct proto_message *m, const struct node *map)
{
    for (size_t i = 0; i < m->count; i++) {
        const struct node *n = node_get(map, m->fields[i].name);
        if (!n) continue;
        if (!(m->fields[i].flags & PROTO_REPEATED)) write_field(out, &m->fields[i], n);
        else
            for (const struct node *c = n->first; c; c = c->next) write_field(out, &m->fields[i], c);
    }
}

void base64_write(struct buf *out, struct slice bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < bytes.len; i += 3) {
        unsigned left = (unsigned)(bytes.len - i), v = (unsigned)(unsigned char)bytes.ptr[i] << 16;
        if (left > 1) v |= (unsigned)(unsigned char)bytes.ptr[i + 1] << 8;
        if (left > 2) v |= (unsigned char)bytes.ptr[i + 2];
        buf_char(out, digits[v >> 18]);
        buf_char(out, digits[v >> 12 & 63]);
        buf_char(out, left > 1 ? digits[v >> 6 & 63] : '=');
        buf_char(out, left > 2 ? digits[v & 63] : '=');
    }
}
