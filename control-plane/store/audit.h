/* The audit log: one row for each change, written in the transaction of the change, never altered. */
#ifndef CONTROL_PLANE_AUDIT_H
#define CONTROL_PLANE_AUDIT_H

#include "control-plane/store/store.h"

struct audit_entry {
    int64_t at_ns, account;     /* the account's row */
    struct slice actor;         /* "uid:1000", "checks" */
    const char *action;         /* "policy.approve": what it is done to, what is done */
    const char *type;           /* of the object, as the API names it: "LogEventPolicy" */
    struct id128 object;        /* its id */
    struct slice before, after; /* JSON objects of the fields that changed; empty: the object was not there */
    struct slice reason;        /* in the actor's words; empty: none was given */
};

/* Within a job of the store. False: the store could not be written. */
bool audit_write(struct db *db, const struct audit_entry *entry);

#endif
