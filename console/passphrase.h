/* Secrets that a person types: from the terminal without echo, or from standard input. All in memory of secrets/memory.h. */
#ifndef CONSOLE_PASSPHRASE_H
#define CONSOLE_PASSPHRASE_H

#include <stdbool.h>

/* One line from the terminal of this process; the terminal is as before, also where a signal ends the program. NULL: there is no
 * terminal (*problem says so), or it was given up with ^C, ^D or an empty line (*problem is ""). Both static. */
char *passphrase_ask(const char *prompt, const char **problem);
/* Whether there is a terminal to ask on. */
bool passphrase_can_ask(void);
/* One line of standard input, of at most `most` bytes. NULL: *problem (static). */
char *passphrase_from_input(unsigned most, const char **problem);
/* A new one: asked for twice, or a line of standard input where there is no terminal. NULL: *problem (static). */
char *passphrase_new(const char *what, const char **problem);

#endif
