/* The answers that need no screen: a list, an object, the status. */
#ifndef CONSOLE_HEADLESS_H
#define CONSOLE_HEADLESS_H

#include "console/options.h"

enum exit_code { EXIT_FINE = 0, EXIT_USAGE = 1 /* also I/O and no answer */, EXIT_FAILING = 2 };

/* Checks the options, opens the control plane, writes to stdout; errors are one line on stderr. Gives the exit code. A
 * reader that goes away (EPIPE) ends it quietly. */
int headless_list(const struct options *o);
int headless_status(const struct options *o);

/* One line on stderr; gives EXIT_USAGE. */
int complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The end of the output: EXIT_USAGE with a line where stdout took not all of it, else `code`. */
int output_end(int code);

#endif
