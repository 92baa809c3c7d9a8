/* UTF-8 as RFC 3629 has it: no surrogates, no overlong forms, nothing above U+10FFFF. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/buf.h"

#include <stdint.h>

#define UTF8_REPLACEMENT 0xFFFD

/* Decodes the character at *at (< s.len) and moves *at past it. A wrong byte gives U+FFFD and moves by one. */
uint32_t utf8_next(struct slice s, size_t *at);
bool utf8_valid(struct slice s);
void utf8_put(struct buf *out, uint32_t code);

/* True for what may not reach a terminal: C0, DEL, C1, bidirectional controls, zero-width characters, line and
 * paragraph separators, variation selectors, tags, noncharacters. (Unicode 15; UAX #9 for the bidirectional ones.) */
bool utf8_unsafe(uint32_t code);

/* Appends s fit for one line of a terminal: valid UTF-8, tab and newline as one blank, every other unsafe
 * character as U+FFFD. All text of a server passes here once, where it enters the console. */
void utf8_clean(struct buf *out, struct slice s);

#endif
