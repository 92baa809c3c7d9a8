#include "tui/pane.h"

#include "base/die.h"
#include "base/utf8.h"
#include "tui/canvas.h"
#include "tui/fold.h"
#include "tui/term.h"

#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 1000000, LABEL_MIN = 16 };

struct pane_line {
    char *text;
    size_t label; /* bytes at the start that are the label */
    int indent;   /* of the lines that a long one goes on in */
    enum role role;
};

/* One line of the screen: a part of a line. */
struct part {
    long line;
    size_t from, len;
    int indent;
};

struct pane {
    struct pane_line *lines;
    long count, room;
    struct part *parts;
    long part_count, part_room;
    int width; /* that the parts were made for, 0: make them */
    int height;
    long top, match;
    bool wrap;
    char *search;
};

struct pane *pane_new(void)
{
    struct pane *p = xcalloc(1, sizeof *p);
    p->wrap = true;
    p->match = -1;
    return p;
}

void pane_clear(struct pane *p)
{
    for (long i = 0; i < p->count; i++) free(p->lines[i].text);
    p->count = p->part_count = p->top = 0;
    p->width = 0;
    p->match = -1;
}

void pane_free(struct pane *p)
{
    if (!p) return;
    pane_clear(p);
    free(p->lines);
    free(p->parts);
    free(p->search);
    free(p);
}

static void add(struct pane *p, struct pane_line line)
{
    if (p->count == LINES_MAX) {
        free(line.text);
        return;
    }
    if (p->count == p->room) {
        p->room = p->room ? p->room * 2 : 64;
        p->lines = xreallocarray(p->lines, (size_t)p->room, sizeof *p->lines);
    }
    p->lines[p->count++] = line;
    p->width = 0;
}

void pane_add(struct pane *p, enum role role, const char *text)
{
    int blanks = (int)strspn(text, " ");
    add(p, (struct pane_line){.text = xstrdup(text), .indent = blanks, .role = role});
}

void pane_add_pair(struct pane *p, const char *label, enum role role, const char *text)
{
    int blanks = LABEL_MIN - text_width(label);
    char *line = xasprintf("%s%*s%s", label, blanks > 1 ? blanks : 1, "", text);
    size_t start = strlen(line) - strlen(text);
    add(p, (struct pane_line){.text = line, .label = start, .indent = LABEL_MIN, .role = role});
}

void pane_wrap(struct pane *p, bool wrap)
{
    p->wrap = wrap;
    p->width = 0;
}

static void add_part(struct pane *p, struct part part)
{
    if (p->part_count == p->part_room) {
        p->part_room = p->part_room ? p->part_room * 2 : 64;
        p->parts = xreallocarray(p->parts, (size_t)p->part_room, sizeof *p->parts);
    }
    p->parts[p->part_count++] = part;
}

/* Bytes of the text for one line: up to its last blank that fits, or as much as fits, at least one character. */
static size_t break_at(const char *text, int width)
{
    size_t fits = text_fit(text, width);
    if (text[fits] == '\0') return fits;
    size_t at = fits;
    while (at > 0 && text[at] != ' ') at--;
    if (at > 0 && strspn(text, " ") < at) return at;
    if (fits) return fits;
    utf8_next(slice_str(text), &fits);
    return fits;
}

static void wrap_line(struct pane *p, long number)
{
    const struct pane_line *line = &p->lines[number];
    size_t from = 0;
    int indent = 0;
    do {
        size_t n = p->wrap ? break_at(line->text + from, p->width - indent) : strlen(line->text + from);
        add_part(p, (struct part){number, from, n, indent});
        from += n;
        while (line->text[from] == ' ') from++;
        indent = line->indent < p->width / 2 ? line->indent : 0;
    } while (line->text[from]);
}

static void layout(struct pane *p)
{
    if (p->width == term_columns()) return;
    long line = p->top < p->part_count ? p->parts[p->top].line : 0;
    p->width = term_columns();
    p->part_count = 0;
    for (long i = 0; i < p->count; i++) wrap_line(p, i);
    for (p->top = 0; p->top < p->part_count && p->parts[p->top].line < line; p->top++) {}
}

static void clamp(struct pane *p)
{
    long last = p->part_count > p->height ? p->part_count - p->height : 0;
    if (p->top > last) p->top = last;
    if (p->top < 0) p->top = 0;
}

static void paint_matches(const struct pane *p, int y, const struct part *part)
{
    const char *text = p->lines[part->line].text;
    size_t len = strlen(text);
    struct slice found;
    for (size_t at = 0; p->search && fold_find(slice_of(text, len), at, p->search, &found); at = (size_t)(found.ptr - text) + found.len) {
        size_t from = (size_t)(found.ptr - text), to = from + found.len;
        if (from < part->from) from = part->from;
        if (to > part->from + part->len) to = part->from + part->len;
        if (from >= to) continue;
        int x = part->indent + text_width_n(text + part->from, from - part->from);
        paint_overlay(y, x, text_width_n(text + from, to - from), ROLE_MATCH);
    }
}

static void paint_piece(int y, int *x, enum role role, const char *text, size_t len)
{
    char *piece = xstrndup(text, len);
    *x += paint_text(y, *x, term_columns() - *x, role, piece);
    free(piece);
}

static void paint_part(const struct pane *p, int y, const struct part *part)
{
    const struct pane_line *line = &p->lines[part->line];
    size_t label = line->label > part->from ? line->label - part->from : 0;
    int x = part->indent;
    if (label > part->len) label = part->len;
    paint_piece(y, &x, ROLE_DIM, line->text + part->from, label);
    paint_piece(y, &x, line->role, line->text + part->from + label, part->len - label);
    paint_matches(p, y, part);
}

void pane_paint(struct pane *p, int y, int height)
{
    p->height = height;
    layout(p);
    clamp(p);
    for (int i = 0; i < height; i++) {
        paint_clear(y + i, 0, ROLE_TEXT);
        if (p->top + i < p->part_count) paint_part(p, y + i, &p->parts[p->top + i]);
    }
}

static bool moved(struct pane *p, long top)
{
    clamp(p);
    return p->top != top;
}

bool pane_scroll(struct pane *p, long lines)
{
    long top = p->top;
    layout(p);
    p->top += lines;
    return moved(p, top);
}

bool pane_go(struct pane *p, bool end)
{
    long top = p->top;
    layout(p);
    p->top = end ? p->part_count : 0;
    return moved(p, top);
}

static bool line_matches(const struct pane *p, long line)
{
    struct slice found;
    return p->search && fold_find(slice_str(p->lines[line].text), 0, p->search, &found);
}

static int count_matches(const struct pane *p)
{
    int n = 0;
    struct slice found;
    for (long i = 0; i < p->count; i++) {
        struct slice text = slice_str(p->lines[i].text);
        for (size_t at = 0; fold_find(text, at, p->search, &found); at = (size_t)(found.ptr - text.ptr) + found.len) n++;
    }
    return n;
}

static void show_line(struct pane *p, long line)
{
    p->match = line;
    for (long i = 0; i < p->part_count; i++) {
        if (p->parts[i].line != line) continue;
        if (i < p->top || i >= p->top + p->height) p->top = i;
        break;
    }
    clamp(p);
}

static bool go_match(struct pane *p, long from, int direction)
{
    for (long i = from; i >= 0 && i < p->count; i += direction)
        if (line_matches(p, i)) {
            show_line(p, i);
            return true;
        }
    return false;
}

int pane_search(struct pane *p, const char *text)
{
    free(p->search);
    p->search = *text ? xstrdup(text) : NULL;
    p->match = -1;
    layout(p);
    if (!p->search || p->part_count == 0) return 0;
    clamp(p);
    if (!go_match(p, p->parts[p->top].line, 1)) go_match(p, 0, 1);
    return count_matches(p);
}

bool pane_next_match(struct pane *p, int direction)
{
    layout(p);
    if (!p->search || p->part_count == 0) return false;
    clamp(p);
    long from = p->match >= 0 ? p->match + direction : p->parts[p->top].line;
    return go_match(p, from, direction) || go_match(p, direction > 0 ? 0 : p->count - 1, direction);
}

char *pane_text(const struct pane *p)
{
    struct buf out;
    buf_init(&out, 64 << 20);
    for (long i = 0; i < p->count; i++) {
        buf_str(&out, p->lines[i].text);
        buf_char(&out, '\n');
    }
    return out.data ? out.data : xstrdup("");
}
