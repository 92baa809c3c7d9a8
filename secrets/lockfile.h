/* What unlocks a console that has no sealed token: the latch of a lock passphrase, and perhaps a key of the ssh-agent. */
#ifndef SECRETS_LOCKFILE_H
#define SECRETS_LOCKFILE_H

#include "base/buf.h"
#include "secrets/latch.h"

enum { LOCKFILE_MAX = 1024, AGENT_KEY = 32 };

struct lockfile {
    struct latch latch;
    bool agent;
    unsigned char agent_key[AGENT_KEY]; /* Ed25519, public */
};

/* False: *problem (static). */
bool lockfile_parse(struct lockfile *l, struct slice text, const char **problem);
void lockfile_write(const struct lockfile *l, struct buf *out);

#endif
