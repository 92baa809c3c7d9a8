/* What every mutation does: permission, a savepoint of its own, the audit row in the same transaction. */
#ifndef CONTROL_PLANE_API_CHANGE_H
#define CONTROL_PLANE_API_CHANGE_H

#include "control-plane/api/rows.h"

struct change {
    struct request_context *x;
    struct gql_call *call;
    bool ok;
    struct buf before, after; /* JSON objects of our own fields */
    struct slice reason;      /* for the audit log; empty: none */
};

/* False: the call was answered (FORBIDDEN). Else end it with change_end. */
bool change_begin(struct change *c, struct gql_call *call);
/* Runs a statement; after an error nothing runs any more. */
void change_run(struct change *c, sqlite3_stmt *st);
/* Notes a field of the object; NULL text: null. */
void change_field(struct buf *json, const char *name, struct slice text);
void change_bool(struct buf *json, const char *name, bool value);
void change_number(struct buf *json, const char *name, int64_t value);
/* Writes the audit row and keeps the change, or takes all of it back and answers INTERNAL. True: answer the call. */
bool change_end(struct change *c, const char *action, const char *type, struct id128 id);

/* Ends a change that turned out to change nothing: no audit row. The call is still to be answered. */
void change_cancel(struct change *c);

/* A name as a person gave it, without blanks at its ends: 1 to 100 characters, none that a terminal must not get.
 * False: the call was answered. */
bool change_name(struct gql_call *call, const char *what, const struct gql_value *v, struct slice *name);

#endif
