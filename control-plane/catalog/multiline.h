/* Texts of several lines: stack traces, tracebacks, continuation lines. */
#ifndef CONTROL_PLANE_MULTILINE_H
#define CONTROL_PLANE_MULTILINE_H

#include "base/slice.h"

/* The line that says what happened: the first that is not blank; of a Python traceback the last that is not indented.
 * The escapes \n and \r\n of a text that was written on one line count as line ends where indented lines follow. */
struct slice multiline_head(struct slice text);

/* True for a line that continues another: indented, a stack frame, "Caused by:", "... 12 more", a closing bracket. */
bool multiline_fragment(struct slice line);

#endif
