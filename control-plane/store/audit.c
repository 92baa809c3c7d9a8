#include "control-plane/store/audit.h"

static void null_where_empty(sqlite3_stmt *st, int at, struct slice text)
{
    if (text.len == 0) sqlite3_bind_null(st, at);
}

bool audit_write(struct db *db, const struct audit_entry *e)
{
    sqlite3_stmt *st = db_prepare(db, "INSERT INTO audit_log (at, account, actor, action, object_type, object_id, before, after, reason)"
                                      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    db_bind(st, "iitttuttt", e->at_ns, e->account, e->actor, slice_str(e->action), slice_str(e->type), e->object, e->before, e->after,
            e->reason);
    null_where_empty(st, 7, e->before);
    null_where_empty(st, 8, e->after);
    null_where_empty(st, 9, e->reason);
    return db_run(db, st);
}
