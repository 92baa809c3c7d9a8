#include "screens/policy_diff.h"

#include "base/die.h"

#include <stdlib.h>
#include <string.h>

struct text {
    struct slice *lines;
    size_t count;
};

struct told {
    char mark;
    struct slice text;
};

static bool split(struct text *t, struct slice s)
{
    t->lines = xcalloc(DIFF_LINES_MAX, sizeof *t->lines);
    t->count = 0;
    while (s.len) {
        const char *end = memchr(s.ptr, '\n', s.len);
        size_t n = end ? (size_t)(end - s.ptr) : s.len, past = n + (end != NULL);
        if (t->count == DIFF_LINES_MAX) return false;
        t->lines[t->count++] = slice_of(s.ptr, n);
        s = slice_of(s.ptr + past, s.len - past);
    }
    return true;
}

/* lengths[i][j]: the longest common subsequence of what follows line i of a and line j of b. */
static unsigned short *common(const struct text *a, const struct text *b)
{
    size_t width = b->count + 1;
    unsigned short *lengths = xcalloc((a->count + 1) * width, sizeof *lengths);
    for (size_t i = a->count; i-- > 0;)
        for (size_t j = b->count; j-- > 0;) {
            unsigned short skip_a = lengths[(i + 1) * width + j], skip_b = lengths[i * width + j + 1];
            if (slice_eq(a->lines[i], b->lines[j])) lengths[i * width + j] = (unsigned short)(lengths[(i + 1) * width + j + 1] + 1);
            else lengths[i * width + j] = skip_a > skip_b ? skip_a : skip_b;
        }
    return lengths;
}

static size_t walk(const struct text *a, const struct text *b, const unsigned short *lengths, struct told *out)
{
    size_t i = 0, j = 0, n = 0, width = b->count + 1;
    while (i < a->count || j < b->count) {
        bool more_a = i < a->count, more_b = j < b->count;
        if (more_a && more_b && slice_eq(a->lines[i], b->lines[j])) {
            out[n++] = (struct told){' ', a->lines[i]};
            i++, j++;
        } else if (more_a && (!more_b || lengths[(i + 1) * width + j] >= lengths[i * width + j + 1])) {
            out[n++] = (struct told){'-', a->lines[i++]};
        } else {
            out[n++] = (struct told){'+', b->lines[j++]};
        }
    }
    return n;
}

static bool near(const struct told *lines, size_t n, size_t at, int around)
{
    size_t reach = (size_t)around, from = at > reach ? at - reach : 0, to = at + reach < n ? at + reach : n - 1;
    for (size_t i = from; i <= to; i++)
        if (lines[i].mark != ' ') return true;
    return false;
}

static long tell(const struct told *lines, size_t n, int around, void (*line)(void *, char, struct slice), void *context)
{
    long changed = 0;
    bool skipping = false;
    for (size_t i = 0; i < n; i++) {
        bool shown = near(lines, n, i, around);
        if (shown) line(context, lines[i].mark, lines[i].text);
        else if (!skipping) line(context, '~', slice_of("", 0));
        skipping = !shown;
        changed += lines[i].mark != ' ';
    }
    return changed;
}

long policy_diff_lines(struct slice before, struct slice after, int around, void (*line)(void *context, char mark, struct slice text),
                       void *context)
{
    struct text a = {0}, b = {0};
    long changed = -1;
    if (split(&a, before) && split(&b, after)) {
        unsigned short *lengths = common(&a, &b);
        struct told *lines = xcalloc(a.count + b.count + 1, sizeof *lines);
        changed = tell(lines, walk(&a, &b, lengths, lines), around, line, context);
        free(lines);
        free(lengths);
    }
    free(a.lines);
    free(b.lines);
    return changed;
}
