#include "control-plane/store/rows.h"

/* Not INSERT ... ON CONFLICT ... RETURNING: within a job's savepoint SQLite would note every touched page again for
 * each such statement. */
struct statements {
    const char *stage, *update, *insert;
};

#define STATEMENTS(table, owner)                                                                                                           \
    "SELECT stage FROM " table " WHERE " owner " = ?1 AND hour = ?2",                                                                      \
        "UPDATE " table " SET events = events + ?4, bytes = bytes + ?5, s0 = s0 + ?6, s1 = s1 + ?7, s2 = s2 + ?8, s3 = s3 + ?9,"           \
        " s4 = s4 + ?10, s5 = s5 + ?11, s6 = s6 + ?12 WHERE " owner " = ?1 AND hour = ?2 AND stage = ?3",                                  \
        "INSERT INTO " table " (" owner ", hour, stage, events, bytes, s0, s1, s2, s3, s4, s5, s6)"                                        \
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"

static const struct statements of_events = {STATEMENTS("event_hours", "event")};
static const struct statements of_services = {STATEMENTS("service_hours", "service")};
static const struct statements of_accounts = {STATEMENTS("account_hours", "account")};

static bool add(struct db *db, const struct statements *sql, int64_t owner, int64_t hour, const struct tally *t, int *stage)
{
    const int64_t *s = t->severity;
    sqlite3_stmt *st = db_prepare(db, sql->stage);
    db_bind(st, "ii", owner, hour);
    enum db_step step = db_step(db, st);
    if (step == DB_ROW) *stage = sqlite3_column_int(st, 0);
    sqlite3_reset(st);
    if (step == DB_ERROR) return false;
    st = db_prepare(db, step == DB_ROW ? sql->update : sql->insert);
    db_bind(st, "iiiiiiiiiiii", owner, hour, (int64_t)*stage, t->events, t->bytes, s[0], s[1], s[2], s[3], s[4], s[5], s[6]);
    return db_run(db, st);
}

bool event_hour_add(struct db *db, int64_t event, int64_t hour, const struct tally *t, int *stage)
{
    return add(db, &of_events, event, hour, t, stage);
}

bool service_hour_add(struct db *db, int64_t service, int64_t hour, const struct tally *t, int *stage)
{
    return add(db, &of_services, service, hour, t, stage);
}

bool account_hour_add(struct db *db, int64_t account, int64_t hour, const struct tally *t, int *stage)
{
    return add(db, &of_accounts, account, hour, t, stage);
}
