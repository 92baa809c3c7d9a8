/* Hashes for tables and content ids. Neither is a secret or a signature: those are libsodium's. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/slice.h"

#include <stdint.h>

struct id128 {
    uint64_t hi, lo;
};

/* 64 bits, fast, stable over machines and releases. `seed` separates uses. */
uint64_t hash64(const void *bytes, size_t n, uint64_t seed);
/* 128 bits for content ids. */
struct id128 hash128(const void *bytes, size_t n, uint64_t seed);
static inline uint64_t hash_mix(uint64_t a, uint64_t b)
{
    __extension__ unsigned __int128 m = (unsigned __int128)(a ^ UINT64_C(0x9E3779B97F4A7C15)) * (b ^ UINT64_C(0xD1B54A32D192ED03));
    return (uint64_t)m ^ (uint64_t)(m >> 64);
}

/* "xxxxxxxx-xxxx-8xxx-yxxx-xxxxxxxxxxxx": the id as a UUID of version 8 (RFC 9562); 6 of its bits give way. */
enum { UUID_TEXT = 36 };
struct id128 id_uuid(struct id128 id);
void id_text(struct id128 id, char out[UUID_TEXT + 1]);
bool id_parse(struct slice text, struct id128 *id);

#endif
