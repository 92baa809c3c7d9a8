/* From a sealed token to an open one: the passphrase is asked for on the terminal. */
#ifndef CONSOLE_SEALED_TOKEN_H
#define CONSOLE_SEALED_TOKEN_H

#include "console/keep.h"

/* At most five tries, each later than the one before. KEEP_THERE: *token (secret_alloc'd), *latch (or NULL) is what the passphrase opens.
 * KEEP_NONE: none is sealed for the profile. KEEP_BAD: *problem (xmalloc'd), one line: sealed for another endpoint, no terminal to ask on,
 * wrong passphrases. */
enum keep_read sealed_token_ask(const char *profile, const char *endpoint, char **token, struct latch *latch, char **problem);

#endif
