/* What the open theme makes of the roles on this terminal. Private to tui/ and its tests. */
#ifndef TUI_STYLE_H
#define TUI_STYLE_H

#include "tui/canvas.h"
#include "tui/theme.h"

/* For struct cell. */
uint16_t theme_style(enum role role);
/* The role's attributes on top of a style; its colours win where it has any. */
uint16_t theme_over(uint16_t style, enum role role);

/* A colour: -1 the terminal's own, 0-255 by number, or COLOR_RGB | 0xrrggbb. */
enum { COLOR_OWN = -1, COLOR_RGB = 0x1000000 };

struct theme_pair {
    int fg, bg;
};
enum { THEME_PAIRS = 64 };

/* Tells how many colours there are (0: none, the theme mono is used) and whether any RGB value can be shown. */
void theme_terminal(int colors, bool rgb);
/* The pairs in use; pair 0 is the terminal's own colours. `generation` changes when they do. */
const struct theme_pair *theme_pairs(int *count, unsigned *generation);

/* The nearest colour among `colors` (8, 16, 88 or more count as 16, 256; 0: COLOR_OWN). */
int color_degrade(int color, int colors, bool rgb);
/* The same of a foreground on its background, which stays as readable as it was (contrast 4.5, or 3) where the few colours
 * let it. */
struct theme_pair color_pair(int fg, int bg, int colors, bool rgb);
/* 0xrrggbb of any colour as most terminals show it; -1: the terminal's own. */
int color_rgb(int color);
/* How far apart two 0xrrggbb look: 0 alike, 1 black and white; below 0.02 nobody sees it. */
double color_distance(int a, int b);
/* 1 to 21, as the WCAG define it. */
double color_contrast(int a, int b);

#endif
