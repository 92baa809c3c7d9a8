/* A scrollable page of coloured lines and charts: details and Home. Built anew when its data or the width change;
 * painting and scrolling touch no data. All text is cleaned before it comes here. */
#ifndef SCREENS_SHEET_H
#define SCREENS_SHEET_H

#include "base/buf.h"
#include "tui/paint.h"

#include <stdbool.h>

struct sheet;
struct sheet *sheet_new(void);
void sheet_free(struct sheet *s);
/* Forgets the lines; scroll position and search stay. */
void sheet_clear(struct sheet *s);

/* Spans of one line, then sheet_end(). `column`: where it begins, -1: right after the one before. */
void sheet_span(struct sheet *s, int column, enum role role, const char *text);
/* Bars and charts are for the eye: where term_plain() they are left out, and what they show must stand beside them. */
/* Right-aligned so that it ends before `column`. */
void sheet_span_right(struct sheet *s, int column, enum role role, const char *text);
void sheet_bar(struct sheet *s, int column, int width, enum role role, double value, double max);
/* Gives the number of the line, for sheet_select(). */
int sheet_end(struct sheet *s);

void sheet_blank(struct sheet *s);
void sheet_heading(struct sheet *s, const char *text);
/* One line that begins where labels do. */
void sheet_note(struct sheet *s, enum role role, const char *text);
/* "label      text" with the text at SHEET_VALUE. */
enum { SHEET_LABEL = 2, SHEET_VALUE = 16, SHEET_WIDEST = 120 };
void sheet_pair(struct sheet *s, const char *label, enum role role, const char *text);
/* The same, wrapped to `width`. */
void sheet_wrapped(struct sheet *s, const char *label, enum role role, const char *text, int width);
/* The same for a template: <...> in its own role. */
void sheet_template(struct sheet *s, const char *label, const char *text, int width);
/* `height` lines of columns; the values are copied. */
void sheet_chart(struct sheet *s, int column, int width, int height, enum role role, const double *values, size_t count);

/* A chart's cells, copied; takes as many lines. */
void sheet_grid(struct sheet *s, int column, const struct chart_grid *g);
/* The first row of them in the open line. */
void sheet_cells(struct sheet *s, int column, const struct chart_grid *g);
/* A bar in the open line whose empty part is seen too. */
void sheet_gauge(struct sheet *s, int column, int width, enum role role, double value, double max);
/* Where the next span with column -1 begins. */
void sheet_at(struct sheet *s, int column);

int sheet_lines(const struct sheet *s);
/* The selected line is painted so; -1: none. */
void sheet_select(struct sheet *s, int line);
/* What lies above y and below y + height may be painted over: paint the frame afterwards. */
void sheet_paint(struct sheet *s, int y, int height);
bool sheet_scroll(struct sheet *s, int lines);
void sheet_go(struct sheet *s, bool end);
/* Brings the line into view. */
void sheet_show(struct sheet *s, int line);
/* The line that was painted at y last; -1: none. */
int sheet_line_at(const struct sheet *s, int y);
bool sheet_in_sight(const struct sheet *s, int line);

/* Marks every match, letter case ignored; gives how many lines have one; shows the first. "" clears. */
int sheet_search(struct sheet *s, const char *text);
bool sheet_next_match(struct sheet *s, int direction);
/* Line of the match that was gone to last, -1: none. */
int sheet_match(const struct sheet *s);
/* The lines' text; xmalloc'd. */
char *sheet_text(const struct sheet *s);

#endif
