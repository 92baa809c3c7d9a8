/* The format of a .theme file: "role = [colour] [on colour] [attribute...]", one a line; # begins a comment line.
 * Colours: default, black, red, green, yellow, blue, magenta, cyan, white, bright-..., 0 to 255, #rrggbb.
 * Attributes: bold dim underline reverse italic. A role that is not named keeps what it had; "base = NAME" before the
 * first role says which theme that is. What a role leaves open (no colour, no background) is that of the role text. */
#ifndef TUI_THEME_FILE_H
#define TUI_THEME_FILE_H

#include "base/slice.h"
#include "tui/theme.h"

#include <stdint.h>

struct theme_look {
    int32_t fg, bg; /* as in style.h */
    uint8_t attributes;
};

struct theme {
    struct theme_look looks[ROLES];
};

void theme_plain(struct theme *t);
/* False: *problem (static) says "NAME:LINE: what"; `t` is unchanged. */
bool theme_parse(struct theme *t, const char *name, struct slice text, const char **problem);
/* The name after "base =", empty where the text does not begin with one; its line. */
struct slice theme_base(struct slice text, int *line);
/* The comment of the first line, empty where there is none. */
struct slice theme_about(struct slice text);

#endif
