#include "secrets/lines.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BASE64 = sodium_base64_VARIANT_ORIGINAL, DIGITS_MOST = 15 };

static bool line_next(struct slice *text, struct slice *line)
{
    const char *end = text->len ? memchr(text->ptr, '\n', text->len) : NULL;
    if (!end) return false;
    *line = slice_of(text->ptr, (size_t)(end - text->ptr));
    *text = slice_of(end + 1, text->len - line->len - 1);
    for (size_t i = 0; i < line->len; i++)
        if (line->ptr[i] < ' ' || line->ptr[i] == 127) return false;
    return true;
}

bool line_take(struct slice *text, const char *name, struct slice *value)
{
    struct slice line;
    size_t n = strlen(name);
    if (!line_next(text, &line) || line.len < n + 3 || memcmp(line.ptr, name, n) != 0 || memcmp(line.ptr + n, ": ", 2) != 0) return false;
    *value = slice_of(line.ptr + n + 2, line.len - n - 2);
    return true;
}

bool line_is(struct slice *text, const char *whole)
{
    struct slice line;
    return line_next(text, &line) && slice_eq(line, slice_str(whole));
}

bool line_take_bytes(struct slice *text, const char *name, unsigned char *bytes, size_t size)
{
    struct slice value;
    size_t had = 0;
    const char *end;
    if (!line_take(text, name, &value) || value.len + 1 != sodium_base64_encoded_len(size, BASE64)) return false;
    return sodium_base642bin(bytes, size, value.ptr, value.len, NULL, &had, &end, BASE64) == 0 && had == size &&
           end == value.ptr + value.len;
}

void line_put_bytes(struct buf *out, const char *name, const unsigned char *bytes, size_t size)
{
    size_t room = sodium_base64_encoded_len(size, BASE64);
    char *text = malloc(room);
    if (!text) return;
    sodium_bin2base64(text, room, bytes, size, BASE64);
    buf_printf(out, "%s: %s\n", name, text);
    free(text);
}

/* Digits as they would be written. */
static bool number(struct slice *text, const char *before, uint64_t *n)
{
    size_t skip = strlen(before), digits = 0;
    if (text->len <= skip || memcmp(text->ptr, before, skip) != 0) return false;
    const char *at = text->ptr + skip;
    *n = 0;
    while (skip + digits < text->len && digits < DIGITS_MOST && at[digits] >= '0' && at[digits] <= '9')
        *n = *n * 10 + (uint64_t)(at[digits++] - '0');
    *text = slice_of(at + digits, text->len - skip - digits);
    return digits && *at != '0';
}

bool line_take_derivation(struct slice *text, struct latch *l)
{
    struct slice value;
    return line_take(text, "key", &value) && number(&value, "argon2id passes=", &l->cost.passes) &&
           number(&value, " memory=", &l->cost.memory) && value.len == 0 && line_take_bytes(text, "salt", l->salt, sizeof l->salt);
}

void line_put_derivation(struct buf *out, const struct latch *l)
{
    buf_printf(out, "key: argon2id passes=%llu memory=%llu\n", (unsigned long long)l->cost.passes, (unsigned long long)l->cost.memory);
    line_put_bytes(out, "salt", l->salt, sizeof l->salt);
}
