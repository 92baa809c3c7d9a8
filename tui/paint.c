#include "tui/paint.h"

#include "tui/canvas.h"
#include "tui/style.h"
#include "tui/term.h"

#include <limits.h>

size_t text_fit(const char *text, int width)
{
    struct slice s = slice_str(text);
    size_t fits = 0;
    int used = 0;
    for (size_t at = 0; at < s.len;) {
        uint32_t code;
        used += width_next(s, &at, &code);
        if (used > width) break;
        fits = at;
    }
    return fits;
}

int text_width_n(const char *text, size_t bytes)
{
    int width = 0;
    for (size_t at = 0; at < bytes && width < INT_MAX / 2;) {
        uint32_t code;
        width += width_next(slice_of(text, bytes), &at, &code);
    }
    return width;
}

int text_width(const char *text) { return text_width_n(text, strlen(text)); }

int paint_text(int y, int x, int width, enum role role, const char *text)
{
    return canvas_text(y, x, width, theme_style(role), text, strlen(text));
}

/* Bytes to show, and whether an ellipsis follows them. */
static size_t cut(const char *text, int width, bool *shortened)
{
    size_t fits = text_fit(text, width);
    *shortened = text[fits] != '\0';
    if (!*shortened) return fits;
    return width > text_width(glyph(GLYPH_ELLIPSIS)) ? text_fit(text, width - 1) : 0;
}

void paint_cell(int y, int x, int width, enum role role, enum align align, const char *text)
{
    uint16_t style = theme_style(role);
    bool shortened;
    if (!canvas_reaches(x, &width)) return;
    if (!text) text = "";
    size_t len = cut(text, width, &shortened);
    int used = text_width_n(text, len) + shortened;
    if (used > width) used = width;
    int at = align == ALIGN_RIGHT ? x + width - used : x;
    canvas_fill(y, x, width, style);
    int end = canvas_text(y, at, width, style, text, len);
    if (shortened) canvas_text(y, at + end, x + width - at - end, style, glyph(GLYPH_ELLIPSIS), strlen(glyph(GLYPH_ELLIPSIS)));
}

void paint_clear(int y, int x, enum role role) { canvas_fill(y, x, INT_MAX, theme_style(role)); }

void paint_overlay(int y, int x, int width, enum role role)
{
    struct cell *row = canvas_row(y);
    if (!row || !canvas_clip(&x, &width)) return;
    for (int i = 0; i < width; i++) row[x + i].style = theme_over(row[x + i].style, role);
}

void paint_rule(int y)
{
    const char *line = term_plain() ? " " : glyph(GLYPH_RULE);
    for (int x = 0; x < canvas_columns(); x++) paint_text(y, x, 1, ROLE_RULE, line);
}
