#include "control-plane/checks/checks.h"

static double default_of(const struct check *c, const char *name)
{
    for (size_t i = 0; i < CHECK_THRESHOLDS && c->thresholds[i].name; i++)
        if (strcmp(c->thresholds[i].name, name) == 0) return c->thresholds[i].value;
    return strcmp(name, "enabled") == 0 ? 1 : 0;
}

double check_value(struct db *db, int64_t account, const struct check *c, const char *name)
{
    sqlite3_stmt *st = db_prepare(db, "SELECT value FROM check_settings WHERE account = ?1 AND check_id = ?2 AND name = ?3");
    db_bind(st, "itt", account, slice_str(c->id), slice_str(name));
    bool set = db_step(db, st) == DB_ROW;
    double value = set ? sqlite3_column_double(st, 0) : default_of(c, name);
    sqlite3_reset(st);
    return value;
}

bool check_set(struct db *db, int64_t account, const struct check *c, const char *name, double value, int64_t now_ns)
{
    sqlite3_stmt *st = db_prepare(db, "INSERT INTO check_settings (account, check_id, name, value, updated_at) VALUES (?1, ?2, ?3, ?4, ?5)"
                                      " ON CONFLICT (account, check_id, name) DO UPDATE SET value = ?4, updated_at = ?5");
    db_bind(st, "ittdi", account, slice_str(c->id), slice_str(name), value, now_ns);
    return db_run(db, st);
}

bool checks_forget(struct db *db, int64_t account)
{
    sqlite3_stmt *st = db_prepare(db, "UPDATE check_marks SET events = -1 WHERE account = ?1");
    db_bind(st, "i", account);
    return db_run(db, st);
}
