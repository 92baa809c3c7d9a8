#include "console/suggest.h"

#include <string.h>

enum { WORD_MAX = 40 };

/* Insertions, deletions and replacements; a swap of neighbours counts as one. */
static size_t distance(const char *a, size_t n, const char *b, size_t m)
{
    size_t rows[3][WORD_MAX + 1];
    size_t *before = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= m; j++) above[j] = j;
    for (size_t i = 1; i <= n; i++) {
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t best = above[j - 1] + (a[i - 1] != b[j - 1]);
            if (above[j] + 1 < best) best = above[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < best) best = before[j - 2] + 1;
            row[j] = best;
        }
        size_t *spare = before;
        before = above;
        above = row;
        row = spare;
    }
    return above[m];
}

const char *suggest(const char *word, const char *(*name)(void *context, size_t i), void *context)
{
    const char *best = NULL, *candidate;
    size_t n = strlen(word), least = n / 3 < 2 ? n / 3 : 2;
    if (n > WORD_MAX) return NULL;
    for (size_t i = 0; (candidate = name(context, i)); i++) {
        size_t m = strlen(candidate);
        size_t d = m <= WORD_MAX ? distance(word, n, candidate, m) : WORD_MAX;
        if (d <= least && (!best || d < least)) {
            best = candidate;
            least = d;
        }
    }
    return best;
}
