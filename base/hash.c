#include "base/hash.h"

#include <endian.h>

static uint64_t read64(const unsigned char *p)
{
    uint64_t v;
    memcpy(&v, p, 8);
    return le64toh(v);
}

/* The last 1 to 8 bytes, zero-filled. */
static uint64_t read_tail(const unsigned char *p, size_t n)
{
    uint64_t v = 0;
    if (n) memcpy(&v, p, n);
    return le64toh(v);
}

uint64_t hash64(const void *bytes, size_t n, uint64_t seed)
{
    const unsigned char *p = bytes;
    uint64_t h = hash_mix(seed, n);
    for (; n > 16; n -= 16, p += 16) h = hash_mix(h ^ read64(p), read64(p + 8) ^ UINT64_C(0xA0761D6478BD642F));
    uint64_t a = n > 8 ? read64(p) : read_tail(p, n), b = n > 8 ? read_tail(p + 8, n - 8) : 0;
    return hash_mix(hash_mix(h ^ a, b ^ UINT64_C(0xE7037ED1A0B428DB)), UINT64_C(0x8EBC6AF09C88C6E3));
}

struct id128 hash128(const void *bytes, size_t n, uint64_t seed)
{
    uint64_t first = hash64(bytes, n, seed);
    return (struct id128){first, hash64(bytes, n, hash_mix(seed, UINT64_C(0x589965CC75374CC3)))};
}

struct id128 id_uuid(struct id128 id)
{
    id.hi = (id.hi & ~UINT64_C(0xF000)) | 0x8000;
    id.lo = (id.lo & ~(UINT64_C(3) << 62)) | UINT64_C(2) << 62;
    return id;
}

void id_text(struct id128 id, char out[UUID_TEXT + 1])
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0, at = 0; i < 32; i++) {
        if (i == 8 || i == 12 || i == 16 || i == 20) out[at++] = '-';
        uint64_t half = i < 16 ? id.hi : id.lo;
        out[at++] = digits[half >> (60 - 4 * (i % 16)) & 15];
        out[at] = '\0';
    }
}

bool id_parse(struct slice text, struct id128 *id)
{
    if (text.len != UUID_TEXT) return false;
    uint64_t half[2] = {0, 0};
    for (size_t i = 0, n = 0; i < UUID_TEXT; i++) {
        char c = text.ptr[i];
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (c != '-') return false;
            continue;
        }
        int h = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (h < 0) return false;
        half[n / 16] = half[n / 16] << 4 | (uint64_t)h;
        n++;
    }
    *id = (struct id128){half[0], half[1]};
    return true;
}
