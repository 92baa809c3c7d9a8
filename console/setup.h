/* From what was typed to what holds: settings file, environment and options together.
 *
 * struct setup s; if (!setup_open(&s, &typed, &problem)) { one line; exit 1 } ... setup_close(&s) */
#ifndef CONSOLE_SETUP_H
#define CONSOLE_SETUP_H

#include "console/effective.h"

struct setup {
    struct config config;
    struct effective effective;
    struct options options; /* as if everything had been typed; owns nothing */
};

/* `console`: keys and themes are looked at as well. False: *problem (xmalloc'd), one line; nothing is to be closed. */
bool setup_open(struct setup *s, const struct options *typed, bool console, char **problem);
void setup_close(struct setup *s);

#endif
