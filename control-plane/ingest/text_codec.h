/* Small text forms: hexadecimal, base64, unsigned integers. Private to the module. */
#ifndef CONTROL_PLANE_TEXT_CODEC_H
#define CONTROL_PLANE_TEXT_CODEC_H

#include "base/buf.h"

#include <stdint.h>

/* Append the decoded bytes; false on any wrong character (out then holds a part). base64 takes both alphabets, with
 * and without padding. */
bool hex_decode(struct buf *out, struct slice text);
bool base64_decode(struct buf *out, struct slice text);

/* Digits only, the whole text, no overflow. */
bool u64_parse(struct slice text, uint64_t *value);
/* Starts like a number (digits, sign, point) and holds only characters of one; at most 40 of them. */
bool number_shaped(struct slice text);

#endif
