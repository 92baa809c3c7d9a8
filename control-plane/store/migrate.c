#include "control-plane/store/migrate.h"

#include "base/die.h"
#include "base/log.h"

#include <stdlib.h>

enum { APPLICATION = 0x7465726F };

static int pragma(sqlite3 *handle, const char *sql)
{
    sqlite3_stmt *st = NULL;
    int value = -1;
    if (sqlite3_prepare_v2(handle, sql, -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW) value = sqlite3_column_int(st, 0);
    sqlite3_finalize(st);
    return value;
}

static bool exec(sqlite3 *handle, const char *sql) { return sqlite3_exec(handle, sql, NULL, NULL, NULL) == SQLITE_OK; }

static bool apply(sqlite3 *handle, const struct embedded *m, int number, char **problem)
{
    char *finish = xasprintf("PRAGMA application_id=%d; PRAGMA user_version=%d; COMMIT", APPLICATION, number);
    bool ok = exec(handle, "BEGIN IMMEDIATE") && exec(handle, m->text) && exec(handle, finish);
    if (!ok) {
        *problem = xasprintf("migration %s: %s", m->name, sqlite3_errmsg(handle));
        if (!sqlite3_get_autocommit(handle)) exec(handle, "ROLLBACK");
    }
    free(finish);
    return ok;
}

static int last_number(const struct embedded *migrations)
{
    int last = 0;
    for (const struct embedded *m = migrations; m->name; m++) last = atoi(m->name);
    return last;
}

bool migrate(sqlite3 *handle, const struct embedded *migrations, char **problem)
{
    int have = pragma(handle, "PRAGMA user_version"), application = pragma(handle, "PRAGMA application_id");
    int newest = last_number(migrations);
    if (have < 0 || application < 0) {
        *problem = xstrdup(sqlite3_errmsg(handle));
        return false;
    }
    if (application != APPLICATION && (application != 0 || have != 0 || pragma(handle, "SELECT count(*) FROM sqlite_schema") != 0)) {
        *problem = xstrdup("not a database of the control plane");
        return false;
    }
    if (have > newest) {
        *problem = xasprintf("made by a newer version (schema %d; this program knows %d)", have, newest);
        return false;
    }
    for (const struct embedded *m = migrations; m->name; m++) {
        int number = atoi(m->name);
        if (number <= have) continue;
        if (!apply(handle, m, number, problem)) return false;
        log_debug("store: migration %s applied", m->name);
    }
    return true;
}
