#include "base/json_write.h"

#include "base/utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void escape(struct buf *out, unsigned char c)
{
    static const char short_forms[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    for (const char *p = short_forms; *p; p += 2)
        if ((unsigned char)*p == c) {
            char two[2] = {'\\', p[1]};
            buf_add(out, two, 2);
            return;
        }
    buf_printf(out, "\\u%04x", c);
}

void json_write_string(struct buf *out, struct slice s)
{
    if (!s.len) s.ptr = "";
    buf_char(out, '"');
    size_t plain = 0, at = 0;
    while (at < s.len) {
        unsigned char c = (unsigned char)s.ptr[at];
        if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\' && c != 0x7F) {
            at++;
            continue;
        }
        size_t from = at;
        bool wrong = utf8_next(s, &at) == UTF8_REPLACEMENT && at == from + 1;
        if (c >= 0x80 && !wrong) continue;
        buf_add(out, s.ptr + plain, from - plain);
        if (c >= 0x80) buf_str(out, "\\ufffd");
        else escape(out, c);
        plain = at;
    }
    buf_add(out, s.ptr + plain, s.len - plain);
    buf_char(out, '"');
}

/* The digits of n, a number of 10^-decimals, as %g would print them: 12.5, 0.00125, 1.25e-05. */
static void put_decimal(struct buf *out, uint64_t n, int decimals)
{
    char digits[24], text[48];
    int count = 0, len = 0;
    for (; n % 10 == 0; n /= 10) decimals--;
    for (; n; n /= 10) digits[count++] = (char)('0' + n % 10);
    int exponent = count - 1 - decimals;
    if (exponent < -4) {
        text[len++] = digits[--count];
        if (count) text[len++] = '.';
        while (count) text[len++] = digits[--count];
        len += snprintf(text + len, sizeof text - (size_t)len, "e-%02d", -exponent);
    } else {
        if (exponent < 0) text[len++] = '0';
        for (; exponent >= 0; exponent--) text[len++] = digits[--count];
        text[len++] = '.';
        for (; decimals > count; decimals--) text[len++] = '0';
        while (count) text[len++] = digits[--count];
    }
    buf_add(out, text, (size_t)len);
}

/* Numbers with few decimals, without the C library's exact arithmetic. A quotient of two integers below 2^53 is the
 * double nearest to that decimal, and decimals of 15 digits are all different doubles: so it reads back, and no shorter
 * one does. */
static bool write_decimal(struct buf *out, double value, double scale, int decimals)
{
    double magnitude = fabs(value), scaled = magnitude * scale;
    if (!(scaled < 1e15)) return false;
    uint64_t n = (uint64_t)(scaled + 0.5);
    if (n == 0 || (double)n / scale != magnitude) return false;
    if (value < 0) buf_char(out, '-');
    put_decimal(out, n, decimals);
    return true;
}

void json_write_double(struct buf *out, double value)
{
    if (!isfinite(value)) {
        buf_str(out, "null");
        return;
    }
    if (fabs(value) < 1e15 && value == (double)(int64_t)value) {
        buf_i64(out, (int64_t)value);
        return;
    }
    if (write_decimal(out, value, 1e6, 6) || write_decimal(out, value, 1e12, 12)) return;
    char text[32];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value) break;
    }
    buf_str(out, text);
}
