/* `tero-console generate man|bash|zsh|fish`: from the tables of options, commands, resources, settings and themes. */
#ifndef CONSOLE_GENERATE_H
#define CONSOLE_GENERATE_H

#include "console/options.h"

/* The exit code. */
int generate(const struct options *o);

#endif
