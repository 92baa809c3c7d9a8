#include "tui/canvas.h"

#include "base/die.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <wchar.h>

static struct {
    struct cell *cells;
    int rows, columns;
    bool utf8;
} canvas = {.utf8 = true};

static const struct cell blank_cell = {.code = ' ', .width = 1};

void canvas_resize(int rows, int columns)
{
    canvas.rows = rows < 1 ? 1 : rows;
    canvas.columns = columns < 1 ? 1 : columns;
    canvas.cells = xreallocarray(canvas.cells, (size_t)canvas.rows * (size_t)canvas.columns, sizeof *canvas.cells);
    canvas_blank();
}

int canvas_rows(void) { return canvas.rows; }
int canvas_columns(void) { return canvas.columns; }
void canvas_utf8(bool on) { canvas.utf8 = on; }
bool canvas_is_utf8(void) { return canvas.utf8; }

/* Long runs double what is there already: rows are filled several times a frame. */
static void repeat(struct cell *cells, size_t n, struct cell cell)
{
    enum { SHORT = 16 };
    size_t first = n < SHORT ? n : SHORT;
    for (size_t i = 0; i < first; i++) cells[i] = cell;
    for (size_t done = first, more; done < n; done += more) {
        more = done < n - done ? done : n - done;
        memcpy(cells + done, cells, more * sizeof *cells);
    }
}

void canvas_blank(void) { repeat(canvas.cells, (size_t)canvas.rows * (size_t)canvas.columns, blank_cell); }

struct cell *canvas_row(int y)
{
    if (y < 0 || y >= canvas.rows) return NULL;
    return canvas.cells + (size_t)y * (size_t)canvas.columns;
}

size_t width_ascii(const char *text, size_t max)
{
    size_t n = 0;
    while (n < max && (unsigned char)(text[n] - 0x20) < 0x5F) n++;
    return n;
}

int width_next(struct slice text, size_t *at, uint32_t *code)
{
    unsigned char c = (unsigned char)text.ptr[*at];
    if (c >= 0x20 && c < 0x7F) {
        ++*at;
        *code = c;
        return 1;
    }
    *code = utf8_next(text, at);
    int width = utf8_unsafe(*code) ? -1 : wcwidth((wchar_t)*code);
    if (canvas.utf8 && width >= 0) return width;
    if (width == 0) return 0;
    *code = canvas.utf8 ? UTF8_REPLACEMENT : '?';
    return 1;
}

/* A wide character that loses one of its halves at column x becomes blank. */
static void split(struct cell *row, int x, int stays)
{
    if (x <= 0 || x >= canvas.columns || row[x].width != 0) return;
    row[stays].code = ' ';
    row[stays].width = 1;
}

static void combine(struct cell *cell, uint32_t mark)
{
    if (!cell) return;
    if (!cell->marks[0]) cell->marks[0] = mark;
    else if (!cell->marks[1]) cell->marks[1] = mark;
}

static struct cell *put(struct cell *row, int x, int width, uint16_t style, uint32_t code)
{
    row[x] = (struct cell){.code = code, .style = style, .width = (uint16_t)width};
    if (width == 2) row[x + 1] = (struct cell){.code = ' ', .style = style};
    return &row[x];
}

bool canvas_reaches(int x, int *width)
{
    enum { FAR = 1 << 24 };
    if (*width > FAR) *width = FAR;
    return *width > 0 && x > -FAR && x < canvas.columns;
}

bool canvas_clip(int *x, int *width)
{
    int64_t from = *x, end = from + *width;
    if (from < 0) from = 0;
    if (end > canvas.columns) end = canvas.columns;
    *x = (int)from;
    *width = end > from ? (int)(end - from) : 0;
    return *width > 0;
}

/* The common case: ASCII alone, all of it on the canvas. 0: it is not that. */
static int plain_text(struct cell *row, int x, int width, uint16_t style, struct slice text)
{
    if (!row || x < 0 || width <= 0 || width > canvas.columns - x) return 0;
    size_t most = (size_t)width + 1, n = width_ascii(text.ptr, text.len < most ? text.len : most);
    if (n < most && n < text.len) return 0;
    if (n == most) n--;
    if (n == 0) return 0;
    split(row, x, x - 1);
    for (size_t i = 0; i < n; i++) row[(size_t)x + i] = (struct cell){.code = (unsigned char)text.ptr[i], .style = style, .width = 1};
    split(row, x + (int)n, x + (int)n);
    return (int)n;
}

int canvas_text(int y, int x, int width, uint16_t style, const char *text, size_t len)
{
    struct cell *row = canvas_row(y), *last = NULL;
    struct slice s = {text, len};
    int used = 0, end = 0, plain = plain_text(row, x, width, style, s);
    if (plain) return plain;
    if (!canvas_reaches(x, &width)) {
        row = NULL;
        x = 0;
    }
    for (size_t at = 0; at < len;) {
        uint32_t code;
        int w = width_next(s, &at, &code);
        if (w == 0) {
            combine(last, code);
            continue;
        }
        if (used + w > width) break;
        int column = x + used;
        used += w;
        last = NULL;
        if (!row || column < 0 || column + w > canvas.columns) continue;
        if (end == 0) split(row, column, column - 1);
        last = put(row, column, w, style, code);
        end = column + w;
    }
    if (row) split(row, end, end);
    return used;
}

void canvas_fill(int y, int x, int width, uint16_t style)
{
    struct cell *row = canvas_row(y);
    if (!row || !canvas_clip(&x, &width)) return;
    int end = x + width;
    split(row, x, x - 1);
    struct cell cell = blank_cell;
    cell.style = style;
    repeat(row + x, (size_t)width, cell);
    split(row, end, end);
}

void canvas_read(int y, struct buf *out)
{
    const struct cell *row = canvas_row(y);
    if (!row) return;
    int end = canvas.columns;
    while (end > 0 && row[end - 1].code == ' ' && row[end - 1].width == 1) end--;
    for (int x = 0; x < end; x++) {
        if (row[x].width == 0) continue;
        utf8_put(out, row[x].code);
        for (int i = 0; i < 2; i++)
            if (row[x].marks[i]) utf8_put(out, row[x].marks[i]);
    }
}
