#include "base/utf8.h"

static bool tail(struct slice s, size_t at, unsigned char low, unsigned char high)
{
    if (at >= s.len) return false;
    unsigned char c = (unsigned char)s.ptr[at];
    return c >= low && c <= high;
}

uint32_t utf8_next(struct slice s, size_t *at)
{
    size_t i = *at;
    unsigned char c = (unsigned char)s.ptr[i];
    *at = i + 1;
    if (c < 0x80) return c;
    if (c >= 0xC2 && c <= 0xDF) {
        if (!tail(s, i + 1, 0x80, 0xBF)) return UTF8_REPLACEMENT;
        *at = i + 2;
        return (uint32_t)(c & 0x1F) << 6 | ((unsigned char)s.ptr[i + 1] & 0x3F);
    }
    if (c >= 0xE0 && c <= 0xEF) {
        if (!tail(s, i + 1, c == 0xE0 ? 0xA0 : 0x80, c == 0xED ? 0x9F : 0xBF) || !tail(s, i + 2, 0x80, 0xBF)) return UTF8_REPLACEMENT;
        *at = i + 3;
        return (uint32_t)(c & 0x0F) << 12 | (uint32_t)((unsigned char)s.ptr[i + 1] & 0x3F) << 6 | ((unsigned char)s.ptr[i + 2] & 0x3F);
    }
    if (c >= 0xF0 && c <= 0xF4) {
        if (!tail(s, i + 1, c == 0xF0 ? 0x90 : 0x80, c == 0xF4 ? 0x8F : 0xBF) || !tail(s, i + 2, 0x80, 0xBF) || !tail(s, i + 3, 0x80, 0xBF))
            return UTF8_REPLACEMENT;
        *at = i + 4;
        return (uint32_t)(c & 0x07) << 18 | (uint32_t)((unsigned char)s.ptr[i + 1] & 0x3F) << 12 |
               (uint32_t)((unsigned char)s.ptr[i + 2] & 0x3F) << 6 | ((unsigned char)s.ptr[i + 3] & 0x3F);
    }
    return UTF8_REPLACEMENT;
}

bool utf8_valid(struct slice s)
{
    for (size_t at = 0; at < s.len;) {
        size_t from = at;
        if ((unsigned char)s.ptr[at] < 0x80) at++;
        else if (utf8_next(s, &at) == UTF8_REPLACEMENT && at == from + 1) return false;
    }
    return true;
}

void utf8_put(struct buf *out, uint32_t c)
{
    char b[4];
    size_t n = 0;
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) c = UTF8_REPLACEMENT;
    if (c < 0x80) {
        b[n++] = (char)c;
    } else if (c < 0x800) {
        b[n++] = (char)(0xC0 | c >> 6);
        b[n++] = (char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        b[n++] = (char)(0xE0 | c >> 12);
        b[n++] = (char)(0x80 | (c >> 6 & 0x3F));
        b[n++] = (char)(0x80 | (c & 0x3F));
    } else {
        b[n++] = (char)(0xF0 | c >> 18);
        b[n++] = (char)(0x80 | (c >> 12 & 0x3F));
        b[n++] = (char)(0x80 | (c >> 6 & 0x3F));
        b[n++] = (char)(0x80 | (c & 0x3F));
    }
    buf_add(out, b, n);
}

bool utf8_unsafe(uint32_t c)
{
    if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return true;
    if (c < 0x61C) return c == 0xAD;
    return c == 0x61C || c == 0x180E || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
           (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xFDD0 && c <= 0xFDEF) ||
           (c & 0xFFFE) == 0xFFFE || (c >= 0xE0000 && c <= 0xE0FFF);
}

void utf8_clean(struct buf *out, struct slice s)
{
    size_t plain = 0, at = 0;
    while (at < s.len) {
        size_t from = at;
        unsigned char c = (unsigned char)s.ptr[at];
        if (c >= 0x20 && c < 0x7F) {
            at++;
            continue;
        }
        uint32_t code = utf8_next(s, &at);
        bool wrong = code == UTF8_REPLACEMENT && at == from + 1;
        if (!wrong && !utf8_unsafe(code)) continue;
        buf_add(out, s.ptr + plain, from - plain);
        if (c == '\t' || c == '\n' || c == '\r') buf_char(out, ' ');
        else utf8_put(out, UTF8_REPLACEMENT);
        plain = at;
    }
    buf_add(out, s.ptr + plain, s.len - plain);
}
