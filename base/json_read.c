#include "base/json_read.h"

#include "base/die.h"
#include "base/utf8.h"

#include <stdlib.h>

/* What may come next. */
enum { VALUE, VALUE_OR_END, KEY, KEY_OR_END, COMMA_OR_END, DONE };

void json_begin(struct json_reader *r, struct slice text)
{
    r->in = text;
    r->at = 0;
    r->token = JSON_ERROR;
    r->text = (struct slice){0};
    r->escaped = false;
    r->error = NULL;
    r->depth = 0;
    r->expect = VALUE;
}

static enum json_token fail(struct json_reader *r, const char *why)
{
    if (!r->error) r->error = why;
    return r->token = JSON_ERROR;
}

static enum json_token value_done(struct json_reader *r, enum json_token token)
{
    r->expect = r->depth ? COMMA_OR_END : DONE;
    return r->token = token;
}

static int hex(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

static int hex4(struct slice s, size_t at)
{
    int value = 0;
    for (size_t i = 0; i < 4; i++) {
        int h = at + i < s.len ? hex(s.ptr[at + i]) : -1;
        if (h < 0) return -1;
        value = value << 4 | h;
    }
    return value;
}

/* At a backslash; moves past the escape (both halves of a surrogate pair). */
static bool check_escape(struct json_reader *r)
{
    struct slice s = r->in;
    char c = r->at + 1 < s.len ? s.ptr[r->at + 1] : '\0';
    if (c && strchr("\"\\/bfnrt", c)) {
        r->at += 2;
        return true;
    }
    int unit = c == 'u' ? hex4(s, r->at + 2) : -1;
    if (unit < 0 || (unit >= 0xDC00 && unit <= 0xDFFF)) return false;
    r->at += 6;
    if (unit < 0xD800 || unit > 0xDBFF) return true;
    if (r->at + 1 >= s.len || s.ptr[r->at] != '\\' || s.ptr[r->at + 1] != 'u') return false;
    int low = hex4(s, r->at + 2);
    r->at += 6;
    return low >= 0xDC00 && low <= 0xDFFF;
}

/* The first byte from `at` on that a string does not hold plainly: a quote, a backslash, a control character, a byte
 * above 0x7F. Eight bytes at a time: in x ^ quote a byte is zero where there was one; subtracting 1 (or 0x20) borrows
 * into the top bit of a byte below it. A borrow may mark a byte too many, never one too few: the last step is exact. */
static size_t skip_plain(struct slice s, size_t at)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
    for (; s.len - at >= 8; at += 8) {
        uint64_t word;
        memcpy(&word, s.ptr + at, 8);
        uint64_t quote = word ^ ones * '"', slash = word ^ ones * '\\';
        if ((word | (quote - ones) | (slash - ones) | (word - ones * 0x20)) & tops) break;
    }
    while (at < s.len && s.ptr[at] != '"' && s.ptr[at] != '\\' && (unsigned char)s.ptr[at] >= 0x20 && (unsigned char)s.ptr[at] < 0x80) at++;
    return at;
}

static bool read_string(struct json_reader *r)
{
    struct slice s = r->in;
    size_t start = ++r->at;
    r->escaped = false;
    while ((r->at = skip_plain(s, r->at)) < s.len) {
        unsigned char c = (unsigned char)s.ptr[r->at];
        if (c == '"') {
            r->text = slice_of(s.ptr + start, r->at - start);
            r->at++;
            return true;
        }
        if (c == '\\') {
            r->escaped = true;
            if (!check_escape(r)) return fail(r, "wrong escape in a string"), false;
        } else if (c < 0x20) {
            return fail(r, "control character in a string"), false;
        } else {
            size_t from = r->at;
            if (utf8_next(s, &r->at) == UTF8_REPLACEMENT && r->at == from + 1) return r->at = from, fail(r, "invalid UTF-8"), false;
        }
    }
    return fail(r, "string without end"), false;
}

static size_t skip_digits(struct slice s, size_t at)
{
    while (at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9') at++;
    return at;
}

static enum json_token read_number(struct json_reader *r)
{
    struct slice s = r->in;
    size_t start = r->at, at = start + (s.ptr[start] == '-');
    size_t whole = skip_digits(s, at);
    if (whole == at || (whole > at + 1 && s.ptr[at] == '0')) return fail(r, "wrong number");
    at = whole;
    if (at < s.len && s.ptr[at] == '.') {
        size_t end = skip_digits(s, at + 1);
        if (end == at + 1) return fail(r, "wrong number");
        at = end;
    }
    if (at < s.len && (s.ptr[at] == 'e' || s.ptr[at] == 'E')) {
        at++;
        if (at < s.len && (s.ptr[at] == '+' || s.ptr[at] == '-')) at++;
        size_t end = skip_digits(s, at);
        if (end == at) return fail(r, "wrong number");
        at = end;
    }
    r->text = slice_of(s.ptr + start, at - start);
    r->at = at;
    return value_done(r, JSON_NUMBER);
}

static enum json_token read_word(struct json_reader *r, const char *word, enum json_token token)
{
    size_t n = strlen(word);
    if (r->in.len - r->at < n || memcmp(r->in.ptr + r->at, word, n) != 0) return fail(r, "unknown word");
    r->at += n;
    return value_done(r, token);
}

static enum json_token open_level(struct json_reader *r, bool object)
{
    if (r->depth == JSON_DEPTH) return fail(r, "nested too deeply");
    r->object[r->depth++] = object;
    r->at++;
    r->expect = object ? KEY_OR_END : VALUE_OR_END;
    return r->token = object ? JSON_OBJECT : JSON_ARRAY;
}

static enum json_token close_level(struct json_reader *r, bool object)
{
    if (!r->depth || r->object[r->depth - 1] != object) return fail(r, "wrong closing bracket");
    r->depth--;
    r->at++;
    return value_done(r, object ? JSON_OBJECT_END : JSON_ARRAY_END);
}

static void skip_blanks(struct json_reader *r)
{
    while (r->at < r->in.len) {
        char c = r->in.ptr[r->at];
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r') return;
        r->at++;
    }
}

static enum json_token read_key(struct json_reader *r)
{
    if (!read_string(r)) return r->token;
    skip_blanks(r);
    if (r->at >= r->in.len || r->in.ptr[r->at] != ':') return fail(r, "':' expected");
    r->at++;
    r->expect = VALUE;
    return r->token = JSON_KEY;
}

static enum json_token read_value(struct json_reader *r, char c)
{
    switch (c) {
    case '{': return open_level(r, true);
    case '[': return open_level(r, false);
    case '"': return read_string(r) ? value_done(r, JSON_STRING) : r->token;
    case 't': return read_word(r, "true", JSON_TRUE);
    case 'f': return read_word(r, "false", JSON_FALSE);
    case 'n': return read_word(r, "null", JSON_NULL);
    default: break;
    }
    if (c == '-' || (c >= '0' && c <= '9')) return read_number(r);
    return fail(r, "value expected");
}

enum json_token json_next(struct json_reader *r)
{
    if (r->error) return JSON_ERROR;
    skip_blanks(r);
    if (r->expect == DONE) {
        if (r->at < r->in.len) return fail(r, "more text after the value");
        return r->token = JSON_END;
    }
    if (r->at >= r->in.len) return fail(r, "text ends too early");
    char c = r->in.ptr[r->at];
    if (r->expect == COMMA_OR_END) {
        if (c == '}' || c == ']') return close_level(r, c == '}');
        if (c != ',') return fail(r, "',' or a closing bracket expected");
        r->at++;
        r->expect = r->object[r->depth - 1] ? KEY : VALUE;
        skip_blanks(r);
        if (r->at >= r->in.len) return fail(r, "text ends too early");
        c = r->in.ptr[r->at];
    }
    if (r->expect == KEY_OR_END && c == '}') return close_level(r, true);
    if (r->expect == VALUE_OR_END && c == ']') return close_level(r, false);
    if (r->expect == KEY || r->expect == KEY_OR_END) return c == '"' ? read_key(r) : fail(r, "'\"' expected");
    return read_value(r, c);
}

bool json_skip(struct json_reader *r)
{
    if (r->token == JSON_KEY) json_next(r);
    if (r->token == JSON_OBJECT || r->token == JSON_ARRAY)
        for (unsigned level = r->depth; r->depth >= level && r->token != JSON_ERROR;) json_next(r);
    return r->token != JSON_ERROR;
}

void json_unescape(struct buf *out, struct slice s)
{
    for (size_t at = 0; at < s.len;) {
        const char *slash = memchr(s.ptr + at, '\\', s.len - at);
        size_t plain = slash ? (size_t)(slash - s.ptr) : s.len;
        buf_add(out, s.ptr + at, plain - at);
        at = plain;
        if (!slash) return;
        char c = s.ptr[at + 1];
        at += 2;
        const char *known = strchr("b\bf\fn\nr\rt\t", c);
        if (c == 'u') {
            uint32_t code = (uint32_t)hex4(s, at);
            at += 4;
            if (code >= 0xD800 && code <= 0xDBFF) {
                code = 0x10000 + ((code - 0xD800) << 10) + ((uint32_t)hex4(s, at + 2) - 0xDC00);
                at += 6;
            }
            utf8_put(out, code);
        } else {
            buf_char(out, known ? known[1] : c);
        }
    }
}

struct slice json_text(struct json_reader *r, struct buf *scratch)
{
    if (!r->escaped) return r->text;
    buf_clear(scratch);
    json_unescape(scratch, r->text);
    return buf_view(scratch);
}

bool json_int(const struct json_reader *r, int64_t *value)
{
    struct slice s = r->text;
    size_t at = s.len && s.ptr[0] == '-';
    uint64_t sum = 0, limit = at ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;
    if (at == s.len) return false;
    for (size_t i = at; i < s.len; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9') return false;
        uint64_t digit = (uint64_t)(s.ptr[i] - '0');
        if (sum > (limit - digit) / 10) return false;
        sum = sum * 10 + digit;
    }
    *value = at ? (int64_t)(0 - sum) : (int64_t)sum;
    return true;
}

double json_double(const struct json_reader *r)
{
    char few[64], *text = r->text.len < sizeof few ? few : xmalloc(r->text.len + 1);
    memcpy(text, r->text.ptr, r->text.len);
    text[r->text.len] = '\0';
    double value = strtod(text, NULL);
    if (text != few) free(text);
    return value;
}
