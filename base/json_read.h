/* A pull reader over JSON text in memory: no tree, no copies, bounded depth, linear time.
 *
 * json_begin(&r, text); then json_next(&r) until JSON_END or JSON_ERROR. Each token leaves `r.token`:
 *   JSON_STRING, JSON_KEY  `text` = the bytes between the quotes as they stand; `escaped` says that they hold
 *                          escapes: json_unescape() gives the real text. UTF-8 is checked, lone surrogates refused.
 *   JSON_NUMBER            `text` = the number as it stands
 *   JSON_TRUE, JSON_FALSE, JSON_NULL, JSON_OBJECT, JSON_OBJECT_END, JSON_ARRAY, JSON_ARRAY_END
 * In an object every value comes after its JSON_KEY. Strict RFC 8259; one value, then only blanks.
 * After JSON_ERROR, `error` says what and `at` where (byte offset). */
#ifndef BASE_JSON_READ_H
#define BASE_JSON_READ_H

#include "base/buf.h"

enum { JSON_DEPTH = 64 };

enum json_token {
    JSON_ERROR,
    JSON_END,
    JSON_OBJECT,
    JSON_OBJECT_END,
    JSON_ARRAY,
    JSON_ARRAY_END,
    JSON_KEY,
    JSON_STRING,
    JSON_NUMBER,
    JSON_TRUE,
    JSON_FALSE,
    JSON_NULL,
};

struct json_reader {
    struct slice in;
    size_t at;
    enum json_token token;
    struct slice text;
    bool escaped;
    const char *error;
    unsigned depth;
    unsigned char expect;
    bool object[JSON_DEPTH];
};

void json_begin(struct json_reader *r, struct slice text);
enum json_token json_next(struct json_reader *r);
/* After JSON_OBJECT or JSON_ARRAY: moves past its end (token = the end token, or JSON_ERROR). After JSON_KEY: past
 * its value. After anything else: nothing. False on an error. */
bool json_skip(struct json_reader *r);
/* The real text of the last JSON_STRING or JSON_KEY: `text` itself, or unescaped into `scratch` (cleared first). */
struct slice json_text(struct json_reader *r, struct buf *scratch);
void json_unescape(struct buf *out, struct slice text);
/* Numbers of the last JSON_NUMBER. json_int: false where it is no integer or beyond 64 bits. */
bool json_int(const struct json_reader *r, int64_t *value);
double json_double(const struct json_reader *r);

#endif
