/* Reads the protobuf wire format from memory: no copies, every access bounded.
 *
 * proto_begin(&p, bytes); while (proto_next(&p, &f)) ...; then p.error says whether the bytes ended where a field
 * did. Groups are passed over. f.bytes borrows from the input. */
#ifndef BASE_PROTO_READ_H
#define BASE_PROTO_READ_H

#include "base/slice.h"

#include <stdint.h>

enum proto_wire { PROTO_VARINT = 0, PROTO_FIXED64 = 1, PROTO_BYTES = 2, PROTO_GROUP = 3, PROTO_GROUP_END = 4, PROTO_FIXED32 = 5 };

struct proto {
    const char *at, *end;
    const char *error; /* literal; NULL while all is well */
};

struct proto_field {
    uint32_t number;
    enum proto_wire wire;
    uint64_t value;     /* VARINT, FIXED64, FIXED32 */
    struct slice bytes; /* BYTES */
};

static inline void proto_begin(struct proto *p, struct slice bytes)
{
    const char *start = bytes.ptr ? bytes.ptr : "";
    *p = (struct proto){start, start + bytes.len, NULL};
}

/* False at the end and on an error; then p->at is where it stopped. */
bool proto_next(struct proto *p, struct proto_field *f);

#endif
