/* The console on a terminal: from options to its end. */
#ifndef CONSOLE_INTERACTIVE_H
#define CONSOLE_INTERACTIVE_H

#include "console/options.h"

/* `typed` is what options_read gave; argv is the program's own, for beginning anew with another profile. Gives the exit code. */
int interactive_run(const struct options *typed, char **argv);

#endif
