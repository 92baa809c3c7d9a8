#include "base/proto_write.h"

#include "base/proto_read.h"

#include <endian.h>

enum { VARINT_MAX = 10, WIDE = 5 };

static size_t encode(char *to, uint64_t value)
{
    size_t n = 0;
    for (; value >= 0x80; value >>= 7) to[n++] = (char)(value | 0x80);
    to[n++] = (char)value;
    return n;
}

static size_t encode_tag(char *to, uint32_t number, enum proto_wire wire) { return encode(to, (uint64_t)number << 3 | wire); }

void proto_put_varint(struct buf *out, uint32_t number, uint64_t value)
{
    char bytes[2 * VARINT_MAX];
    size_t n = encode_tag(bytes, number, PROTO_VARINT);
    n += encode(bytes + n, value);
    buf_add(out, bytes, n);
}

void proto_put_fixed64(struct buf *out, uint32_t number, uint64_t value)
{
    char bytes[VARINT_MAX + 8];
    size_t n = encode_tag(bytes, number, PROTO_FIXED64);
    value = htole64(value);
    memcpy(bytes + n, &value, 8);
    buf_add(out, bytes, n + 8);
}

void proto_put_fixed32(struct buf *out, uint32_t number, uint32_t value)
{
    char bytes[VARINT_MAX + 4];
    size_t n = encode_tag(bytes, number, PROTO_FIXED32);
    value = htole32(value);
    memcpy(bytes + n, &value, 4);
    buf_add(out, bytes, n + 4);
}

void proto_put_bytes(struct buf *out, uint32_t number, struct slice s)
{
    if (!buf_reserve(out, 2 * VARINT_MAX + s.len)) return;
    out->len += encode_tag(out->data + out->len, number, PROTO_BYTES);
    out->len += encode(out->data + out->len, s.len);
    buf_slice(out, s);
}

size_t proto_open(struct buf *out, uint32_t number)
{
    char bytes[VARINT_MAX + 1];
    size_t n = encode_tag(bytes, number, PROTO_BYTES);
    bytes[n] = 0;
    buf_add(out, bytes, n + 1);
    return out->len;
}

void proto_close(struct buf *out, size_t mark)
{
    char length[VARINT_MAX];
    if (out->full || mark > out->len) return;
    size_t size = out->len - mark, n = encode(length, size);
    if (n > 1) {
        if (!buf_reserve(out, n - 1)) return;
        memmove(out->data + mark + n - 1, out->data + mark, size);
        out->len += n - 1;
        out->data[out->len] = '\0';
    }
    memcpy(out->data + mark - 1, length, n);
}

size_t proto_open_wide(struct buf *out, uint32_t number)
{
    char bytes[VARINT_MAX + WIDE];
    size_t n = encode_tag(bytes, number, PROTO_BYTES);
    memset(bytes + n, 0, WIDE);
    buf_add(out, bytes, n + WIDE);
    return out->len;
}

void proto_close_wide(struct buf *out, size_t mark)
{
    if (out->full || mark > out->len) return;
    size_t size = out->len - mark;
    char *to = out->data + mark - WIDE;
    for (int i = 0; i < WIDE; i++, size >>= 7) to[i] = (char)((size & 0x7F) | (i < WIDE - 1 ? 0x80 : 0));
}
