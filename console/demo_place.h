/* The temporary directory of a demo or of an opened bundle: made, held by a lock, removed with all that is in it.
 *
 * It stands in $TMPDIR (else /tmp) as KINDXXXXXX, mode 0700. Its maker holds an exclusive flock on it; one of this user
 * without a holder was left by a console that was killed, and the next one of its kind removes it. */
#ifndef CONSOLE_DEMO_PLACE_H
#define CONSOLE_DEMO_PLACE_H

#include <stdbool.h>

#define DEMO_PLACE   "tero-demo-"
#define BUNDLE_PLACE "tero-bundle-"

struct demo_place;

/* `signals`: from here on signals that end the process are blocked: they find the console in its loop. NULL: *problem (caller frees). */
struct demo_place *demo_place_make(const char *kind, bool signals, char **problem);
/* The data directory within; borrowed. */
const char *demo_place_data(const struct demo_place *p);
/* Waits a few seconds for the end of its control plane, then removes everything. NULL is fine. */
void demo_place_remove(struct demo_place *p);

#endif
