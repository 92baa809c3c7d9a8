#include "control-plane/store/rows.h"

#define ADD_HOUR(table, owner)                                                                                                             \
    "INSERT INTO " table " (" owner ", hour, stage, events, bytes, s0, s1, s2, s3, s4, s5, s6)"                                            \
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT (" owner ", hour) DO UPDATE SET"                              \
    " events = " table ".events + excluded.events, bytes = " table ".bytes + excluded.bytes,"                                              \
    " s0 = " table ".s0 + excluded.s0, s1 = " table ".s1 + excluded.s1, s2 = " table ".s2 + excluded.s2,"                                  \
    " s3 = " table ".s3 + excluded.s3, s4 = " table ".s4 + excluded.s4, s5 = " table ".s5 + excluded.s5,"                                  \
    " s6 = " table ".s6 + excluded.s6 RETURNING stage"

static bool add(struct db *db, sqlite3_stmt *st, int64_t owner, int64_t hour, const struct tally *t, int *stage)
{
    const int64_t *s = t->severity;
    db_bind(st, "iiiiiiiiiiii", owner, hour, (int64_t)*stage, t->events, t->bytes, s[0], s[1], s[2], s[3], s[4], s[5], s[6]);
    bool ok = db_step(db, st) == DB_ROW;
    if (ok) *stage = sqlite3_column_int(st, 0);
    return db_run(db, st) && ok;
}

bool event_hour_add(struct db *db, int64_t event, int64_t hour, const struct tally *t, int *stage)
{
    return add(db, db_prepare(db, ADD_HOUR("event_hours", "event")), event, hour, t, stage);
}

bool service_hour_add(struct db *db, int64_t service, int64_t hour, const struct tally *t, int *stage)
{
    return add(db, db_prepare(db, ADD_HOUR("service_hours", "service")), service, hour, t, stage);
}

bool account_hour_add(struct db *db, int64_t account, int64_t hour, const struct tally *t, int *stage)
{
    return add(db, db_prepare(db, ADD_HOUR("account_hours", "account")), account, hour, t, stage);
}
