/* Short texts of the frame: how long ago, and counts with their thousands. */
#ifndef SCREENS_AGE_H
#define SCREENS_AGE_H

#include "base/buf.h"

#include <stdint.h>

/* Appends "just now", "3m ago", "2h ago", "4d ago"; gives the (monotonic) time when the text changes by itself. */
int64_t age_text(struct buf *out, int64_t now, int64_t then);
/* Appends "40s", "3m", "2h", "4d". */
void age_span(struct buf *out, int64_t passed);
/* "1,000,412" */
void count_text(char *out, size_t size, long n);

#endif
