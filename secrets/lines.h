/* The files of this module are lines "name: value" in one order, ASCII, each with a newline at its end: there is one way to write one. */
#ifndef SECRETS_LINES_H
#define SECRETS_LINES_H

#include "base/buf.h"
#include "secrets/latch.h"

#include <stdbool.h>

/* Takes the next line, which must begin with "name: ". */
bool line_take(struct slice *text, const char *name, struct slice *value);
/* Takes the line that is exactly this. */
bool line_is(struct slice *text, const char *whole);
/* Exactly `size` bytes in base64. */
bool line_take_bytes(struct slice *text, const char *name, unsigned char *bytes, size_t size);
void line_put_bytes(struct buf *out, const char *name, const unsigned char *bytes, size_t size);

/* "key: argon2id passes=3 memory=268435456" and "salt: ...". The cost may be out of bounds: latch_cost_fits(). */
bool line_take_derivation(struct slice *text, struct latch *l);
void line_put_derivation(struct buf *out, const struct latch *l);

#endif
