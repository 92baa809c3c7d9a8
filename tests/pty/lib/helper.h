/* A program that runs beside a screen script and is told what to do, a line each way: it says a line when it is ready, and one
 * after each line that it was told. */
#ifndef TESTS_PTY_HELPER_H
#define TESTS_PTY_HELPER_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

struct helper {
    pid_t pid; /* 0: none */
    FILE *to, *from;
};

/* False: it did not start, or said nothing within 30 s. */
bool helper_start(struct helper *h, char *const argv[], char *const env[]);
bool helper_tell(struct helper *h, const char *line);
/* Closes its input, which ends it; kills it where that does not help. */
void helper_end(struct helper *h);

#endif
