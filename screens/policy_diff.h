/* Two texts compared line by line. Pure. */
#ifndef SCREENS_POLICY_DIFF_H
#define SCREENS_POLICY_DIFF_H

#include "base/slice.h"

enum { DIFF_LINES_MAX = 2000 };

/* Calls `line` for each line, in order: ' ' stands in both, '-' only in the old text, '+' only in the new one. Of what lies
 * more than `around` lines from a difference nothing is told but one line '~' without text. Gives the number of
 * differing lines; -1: a text has more than DIFF_LINES_MAX lines, nothing was told. */
long policy_diff_lines(struct slice before, struct slice after, int around, void (*line)(void *context, char mark, struct slice text),
                       void *context);

#endif
