/* GET /v1/snapshot: an offline bundle of the store, made while the control plane works; one at a time, written down in the audit log
 * before a byte leaves. For the owner of the data directory and root. */
#ifndef CONTROL_PLANE_SNAPSHOT_H
#define CONTROL_PLANE_SNAPSHOT_H

#include "control-plane/bundle/bundle.h"
#include "control-plane/store/store.h"

#include <stdatomic.h>
#include <sys/types.h>

struct snapshots {
    struct store *store;
    const char *directory;
    unsigned char secret[BUNDLE_SECRET];
    atomic_bool busy;
};

/* Opens the signing key, removes what a control plane that was killed left behind. False: *problem (caller frees). */
bool snapshots_open(struct snapshots *s, struct store *store, const char *directory, char **problem);

/* Begins. `done` is called once, from another thread: `path` is the bundle (removed after the call), NULL: *problem says why not.
 * False: one is being made. */
typedef void snapshot_done(void *context, const char *path, const char *problem);
bool snapshots_begin(struct snapshots *s, const char *by, snapshot_done *done, void *context);

#endif
