/* Single values as JSON, CSV and sparkline text. Nothing here can drive a terminal, whatever the value holds. */
#ifndef SCREENS_PLAIN_H
#define SCREENS_PLAIN_H

#include "base/buf.h"

#include <jansson.h>

/* Lossless: what must not reach a terminal is written as \u escapes. */
void plain_json_string(struct buf *out, const char *text, size_t len);
/* A string, number, boolean, null or array of these. */
void plain_json(struct buf *out, const json_t *value);

/* One field of RFC 4180, quoted where needed; null is empty, control characters are replaced. A text that a spreadsheet
 * would take for a formula (= + - @ first; tabs become blanks) gets an apostrophe before it; numbers never do. */
void plain_csv(struct buf *out, const json_t *value);

/* One cell of a Markdown table: nothing in it is markup; control characters are replaced. */
void plain_markdown(struct buf *out, const json_t *value);

/* One column a value, scaled to the greatest; NaN is a blank. In ASCII the digits 1 to 8. */
void plain_sparkline(struct buf *out, const double *values, size_t count, bool utf8);

#endif
