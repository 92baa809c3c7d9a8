#include "control-plane/ingest/text_codec.h"

static int hex_digit(char c)
{
    unsigned digit = (unsigned char)c - 48u, letter = ((unsigned char)c | 32u) - 97u;
    return digit < 10 ? (int)digit : letter < 6 ? (int)letter + 10 : -1;
}

bool hex_decode(struct buf *out, struct slice text)
{
    if (text.len % 2 || !buf_reserve(out, text.len / 2)) return false;
    for (size_t i = 0; i < text.len; i += 2) {
        int high = hex_digit(text.ptr[i]), low = hex_digit(text.ptr[i + 1]);
        if (high < 0 || low < 0) return false;
        out->data[out->len++] = (char)(high << 4 | low);
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
