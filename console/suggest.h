/* "Did you mean": the nearest of some names. */
#ifndef CONSOLE_SUGGEST_H
#define CONSOLE_SUGGEST_H

#include <stddef.h>

/* name(context, i) gives the names, NULL at the end. NULL where none is near (two changes, a third of the word). */
const char *suggest(const char *word, const char *(*name)(void *context, size_t i), void *context);

#endif
