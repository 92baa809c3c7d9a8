#include "control-plane/bundle/bundle.h"

#include "base/die.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUSY_MS = 10000 };

/* What does not leave the control plane. secure_delete: not in free pages either; VACUUM after it, and the pages are gone. */
static const char scrub[] = "PRAGMA secure_delete=ON;"
                            "PRAGMA journal_mode=OFF;"
                            "UPDATE edge_api_keys SET key_hash = 'scrubbed-' || row, key_prefix = '';"
                            "DELETE FROM policy_tap_settings;"
                            "VACUUM;";

static bool fail(char **problem, sqlite3 *handle, const char *path)
{
    *problem = xasprintf("%s: %s", path, handle ? sqlite3_errmsg(handle) : "no memory");
    sqlite3_close(handle);
    return false;
}

static bool copy(const char *database, const char *to, char **problem)
{
    sqlite3 *handle = NULL;
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_open_v2(database, &handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc != SQLITE_OK) return fail(problem, handle, database);
    sqlite3_busy_timeout(handle, BUSY_MS);
    rc = sqlite3_prepare_v2(handle, "VACUUM INTO ?1", -1, &st, NULL);
    if (rc == SQLITE_OK) sqlite3_bind_text(st, 1, to, -1, SQLITE_STATIC);
    if (rc == SQLITE_OK) rc = sqlite3_step(st);
    sqlite3_finalize(st);
    if (rc != SQLITE_DONE) return fail(problem, handle, database);
    sqlite3_close(handle);
    return true;
}

static bool clean(const char *path, char **problem)
{
    sqlite3 *handle = NULL;
    int rc = sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc == SQLITE_OK) rc = sqlite3_exec(handle, scrub, NULL, NULL, NULL);
    if (rc != SQLITE_OK) return fail(problem, handle, path);
    sqlite3_close(handle);
    return true;
}

bool bundle_copy_store(const char *database, const char *path, char **problem)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        *problem = xasprintf("%s: %s", path, strerror(errno));
        return false;
    }
    close(fd);
    if (copy(database, path, problem) && clean(path, problem)) return true;
    unlink(path);
    return false;
}
