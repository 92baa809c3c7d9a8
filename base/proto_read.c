#include "base/proto_read.h"

#include <endian.h>

enum { GROUP_DEPTH = 32 };

static bool fail(struct proto *p, const char *why)
{
    p->error = why;
    return false;
}

static bool long_varint(struct proto *p, uint64_t *value)
{
    uint64_t sum = 0;
    const char *at = p->at;
    for (unsigned shift = 0; shift < 70; shift += 7) {
        if (at == p->end) return fail(p, "truncated number");
        unsigned char c = (unsigned char)*at++;
        if (shift == 63 && c > 1) return fail(p, "number beyond 64 bits");
        sum |= (uint64_t)(c & 0x7F) << shift;
        if (c < 0x80) {
            p->at = at;
            *value = sum;
            return true;
        }
    }
    return fail(p, "number beyond 64 bits");
}

static inline bool varint(struct proto *p, uint64_t *value)
{
    if (p->at < p->end && (unsigned char)*p->at < 0x80) {
        *value = (unsigned char)*p->at++;
        return true;
    }
    return long_varint(p, value);
}

static inline bool fixed64(struct proto *p, uint64_t *value)
{
    uint64_t v;
    if (p->end - p->at < 8) return fail(p, "truncated 64-bit field");
    memcpy(&v, p->at, 8);
    p->at += 8;
    *value = le64toh(v);
    return true;
}

static inline bool fixed32(struct proto *p, uint64_t *value)
{
    uint32_t v;
    if (p->end - p->at < 4) return fail(p, "truncated 32-bit field");
    memcpy(&v, p->at, 4);
    p->at += 4;
    *value = le32toh(v);
    return true;
}

static inline bool bytes(struct proto *p, struct slice *s)
{
    uint64_t n;
    if (!varint(p, &n)) return false;
    if (n > (uint64_t)(p->end - p->at)) return fail(p, "length beyond the end");
    *s = slice_of(p->at, (size_t)n);
    p->at += n;
    return true;
}

static inline bool tag(struct proto *p, struct proto_field *f)
{
    uint64_t t;
    if (!varint(p, &t)) return false;
    if (t >> 32 || t < 8) return fail(p, "wrong field number");
    f->number = (uint32_t)(t >> 3);
    f->wire = (enum proto_wire)(t & 7);
    return true;
}

static inline bool payload(struct proto *p, struct proto_field *f)
{
    switch (f->wire) {
    case PROTO_VARINT: return varint(p, &f->value);
    case PROTO_FIXED64: return fixed64(p, &f->value);
    case PROTO_BYTES: return bytes(p, &f->bytes);
    case PROTO_FIXED32: return fixed32(p, &f->value);
    case PROTO_GROUP:
    case PROTO_GROUP_END: break;
    }
    return fail(p, "unknown wire type");
}

/* After the tag that opens a group: moves past the tag that closes it. */
static bool skip_group(struct proto *p, uint32_t number)
{
    uint32_t open[GROUP_DEPTH] = {number};
    for (unsigned depth = 1; depth;) {
        struct proto_field f;
        if (p->at == p->end) return fail(p, "group without end");
        if (!tag(p, &f)) return false;
        if (f.wire == PROTO_GROUP) {
            if (depth == GROUP_DEPTH) return fail(p, "groups nested too deeply");
            open[depth++] = f.number;
        } else if (f.wire == PROTO_GROUP_END) {
            if (open[--depth] != f.number) return fail(p, "wrong end of a group");
        } else if (!payload(p, &f)) {
            return false;
        }
    }
    return true;
}

bool proto_next(struct proto *p, struct proto_field *f)
{
    while (p->at < p->end) {
        const char *start = p->at;
        if (!tag(p, f)) return false;
        if (f->wire != PROTO_GROUP) {
            if (payload(p, f)) return true;
            p->at = start;
            return false;
        }
        if (!skip_group(p, f->number)) return false;
    }
    return false;
}
