#include "base/suggest.h"

#include <ctype.h>

enum { LONGEST = 32 };

struct suggest suggest_for(struct slice word)
{
    unsigned limit = word.len < 4 ? 1 : word.len < 8 ? 2 : 3;
    return (struct suggest){.word = word, .distance = limit + 1};
}

static unsigned smaller(unsigned a, unsigned b) { return a < b ? a : b; }

static unsigned edits(struct slice a, struct slice b)
{
    unsigned before[LONGEST + 1], row[LONGEST + 1];
    for (size_t j = 0; j <= b.len; j++) before[j] = (unsigned)j;
    for (size_t i = 0; i < a.len; i++) {
        row[0] = (unsigned)i + 1;
        for (size_t j = 0; j < b.len; j++) {
            bool same = tolower((unsigned char)a.ptr[i]) == tolower((unsigned char)b.ptr[j]);
            row[j + 1] = smaller(before[j] + !same, smaller(before[j + 1], row[j]) + 1);
        }
        memcpy(before, row, sizeof row);
    }
    return before[b.len];
}

void suggest_try(struct suggest *s, const char *candidate)
{
    struct slice other = slice_str(candidate);
    if (s->word.len == 0 || s->word.len > LONGEST || other.len == 0 || other.len > LONGEST) return;
    unsigned distance = edits(s->word, other);
    if (distance >= s->distance || distance >= other.len) return;
    s->distance = distance;
    s->best = candidate;
}
