/* The temporary directory of a demo: made, held by a lock, removed with all that is in it.
 *
 * It stands in $TMPDIR (else /tmp) as tero-demo-XXXXXX, mode 0700. Its maker holds an exclusive flock on it; one of this user
 * without a holder was left by a console that was killed, and the next demo removes it. */
#ifndef CONSOLE_DEMO_PLACE_H
#define CONSOLE_DEMO_PLACE_H

struct demo_place;

/* From here on signals that end the process are blocked: they find the console in its loop. NULL: *problem (caller frees). */
struct demo_place *demo_place_make(char **problem);
/* The data directory within; borrowed. */
const char *demo_place_data(const struct demo_place *p);
/* Waits a few seconds for the end of its control plane, then removes everything. NULL is fine. */
void demo_place_remove(struct demo_place *p);

#endif
