/* What locks and unlocks the console for its screens (screens/lock.h).
 *
 * While it is locked the token is in a box that only the passphrase opens (secrets/latch.h), and nowhere else: the passphrase that sealed
 * the token where there is such a one, else the one of `tero-console lock set`. With a key of the ssh-agent there is a second box, opened
 * by a signature of the agent over a random challenge of this run. What is needed is read at the start: files that change later unlock
 * nothing. */
#ifndef CONSOLE_LOCKER_H
#define CONSOLE_LOCKER_H

#include "console/session.h"
#include "screens/lock.h"

struct locker;
/* The session must outlive it. */
struct locker *locker_new(const struct session *s, unsigned after_ms);
void locker_free(struct locker *l);
const struct screens_lock *locker_screens(const struct locker *l);

#endif
