/* What is wrong with a file: every problem with its place, in the order of the lines. */
#ifndef CONSOLE_PROBLEMS_H
#define CONSOLE_PROBLEMS_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct place {
    unsigned line, column; /* from 1; line 0: the file as a whole */
};

struct problem {
    struct place at;
    char *text;
};

/* Beyond so many the rest is counted only. */
enum { PROBLEMS_MAX = 100 };

struct problems {
    char *file; /* for the messages */
    struct problem *list;
    size_t count, dropped;
};

void problems_open(struct problems *p, const char *file);
void problems_close(struct problems *p);
/* The text is made fit for a terminal. */
void problems_add(struct problems *p, struct place at, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* "FILE:LINE:COLUMN: what", n of count; without the column where it is 0, without the line where that is 0 as well. */
void problems_line(const struct problems *p, size_t n, struct buf *out);
/* All of them, a line each. */
void problems_print(const struct problems *p, FILE *out);
/* One line for all: the first, and how many more there are; xmalloc'd. */
char *problems_summary(const struct problems *p);

#endif
