/* Writes the protobuf wire format into a buffer. Scalars of value 0 are written too: the caller leaves out defaults.
 *
 * A message inside a message: size_t mark = proto_open(out, number); ...fields...; proto_close(out, mark). The length
 * takes as many bytes as it needs (the content moves up where that is more than one). proto_open_wide() takes five
 * bytes at once: for messages that grow large. After a buffer became full all calls do nothing. */
#ifndef BASE_PROTO_WRITE_H
#define BASE_PROTO_WRITE_H

#include "base/buf.h"

void proto_put_varint(struct buf *out, uint32_t number, uint64_t value);
void proto_put_fixed64(struct buf *out, uint32_t number, uint64_t value);
void proto_put_fixed32(struct buf *out, uint32_t number, uint32_t value);
void proto_put_bytes(struct buf *out, uint32_t number, struct slice s);

size_t proto_open(struct buf *out, uint32_t number);
void proto_close(struct buf *out, size_t mark);
size_t proto_open_wide(struct buf *out, uint32_t number);
void proto_close_wide(struct buf *out, size_t mark);

#endif
