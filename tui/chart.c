#include "tui/chart.h"

#include "base/utf8.h"

#include <math.h>
#include <string.h>

enum { STEPS = 8, DOT_ROWS = 4, DOT_COLUMNS = 2, BRAILLE = 0x2800 };

static const uint32_t rising[STEPS + 1] = {' ', 0x2581, 0x2582, 0x2583, 0x2584, 0x2585, 0x2586, 0x2587, 0x2588};
static const uint32_t rising_ascii[STEPS + 1] = {' ', '_', '_', '.', '-', '-', '=', '*', '#'};
static const uint32_t growing[STEPS + 1] = {' ', 0x258F, 0x258E, 0x258D, 0x258C, 0x258B, 0x258A, 0x2589, 0x2588};
static const uint32_t growing_ascii[STEPS + 1] = {' ', ' ', ' ', ' ', '-', '-', '=', '=', '#'};

void chart_clear(struct chart_grid *g)
{
    for (int i = 0; i < g->width * g->height; i++) g->cells[i] = (struct chart_cell){' ', ROLE_TEXT};
}

static void set(struct chart_grid *g, int y, int x, uint32_t code, enum role role)
{
    if (y < 0 || y >= g->height || x < 0 || x >= g->width) return;
    g->cells[y * g->width + x] = (struct chart_cell){code, role};
}

/* The largest value of the part of the series that column `at` of `width` stands for; NaN: none there. */
static double resample(const double *values, size_t count, int at, int width)
{
    size_t from = count * (size_t)at / (size_t)width, to = count * (size_t)(at + 1) / (size_t)width;
    double top = NAN;
    if (to <= from) to = from + 1;
    for (size_t i = from; i < to && i < count; i++)
        if (!isnan(values[i]) && !(values[i] <= top)) top = values[i];
    return top;
}

static double maximum(const double *values, size_t count)
{
    double top = 0;
    for (size_t i = 0; i < count; i++)
        if (isfinite(values[i]) && values[i] > top) top = values[i];
    return top;
}

/* 0 to steps; anything above zero shows at least one. */
static int steps_of(double value, double top, int steps)
{
    if (!(value > 0) || top <= 0) return 0;
    if (value >= top) return steps;
    int n = (int)ceil(value / top * steps);
    return n < 1 ? 1 : n;
}

static int limit(int step, int most) { return step < 0 ? 0 : step > most ? most : step; }

/* ---- one series ---- */

static void area_blocks(struct chart_grid *g, enum chart_form form, enum role role, const double *values, size_t count, double top,
                        bool floor)
{
    const uint32_t *codes = form == CHART_ASCII ? rising_ascii : rising;
    for (int x = 0; x < g->width; x++) {
        double value = resample(values, count, x, g->width);
        int filled = isnan(value) ? 0 : steps_of(value, top, g->height * STEPS);
        if (floor && !isnan(value) && filled == 0) filled = 1;
        for (int y = 0; y < g->height; y++) set(g, g->height - 1 - y, x, codes[limit(filled - y * STEPS, STEPS)], role);
    }
}

/* The dots of one column of a character, from the bottom. */
static uint32_t dots(int filled, bool right)
{
    static const uint8_t bits[DOT_COLUMNS][DOT_ROWS] = {{0x40, 0x04, 0x02, 0x01}, {0x80, 0x20, 0x10, 0x08}};
    uint32_t code = 0;
    for (int i = 0; i < limit(filled, DOT_ROWS); i++) code |= bits[right][i];
    return code;
}

static void area_braille(struct chart_grid *g, enum role role, const double *values, size_t count, double top, bool floor)
{
    for (int x = 0; x < g->width; x++) {
        int filled[DOT_COLUMNS];
        for (int i = 0; i < DOT_COLUMNS; i++) {
            double value = resample(values, count, x * DOT_COLUMNS + i, g->width * DOT_COLUMNS);
            filled[i] = isnan(value) ? 0 : steps_of(value, top, g->height * DOT_ROWS);
            if (floor && !isnan(value) && filled[i] == 0) filled[i] = 1;
        }
        for (int y = 0; y < g->height; y++) {
            uint32_t code = dots(filled[0] - y * DOT_ROWS, false) | dots(filled[1] - y * DOT_ROWS, true);
            set(g, g->height - 1 - y, x, code ? BRAILLE | code : ' ', role);
        }
    }
}

void chart_area(struct chart_grid *g, enum chart_form form, enum role role, const double *values, size_t count, double top, bool floor)
{
    chart_clear(g);
    if (count == 0) return;
    if (!(top > 0)) top = maximum(values, count);
    if (form == CHART_BRAILLE) area_braille(g, role, values, count, top, floor);
    else area_blocks(g, form, role, values, count, top, floor);
}

void chart_bar(struct chart_grid *g, enum chart_form form, enum role role, double value, double max)
{
    const uint32_t *codes = form == CHART_ASCII ? growing_ascii : growing;
    int filled = steps_of(value, max, g->width * STEPS);
    chart_clear(g);
    for (int x = 0; x < g->width; x++) set(g, 0, x, codes[limit(filled - x * STEPS, STEPS)], role);
}

/* ---- several series ---- */

uint32_t chart_pattern(enum chart_form form, int n)
{
    static const uint32_t blocks[CHART_SERIES_MAX] = {0x2588, 0x2593, 0x2592, 0x2591, 0x259A, ':'};
    static const uint32_t ascii[CHART_SERIES_MAX] = {'#', '*', '=', '+', 'o', ':'};
    n = limit(n, CHART_SERIES_MAX - 1);
    return form == CHART_ASCII ? ascii[n] : blocks[n];
}

void chart_parts(struct chart_grid *g, enum chart_form form, const enum role *roles, const double *values, int count)
{
    double total = 0;
    int x = 0, left = 0;
    chart_clear(g);
    for (int i = 0; i < count; i++) {
        total += values[i] > 0 ? values[i] : 0;
        left += values[i] > 0;
    }
    for (int i = 0; i < count; i++) {
        if (!(values[i] > 0)) continue;
        left--;
        int wide = (int)(values[i] / total * g->width + 0.5), room = g->width - x - left;
        if (left == 0 || wide > room) wide = room;
        for (int n = wide < 1 ? 1 : wide; n > 0; n--) set(g, 0, x++, chart_pattern(form, i), roles[i]);
    }
}

double chart_round(double value)
{
    static const double steps[] = {1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10};
    if (!(value > 0) || !isfinite(value)) return 1;
    double ten = pow(10, floor(log10(value)));
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (steps[i] * ten >= value * (1 - 1e-9)) return steps[i] * ten;
    return 10 * ten;
}

/* ---- time ---- */

static double sum_at(const struct chart_time *c, size_t point)
{
    double sum = 0;
    for (int i = 0; i < c->series_count; i++)
        if (c->series[i].values[point] > 0) sum += c->series[i].values[point];
    return sum;
}

static double top_of(const struct chart_time *c)
{
    double top = 0;
    for (size_t i = 0; i < c->points; i++) top = fmax(top, sum_at(c, i));
    return chart_round(top);
}

struct plot {
    int x, width, height; /* of the area */
    double top;
};

static int largest(const struct chart_time *c, size_t point)
{
    int best = -1;
    for (int i = 0; i < c->series_count; i++) {
        double value = c->series[i].values[point];
        if (value > 0 && (best < 0 || value > c->series[best].values[point])) best = i;
    }
    return best;
}

/* A column of the stack: each series up to its share of the height; what is too little for that shows as its largest. */
static void paint_column(struct chart_grid *g, const struct chart_time *c, const struct plot *p, int x, size_t point)
{
    double below = 0;
    int y = 0;
    for (int i = 0; i < c->series_count; i++) {
        double value = c->series[i].values[point];
        if (!(value > 0)) continue;
        below += value;
        int end = (int)floor(below / p->top * p->height + 0.5);
        for (; y < limit(end, p->height); y++)
            set(g, p->height - 1 - y, x, chart_pattern(c->form, c->series[i].pattern), c->series[i].role);
    }
    int most = y == 0 ? largest(c, point) : -1;
    if (most >= 0) set(g, p->height - 1, x, chart_pattern(c->form, c->series[most].pattern), c->series[most].role);
}

static void paint_stack(struct chart_grid *g, const struct chart_time *c, const struct plot *p)
{
    for (int x = 0; x < p->width; x++) paint_column(g, c, p, p->x + x, c->points * (size_t)x / (size_t)p->width);
}

static void paint_single(struct chart_grid *g, const struct chart_time *c, const struct plot *p)
{
    struct chart_cell cells[4096];
    struct chart_grid part = {p->width, p->height, cells};
    if (p->width * p->height > (int)(sizeof cells / sizeof *cells)) {
        paint_stack(g, c, p);
        return;
    }
    chart_area(&part, c->form, c->series[0].role, c->series[0].values, c->points, p->top, false);
    for (int y = 0; y < p->height; y++) memcpy(&g->cells[y * g->width + p->x], &cells[y * p->width], (size_t)p->width * sizeof *cells);
}

static void write(struct chart_grid *g, int y, int x, enum role role, const char *text)
{
    struct slice s = {text, strlen(text)};
    for (size_t at = 0; at < s.len; x++) set(g, y, x, utf8_next(s, &at), role);
}

/* In characters: labels and captions have no wide ones. */
static int length(const char *text)
{
    int n = 0;
    for (; *text; text++) n += (*text & 0xC0) != 0x80;
    return n;
}

static void paint_label(struct chart_grid *g, const struct chart_time *c, const struct plot *p, int y, double value)
{
    char text[32];
    c->label(text, value);
    write(g, y, p->x - 1 - length(text), ROLE_DIM, text);
}

static void paint_axes(struct chart_grid *g, const struct chart_time *c, const struct plot *p)
{
    for (int y = 0; y < p->height; y++) set(g, y, p->x - 1, c->form == CHART_ASCII ? '|' : 0x2502, ROLE_RULE);
    paint_label(g, c, p, 0, p->top);
    if (p->height >= 6 && p->height % 2 == 0) paint_label(g, c, p, p->height / 2, p->top / 2);
    write(g, p->height, p->x, ROLE_DIM, c->from);
    write(g, p->height, p->x + p->width - length(c->to), ROLE_DIM, c->to);
}

static int widest_label(const struct chart_time *c, double top)
{
    char all[32], half[32];
    c->label(all, top);
    c->label(half, top / 2);
    return length(all) > length(half) ? length(all) : length(half);
}

void chart_time(struct chart_grid *g, const struct chart_time *c)
{
    double top = top_of(c);
    int gutter = widest_label(c, top) + 1, room = g->width - gutter;
    chart_clear(g);
    if (c->points == 0 || c->series_count == 0 || room < 4 || g->height < 2) return;
    int each = room / (int)c->points;
    int width = each > 0 ? (int)c->points * each : room;
    struct plot p = {gutter, width, g->height - 1, top};
    if (c->series_count == 1) paint_single(g, c, &p);
    else paint_stack(g, c, &p);
    paint_axes(g, c, &p);
}

/* ---- distributions ---- */

size_t chart_share(const double *descending, size_t count, double total, double share)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += descending[i];
        if (sum >= total * share * (1 - 1e-9)) return i + 1;
    }
    return count + 1;
}

bool chart_histogram(const double *values, size_t count, int bins, double *counts, double *edges)
{
    double low = INFINITY, high = 0;
    for (size_t i = 0; i < count; i++) {
        if (!(values[i] > 0) || !isfinite(values[i])) continue;
        low = fmin(low, values[i]);
        high = fmax(high, values[i]);
    }
    if (!(high > 0)) return false;
    double span = log(high / low);
    for (int i = 0; i <= bins; i++) edges[i] = low * exp(span * i / bins);
    for (int i = 0; i < bins; i++) counts[i] = 0;
    for (size_t i = 0; i < count; i++) {
        if (!(values[i] > 0) || !isfinite(values[i])) continue;
        int bin = span > 0 ? (int)(log(values[i] / low) / span * bins) : 0;
        counts[limit(bin, bins - 1)]++;
    }
    return true;
}

double chart_quantile(const double *ascending, size_t count, double q)
{
    if (count == 0) return NAN;
    double at = q * (double)(count - 1);
    size_t below = (size_t)at;
    if (below + 1 >= count) return ascending[count - 1];
    return ascending[below] + (ascending[below + 1] - ascending[below]) * (at - (double)below);
}
