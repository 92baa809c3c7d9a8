#include "control-plane/catalog/fields.h"

#include <math.h>

static unsigned octave(uint64_t n) { return 63 - (unsigned)__builtin_clzll(n); }

unsigned length_bucket(uint64_t length)
{
    if (length < 2) return (unsigned)length;
    unsigned e = octave(length), bucket = 2 * e + (unsigned)(length >> (e - 1) & 1);
    return bucket < LENGTH_BUCKETS ? bucket : LENGTH_BUCKETS - 1;
}

uint64_t length_bucket_most(unsigned bucket)
{
    if (bucket < 2) return bucket;
    uint64_t half = UINT64_C(1) << (bucket / 2 - 1);
    return 2 * half + ((bucket & 1) + 1) * half - 1;
}

unsigned size_bucket(uint64_t size)
{
    if (size < 8) return (unsigned)size;
    unsigned e = octave(size), bucket = 8 * (e - 2) + (unsigned)(size >> (e - 3) & 7);
    return bucket < SIZE_BUCKETS ? bucket : SIZE_BUCKETS - 1;
}

uint64_t size_bucket_most(unsigned bucket)
{
    if (bucket < 8) return bucket;
    uint64_t eighth = UINT64_C(1) << (bucket / 8 - 1);
    return 8 * eighth + ((bucket & 7) + 1) * eighth - 1;
}

unsigned buckets_percentile(const uint64_t *counts, unsigned buckets, unsigned percent)
{
    uint64_t all = 0, below = 0;
    unsigned last = 0;
    for (unsigned i = 0; i < buckets; i++) all += counts[i];
    for (unsigned i = 0; i < buckets; i++) {
        if (!counts[i]) continue;
        last = i;
        below += counts[i];
        if (below >= all - all / 100 * (100 - percent) - all % 100 * (100 - percent) / 100) break;
    }
    return last;
}

void sketch_add(unsigned char sketch[SKETCH_REGISTERS], uint64_t hash)
{
    unsigned at = (unsigned)(hash >> 57), rank = (unsigned)__builtin_clzll(hash << 7 | 64) + 1;
    if (sketch[at] < rank) sketch[at] = (unsigned char)rank;
}

void sketch_merge(unsigned char to[SKETCH_REGISTERS], const unsigned char from[SKETCH_REGISTERS])
{
    for (size_t i = 0; i < SKETCH_REGISTERS; i++)
        if (to[i] < from[i]) to[i] = from[i];
}

uint64_t sketch_estimate(const unsigned char sketch[SKETCH_REGISTERS])
{
    const double m = SKETCH_REGISTERS, alpha = 0.7213 / (1 + 1.079 / m);
    double sum = 0, zeros = 0;
    for (size_t i = 0; i < SKETCH_REGISTERS; i++) {
        sum += ldexp(1, -(int)sketch[i]);
        zeros += sketch[i] == 0;
    }
    double estimate = alpha * m * m / sum;
    if (estimate <= 2.5 * m && zeros > 0) estimate = m * log(m / zeros);
    return (uint64_t)(estimate + 0.5);
}
