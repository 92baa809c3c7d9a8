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
    char text[32];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value) break;
    }
    buf_str(out, text);
}
