#include "tui/canvas.h"
#include "tui/chart.h"
#include "tui/glyph.h"
#include "tui/paint.h"
#include "tui/style.h"
#include "tui/send.h"

enum { WIDEST = 512, MOST_CELLS = 8192 };

enum chart_form chart_form(bool fine)
{
    if (glyph_is_ascii() || !canvas_is_utf8()) return CHART_ASCII;
    return fine && term_modern() ? CHART_BRAILLE : CHART_BLOCKS;
}

void paint_grid(int y, int x, const struct chart_grid *g, int row)
{
    if (row < 0 || row >= g->height) return;
    struct cell *cells = canvas_row(y);
    for (int i = 0; cells && i < g->width; i++) {
        const struct chart_cell *c = &g->cells[row * g->width + i];
        if (c->code == ' ' || x + i < 0 || x + i >= canvas_columns()) continue;
        cells[x + i] = (struct cell){.code = c->code, .style = theme_style(c->role), .width = 1};
    }
}

static void paint(int y, int x, struct chart_grid *g)
{
    for (int row = 0; row < g->height; row++) {
        canvas_fill(y + row, x, g->width, theme_style(ROLE_TEXT));
        paint_grid(y + row, x, g, row);
    }
}

void paint_sparkline(int y, int x, int width, enum role role, const double *values, size_t count)
{
    struct chart_cell cells[WIDEST];
    struct chart_grid g = {width > WIDEST ? WIDEST : width, 1, cells};
    if (width <= 0) return;
    chart_area(&g, chart_form(false), role, values, count, 0, true);
    canvas_fill(y, x, width, theme_style(role));
    paint_grid(y, x, &g, 0);
}

void paint_columns(int y, int x, int width, int height, enum role role, const double *values, size_t count)
{
    struct chart_cell cells[MOST_CELLS];
    struct chart_grid g = {width, height, cells};
    if (width <= 0 || height <= 0 || width > MOST_CELLS / height) return;
    chart_area(&g, chart_form(false), role, values, count, 0, false);
    paint(y, x, &g);
}

void paint_bar(int y, int x, int width, enum role role, double value, double max)
{
    struct chart_cell cells[WIDEST];
    struct chart_grid g = {width > WIDEST ? WIDEST : width, 1, cells};
    if (width <= 0) return;
    chart_bar(&g, chart_form(false), role, value, max);
    paint(y, x, &g);
}
