#include "screens/sheet.h"

#include "base/die.h"
#include "base/utf8.h"
#include "tui/term.h"

#include <math.h>
#include <stdlib.h>

enum { LINES_MAX = 4000, SPANS_MAX = 24 };

struct span {
    int column, width;
    enum role role;
    char *text;        /* NULL: a bar */
    double value, max; /* of the bar */
    bool rule;         /* a thin line instead of it */
};

struct line {
    struct span spans[SPANS_MAX];
    int count;
    int chart; /* index + 1 of the chart that begins here */
};

struct chart {
    int column, width, height;
    enum role role;
    double *values;
    size_t count;
    struct chart_cell *cells; /* instead of the values; NULL: none */
};

struct sheet {
    struct line *lines;
    int count, room;
    struct chart *charts;
    int chart_count;
    struct line open;
    int at; /* column after the last span of the open line */
    int top, height, y, selected;
    char *search;
    int match; /* line of the match gone to, -1 */
};

struct sheet *sheet_new(void)
{
    struct sheet *s = xcalloc(1, sizeof *s);
    s->selected = s->match = -1;
    s->search = xstrdup("");
    return s;
}

static void line_free(struct line *l)
{
    for (int i = 0; i < l->count; i++) free(l->spans[i].text);
    *l = (struct line){0};
}

void sheet_clear(struct sheet *s)
{
    for (int i = 0; i < s->count; i++) line_free(&s->lines[i]);
    for (int i = 0; i < s->chart_count; i++) free(s->charts[i].values), free(s->charts[i].cells);
    line_free(&s->open);
    s->count = s->chart_count = s->at = 0;
}

void sheet_free(struct sheet *s)
{
    if (!s) return;
    sheet_clear(s);
    free(s->lines);
    free(s->charts);
    free(s->search);
    free(s);
}

/* ---- building ---- */

static void add_span(struct sheet *s, struct span span)
{
    if (s->open.count == SPANS_MAX) {
        free(span.text);
        return;
    }
    s->open.spans[s->open.count++] = span;
    s->at = span.column + span.width;
}

void sheet_span(struct sheet *s, int column, enum role role, const char *text)
{
    add_span(s, (struct span){.column = column < 0 ? s->at : column, .width = text_width(text), .role = role, .text = xstrdup(text)});
}

void sheet_span_right(struct sheet *s, int column, enum role role, const char *text)
{
    int start = column - text_width(text);
    sheet_span(s, start < 0 ? 0 : start, role, text);
}

void sheet_bar(struct sheet *s, int column, int width, enum role role, double value, double max)
{
    if (!term_plain()) add_span(s, (struct span){.column = column, .width = width, .role = role, .value = value, .max = max});
}

int sheet_end(struct sheet *s)
{
    if (s->count == LINES_MAX) {
        line_free(&s->open);
        return LINES_MAX - 1;
    }
    if (s->count == s->room) {
        s->room = s->room ? s->room * 2 : 32;
        s->lines = xreallocarray(s->lines, (size_t)s->room, sizeof *s->lines);
    }
    s->lines[s->count] = s->open;
    s->open = (struct line){0};
    s->at = 0;
    return s->count++;
}

void sheet_blank(struct sheet *s) { sheet_end(s); }

void sheet_heading(struct sheet *s, const char *text) { sheet_note(s, ROLE_HEADING, text); }

void sheet_note(struct sheet *s, enum role role, const char *text)
{
    sheet_span(s, SHEET_LABEL, role, text);
    sheet_end(s);
}

void sheet_pair(struct sheet *s, const char *label, enum role role, const char *text)
{
    sheet_span(s, SHEET_LABEL, ROLE_DIM, label);
    sheet_span(s, SHEET_VALUE, role, text);
    sheet_end(s);
}

/* Length of the <placeholder> at the text's start, 0 where there is none. */
static size_t placeholder(const char *text)
{
    size_t n = strcspn(text + 1, "<> ");
    return text[0] == '<' && text[1 + n] == '>' && n < 40 ? n + 2 : 0;
}

static size_t piece_of(const char *text, bool *variable)
{
    size_t n = placeholder(text);
    *variable = n > 0;
    if (n) return n;
    for (n = 1; text[n] && !placeholder(text + n) && text[n - 1] != ' '; n++)
        ;
    return n;
}

static void wrapped(struct sheet *s, const char *label, enum role role, enum role variable_role, const char *text, int width)
{
    int room = width - SHEET_VALUE - 1;
    sheet_span(s, SHEET_LABEL, ROLE_DIM, label);
    s->at = SHEET_VALUE;
    while (*text) {
        bool variable;
        size_t n = piece_of(text, &variable);
        char *piece = xstrndup(text, n);
        bool full = s->open.count >= SPANS_MAX - 1 || s->at + text_width(piece) > SHEET_VALUE + room;
        if (full && s->at > SHEET_VALUE) sheet_end(s), s->at = SHEET_VALUE;
        size_t fits = text_fit(piece, room);
        piece[fits] = '\0';
        sheet_span(s, -1, variable ? variable_role : role, piece);
        free(piece);
        text += fits ? fits : n;
    }
    sheet_end(s);
}

void sheet_wrapped(struct sheet *s, const char *label, enum role role, const char *text, int width)
{
    wrapped(s, label, role, role, text, width);
}

void sheet_template(struct sheet *s, const char *label, const char *text, int width)
{
    wrapped(s, label, ROLE_TEXT, ROLE_VARIABLE, text, width);
}

static void add_chart(struct sheet *s, const struct chart *c)
{
    s->charts = xreallocarray(s->charts, (size_t)s->chart_count + 1, sizeof *s->charts);
    s->charts[s->chart_count++] = *c;
    s->open.chart = s->chart_count;
    for (int i = 0; i < c->height; i++) sheet_end(s);
}

void sheet_grid(struct sheet *s, int column, const struct chart_grid *g)
{
    struct chart c = {.column = column, .width = g->width, .height = g->height};
    size_t n = (size_t)g->width * (size_t)g->height;
    c.cells = xreallocarray(NULL, n ? n : 1, sizeof *c.cells);
    memcpy(c.cells, g->cells, n * sizeof *c.cells);
    add_chart(s, &c);
}

/* As texts: neighbours of one role go together. */
void sheet_cells(struct sheet *s, int column, const struct chart_grid *g)
{
    for (int from = 0, to; from < g->width; from = to) {
        struct buf text;
        buf_init(&text, (size_t)g->width * 4 + 1);
        for (to = from; to < g->width && g->cells[to].role == g->cells[from].role; to++) utf8_put(&text, g->cells[to].code);
        sheet_span(s, column + from, g->cells[from].role, text.data);
        buf_free(&text);
    }
}

void sheet_gauge(struct sheet *s, int column, int width, enum role role, double value, double max)
{
    int filled = max > 0 && value > 0 ? (int)ceil(fmin(value / max, 1) * width) : 0;
    sheet_bar(s, column, width, role, value, max);
    add_span(s, (struct span){.column = column + filled, .width = width - filled, .role = ROLE_RULE, .rule = true});
}

void sheet_at(struct sheet *s, int column) { s->at = column; }

void sheet_chart(struct sheet *s, int column, int width, int height, enum role role, const double *values, size_t count)
{
    struct chart c = {.column = column, .width = width, .height = height, .role = role, .count = count};
    if (term_plain()) {
        if (height == 1) sheet_end(s);
        return;
    }
    c.values = xcalloc(count ? count : 1, sizeof *values);
    for (size_t i = 0; i < count; i++) c.values[i] = values[i];
    add_chart(s, &c);
}

/* ---- moving ---- */

int sheet_lines(const struct sheet *s) { return s->count; }
int sheet_line_at(const struct sheet *s, int y)
{
    int line = s->top + y - s->y;
    return y >= s->y && y < s->y + s->height && line < s->count ? line : -1;
}

void sheet_select(struct sheet *s, int line) { s->selected = line; }

static void clamp(struct sheet *s)
{
    if (s->top > s->count - s->height) s->top = s->count - s->height;
    if (s->top < 0) s->top = 0;
}

bool sheet_scroll(struct sheet *s, int lines)
{
    int before = s->top;
    s->top += lines;
    clamp(s);
    return s->top != before;
}

void sheet_go(struct sheet *s, bool end)
{
    s->top = end ? s->count : 0;
    clamp(s);
}

void sheet_show(struct sheet *s, int line)
{
    if (line < s->top) s->top = line;
    if (line >= s->top + s->height) s->top = line - s->height + 1;
    clamp(s);
}

bool sheet_in_sight(const struct sheet *s, int line) { return line >= s->top && line < s->top + s->height; }

/* ---- painting ---- */

static void line_text(const struct line *l, struct buf *out)
{
    int at = 0;
    for (int i = 0; i < l->count; i++) {
        if (!l->spans[i].text) continue;
        for (; at < l->spans[i].column; at++) buf_char(out, ' ');
        buf_str(out, l->spans[i].text);
        at = l->spans[i].column + l->spans[i].width;
    }
}

static void mark_matches(const struct sheet *s, const char *text, int y)
{
    size_t n = strlen(s->search);
    for (const char *hit = strcasestr(text, s->search); hit; hit = strcasestr(hit + n, s->search)) {
        char *before = xstrndup(text, (size_t)(hit - text)), *found = xstrndup(hit, n);
        paint_overlay(y, text_width(before), text_width(found), ROLE_MATCH);
        free(before);
        free(found);
    }
}

static void paint_thin(const struct span *p, int y)
{
    for (int x = 0; x < p->width; x++) paint_text(y, p->column + x, 1, p->role, glyph(GLYPH_RULE));
}

static void paint_line(const struct sheet *s, int number, int y)
{
    const struct line *l = &s->lines[number];
    for (int i = 0; i < l->count; i++) {
        const struct span *p = &l->spans[i];
        if (p->text) paint_text(y, p->column, term_columns() - p->column, p->role, p->text);
        else if (p->rule) paint_thin(p, y);
        else paint_bar(y, p->column, p->width, p->role, p->value, p->max);
    }
    if (!*s->search) return;
    struct buf text;
    buf_init(&text, 1 << 16);
    line_text(l, &text);
    if (text.data) mark_matches(s, text.data, y);
    buf_free(&text);
}

static void paint_cells(const struct chart *c, int y, int at, int height)
{
    struct chart_grid g = {c->width, c->height, c->cells};
    for (int row = 0; row < c->height; row++)
        if (at + row >= 0 && at + row < height) paint_grid(y + at + row, c->column, &g, row);
}

static void paint_charts(const struct sheet *s, int y, int height)
{
    for (int i = 0; i < s->count; i++) {
        if (!s->lines[i].chart) continue;
        const struct chart *c = &s->charts[s->lines[i].chart - 1];
        int at = i - s->top;
        if (c->cells) paint_cells(c, y, at, height);
        if (!c->cells && at + c->height > 0 && at < height)
            paint_columns(y + at, c->column, c->width, c->height, c->role, c->values, c->count);
    }
}

void sheet_paint(struct sheet *s, int y, int height)
{
    s->height = height;
    s->y = y;
    clamp(s);
    for (int i = 0; i < height; i++) paint_clear(y + i, 0, ROLE_TEXT);
    paint_charts(s, y, height);
    for (int i = 0; i < height && s->top + i < s->count; i++) {
        paint_line(s, s->top + i, y + i);
        if (s->top + i == s->selected) paint_overlay(y + i, 0, term_columns(), ROLE_SELECTED);
    }
    if (term_plain() && s->selected >= s->top && s->selected < s->top + height) term_cursor(y + s->selected - s->top, 0);
}

/* ---- searching ---- */

static bool has_match(const struct sheet *s, int number)
{
    struct buf text;
    buf_init(&text, 1 << 16);
    line_text(&s->lines[number], &text);
    bool found = *s->search && text.data && strcasestr(text.data, s->search);
    buf_free(&text);
    return found;
}

int sheet_search(struct sheet *s, const char *text)
{
    int hits = 0, first = -1;
    free(s->search);
    s->search = xstrdup(text);
    s->match = -1;
    for (int i = 0; i < s->count; i++) {
        if (!has_match(s, i)) continue;
        hits++;
        if (first < 0) first = i;
    }
    if (first >= 0) sheet_show(s, s->match = first);
    return hits;
}

bool sheet_next_match(struct sheet *s, int direction)
{
    for (int step = 1; step <= s->count; step++) {
        int line = ((s->match + direction * step) % s->count + s->count) % s->count;
        if (!has_match(s, line)) continue;
        sheet_show(s, s->match = line);
        return true;
    }
    return false;
}

int sheet_match(const struct sheet *s) { return s->match; }

char *sheet_text(const struct sheet *s)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    for (int i = 0; i < s->count; i++) {
        line_text(&s->lines[i], &out);
        buf_char(&out, '\n');
    }
    return out.data ? out.data : xstrdup("");
}
