/* Charts as cells: pure functions from numbers to characters and roles. Whoever shows them paints the cells; nothing
 * here knows a terminal. What a chart shows is also said by its patterns, labels and legend: colour is never needed. */
#ifndef TUI_CHART_H
#define TUI_CHART_H

#include "tui/theme.h"

#include <stddef.h>
#include <stdint.h>

enum chart_form {
    CHART_BLOCKS,  /* eighths of a character */
    CHART_BRAILLE, /* two columns and four rows of dots a character: single series only, stacks use blocks */
    CHART_ASCII
};

struct chart_cell {
    uint32_t code; /* one column wide */
    enum role role;
};

/* `cells`: width x height, the caller's; row 0 is the top. */
struct chart_grid {
    int width, height;
    struct chart_cell *cells;
};

void chart_clear(struct chart_grid *g);

/* One series over the whole grid, from the bottom up, scaled to `top` (0: its maximum); more values than columns: the
 * largest of each column's. A value above zero shows at least one step. NaN leaves a gap. With `floor` a zero shows the
 * lowest step too. */
void chart_area(struct chart_grid *g, enum chart_form form, enum role role, const double *values, size_t count, double top, bool floor);
/* A horizontal bar on the first row: value of max. */
void chart_bar(struct chart_grid *g, enum chart_form form, enum role role, double value, double max);

enum { CHART_SERIES_MAX = 6 };

struct chart_series {
    const char *name;
    enum role role;
    const double *values; /* NaN: none there */
    int pattern;          /* of chart_pattern() */
};

/* The fill of the n-th series, different for each. */
uint32_t chart_pattern(enum chart_form form, int n);
/* Parts of a whole on the first row, each in its pattern; every part above zero gets a column where there is room. */
void chart_parts(struct chart_grid *g, enum chart_form form, const enum role *roles, const double *values, int count);

/* A stacked time series with its axes: labels of the values at the left, captions of the time in the last row. */
struct chart_time {
    enum chart_form form;
    const struct chart_series *series;
    int series_count; /* the first at the bottom */
    size_t points;
    /* What a value is called, at most 11 columns: "$1.2K", "300". */
    void (*label)(char out[32], double value);
    const char *from, *to; /* of the time axis */
};
void chart_time(struct chart_grid *g, const struct chart_time *c);
/* The next round number at or above the value: two digits at most, its half three. */
double chart_round(double value);

/* How many of the values, largest first, make `share` (0 to 1) of `total`; count + 1: all of them do not. */
size_t chart_share(const double *descending, size_t count, double total, double share);
/* Counts of values in `bins` steps of equal ratio between the smallest and the largest above zero; those of zero and below
 * are left out. Gives the edges too (bins + 1). False: nothing above zero. */
bool chart_histogram(const double *values, size_t count, int bins, double *counts, double *edges);
/* The value below which the share q (0 to 1) of them lies; NaN of nothing. */
double chart_quantile(const double *ascending, size_t count, double q);

#endif
