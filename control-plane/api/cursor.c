#include "control-plane/api/cursor.h"

enum { HEAD = 10, VALUE = 16, KEY = 5, SEVERAL = 0x80 };

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static size_t encode(char *out, const unsigned char *in, size_t n)
{
    size_t len = 0;
    for (size_t i = 0; i < n; i += 3) {
        unsigned v = (unsigned)in[i] << 16 | (i + 1 < n ? (unsigned)in[i + 1] << 8 : 0) | (i + 2 < n ? in[i + 2] : 0);
        size_t left = n - i < 3 ? n - i : 3;
        for (size_t k = 0; k <= left; k++) out[len++] = digits[v >> (18 - 6 * k) & 63];
    }
    return len;
}

static int digit(char c)
{
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

static bool decode(unsigned char *out, size_t *n, struct slice in)
{
    unsigned v = 0, bits = 0;
    *n = 0;
    for (size_t i = 0; i < in.len; i++) {
        int d = digit(in.ptr[i]);
        if (d < 0) return false;
        v = v << 6 | (unsigned)d;
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        out[(*n)++] = (unsigned char)(v >> bits);
    }
    return true;
}

static void put64(unsigned char *out, uint64_t v)
{
    for (int i = 0; i < 8; i++) out[i] = (unsigned char)(v >> (56 - 8 * i));
}

static uint64_t get64(const unsigned char *in)
{
    uint64_t v = 0;
    for (int i = 0; i < 8; i++) v = v << 8 | in[i];
    return v;
}

static unsigned char order_number(const struct entity *entity, const struct order *order)
{
    return (unsigned char)(order - entity->orders);
}

static size_t put_value(unsigned char *out, const struct sql_value *v)
{
    switch (v->type) {
    case SQL_INT: put64(out, (uint64_t)v->integer); return 8;
    case SQL_ID:
        put64(out, v->id.hi);
        put64(out + 8, v->id.lo);
        return 16;
    default: memcpy(out, v->text.ptr, v->text.len); return v->text.len;
    }
}

static size_t count_of(const struct then_by *then) { return then ? then->count : 0; }

/* One more key: its order, the length of its value, the value. */
static size_t put_then(unsigned char *out, const struct entity *entity, const struct order *order, const struct sql_value *v)
{
    size_t n = put_value(out + KEY, v);
    out[0] = order_number(entity, order);
    for (int i = 0; i < 4; i++) out[1 + i] = (unsigned char)(n >> (24 - 8 * i));
    return KEY + n;
}

static size_t room_of(const struct sql_value *v) { return VALUE + KEY + (v->type == SQL_TEXT ? v->text.len : 0); }

/* With several orders the first value comes behind the others, whose lengths are told. */
struct slice cursor_write(struct arena *arena, const struct entity *entity, const struct order *order, const struct then_by *then,
                          const struct place *place)
{
    size_t room = HEAD + 1 + room_of(&place->value);
    for (size_t i = 0; i < count_of(then); i++) room += room_of(&place->then[i]);
    unsigned char small[256], *bytes = room <= sizeof small ? small : arena_alloc(arena, room);
    char *text = arena_alloc(arena, room * 4 / 3 + 4);
    if (!bytes || !text) return SLICE("");
    bytes[0] = (unsigned char)(entity->type[0] | (count_of(then) ? SEVERAL : 0));
    bytes[1] = order_number(entity, order);
    put64(bytes + 2, (uint64_t)place->row);
    size_t n = HEAD;
    if (count_of(then)) bytes[n++] = (unsigned char)then->count;
    for (size_t i = 0; i < count_of(then); i++) n += put_then(bytes + n, entity, then->keys[i].order, &place->then[i]);
    n += put_value(bytes + n, &place->value);
    return slice_of(text, encode(text, bytes, n));
}

static bool get_value(const unsigned char *in, size_t n, enum sql_type type, struct sql_value *v)
{
    v->type = type;
    if (type == SQL_INT && n == 8) return (v->integer = (int64_t)get64(in)), true;
    if (type == SQL_ID && n == 16) return (v->id = (struct id128){get64(in), get64(in + 8)}), true;
    if (type == SQL_TEXT) return (v->text = slice_of((const char *)in, n)), true;
    return false;
}

/* Bytes it took; 0: not a cursor of these orders. */
static size_t get_thens(const unsigned char *in, size_t n, const struct entity *entity, const struct then_by *then, struct place *place)
{
    size_t at = 1;
    if (n < 1 || in[0] != then->count) return 0;
    for (size_t i = 0; i < then->count; i++) {
        const struct order *order = then->keys[i].order;
        if (n - at < KEY || in[at] != order_number(entity, order)) return 0;
        size_t len = (size_t)in[at + 1] << 24 | (size_t)in[at + 2] << 16 | (size_t)in[at + 3] << 8 | in[at + 4];
        at += KEY;
        if (len > n - at || !get_value(in + at, len, order->type, &place->then[i])) return 0;
        at += len;
    }
    return at;
}

bool cursor_read(struct arena *arena, const struct entity *entity, const struct order *order, const struct then_by *then, struct slice text,
                 struct place *place)
{
    unsigned char *bytes = text.len <= (size_t)1 << 17 ? arena_alloc(arena, text.len + 1) : NULL;
    size_t n, at = HEAD;
    if (!bytes || !decode(bytes, &n, text) || n < HEAD) return false;
    if (bytes[0] != (unsigned char)(entity->type[0] | (count_of(then) ? SEVERAL : 0)) || bytes[1] != order_number(entity, order))
        return false;
    place->row = (int64_t)get64(bytes + 2);
    size_t thens = count_of(then) ? get_thens(bytes + at, n - at, entity, then, place) : 0;
    if (count_of(then) && !thens) return false;
    at += thens;
    return get_value(bytes + at, n - at, order->type, &place->value);
}
