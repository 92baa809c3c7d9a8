/* Connections of the store: opening, their settings, the cache of prepared statements. Inside the store only. */
#ifndef CONTROL_PLANE_STORE_CONNECTION_H
#define CONTROL_PLANE_STORE_CONNECTION_H

#include "control-plane/store/store.h"

enum db_kind { DB_WRITER, DB_READER };

/* NULL: *problem as in store_open. */
struct db *db_open(const char *path, enum db_kind kind, char **problem);
void db_close(struct db *db);

/* The first severe error (full, I/O, corrupt, no memory, read-only, busy) since the last call; SQLITE_OK without one. */
int db_trouble(struct db *db);
/* Pages in the WAL after the last commit of this connection. */
int db_wal_pages(const struct db *db);
/* Gives unused cache back to the system. */
void db_trim(struct db *db);

#endif
