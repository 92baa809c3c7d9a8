/* Colours for terminals that have fewer of them, by how far apart people see them (Oklab, B. Ottosson 2020). */
#include "tui/style.h"

#include <math.h>
#include <stddef.h>

static const int levels[6] = {0, 95, 135, 175, 215, 255};

/* What most terminals show for 0 to 15, as 0xrrggbb. */
static const int basic[16] = {0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
                              0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF};

static int rgb_of(int index)
{
    if (index < 16) return basic[index];
    if (index >= 232) {
        int grey = 8 + (index - 232) * 10;
        return grey << 16 | grey << 8 | grey;
    }
    index -= 16;
    return levels[index / 36] << 16 | levels[index / 6 % 6] << 8 | levels[index % 6];
}

int color_rgb(int color)
{
    if (color < 0) return -1;
    return color & COLOR_RGB ? color & 0xFFFFFF : rgb_of(color);
}

/* ---- how colours differ ---- */

struct lab {
    double l, a, b;
};

static double linear(int byte)
{
    double c = byte / 255.0;
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static struct lab lab_of(int rgb)
{
    double r = linear(rgb >> 16 & 255), g = linear(rgb >> 8 & 255), b = linear(rgb & 255);
    double l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    double m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    double s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    return (struct lab){0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s, 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
                        0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

static double apart(const struct lab *a, const struct lab *b)
{
    double l = a->l - b->l, x = a->a - b->a, y = a->b - b->b;
    return sqrt(l * l + x * x + y * y);
}

double color_distance(int a, int b)
{
    struct lab one = lab_of(a), other = lab_of(b);
    return apart(&one, &other);
}

static double luminance(int rgb) { return 0.2126 * linear(rgb >> 16 & 255) + 0.7152 * linear(rgb >> 8 & 255) + 0.0722 * linear(rgb & 255); }

double color_contrast(int a, int b)
{
    double one = luminance(a) + 0.05, other = luminance(b) + 0.05;
    return one > other ? one / other : other / one;
}

/* ---- fewer colours ---- */

static const struct lab *lab_table(void)
{
    static struct lab table[256];
    static bool made;
    for (int i = 0; !made && i < 256; i++) table[i] = lab_of(rgb_of(i));
    made = true;
    return table;
}

/* Among few colours another lightness is better than another hue: grey must not turn red. */
static double strange(const struct lab *a, const struct lab *b)
{
    double l = a->l - b->l, x = a->a - b->a, y = a->b - b->b;
    return l * l + 12 * (x * x + y * y);
}

static int nearest(int rgb, int from, int to)
{
    double (*far)(const struct lab *, const struct lab *) = to > 16 ? apart : strange;
    const struct lab *table = lab_table(), wanted = lab_of(rgb);
    int best = from;
    for (int i = from; i < to; i++)
        if (far(&wanted, &table[i]) < far(&wanted, &table[best])) best = i;
    return best;
}

static int nearest_readable(int rgb, int from, int to, int on, double contrast)
{
    const struct lab *table = lab_table(), wanted = lab_of(rgb);
    int best = -1;
    for (int i = from; i < to; i++) {
        if (color_contrast(rgb_of(i), on) < contrast) continue;
        if (best < 0 || strange(&wanted, &table[i]) < strange(&wanted, &table[best])) best = i;
    }
    return best;
}

static int from_of(int colors) { return colors >= 256 ? 16 : 0; }
static int to_of(int colors) { return colors >= 256 ? 256 : colors >= 16 ? 16 : 8; }

int color_degrade(int color, int colors, bool rgb)
{
    if (color < 0 || colors < 8) return COLOR_OWN;
    bool is_rgb = color & COLOR_RGB;
    int value = is_rgb ? color & 0xFFFFFF : color;
    if (rgb) {
        if (is_rgb) return value;
        return value < 8 ? value : rgb_of(value);
    }
    if (is_rgb) return nearest(value, from_of(colors), to_of(colors));
    if (value < 8 || (value < 16 && colors >= 16) || colors >= 256) return value;
    if (value < 16) return value - 8;
    return nearest(rgb_of(value), 0, to_of(colors));
}

struct theme_pair color_pair(int fg, int bg, int colors, bool rgb)
{
    struct theme_pair p = {color_degrade(fg, colors, rgb), color_degrade(bg, colors, rgb)};
    if (rgb || p.fg < 0 || p.bg < 0) return p;
    double had = color_contrast(color_rgb(fg), color_rgb(bg)), wanted = had >= 4.5 ? 4.5 : had >= 3 ? 3 : 1;
    if (color_contrast(rgb_of(p.fg), rgb_of(p.bg)) >= wanted) return p;
    int better = nearest_readable(color_rgb(fg), from_of(colors), to_of(colors), rgb_of(p.bg), wanted);
    if (better >= 0) p.fg = better;
    return p;
}
