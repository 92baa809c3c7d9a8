/* From a passphrase to keys, and a latch: a door that can be shut without the passphrase and opened only with it.
 *
 * Argon2id makes a master key of passphrase and salt. Two keys come from it: one that seals files (symmetric), and the secret half of
 * a pair (X25519) whose public half is the latch. With that half alone the console puts its token away when it is locked;
 * neither the passphrase nor anything that opens the box stays in memory. A latch can be made of a signature of an ssh-agent as well. */
#ifndef SECRETS_LATCH_H
#define SECRETS_LATCH_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    LATCH_KEY = 32,
    LATCH_SALT = 16,
    LATCH_EXTRA = 48 /* that a box is longer than its content */,
    PASSPHRASE_LEAST = 8,
    PASSPHRASE_MAX = 1024
};

struct latch_cost {
    uint64_t passes, memory; /* bytes */
};
/* What a new passphrase gets: three passes over 256 MiB. */
struct latch_cost latch_cost_usual(void);
/* Of a file that somebody else may have written: at most 10 passes over 1 GiB. */
bool latch_cost_fits(struct latch_cost cost);

struct latch {
    unsigned char salt[LATCH_SALT];
    struct latch_cost cost; /* passes == 0: no passphrase opens it */
    unsigned char open[LATCH_KEY];
};

enum latch_opened { LATCH_OPEN, LATCH_WRONG, LATCH_NO_MEMORY };

/* Of a new passphrase, with a random salt. `seal` (LATCH_KEY bytes, or NULL) gets the key for files. False: no memory for the cost. */
bool latch_make(struct latch *l, struct slice passphrase, struct latch_cost cost, unsigned char *seal);
/* The same keys again from l->salt and l->cost; sets l->open. */
bool latch_derive(struct latch *l, struct slice passphrase, unsigned char *seal);
/* Of 32 random or secret bytes instead of a passphrase. */
void latch_of_seed(struct latch *l, const unsigned char seed[LATCH_KEY]);

/* `box` has content.len + LATCH_EXTRA bytes. */
void latch_shut(const struct latch *l, struct slice content, unsigned char *box);
/* Whether it is the passphrase of the latch; `content` (box.len - LATCH_EXTRA bytes) is filled then. */
enum latch_opened latch_try(const struct latch *l, struct slice passphrase, struct slice box, char *content);
enum latch_opened latch_try_seed(const struct latch *l, const unsigned char seed[LATCH_KEY], struct slice box, char *content);

#endif
