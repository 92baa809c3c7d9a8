/* The format of a .theme file: "role = [colour] [on colour] [attribute...]", one a line; # begins a comment line.
 * Colours: default, black, red, green, yellow, blue, magenta, cyan, white, bright-..., 0 to 255, #rrggbb.
 * Attributes: bold dim underline reverse italic. A role that is not named keeps what it had. */
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
const char *theme_role_name(enum role role);

#endif
