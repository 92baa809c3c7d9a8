#include "base/suggest.h"

#include <ctype.h>

enum { LONGEST = 32 };

struct suggest suggest_for(struct slice word)
{
    unsigned limit = word.len < 4 ? 1 : word.len < 8 ? 2 : 3;
    return (struct suggest){.word = word, .distance = limit + 1};
}

static unsigned smaller(unsigned a, unsigned b) { return a < b ? a : b; }

static bool same(char a, char b) { return tolower((unsigned char)a) == tolower((unsigned char)b); }

/* Letters added, dropped, replaced, or exchanged with their neighbour. */
static unsigned edits(struct slice a, struct slice b)
{
    unsigned rows[3][LONGEST + 1];
    for (size_t j = 0; j <= b.len; j++) rows[0][j] = (unsigned)j;
    for (size_t i = 1; i <= a.len; i++) {
        unsigned *row = rows[i % 3];
        const unsigned *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b.len; j++) {
            row[j] = smaller(before[j - 1] + !same(a.ptr[i - 1], b.ptr[j - 1]), smaller(before[j], row[j - 1]) + 1);
            bool exchanged = i > 1 && j > 1 && same(a.ptr[i - 1], b.ptr[j - 2]) && same(a.ptr[i - 2], b.ptr[j - 1]);
            if (exchanged) row[j] = smaller(row[j], earlier[j - 2] + 1);
        }
    }
    return rows[a.len % 3][b.len];
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
