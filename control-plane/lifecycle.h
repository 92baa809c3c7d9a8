/* What a long-running server does with its process: hardening, signals, the hourly tick, the end.
 *
 * lifecycle_harden() first of all; lifecycle_begin() before any thread is started (it blocks the signals), then
 * lifecycle_wait() in the main thread until the server is to end. The process sleeps in between: one wake-up an hour.
 */
#ifndef CONTROL_PLANE_LIFECYCLE_H
#define CONTROL_PLANE_LIFECYCLE_H

#include "base/slice.h"

/* No core dumps, no reading of the memory by other processes of the user, files for the owner only, few malloc arenas. */
void lifecycle_harden(void);

struct lifecycle {
    int signals, clock; /* signalfd, timerfd */
    bool terminal;      /* a hang-up ends it */
    void (*tick)(void *context);
    void *context;
};

/* tick: called from lifecycle_wait at the start of each hour of the wall clock, and when the clock was set. */
void lifecycle_begin(struct lifecycle *l, void (*tick)(void *context), void *context);
/* Returns on SIGTERM, SIGINT, or SIGHUP of a terminal. */
void lifecycle_wait(struct lifecycle *l);
/* From here on a second signal ends the process at once, and so does `seconds` without an end. */
void lifecycle_end_within(struct lifecycle *l, unsigned seconds);
/* Ends the process as SIGTERM would, as soon as no console holds its shared lock on the file. False: it cannot be
 * watched (*problem, caller frees). `path` is copied. */
bool lifecycle_follow_consoles(const char *path, char **problem);

#endif
