/* JSON straight to bytes. The caller places commas and brackets; these write single values.
 * Invalid UTF-8 comes out as U+FFFD, so the output is always valid JSON (RFC 8259). */
#ifndef BASE_JSON_WRITE_H
#define BASE_JSON_WRITE_H

#include "base/buf.h"

void json_write_string(struct buf *out, struct slice s);
/* The shortest text that reads back as the same double; null for what JSON has no word for (NaN, infinity). */
void json_write_double(struct buf *out, double value);

#endif
