/* The idle lock: nothing of the workspace is on the screen, nothing is sent, keys do nothing but type the passphrase.
 *
 * What locks and unlocks (tokens, passphrases, the ssh-agent) is the program's: struct screens_lock. */
#ifndef SCREENS_LOCK_H
#define SCREENS_LOCK_H

#include "tui/term.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum unlock { UNLOCK_NO, UNLOCK_YES, UNLOCK_WAIT /* the agent was asked */, UNLOCK_UNABLE /* said() tells why */ };

struct screens_lock {
    void *context;
    int64_t after_ns;    /* without a key; 0: by hand alone */
    const char *refused; /* why the console cannot be locked, and what to do; NULL: it can */
    bool agent;          /* a key of the ssh-agent may unlock as well */
    /* Wipes the token and closes the connections of the api. */
    void (*lock)(void *context);
    enum unlock (*unlock)(void *context, const char *passphrase, size_t len);
    /* Asks the agent: the answer comes through fd and readable. */
    enum unlock (*ask_agent)(void *context);
    int (*fd)(const void *context);           /* -1: nothing to wait for */
    enum unlock (*readable)(void *context);   /* UNLOCK_WAIT: not yet, or it was about something else */
    const char *(*said)(const void *context); /* of the last UNLOCK_UNABLE; one line */
};

struct app;
struct lock;

/* NULL where the program offers none. */
struct lock *lock_new(struct app *app);
void lock_free(struct lock *l);
/* All of these take NULL. */
bool lock_is_on(const struct lock *l);
/* Locks, or says why not. */
void lock_by_hand(struct app *app);
/* Locks where the time has come; call before anything is painted. */
void lock_check(struct lock *l);
/* True: it took the event, nobody else may. */
bool lock_event(struct lock *l, const struct term_event *event);
void lock_paint(struct lock *l);
/* Descriptors to wait for; how many. */
enum { LOCK_FDS = 2 };
size_t lock_fds(const struct lock *l, int fds[LOCK_FDS]);
void lock_readable(struct lock *l, int fd);
/* It ended the console: too many wrong passphrases. */
bool lock_gave_up(const struct lock *l);

#endif
