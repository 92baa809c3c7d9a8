/* Pictures of the screen that are kept beside the scripts, a line a row: '|' before a row, '>' before one that is selected.
 * Clock times, ids, keys, digests and milliseconds are masked alike in what is kept and what is compared. */
#ifndef TESTS_PTY_GOLDEN_H
#define TESTS_PTY_GOLDEN_H

#include "base/buf.h"
#include "tests/pty/lib/vt.h"

/* The whole screen, masked; `home` is written as ~. */
void golden_take(const struct vt *vt, const char *home, struct buf *out);
/* Compares with the file; false: *why (static) names the first row that differs, or that there is no file. */
bool golden_same(const char *path, const struct buf *picture, const char **why);
bool golden_write(const char *path, const struct buf *picture);

#endif
