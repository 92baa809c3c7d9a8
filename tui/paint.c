#include "tui/paint.h"

#include "tui/canvas.h"
#include "tui/style.h"
#include "tui/term.h"

#include <limits.h>

size_t text_fit(const char *text, int width)
{
    size_t plain = width > 0 ? width_ascii(text, (size_t)width + 1) : 0, fits = plain && plain > (size_t)width ? plain - 1 : plain;
    if (fits < plain || text[plain] == '\0') return fits;
    struct slice s = slice_str(text);
    int used = (int)fits;
    for (size_t at = fits; at < s.len;) {
        uint32_t code;
        used += width_next(s, &at, &code);
        if (used > width) break;
        fits = at;
    }
    return fits;
}

int text_width_n(const char *text, size_t bytes)
{
    size_t plain = width_ascii(text, bytes < INT_MAX / 2 ? bytes : INT_MAX / 2);
    int width = (int)plain;
    for (size_t at = plain; at < bytes && width < INT_MAX / 2;) {
        uint32_t code;
        width += width_next(slice_of(text, bytes), &at, &code);
    }
    return width;
}

int text_width(const char *text) { return text_width_n(text, strlen(text)); }

/* Bytes to show and their columns, and whether an ellipsis, one column wide, follows them. */
static size_t cut(const char *text, int width, int *used, bool *shortened)
{
    size_t plain = width_ascii(text, (size_t)width + 1);
    bool all = plain <= (size_t)width && text[plain] == '\0', beyond = plain > (size_t)width;
    size_t fits = all ? plain : beyond ? (size_t)width - 1 : text_fit(text, width);
    *shortened = beyond || text[fits] != '\0';
    if (*shortened && !beyond) fits = text_fit(text, width - 1);
    *used = all || beyond ? (int)fits : text_width_n(text, fits);
    return fits;
}

int paint_text(int y, int x, int width, enum role role, const char *text)
{
    uint16_t style = theme_style(role);
    bool shortened;
    int used;
    if (width < 2) return canvas_text(y, x, width, style, text, strlen(text));
    size_t len = cut(text, width, &used, &shortened);
    int end = canvas_text(y, x, width, style, text, len);
    if (shortened) end += canvas_text(y, x + end, width - end, style, glyph(GLYPH_ELLIPSIS), strlen(glyph(GLYPH_ELLIPSIS)));
    return end;
}

void paint_cell(int y, int x, int width, enum role role, enum align align, const char *text)
{
    uint16_t style = theme_style(role);
    bool shortened;
    int used;
    if (!canvas_reaches(x, &width)) return;
    if (!text) text = "";
    size_t len = cut(text, width, &used, &shortened);
    used += shortened;
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
    struct cell *row = canvas_row(y);
    paint_text(y, 0, 1, ROLE_RULE, line);
    for (int x = 1; row && x < canvas_columns(); x++) row[x] = row[0];
}
