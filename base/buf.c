#include "base/buf.h"

#include "base/die.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void buf_init(struct buf *b, size_t max) { *b = (struct buf){.max = max}; }

void buf_init_secret(struct buf *b, size_t max) { *b = (struct buf){.max = max, .secret = true}; }

void buf_free(struct buf *b)
{
    if (b->secret && b->data) explicit_bzero(b->data, b->cap);
    free(b->data);
    *b = (struct buf){.max = b->max, .secret = b->secret};
}

static void grow(struct buf *b, size_t cap)
{
    if (b->secret) {
        char *data = xmalloc(cap);
        if (b->data) memcpy(data, b->data, b->len + 1);
        if (b->data) explicit_bzero(b->data, b->cap);
        free(b->data);
        b->data = data;
    } else {
        b->data = xreallocarray(b->data, cap, 1);
    }
    b->cap = cap;
}

void buf_clear(struct buf *b) { buf_cut(b, 0); }

void buf_cut(struct buf *b, size_t len)
{
    if (len < b->len) b->len = len;
    if (b->data) b->data[b->len] = '\0';
    b->full = false;
}

bool buf_reserve(struct buf *b, size_t n)
{
    if (b->full) return false;
    if (n > b->max || b->len > b->max - n) {
        b->full = true;
        return false;
    }
    size_t need = b->len + n + 1;
    if (need > b->cap) {
        size_t cap = b->cap ? b->cap * 2 : 256;
        if (cap < need) cap = need;
        if (cap > b->max + 1) cap = b->max + 1;
        grow(b, cap);
    }
    return true;
}

void buf_add(struct buf *b, const void *bytes, size_t n)
{
    if (!buf_reserve(b, n)) return;
    if (n) memcpy(b->data + b->len, bytes, n);
    b->len += n;
    b->data[b->len] = '\0';
}

void buf_char(struct buf *b, char c) { buf_add(b, &c, 1); }

void buf_str(struct buf *b, const char *text) { buf_add(b, text, strlen(text)); }

void buf_slice(struct buf *b, struct slice s) { buf_add(b, s.ptr, s.len); }

void buf_u64(struct buf *b, uint64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    buf_add(b, digits + at, sizeof digits - at);
}

void buf_i64(struct buf *b, int64_t value)
{
    if (value < 0) {
        buf_char(b, '-');
        buf_u64(b, (uint64_t)0 - (uint64_t)value);
    } else {
        buf_u64(b, (uint64_t)value);
    }
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n >= 0 && buf_reserve(b, (size_t)n)) {
        vsnprintf(b->data + b->len, (size_t)n + 1, format, again);
        b->len += (size_t)n;
    }
    va_end(again);
}
