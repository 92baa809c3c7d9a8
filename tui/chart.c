#include "tui/glyph.h"
#include "tui/paint.h"

#include <math.h>

enum { STEPS = 8 };
static const char *const blocks[2][STEPS + 1] = {
    {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"},
    {" ", "_", "_", ".", "-", "-", "=", "*", "#"},
};
static const char *const bars[2][STEPS + 1] = {
    {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"},
    {" ", " ", " ", " ", "-", "-", "=", "=", "#"},
};

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

void paint_sparkline(int y, int x, int width, enum role role, const double *values, size_t count)
{
    double top = maximum(values, count);
    for (int i = 0; i < width; i++) {
        double value = count ? resample(values, count, i, width) : NAN;
        int step = isnan(value) ? 0 : steps_of(value, top, STEPS);
        if (!isnan(value) && step == 0) step = 1;
        paint_text(y, x + i, 1, role, blocks[glyph_is_ascii()][step]);
    }
}

void paint_columns(int y, int x, int width, int height, enum role role, const double *values, size_t count)
{
    double top = maximum(values, count);
    for (int i = 0; i < width && count; i++) {
        double value = resample(values, count, i, width);
        int filled = isnan(value) ? 0 : steps_of(value, top, height * STEPS);
        for (int line = 0; line < height; line++) {
            int step = filled - line * STEPS;
            paint_text(y + height - 1 - line, x + i, 1, role, blocks[glyph_is_ascii()][step < 0 ? 0 : step > STEPS ? STEPS : step]);
        }
    }
}

void paint_bar(int y, int x, int width, enum role role, double value, double max)
{
    int filled = steps_of(value, max, width * STEPS);
    for (int i = 0; i < width; i++) {
        int step = filled - i * STEPS;
        paint_text(y, x + i, 1, role, bars[glyph_is_ascii()][step < 0 ? 0 : step > STEPS ? STEPS : step]);
    }
}
