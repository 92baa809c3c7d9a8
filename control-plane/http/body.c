#include "control-plane/http/body.h"

#include "base/die.h"

#include <libdeflate.h>
#include <stdint.h>
#include <stdlib.h>

enum { FIRST_CAPACITY = 4096, GZIP_OVERHEAD = 18 };

static bool take(struct http_budget *budget, size_t n)
{
    size_t before = atomic_fetch_add(&budget->used, n);
    if (n <= budget->max && before <= budget->max - n) return true;
    atomic_fetch_sub(&budget->used, n);
    return false;
}

static void replace(struct http_body *b, struct http_budget *budget, char *data, size_t len, size_t cap)
{
    if (b->data) explicit_bzero(b->data, b->len);
    free(b->data);
    atomic_fetch_sub(&budget->used, b->cap);
    *b = (struct http_body){data, len, cap};
}

static bool grow(struct http_body *b, struct http_budget *budget, size_t cap)
{
    if (!take(budget, cap)) return false;
    char *data = xmalloc(cap);
    if (b->len) memcpy(data, b->data, b->len);
    replace(b, budget, data, b->len, cap);
    return true;
}

void http_body_expect(struct http_body *b, struct http_budget *budget, size_t expect, size_t limit)
{
    if (expect > b->cap && expect <= limit) grow(b, budget, expect);
}

enum body_result http_body_add(struct http_body *b, struct http_budget *budget, const char *bytes, size_t n, size_t limit)
{
    if (n > limit || b->len > limit - n) return BODY_TOO_LARGE;
    size_t need = b->len + n;
    if (need > b->cap) {
        size_t cap = b->cap ? b->cap * 2 : FIRST_CAPACITY;
        if (cap < need) cap = need;
        if (cap > limit) cap = limit;
        if (!grow(b, budget, cap)) return BODY_NO_MEMORY;
    }
    if (n) memcpy(b->data + b->len, bytes, n);
    b->len += n;
    return BODY_OK;
}

void http_body_free(struct http_body *b, struct http_budget *budget) { replace(b, budget, NULL, 0, 0); }

/* The last four bytes of gzip are the size of the last member modulo 2^32: a hint, nothing more. */
static size_t size_hint(const struct http_body *b, size_t limit)
{
    if (b->len < GZIP_OVERHEAD) return FIRST_CAPACITY;
    const unsigned char *end = (const unsigned char *)b->data + b->len - 4;
    size_t hint = (size_t)end[0] | (size_t)end[1] << 8 | (size_t)end[2] << 16 | (size_t)end[3] << 24;
    if (hint < FIRST_CAPACITY) hint = FIRST_CAPACITY;
    return hint < limit ? hint : limit;
}

/* Decodes member after member behind what `out` holds; BODY_TOO_LARGE: out's capacity is used up. */
static enum body_result decode_members(struct libdeflate_decompressor *d, const struct http_body *in, size_t *at, struct http_body *out)
{
    while (*at < in->len) {
        size_t read = 0, written = 0;
        enum libdeflate_result r =
            libdeflate_gzip_decompress_ex(d, in->data + *at, in->len - *at, out->data + out->len, out->cap - out->len, &read, &written);
        if (r == LIBDEFLATE_INSUFFICIENT_SPACE) return BODY_TOO_LARGE;
        if (r != LIBDEFLATE_SUCCESS || read == 0) return BODY_BAD;
        *at += read;
        out->len += written;
    }
    return BODY_OK;
}

static enum body_result decode(struct libdeflate_decompressor *d, const struct http_body *in, struct http_body *out,
                               struct http_budget *budget, size_t limit)
{
    size_t at = 0, cap = size_hint(in, limit);
    for (;;) {
        if (!grow(out, budget, cap)) return BODY_NO_MEMORY;
        enum body_result r = decode_members(d, in, &at, out);
        if (r != BODY_TOO_LARGE || cap >= limit) return r;
        explicit_bzero(out->data + out->len, out->cap - out->len);
        cap = cap > limit / 4 ? limit : cap * 4;
    }
}

enum body_result http_body_gunzip(struct http_body *b, struct http_budget *budget, size_t limit)
{
    if (b->len == 0) return BODY_BAD;
    struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
    if (!d) die("out of memory");
    struct http_body out = {0};
    enum body_result r = decode(d, b, &out, budget, limit);
    libdeflate_free_decompressor(d);
    if (r != BODY_OK) {
        out.len = out.cap;
        http_body_free(&out, budget);
        return r;
    }
    atomic_fetch_sub(&budget->used, b->cap);
    explicit_bzero(b->data, b->len);
    free(b->data);
    *b = out;
    return BODY_OK;
}
