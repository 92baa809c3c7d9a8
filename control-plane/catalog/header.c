#include "control-plane/catalog/header.h"

#include "base/die.h"
#include "control-plane/catalog/columns.h"
#include "control-plane/catalog/vocabulary.h"

#include <ctype.h>
#include <stdlib.h>

enum { LEAST_LINES = 5, FREE_WORDS = 3, AGREE = 90, NAME_AGREE = 97, SEARCH = 5 };

/* How the header ends behind its fixed columns. */
enum tail { TAIL_NONE, TAIL_NAME /* at the next "name:" */, TAIL_DASH /* at the next "-" */ };

struct header {
    size_t fixed; /* columns that every line has */
    enum tail tail;
    int time_from, time_to; /* columns of the time, -1: none */
    int level;
    bool strict[COLUMNS_MAX]; /* the kind of the column must match */
    enum column_kind kind[COLUMNS_MAX];
};

struct census {
    size_t lines;
    size_t present[COLUMNS_MAX];
    size_t kinds[COLUMNS_MAX][COLUMN_KINDS];
    size_t clock[COLUMNS_MAX], date[COLUMNS_MAX], level[COLUMNS_MAX], quoted[COLUMNS_MAX];
};

static bool most(size_t part, size_t whole) { return whole > 0 && part * 100 >= whole * AGREE; }

static void count(struct census *c, const struct column *columns, size_t n)
{
    c->lines++;
    for (size_t i = 0; i < n; i++) {
        c->present[i]++;
        c->kinds[i][columns[i].kind]++;
        c->clock[i] += columns[i].clock;
        c->date[i] += columns[i].date;
        c->level[i] += columns[i].level;
        c->quoted[i] += columns[i].quoted;
    }
}

static bool agreed(const struct census *c, size_t column, enum column_kind *kind)
{
    for (int k = 0; k < COLUMN_KINDS; k++) {
        if (!most(c->kinds[column][k], c->lines)) continue;
        *kind = (enum column_kind)k;
        return true;
    }
    *kind = COLUMN_WORD;
    return false;
}

static bool structural(enum column_kind kind) { return kind != COLUMN_WORD && kind != COLUMN_MIXED; }

/* The column of the time: with a clock in it, or yymmdd hhmmss. */
static int find_clock(const struct census *c)
{
    for (int i = 0; i < COLUMNS_MAX / 2; i++) {
        if (most(c->clock[i], c->lines)) return i;
        if (most(c->date[i], c->lines) && most(c->kinds[i + 1][COLUMN_NUMBER], c->lines) && most(c->kinds[i][COLUMN_NUMBER], c->lines))
            return i + 1;
    }
    return -1;
}

static int find_level(const struct census *c, size_t columns)
{
    for (size_t i = 0; i < columns; i++) {
        if (most(c->level[i], c->lines)) return (int)i;
    }
    return -1;
}

/* How many columns the lines agree on: to the last structural one with at most FREE_WORDS between. */
static size_t reach(struct header *h, const struct census *c, size_t from)
{
    size_t last = from, apart = 0;
    for (size_t i = 0; i < COLUMNS_MAX && apart <= FREE_WORDS; i++) {
        bool same = agreed(c, i, &h->kind[i]);
        h->strict[i] = same && structural(h->kind[i]);
        if (!most(c->present[i], c->lines) || c->quoted[i] * 4 > c->lines) break;
        if (h->strict[i]) {
            if (i >= last) last = i + 1;
            apart = 0;
            if (h->kind[i] == COLUMN_NAME && i >= from) break;
        } else if (i >= from) {
            apart++;
        }
    }
    return last;
}

static void find_time(struct header *h, const struct census *c, int clock)
{
    h->time_from = h->time_to = clock;
    while (h->time_from > 0 && h->time_from > clock - 3) {
        int before = h->time_from - 1;
        if (!most(c->date[before], c->lines) && h->kind[before] != COLUMN_CALENDAR &&
            !(h->kind[before] == COLUMN_NUMBER && before > 0 && h->kind[before - 1] == COLUMN_CALENDAR))
            break;
        h->time_from = before;
    }
}

/* The column behind `from` that ends the header in a way that moves between lines. */
static int tail_column(const struct column *columns, size_t n, size_t from, enum tail tail)
{
    for (size_t i = from; i < n && i < from + SEARCH; i++) {
        if (tail == TAIL_NAME && columns[i].named) return (int)i;
        if (tail == TAIL_DASH && columns[i].kind == COLUMN_SIGN && slice_is(columns[i].text, "-")) return (int)i;
    }
    return -1;
}

static void find_tail(struct header *h, const struct slice *lines, size_t count_of)
{
    size_t total = 0, names = 0, processes = 0, dashes = 0;
    for (size_t i = 0; i < count_of; i++) {
        struct column columns[COLUMNS_MAX];
        size_t n = columns_of(lines[i], columns, COLUMNS_MAX);
        if (n <= h->fixed) continue;
        total++;
        int name = tail_column(columns, n, h->fixed, TAIL_NAME);
        names += name >= 0;
        processes += name >= 0 && columns[name].process;
        dashes += tail_column(columns, n, h->fixed, TAIL_DASH) >= 0;
    }
    if (most(dashes, total)) h->tail = TAIL_DASH;
    else if (most(names, total) && (processes * 2 > total || names * 100 >= total * NAME_AGREE)) h->tail = TAIL_NAME;
}

/* A name with a colon may stand later in some lines: it is searched for. */
static void free_last_name(struct header *h)
{
    if (h->fixed == 0 || h->kind[h->fixed - 1] != COLUMN_NAME || !h->strict[h->fixed - 1]) return;
    h->fixed--;
    h->tail = TAIL_NAME;
}

struct header *header_learn(const struct slice *lines, size_t count_of)
{
    struct census c = {0};
    vocabulary_ready();
    if (count_of > HEADER_SAMPLE) count_of = HEADER_SAMPLE;
    for (size_t i = 0; i < count_of; i++) {
        struct column columns[COLUMNS_MAX];
        size_t n = columns_of(lines[i], columns, COLUMNS_MAX);
        if (n && (unsigned char)lines[i].ptr[0] > ' ') count(&c, columns, n);
    }
    int clock = c.lines < LEAST_LINES ? -1 : find_clock(&c);
    int level = c.lines < LEAST_LINES ? -1 : find_level(&c, COLUMNS_MAX / 2);
    if (clock < 0 && level < 0) return NULL;
    struct header *h = xcalloc(1, sizeof *h);
    h->fixed = reach(h, &c, (size_t)(clock >= 0 ? clock : level) + 1);
    h->time_from = h->time_to = -1;
    if (clock >= 0) find_time(h, &c, clock);
    h->level = find_level(&c, h->fixed);
    free_last_name(h);
    if (h->tail == TAIL_NONE) find_tail(h, lines, count_of);
    return h;
}

void header_free(struct header *h) { free(h); }

static bool matches(const struct header *h, const struct column *columns, size_t n)
{
    if (n < h->fixed) return false;
    int anchor = h->time_to >= 0 ? h->time_to : h->level;
    const struct column *c = &columns[anchor];
    return h->time_to >= 0 ? c->clock || c->kind == h->kind[anchor] : c->level;
}

static struct slice bare_name(struct slice s)
{
    while (s.len && s.ptr[s.len - 1] == ':') s.len--;
    const char *open = s.len && s.ptr[s.len - 1] == ']' ? memrchr(s.ptr, '[', s.len) : NULL;
    if (open == s.ptr) return slice_of(s.ptr + 1, s.len - 2);
    if (open) return slice_of(s.ptr, (size_t)(open - s.ptr));
    const char *colon = s.len && s.ptr[s.len - 1] == ']' ? memchr(s.ptr, ':', s.len) : NULL;
    if (colon) s.len = (size_t)(colon - s.ptr);
    return s;
}

/* Without brackets; of "I0412" the letter. */
static struct slice level_of(struct slice s)
{
    while (s.len && strchr("[(<", s.ptr[0])) s = slice_of(s.ptr + 1, s.len - 1);
    while (s.len && strchr("]>),:;", s.ptr[s.len - 1])) s.len--;
    return s.len == 5 && isdigit((unsigned char)s.ptr[1]) ? slice_of(s.ptr, 1) : s;
}

static struct slice span(const struct column *from, const struct column *to)
{
    return slice_of(from->text.ptr, (size_t)(to->text.ptr + to->text.len - from->text.ptr));
}

static struct slice component_of(const struct header *h, const struct column *columns, int tail)
{
    if (tail >= 0 && h->tail == TAIL_NAME) return bare_name(columns[tail].text);
    if (tail > (int)h->fixed) return span(&columns[h->fixed], &columns[tail - 1]);
    for (int i = (int)h->fixed - 1; i > h->time_to; i--) {
        if (i != h->level && (columns[i].kind == COLUMN_WORD || columns[i].kind == COLUMN_MIXED)) return columns[i].text;
    }
    return (struct slice){"", 0};
}

bool header_split(const struct header *h, struct slice line, struct header_parts *parts)
{
    struct column columns[COLUMNS_MAX];
    size_t n = columns_of(line, columns, h->fixed + SEARCH < COLUMNS_MAX ? h->fixed + SEARCH : COLUMNS_MAX);
    *parts = (struct header_parts){.message = line};
    if (!matches(h, columns, n)) return false;
    int tail = h->tail == TAIL_NONE ? -1 : tail_column(columns, n, h->fixed, h->tail);
    const char *from = tail >= 0 ? columns[tail].next : h->fixed ? columns[h->fixed - 1].next : line.ptr;
    parts->message = slice_of(from, (size_t)(line.ptr + line.len - from));
    if (h->time_from >= 0) parts->time = span(&columns[h->time_from], &columns[h->time_to]);
    parts->component = component_of(h, columns, tail);
    if (h->level >= 0) parts->level = level_of(columns[h->level].text);
    else if (tail >= 0 && columns[tail].level) parts->level = parts->component;
    return true;
}
