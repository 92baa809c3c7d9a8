#include "control-plane/store/field_counts.h"

static void put(struct buf *out, uint64_t v)
{
    for (; v >= 0x80; v >>= 7) buf_char(out, (char)(v | 0x80));
    buf_char(out, (char)v);
}

static bool take(struct slice *in, uint64_t *v)
{
    *v = 0;
    for (unsigned shift = 0; in->len && shift < 64; shift += 7) {
        unsigned char c = (unsigned char)*in->ptr;
        *in = slice_of(in->ptr + 1, in->len - 1);
        *v |= (uint64_t)(c & 0x7F) << shift;
        if (c < 0x80) return true;
    }
    return false;
}

void counts_write(struct buf *out, const uint64_t *counts, size_t n)
{
    for (size_t i = 0, last = 0; i < n; i++) {
        if (!counts[i]) continue;
        put(out, i - last);
        put(out, counts[i]);
        last = i;
    }
}

void counts_add(uint64_t *counts, size_t n, struct slice blob)
{
    uint64_t gap, count;
    for (size_t at = 0; take(&blob, &gap) && take(&blob, &count);) {
        if (gap >= n - at) return;
        at += (size_t)gap;
        counts[at] += count;
    }
}
