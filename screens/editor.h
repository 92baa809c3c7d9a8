/* Any text in the person's editor. */
#ifndef SCREENS_EDITOR_H
#define SCREENS_EDITOR_H

#include <stdbool.h>

enum { EDITOR_TEXT_MAX = 1 << 20 };

/* Lends the terminal to the editor until it ends; no shell. `suffix` such as ".yaml". Gives the new text (xmalloc'd), or NULL
 * and *problem (static). The file is removed. */
char *editor_run(const char *text, const char *suffix, const char **problem);

#endif
