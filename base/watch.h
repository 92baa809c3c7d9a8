/* Tells when files change: one descriptor (inotify) for a loop to wait for; nothing wakes anybody while nothing happens.
 * A file is watched through its directory: one that is not there yet, is replaced by rename as editors do, or is a
 * symbolic link into another directory is seen as well. */
#ifndef BASE_WATCH_H
#define BASE_WATCH_H

#include <stdbool.h>

struct watch;
/* Where the system gives no descriptor nothing is ever told. */
struct watch *watch_new(void);
void watch_free(struct watch *w);
/* To be waited for until it is readable; -1: none. */
int watch_fd(const struct watch *w);

/* `changed` is called by watch_read() when the file was written, replaced or removed: once however often that was. It may
 * add and forget. False: its directory cannot be watched, mostly because it is not there. */
bool watch_file(struct watch *w, const char *path, void (*changed)(void *context, const char *path), void *context);
/* No more of this path to this context. */
void watch_forget(struct watch *w, const char *path, const void *context);
/* Reads what happened and tells it. Never blocks. */
void watch_read(struct watch *w);

#endif
