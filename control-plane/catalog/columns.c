#include "control-plane/catalog/columns.h"

#include "control-plane/catalog/vocabulary.h"

#include <ctype.h>

enum { BRACKET_MAX = 200 };

static bool blank(char c) { return (unsigned char)c <= ' '; }

/* Behind the bracket that closes the one at p on the same line, or NULL. */
static const char *bracket_end(const char *p, const char *end)
{
    int depth = 0;
    for (const char *q = p; q < end && q - p < BRACKET_MAX; q++) {
        depth += *q == '[';
        depth -= *q == ']';
        if (depth == 0) return q + 1;
    }
    return NULL;
}

static struct slice inner(struct slice s)
{
    while (s.len && strchr("[(<", s.ptr[0])) s = slice_of(s.ptr + 1, s.len - 1);
    while (s.len && strchr("]>),:;", s.ptr[s.len - 1])) s.len--;
    return s;
}

/* "I0412": a level and a date. */
static bool is_glog(struct slice s)
{
    bool found = s.len == 5 && strchr("IWEF", s.ptr[0]);
    for (size_t i = 1; found && i < 5; i++) found = isdigit((unsigned char)s.ptr[i]);
    return found;
}

static bool is_level(struct slice s)
{
    s = inner(s);
    if (s.len == 1) return strchr("VDIWE", s.ptr[0]) != NULL;
    if (is_glog(s)) return true;
    return s.len && s.len < 14 && (vocabulary_uses(s) & WORD_LEVEL);
}

/* hh:mm:ss somewhere in it, also with dots. */
static bool has_clock(struct slice s)
{
    for (size_t i = 0; i + 8 <= s.len; i++) {
        const char *p = s.ptr + i;
        bool sign = (p[2] == ':' && p[5] == ':') || (p[2] == '.' && p[5] == '.');
        if (!sign || (i > 0 && isdigit((unsigned char)p[-1]) && i < 3)) continue;
        bool digits = isdigit((unsigned char)p[0]) && isdigit((unsigned char)p[1]) && isdigit((unsigned char)p[3]) &&
                      isdigit((unsigned char)p[4]) && isdigit((unsigned char)p[6]) && isdigit((unsigned char)p[7]);
        if (digits && p[0] <= '2' && p[3] <= '5' && p[6] <= '6') return true;
    }
    return false;
}

static size_t digits_in(struct slice s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) n += isdigit((unsigned char)s.ptr[i]) != 0;
    return n;
}

/* Seconds since 1970 between 2001 and 2096, with or without a fraction; or the same in ms. */
static bool is_epoch(struct slice s)
{
    size_t n = 0;
    while (n < s.len && isdigit((unsigned char)s.ptr[n])) n++;
    bool ends = n == s.len || s.ptr[n] == '.' || s.ptr[n] == ':' || s.ptr[n] == ',';
    return ends && (n == 10 || n == 13) && s.ptr[0] >= '1' && s.ptr[0] <= '3';
}

/* "[   12.345678]": seconds since the start of the machine. */
static bool is_uptime(struct slice s)
{
    if (s.len < 9 || s.ptr[0] != '[' || s.ptr[s.len - 1] != ']' || s.ptr[s.len - 8] != '.') return false;
    for (size_t i = 1; i + 1 < s.len; i++) {
        if (!isdigit((unsigned char)s.ptr[i]) && s.ptr[i] != ' ' && i != s.len - 8) return false;
    }
    return true;
}

static unsigned two(const char *p) { return (unsigned)(p[0] - '0') * 10 + (unsigned)(p[1] - '0'); }

static bool is_date(struct slice s)
{
    s = inner(s);
    size_t digits = digits_in(s), signs = 0;
    for (size_t i = 0; i < s.len; i++) signs += strchr("-/.", s.ptr[i]) != NULL;
    if (digits + signs != s.len) return false;
    if (signs == 0) return digits == 6 ? two(s.ptr + 2) <= 12 && two(s.ptr + 4) <= 31 : digits == 8 && two(s.ptr) >= 19 && two(s.ptr) <= 20;
    return digits >= 4 && digits <= 8 && signs <= 2 && isdigit((unsigned char)s.ptr[0]) && s.len <= 10;
}

static bool is_number(struct slice s)
{
    s = inner(s);
    for (size_t i = 0; i < s.len; i++) {
        if (!isdigit((unsigned char)s.ptr[i]) && !strchr("-:.,/+xTZ_", s.ptr[i])) return false;
    }
    return digits_in(s) > 0;
}

static bool is_signs(struct slice s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (isalnum((unsigned char)s.ptr[i]) || (unsigned char)s.ptr[i] >= 0x80) return false;
    }
    return s.len <= 3;
}

/* "name:", "name[123]:" or "file.c:12]" */
static bool is_name(struct slice s, bool *process)
{
    const char *open = memchr(s.ptr, '[', s.len);
    if (s.len < 2 || strchr("[<\"'", s.ptr[0])) return false;
    if (s.ptr[s.len - 1] != ':') return s.ptr[s.len - 1] == ']' && !open && memchr(s.ptr, ':', s.len);
    *process = s.len > 4 && s.ptr[s.len - 2] == ']' && open && isdigit((unsigned char)open[1]);
    return true;
}

static enum column_kind kind_of(struct column *c)
{
    struct slice s = c->text;
    c->clock = has_clock(s) || is_epoch(inner(s)) || is_uptime(s);
    c->date = is_date(s);
    c->named = is_name(s, &c->process);
    c->quoted = s.ptr[0] == '"' || s.ptr[0] == '\'';
    c->level = is_level(s);
    if (s.ptr[0] == '[') return COLUMN_BRACKET;
    if (c->clock && (is_number(s) || isdigit((unsigned char)s.ptr[0]))) return COLUMN_TIME;
    if (is_number(s)) return COLUMN_NUMBER;
    if (c->level) return COLUMN_LEVEL;
    if (c->named) return COLUMN_NAME;
    if (is_signs(s)) return COLUMN_SIGN;
    if (vocabulary_uses(inner(s)) & WORD_CALENDAR) return COLUMN_CALENDAR;
    return digits_in(s) ? COLUMN_MIXED : COLUMN_WORD;
}

size_t columns_of(struct slice line, struct column *columns, size_t max)
{
    const char *p = line.ptr, *end = line.ptr + line.len;
    size_t n = 0;
    while (p < end && blank(*p)) p++;
    while (p < end && n < max) {
        const char *q = *p == '[' ? bracket_end(p, end) : NULL;
        bool glued = q && q < end && *q == '[';
        if (!q) q = p;
        while (!glued && q < end && !blank(*q) && *q != '|') q++;
        if (q == p) q++;
        columns[n] = (struct column){.text = slice_of(p, (size_t)(q - p))};
        columns[n].kind = kind_of(&columns[n]);
        while (q < end && blank(*q)) q++;
        if (q < end && *q == '|' && q > p) q++;
        while (q < end && blank(*q)) q++;
        columns[n++].next = q;
        p = q;
    }
    return n;
}
