/* Which characters stand where in 64 bytes of a text: one bit a byte. Private; the triggers of sensitive.c. */
#ifndef CONTROL_PLANE_CATALOG_SENSITIVE_MARKS_H
#define CONTROL_PLANE_CATALOG_SENSITIVE_MARKS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { MARKS = 64 };

struct marks {
    uint64_t digit, upper, at, colon, equals, dash, dot, plus, underscore, letter_i, letter_j;
};

#ifdef __SSE2__

static inline uint64_t mask_of(__m128i found, unsigned shift) { return (uint64_t)(unsigned)_mm_movemask_epi8(found) << shift; }

static inline __m128i in_range(__m128i v, char from, char count)
{
    __m128i low = _mm_sub_epi8(v, _mm_set1_epi8(from));
    return _mm_cmpeq_epi8(_mm_min_epu8(low, _mm_set1_epi8((char)(count - 1))), low);
}

/* p: 64 readable bytes, of which the first n count; what is beyond must be 0. */
static inline void marks_of(struct marks *m, const char *p, unsigned n)
{
    *m = (struct marks){0};
    for (unsigned i = 0; i < n; i += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        m->digit |= mask_of(in_range(v, '0', 10), i);
        m->upper |= mask_of(in_range(v, 'A', 26), i);
        m->at |= mask_of(_mm_cmpeq_epi8(v, _mm_set1_epi8('@')), i);
        m->colon |= mask_of(_mm_cmpeq_epi8(v, _mm_set1_epi8(':')), i);
        m->equals |= mask_of(_mm_cmpeq_epi8(v, _mm_set1_epi8('=')), i);
        m->dash |= mask_of(_mm_cmpeq_epi8(v, _mm_set1_epi8('-')), i);
        m->dot |= mask_of(_mm_cmpeq_epi8(v, _mm_set1_epi8('.')), i);
        m->plus |= mask_of(_mm_cmpeq_epi8(v, _mm_set1_epi8('+')), i);
        m->underscore |= mask_of(_mm_cmpeq_epi8(v, _mm_set1_epi8('_')), i);
        m->letter_i |= mask_of(_mm_cmpeq_epi8(v, _mm_set1_epi8('I')), i);
        m->letter_j |= mask_of(_mm_cmpeq_epi8(v, _mm_set1_epi8('J')), i);
    }
}

#else

static inline void marks_of(struct marks *m, const char *p, unsigned n)
{
    *m = (struct marks){0};
    for (unsigned i = 0; i < n; i++) {
        uint64_t bit = UINT64_C(1) << i;
        char c = p[i];
        if (c >= '0' && c <= '9') m->digit |= bit;
        else if (c >= 'A' && c <= 'Z') m->upper |= bit;
        if (c == '@') m->at |= bit;
        else if (c == ':') m->colon |= bit;
        else if (c == '=') m->equals |= bit;
        else if (c == '-') m->dash |= bit;
        else if (c == '.') m->dot |= bit;
        else if (c == '+') m->plus |= bit;
        else if (c == '_') m->underscore |= bit;
        else if (c == 'I') m->letter_i |= bit;
        else if (c == 'J') m->letter_j |= bit;
    }
}

#endif
#endif
