/* Whether a database that came from elsewhere is one of ours: the schema is exactly what the migrations make (so no trigger, view or
 * generated column of somebody else is in it), then the pages are checked. */
#include "base/die.h"
#include "base/embedded.h"
#include "control-plane/store/migrate.h"
#include "control-plane/store/store.h"

#include <stdlib.h>
#include <string.h>

enum { VERSIONS_MAX = 512 };

/* Statistics that SQLite makes by itself are no part of the comparison; tables alone may be called so. */
#define SCHEMA                                                                                                                             \
    "SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') FROM sqlite_schema"                                         \
    " WHERE NOT (type = 'table' AND name IN ('sqlite_stat1', 'sqlite_stat4')) ORDER BY 1"

static int pragma(sqlite3 *handle, const char *sql)
{
    sqlite3_stmt *st = NULL;
    int value = -1;
    if (sqlite3_prepare_v2(handle, sql, -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW) value = sqlite3_column_int(st, 0);
    sqlite3_finalize(st);
    return value;
}

static sqlite3 *open_strictly(const char *path)
{
    sqlite3 *handle = NULL;
    int rc = sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
        sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
        sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
        rc = sqlite3_exec(handle, "PRAGMA query_only=ON; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0", NULL, NULL, NULL);
    }
    if (rc == SQLITE_OK) return handle;
    sqlite3_close(handle);
    return NULL;
}

/* An empty database at that version. */
static sqlite3 *reference(int version)
{
    sqlite3 *handle = NULL;
    struct embedded some[VERSIONS_MAX] = {0};
    char *problem = NULL;
    size_t n = 0;
    for (const struct embedded *m = embedded_migrations; m->name && n + 1 < VERSIONS_MAX; m++)
        if (atoi(m->name) <= version) some[n++] = *m;
    if (sqlite3_open(":memory:", &handle) == SQLITE_OK && migrate(handle, some, &problem)) return handle;
    free(problem);
    sqlite3_close(handle);
    return NULL;
}

static const char *text_of(sqlite3_stmt *st)
{
    const char *text = (const char *)sqlite3_column_text(st, 0);
    return text ? text : "";
}

static bool same_schema(sqlite3 *a, sqlite3 *b)
{
    sqlite3_stmt *x = NULL, *y = NULL;
    bool same = sqlite3_prepare_v2(a, SCHEMA, -1, &x, NULL) == SQLITE_OK && sqlite3_prepare_v2(b, SCHEMA, -1, &y, NULL) == SQLITE_OK;
    while (same) {
        int one = sqlite3_step(x), other = sqlite3_step(y);
        same = one == other && (one == SQLITE_ROW || one == SQLITE_DONE);
        if (one != SQLITE_ROW) break;
        same = same && !strcmp(text_of(x), text_of(y));
    }
    sqlite3_finalize(x);
    sqlite3_finalize(y);
    return same;
}

static bool whole(sqlite3 *handle)
{
    sqlite3_stmt *st = NULL;
    bool good = sqlite3_prepare_v2(handle, "PRAGMA integrity_check(1)", -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW &&
                !strcmp(text_of(st), "ok");
    sqlite3_finalize(st);
    return good;
}

static const char *judge(sqlite3 *handle)
{
    int version = pragma(handle, "PRAGMA user_version"), last = 0;
    for (const struct embedded *m = embedded_migrations; m->name; m++) last = atoi(m->name);
    if (version <= 0) return "not a database of the control plane";
    if (version > last) return "made by a newer version of the control plane";
    sqlite3 *model = reference(version);
    bool same = model && same_schema(handle, model);
    sqlite3_close(model);
    if (!same) return "its tables are not those of the control plane";
    return whole(handle) ? NULL : "its pages are damaged";
}

bool store_verify(const char *database, char **problem)
{
    sqlite3 *handle = open_strictly(database);
    const char *why = handle ? judge(handle) : "it cannot be opened as a database";
    sqlite3_close(handle);
    if (why) *problem = xasprintf("%s", why);
    return !why;
}
