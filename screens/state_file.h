/* Files of the state folder, $XDG_STATE_HOME/tero (0700): 0600, changed under a lock, replaced whole. */
#ifndef SCREENS_STATE_FILE_H
#define SCREENS_STATE_FILE_H

#include "base/buf.h"

#include <stdbool.h>

/* "" is no place: neither XDG_STATE_HOME nor HOME says one. xmalloc'd. */
char *state_file_path(const char *name);
/* Appends it; no file is no text. False: errno (EFBIG beyond the buf's maximum). */
bool state_file_read(const char *name, struct buf *text);
/* Makes the folders and waits for the lock "NAME.lock". -1: errno, 0 where there is no place. */
int state_file_lock(const char *name);
void state_file_unlock(int lock);
/* Either the old or the new text is there. False: errno. */
bool state_file_write(const char *name, const struct buf *text);

#endif
