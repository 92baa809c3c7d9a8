/* The columns that stand before the message in a plain log file, learned from the file itself.
 *
 * header_learn() looks at up to the first HEADER_SAMPLE lines: a time or a level must stand in the same column of nine
 * lines in ten; the header reaches as far as the columns agree (numbers, times, levels, brackets, signs, a name with
 * a colon). NULL: the lines have no header, all of a line is its message. A header is read-only: any thread may split. */
#ifndef CONTROL_PLANE_HEADER_H
#define CONTROL_PLANE_HEADER_H

#include "control-plane/catalog/record.h"

enum { HEADER_SAMPLE = 1000 };

struct header;

struct header *header_learn(const struct slice *lines, size_t count);
void header_free(struct header *h);

struct header_parts {
    struct slice time;      /* as written, all its columns; empty: none */
    struct slice level;     /* for severity_of() */
    struct slice component; /* the program, logger or tag: without brackets, process number and colon */
    struct slice message;
};

/* All slices borrow from the line. False: the line has no such header (a stack frame, a continuation); then only
 * `message` is set, to the whole line. */
bool header_split(const struct header *h, struct slice line, struct header_parts *parts);

#endif
