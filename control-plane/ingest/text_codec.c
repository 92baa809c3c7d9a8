#include "control-plane/ingest/text_codec.h"

/* One more than the digit; 0: no digit. */
static const unsigned char hex_digits[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['a'] = 11,
    ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16, ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16};

bool hex_decode(struct buf *out, struct slice text)
{
    if (text.len % 2 || !buf_reserve(out, text.len / 2)) return false;
    for (size_t i = 0; i < text.len; i += 2) {
        unsigned high = hex_digits[(unsigned char)text.ptr[i]], low = hex_digits[(unsigned char)text.ptr[i + 1]];
        if (!high || !low) return false;
        out->data[out->len++] = (char)((high - 1) << 4 | (low - 1));
    }
    if (out->data) out->data[out->len] = '\0';
    return true;
}

static int base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+' || c == '-') return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

bool base64_decode(struct buf *out, struct slice text)
{
    uint32_t bits = 0;
    unsigned held = 0;
    while (text.len && text.ptr[text.len - 1] == '=') text.len--;
    if (text.len % 4 == 1 || !buf_reserve(out, text.len / 4 * 3 + 3)) return false;
    for (size_t i = 0; i < text.len; i++) {
        int digit = base64_digit(text.ptr[i]);
        if (digit < 0) return false;
        bits = bits << 6 | (uint32_t)digit;
        held += 6;
        if (held < 8) continue;
        held -= 8;
        out->data[out->len++] = (char)(bits >> held);
    }
    if (out->data) out->data[out->len] = '\0';
    return true;
}

bool u64_parse(struct slice text, uint64_t *value)
{
    uint64_t sum = 0;
    if (!text.len) return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') return false;
        uint64_t digit = (uint64_t)(text.ptr[i] - '0');
        if (sum > (UINT64_MAX - digit) / 10) return false;
        sum = sum * 10 + digit;
    }
    *value = sum;
    return true;
}

bool number_shaped(struct slice text)
{
    if (!text.len || text.len > 40 || !strchr("+-.0123456789", text.ptr[0])) return false;
    for (size_t i = 0; i < text.len; i++)
        if (!text.ptr[i] || !strchr("+-.eE0123456789", text.ptr[i])) return false;
    return true;
}
