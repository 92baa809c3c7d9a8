/* Where themes are: embedded, and in the person's own directory. Private to tui/. */
#ifndef TUI_THEME_FIND_H
#define TUI_THEME_FIND_H

#include "tui/theme_file.h"

#include <limits.h>

/* False: there is none; `t` and *problem are unchanged. */
bool theme_find_embedded(struct theme *t, const char *name, const char **problem);
/* The file of one of the person's own themes; false: no such file. */
bool theme_find_file(const char *name, char path[PATH_MAX]);
/* The file's text, xmalloc'd; NULL: *problem (static) says why not. */
char *theme_find_read(const char *path, const char **problem);

#endif
