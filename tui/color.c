/* Colours for terminals that have fewer of them. */
#include "tui/style.h"

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

static int distance(int a, int b)
{
    int red = (a >> 16 & 255) - (b >> 16 & 255), green = (a >> 8 & 255) - (b >> 8 & 255), blue = (a & 255) - (b & 255);
    return 3 * red * red + 4 * green * green + 2 * blue * blue;
}

static int nearest(int rgb, int from, int to)
{
    int best = from;
    for (int i = from + 1; i < to; i++)
        if (distance(rgb, rgb_of(i)) < distance(rgb, rgb_of(best))) best = i;
    return best;
}

int color_degrade(int color, int colors, bool rgb)
{
    if (color < 0 || colors < 8) return COLOR_OWN;
    bool is_rgb = color & COLOR_RGB;
    int value = is_rgb ? color & 0xFFFFFF : color;
    if (rgb) {
        if (is_rgb) return value;
        return value < 8 ? value : rgb_of(value);
    }
    if (is_rgb) return colors >= 256 ? nearest(value, 16, 256) : nearest(value, 0, colors >= 16 ? 16 : 8);
    if (value < 8 || (value < 16 && colors >= 16) || colors >= 256) return value;
    if (value < 16) return value - 8;
    return nearest(rgb_of(value), 0, colors >= 16 ? 16 : 8);
}
