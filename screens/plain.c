#include "screens/plain.h"

#include "base/json_write.h"
#include "base/utf8.h"

#include <math.h>
#include <string.h>

static void escape(struct buf *out, uint32_t code)
{
    if (code < 0x10000) buf_printf(out, "\\u%04x", (unsigned)code);
    else buf_printf(out, "\\u%04x\\u%04x", (unsigned)(0xD7C0 + (code >> 10)), (unsigned)(0xDC00 + (code & 0x3FF)));
}

void plain_json_string(struct buf *out, const char *text, size_t len)
{
    struct slice s = slice_of(text, len);
    buf_char(out, '"');
    for (size_t at = 0; at < len;) {
        uint32_t code = utf8_next(s, &at);
        if (code == '"' || code == '\\') buf_char(out, '\\');
        if (utf8_unsafe(code)) escape(out, code);
        else utf8_put(out, code);
    }
    buf_char(out, '"');
}

void plain_json(struct buf *out, const json_t *value)
{
    size_t i;
    json_t *item;
    switch (value ? json_typeof(value) : JSON_NULL) {
    case JSON_STRING: plain_json_string(out, json_string_value(value), json_string_length(value)); return;
    case JSON_INTEGER: buf_i64(out, json_integer_value(value)); return;
    case JSON_REAL: json_write_double(out, json_real_value(value)); return;
    case JSON_TRUE: buf_str(out, "true"); return;
    case JSON_FALSE: buf_str(out, "false"); return;
    case JSON_ARRAY: break;
    default: buf_str(out, "null"); return;
    }
    buf_char(out, '[');
    json_array_foreach((json_t *)value, i, item)
    {
        if (i) buf_str(out, ", ");
        plain_json(out, item);
    }
    buf_char(out, ']');
}

/* Also behind blanks: some programs cut them off first. */
static bool formula(struct slice s)
{
    size_t at = 0;
    while (at < s.len && s.ptr[at] == ' ') at++;
    return at < s.len && strchr("=+-@", s.ptr[at]);
}

static void csv_text(struct buf *out, struct slice s, bool may_be_formula)
{
    bool quote = s.len && (s.ptr[0] == ' ' || s.ptr[s.len - 1] == ' ');
    bool disarm = may_be_formula && formula(s);
    for (size_t i = 0; i < s.len; i++) quote |= s.ptr[i] == '"' || s.ptr[i] == ',' || s.ptr[i] == '\n' || s.ptr[i] == '\r';
    if (quote) buf_char(out, '"');
    if (disarm) buf_char(out, '\'');
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '"') buf_char(out, '"');
        buf_char(out, s.ptr[i]);
    }
    if (quote) buf_char(out, '"');
}

void plain_csv(struct buf *out, const json_t *value)
{
    struct buf text;
    if (!value || json_is_null(value)) return;
    buf_init(&text, 4 << 20);
    if (json_is_string(value)) {
        utf8_clean(&text, slice_of(json_string_value(value), json_string_length(value)));
        csv_text(out, buf_view(&text), true);
    } else {
        plain_json(&text, value);
        csv_text(out, buf_view(&text), false);
    }
    buf_free(&text);
}

void plain_markdown(struct buf *out, const json_t *value)
{
    struct buf text;
    if (!value || json_is_null(value)) return;
    buf_init(&text, 4 << 20);
    if (json_is_string(value)) utf8_clean(&text, slice_of(json_string_value(value), json_string_length(value)));
    else plain_json(&text, value);
    for (size_t i = 0; i < text.len; i++) {
        if (strchr("\\|`*_<>[]&", text.data[i])) buf_char(out, '\\');
        buf_char(out, text.data[i] == '\n' ? ' ' : text.data[i]);
    }
    buf_free(&text);
}

void plain_sparkline(struct buf *out, const double *values, size_t count, bool utf8)
{
    double greatest = 0;
    for (size_t i = 0; i < count; i++)
        if (isfinite(values[i]) && values[i] > greatest) greatest = values[i];
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(values[i])) {
            buf_char(out, ' ');
            continue;
        }
        unsigned level = greatest > 0 && values[i] > 0 ? (unsigned)(values[i] / greatest * 7.999) : 0;
        if (utf8) utf8_put(out, 0x2581 + level);
        else buf_char(out, (char)('1' + level));
    }
}
