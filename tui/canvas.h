/* The picture of the next frame: rows of cells, painted anew each frame and sent by screen.c where they differ from
 * the last one. No curses here, so that painting can be tested without a terminal. Private to tui/ and its tests. */
#ifndef TUI_CANVAS_H
#define TUI_CANVAS_H

#include "base/buf.h"

#include <stdint.h>

/* Low byte: attributes. High byte: number of the colour pair, see style.h. */
enum { STYLE_BOLD = 1, STYLE_DIM = 2, STYLE_UNDERLINE = 4, STYLE_REVERSE = 8, STYLE_ITALIC = 16 };

/* No padding: rows are compared with memcmp. */
struct cell {
    uint32_t code;
    uint32_t marks[2]; /* combining marks, 0: none */
    uint16_t style;
    uint16_t width; /* 1 or 2; 0: the right half of a wide character */
};

/* Sizes below 1 become 1; the content is blank after it. */
void canvas_resize(int rows, int columns);
int canvas_rows(void);
int canvas_columns(void);
/* False: everything beyond ASCII is painted as "?". */
void canvas_utf8(bool on);
bool canvas_is_utf8(void);

/* Everything blank, in style 0. */
void canvas_blank(void);
/* The cells of a row, or NULL beyond the canvas. */
struct cell *canvas_row(int y);
/* False: so far off the canvas, or so narrow, that nothing can show. Limits *width to what is safe to count with. */
bool canvas_reaches(int x, int *width);
/* Clips [*x, *x + *width) to the canvas, whatever the numbers; false: nothing is left. */
bool canvas_clip(int *x, int *width);
/* Text clipped to [x, x + width) and the canvas; gives the columns that it took (also of clipped parts). */
int canvas_text(int y, int x, int width, uint16_t style, const char *text, size_t len);
void canvas_fill(int y, int x, int width, uint16_t style);
/* The row as text, without blanks at its end. For tests. */
void canvas_read(int y, struct buf *out);

/* Bytes at the front that are printable ASCII, so one column each, at most max. Ends before a NUL. */
size_t width_ascii(const char *text, size_t max);
/* The character at *at: moves past it, gives what to paint and its columns (0: combines with the one before). */
int width_next(struct slice text, size_t *at, uint32_t *code);

#endif
