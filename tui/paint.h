/* Painting cells. All text is UTF-8 that was cleaned (base/utf8.h); widths are terminal columns; everything is clipped
 * to the screen, so any y, x, width is safe. */
#ifndef TUI_PAINT_H
#define TUI_PAINT_H

#include "tui/chart.h"
#include "tui/theme.h"

#include <stddef.h>

enum align { ALIGN_LEFT, ALIGN_RIGHT };

/* Paints exactly `width` columns: the text, cut with an ellipsis where it is too long, and blanks. */
void paint_cell(int y, int x, int width, enum role role, enum align align, const char *text);
/* Paints the text as far as it fits into `width`, with an ellipsis where it does not; gives the columns used. */
int paint_text(int y, int x, int width, enum role role, const char *text);
/* Blanks from x to the right edge. */
void paint_clear(int y, int x, enum role role);
/* Adds a role's attributes on top of what stands there (the selected row). */
void paint_overlay(int y, int x, int width, enum role role);
/* A line across; blank where term_plain(). */
void paint_rule(int y);

int text_width(const char *text);
int text_width_n(const char *text, size_t bytes);
/* Bytes of `text` that fit into `width` columns, on a character boundary with its combining marks. */
size_t text_fit(const char *text, int width);

/* Glyphs with an ASCII form. */
enum glyph {
    GLYPH_ELLIPSIS,
    GLYPH_SORT_UP,
    GLYPH_SORT_DOWN,
    GLYPH_CHECK,
    GLYPH_CROSS,
    GLYPH_DOT,
    GLYPH_CIRCLE,
    GLYPH_MARK,
    GLYPH_ARROW,
    GLYPH_RULE,
    GLYPH_UP,
    GLYPH_DOWN,
    GLYPHS
};
const char *glyph(enum glyph g);

/* How charts are drawn on this terminal; `fine`: in dots where they can be had. */
enum chart_form chart_form(bool fine);
/* One row of a chart's cells; blank ones are left as they are. */
void paint_grid(int y, int x, const struct chart_grid *g, int row);
/* A sparkline of `width` columns over the values (resampled), scaled to their maximum; NaN paints a gap. */
void paint_sparkline(int y, int x, int width, enum role role, const double *values, size_t count);
/* A bar chart of the given height; the caller writes axis captions. */
void paint_columns(int y, int x, int width, int height, enum role role, const double *values, size_t count);
/* A horizontal bar: value of max. */
void paint_bar(int y, int x, int width, enum role role, double value, double max);

#endif
