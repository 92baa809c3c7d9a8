/* An offline bundle is opened: tero-control-plane verifies and unpacks it to a private temporary directory, and then serves it there. */
#ifndef CONSOLE_BUNDLE_OPEN_H
#define CONSOLE_BUNDLE_OPEN_H

#include <stdbool.h>

/* `trusted`: keys between blanks or commas, NULL for none; that of this user's own control plane is trusted too. `directory` is to be
 * made. False: *problem (caller frees), *code is the exit code: 1 not readable, 4 an unknown key, 5 broken. */
bool bundle_open(const char *file, const char *trusted, const char *directory, char **time, int *code, char **problem);

#endif
