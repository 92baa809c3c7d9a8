/* Brings a database to the program's schema: migrations/NNNN-name.sql in order, each in its own transaction; the
 * number of the last one is PRAGMA user_version. Inside the store only. */
#ifndef CONTROL_PLANE_STORE_MIGRATE_H
#define CONTROL_PLANE_STORE_MIGRATE_H

#include "base/embedded.h"
#include "control-plane/store/store.h"

/* False: *problem (caller frees) is one line without the path: a foreign or newer database, or a failed statement. */
bool migrate(sqlite3 *handle, const struct embedded *migrations, char **problem);

#endif
