/* Words that decide how a text is masked: one table, looked up by a case-blind key. General words of any log, of no
 * product in particular. */
#ifndef CONTROL_PLANE_VOCABULARY_H
#define CONTROL_PLANE_VOCABULARY_H

#include "base/hash.h"
#include "control-plane/catalog/record.h"

enum word_use {
    WORD_CALENDAR = 1 << 0,   /* weekdays and months */
    WORD_ZONE = 1 << 1,       /* time zones */
    WORD_UNIT = 1 << 2,       /* of sizes and durations, after a number */
    WORD_LITERAL = 1 << 3,    /* true, null, nan */
    WORD_COUNT = 1 << 4,      /* three */
    WORD_USER = 1 << 5,       /* the next word may be a person's */
    WORD_NAMES_USER = 1 << 6, /* before "user": the next word is a person's */
    WORD_FUNCTION = 1 << 7,   /* prepositions, articles, auxiliaries: never a value */
    WORD_STATE = 1 << 8,      /* says what happened: never a value */
    WORD_SECRET = 1 << 9,     /* all that follows it and a sign is a value */
    WORD_DELICATE = 1 << 10,  /* the word that follows it and a sign is a value */
    WORD_SCHEME = 1 << 11,    /* the next word is a credential */
    WORD_METHOD = 1 << 12,    /* of HTTP */
    WORD_OF = 1 << 13,
    WORD_FROM = 1 << 14, /* ends a person's name */
    WORD_LEVEL = 1 << 15,
    WORD_FOR = 1 << 16,
    WORD_IS = 1 << 17,
    WORD_KIND = 1 << 18,       /* ends the name of an instance: checkout-service */
    WORD_CREDENTIAL = 1 << 19, /* as the last part of a compound it is a secret: api_key */
    WORD_LEVEL_SHIFT = 24,     /* the enum severity above */
};

/* Before the first lookup; cheap, any thread. */
void vocabulary_ready(void);
/* The uses of a word, 0 for most. */
unsigned vocabulary_uses(struct slice word);
/* The same for a whole compound: "db_password", "accessToken", "x-api-key" are secrets for their last part. */
bool vocabulary_secret(struct slice name, bool *delicate);
enum severity vocabulary_level(unsigned uses);

static inline uint64_t word_load8(const char *p)
{
    uint64_t v;
    memcpy(&v, p, 8);
    return v;
}

/* The bytes at both ends of a word as numbers: up to 8 of them, then the last 8. `room`: bytes that may be read at p. */
static inline void word_ends(const char *p, size_t n, size_t room, uint64_t *a, uint64_t *b)
{
    *b = 0;
    if (n > 8) {
        *a = word_load8(p);
        *b = word_load8(p + n - 8);
    } else if (n > 0 && room >= 8) {
        *a = word_load8(p) & (~UINT64_C(0) >> (64 - 8 * n));
    } else {
        *a = 0;
        memcpy(a, p, n);
    }
}

/* Ids are made of the text, not of this hash: it may differ between machines. n >= 1. */
static inline uint64_t word_mix(const char *p, size_t n, uint64_t a, uint64_t b)
{
    if (n > 16) return hash64(p, n, 7);
    return hash_mix(a + n * UINT64_C(0x9E3779B97F4A7C15), b);
}

static inline uint64_t word_hash(const char *p, size_t n)
{
    uint64_t a, b;
    word_ends(p, n, n, &a, &b);
    return word_mix(p, n, a, b);
}

/* Most words are in no table: a bit in ten tells so at once. Private. */
enum { VOCABULARY_FILTER = 4096, VOCABULARY_LONGEST = 16 };
extern unsigned char vocabulary_filter[VOCABULARY_FILTER];
unsigned vocabulary_find(uint64_t a, uint64_t b, size_t n);

static inline size_t vocabulary_bit(uint64_t a, uint64_t b, size_t n)
{
    return (size_t)(((a ^ (b >> 3)) + n) * UINT64_C(0x9FB21C651E98DF25) >> 52);
}

/* The same as vocabulary_uses(), with the ends at hand. */
static inline unsigned vocabulary_of_ends(uint64_t a, uint64_t b, size_t n)
{
    const uint64_t fold = UINT64_C(0x2020202020202020);
    if (n > VOCABULARY_LONGEST || !vocabulary_filter[vocabulary_bit(a | fold, b | fold, n)]) return 0;
    return vocabulary_find(a | fold, b | fold, n);
}

#endif
