#include "control-plane/api/cursor.h"

enum { HEAD = 10, VALUE = 16 };

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

struct slice cursor_write(struct arena *arena, const struct entity *entity, const struct order *order, const struct place *place)
{
    size_t room = HEAD + VALUE + (place->value.type == SQL_TEXT ? place->value.text.len : 0);
    unsigned char small[256], *bytes = room <= sizeof small ? small : arena_alloc(arena, room);
    char *text = arena_alloc(arena, room * 4 / 3 + 4);
    if (!bytes || !text) return SLICE("");
    bytes[0] = (unsigned char)entity->type[0];
    bytes[1] = order_number(entity, order);
    put64(bytes + 2, (uint64_t)place->row);
    size_t n = HEAD + put_value(bytes + HEAD, &place->value);
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

bool cursor_read(struct arena *arena, const struct entity *entity, const struct order *order, struct slice text, struct place *place)
{
    unsigned char *bytes = text.len <= (size_t)1 << 17 ? arena_alloc(arena, text.len + 1) : NULL;
    size_t n;
    if (!bytes || !decode(bytes, &n, text) || n < HEAD) return false;
    if (bytes[0] != (unsigned char)entity->type[0] || bytes[1] != order_number(entity, order)) return false;
    place->row = (int64_t)get64(bytes + 2);
    return get_value(bytes + HEAD, n - HEAD, order->type, &place->value);
}
