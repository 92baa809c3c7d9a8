/* Small text files: read whole, replaced whole. */
#ifndef CONSOLE_FILE_REPLACE_H
#define CONSOLE_FILE_REPLACE_H

#include "base/buf.h"

#include <stdbool.h>

/* Appends a regular file to `text`; false: errno (EFBIG beyond the buf's maximum). */
bool file_text(const char *path, struct buf *text);
/* Either the old or the new content is there, also after a crash. A symbolic link stays one: what it points to is replaced. The mode is
 * kept, 0600 where the file is new; missing directories are made (0700). False: *problem (xmalloc'd). */
bool file_replace(const char *path, const char *text, char **problem);

#endif
