/* Text to tokens: words, values and signs. One pass over the bytes, no memory of its own.
 *
 * Values are recognized by their shape alone: numbers, whatever holds a digit or an @, paths, URLs, addresses, host
 * names, hex and very long words, quoted text, JSON, what stands behind "=". The words left are judged again in their
 * context (template.h). At most SCAN_BYTES and SCAN_TOKENS are read; the rest of a longer text is one value. */
#ifndef CONTROL_PLANE_SCAN_H
#define CONTROL_PLANE_SCAN_H

#include "base/slice.h"

#include <stdint.h>

enum { SCAN_BYTES = 8192, SCAN_TOKENS = 160 };

enum token_kind { TOKEN_WORD, TOKEN_VALUE, TOKEN_SIGN };

struct token {
    const char *ptr; /* borrowed from the text; a run of one sign is its first character */
    uint64_t hash;
    uint32_t len;
    uint32_t uses; /* enum word_use */
    uint8_t kind;
    char sign;   /* of a TOKEN_SIGN */
    bool space;  /* a blank stands before it */
    bool run;    /* a TOKEN_SIGN of several alike */
    bool number; /* a TOKEN_VALUE that begins with a digit */
};

#define TOKEN_VALUE_HASH UINT64_C(0x5851F42D4C957F2D)

/* Writes at most SCAN_TOKENS - 1 tokens, gives their number. */
size_t scan_text(struct token *tokens, struct slice text);

/* Shapes of a dotted name without digits: true for host names, packages and classes; false for what reads as a
 * constant (one dot, or an ending in capitals). */
bool scan_dotted_value(struct slice name);

#endif
