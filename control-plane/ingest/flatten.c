#include "control-plane/ingest/flatten.h"

#include "base/utf8.h"
#include "control-plane/ingest/otlp_wire.h"

#include <math.h>
#include <stdio.h>

bool text_is_utf8(struct slice s)
{
    size_t at = 0;
    uint64_t word = 0;
    for (; at + 8 <= s.len; at += 8) {
        uint64_t next;
        memcpy(&next, s.ptr + at, 8);
        word |= next;
    }
    unsigned char rest = 0;
    for (; at < s.len; at++) rest |= (unsigned char)s.ptr[at];
    if (!((word & UINT64_C(0x8080808080808080)) | (rest & 0x80))) return true;
    return utf8_valid(s);
}

void flat_clear(struct flat *f)
{
    f->count = f->text_used = 0;
    f->limit = OTLP_FIELDS;
    f->bad_text = false;
}

void flat_add(struct flat *f, struct slice path, enum value_type type, struct slice text)
{
    if (f->count < f->limit) f->fields[f->count++] = (struct field){path, type, text};
}

static bool room(const struct flat *f, size_t n) { return OTLP_RECORD_TEXT - f->text_used >= n; }

static struct slice keep(struct flat *f, const char *bytes, size_t n)
{
    char *to = f->text + f->text_used;
    if (n) memcpy(to, bytes, n);
    f->text_used += n;
    if (f->text_used > f->text_most) f->text_most = f->text_used;
    return slice_of(to, n);
}

/* Decimal digits with a point before the last `places` of them, written backwards from `end`. */
static char *digits(char *end, uint64_t value, int places)
{
    for (int n = 0; n <= places || value; n++, value /= 10) {
        if (n == places && places) *--end = '.';
        *--end = (char)('0' + value % 10);
    }
    return end;
}

static void add_number(struct flat *f, struct slice path, enum value_type type, bool negative, uint64_t value, int places)
{
    char text[32], *end = text + sizeof text, *at = digits(end, value, places);
    if (negative) *--at = '-';
    if (room(f, sizeof text)) flat_add(f, path, type, keep(f, at, (size_t)(end - at)));
}

static void add_int(struct flat *f, struct slice path, int64_t value)
{
    add_number(f, path, VALUE_INT, value < 0, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 0);
}

/* Short decimal fractions, the usual case, without printf: scaled to an integer and checked by the division back,
 * which rounds as reading the text would. */
static void add_double(struct flat *f, struct slice path, uint64_t bits)
{
    static const double scales[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
    double value, size;
    char text[40];
    memcpy(&value, &bits, 8);
    size = fabs(value);
    for (int places = 0; places <= 6 && size < 1e9; places++) {
        double scaled = (double)(int64_t)(size * scales[places] + 0.5);
        if (scaled / scales[places] != size) continue;
        add_number(f, path, VALUE_DOUBLE, value < 0, (uint64_t)scaled, places);
        return;
    }
    int n = snprintf(text, sizeof text, "%.17g", value);
    if (room(f, sizeof text)) flat_add(f, path, VALUE_DOUBLE, keep(f, text, (size_t)n));
}

static void add_string(struct flat *f, struct slice path, struct slice s)
{
    if (!text_is_utf8(s)) f->bad_text = true;
    flat_add(f, path, VALUE_STRING, s);
}

bool flat_join(struct flat *f, struct slice prefix, struct slice key, struct slice *path)
{
    if (!prefix.len && key.ptr) {
        *path = key;
        return true;
    }
    size_t mark = f->text_used;
    if (!room(f, prefix.len + key.len + 2)) return false;
    keep(f, prefix.ptr, prefix.len);
    if (key.ptr) {
        keep(f, ".", 1);
        keep(f, key.ptr, key.len);
    } else {
        keep(f, "[]", 2);
    }
    *path = slice_of(f->text + mark, f->text_used - mark);
    return true;
}

static void add_list(struct flat *f, struct slice path, struct slice list, unsigned depth)
{
    struct proto p;
    struct proto_field item;
    struct slice element = {0};
    proto_begin(&p, list);
    while (f->count < f->limit && proto_next(&p, &item)) {
        if (item.number != VALUES || item.wire != PROTO_BYTES) continue;
        if (!element.ptr && !flat_join(f, path, (struct slice){0}, &element)) return;
        flat_value(f, element, item.bytes, depth);
    }
    if (!element.ptr) flat_add(f, path, VALUE_ARRAY, (struct slice){0});
}

static void add_map(struct flat *f, struct slice path, struct slice map, unsigned depth)
{
    struct proto p;
    struct proto_field item;
    bool any = false;
    proto_begin(&p, map);
    while (f->count < f->limit && proto_next(&p, &item)) {
        if (item.number != VALUES || item.wire != PROTO_BYTES) continue;
        any = true;
        flat_pair(f, path, item.bytes, depth);
    }
    if (!any) flat_add(f, path, VALUE_MAP, (struct slice){0});
}

void flat_value(struct flat *f, struct slice path, struct slice any, unsigned depth)
{
    struct proto p;
    struct proto_field one, last = {0};
    proto_begin(&p, any);
    while (proto_next(&p, &one))
        if (one.number >= ANY_STRING && one.number <= ANY_BYTES) last = one;
    bool deeper = ++depth < OTLP_DEPTH;
    switch (last.number) {
    case ANY_STRING: add_string(f, path, last.bytes); break;
    case ANY_BOOL: flat_add(f, path, VALUE_BOOL, last.value ? SLICE("true") : SLICE("false")); break;
    case ANY_INT: add_int(f, path, (int64_t)last.value); break;
    case ANY_DOUBLE: add_double(f, path, last.value); break;
    case ANY_ARRAY: deeper ? add_list(f, path, last.bytes, depth) : flat_add(f, path, VALUE_ARRAY, (struct slice){0}); break;
    case ANY_MAP: deeper ? add_map(f, path, last.bytes, depth) : flat_add(f, path, VALUE_MAP, (struct slice){0}); break;
    case ANY_BYTES: flat_add(f, path, VALUE_BYTES, last.bytes); break;
    default: flat_add(f, path, VALUE_EMPTY, (struct slice){0}); break;
    }
}

void flat_pair(struct flat *f, struct slice prefix, struct slice key_value, unsigned depth)
{
    struct proto p;
    struct proto_field one;
    struct slice key = SLICE(""), value = {0}, path;
    proto_begin(&p, key_value);
    while (proto_next(&p, &one)) {
        if (one.number == KEY_VALUE_KEY) key = one.bytes;
        else if (one.number == KEY_VALUE_VALUE) value = one.bytes;
    }
    if (!text_is_utf8(key)) f->bad_text = true;
    if (flat_join(f, prefix, key, &path)) flat_value(f, path, value, depth);
}
