/* Keys by name: <Enter>, <C-n>, <M-x> ...; everything else stands for itself. */
#ifndef TESTS_PTY_KEYS_H
#define TESTS_PTY_KEYS_H

#include "base/buf.h"

#include <stdbool.h>

/* Adds the bytes that a terminal sends. False: a name is not known. */
bool key_bytes(struct buf *out, const char *word);

#endif
