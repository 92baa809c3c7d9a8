/* The store: SQLite in WAL mode below one data directory. One writer thread with group commit, any number of readers.
 *
 * Everything that changes something is a job: the writer takes all that wait, runs each in its own savepoint, COMMITs
 * once (synchronous=FULL) and only then calls each done(). A job whose run() returns false is rolled back alone.
 * Data directory: 0700; control-plane.db, control-plane.sock, lock. A second instance is refused by the lock. */
#ifndef CONTROL_PLANE_STORE_H
#define CONTROL_PLANE_STORE_H

#include "base/slice.h"

#include <sqlite3.h>
#include <stdint.h>

struct store;

/* NULL: *problem (xmalloc'd, caller frees) says why in one line, with the path. */
struct store *store_open(const char *directory, char **problem);
/* Waits for the jobs that were submitted, checkpoints, closes. */
void store_close(struct store *s);

/* A connection with its own prepared statements; not shared between threads. */
struct db;
/* The text must be a literal: its address is the cache key. The statement is reset and cleared. Never NULL (a wrong
 * statement is a bug: die). */
sqlite3_stmt *db_prepare(struct db *db, const char *sql);
sqlite3 *db_handle(struct db *db);

/* The calling thread's read connection; made at first use, closed with the thread's store_reader_end or the store. */
struct db *store_reader(struct store *s);

enum store_result { STORE_OK, STORE_FAILED /* run() said no: rolled back */, STORE_UNAVAILABLE /* disk full, I/O, closing */ };

struct store_job {
    bool (*run)(struct store_job *job, struct db *db);                 /* in the writer thread, in a savepoint */
    void (*done)(struct store_job *job, enum store_result result);     /* in the writer thread, after COMMIT */
    struct store_job *next;                                            /* the store's */
};
/* Takes the job; done() is called once, always. */
void store_submit(struct store *s, struct store_job *job);
/* The same, and waits. */
enum store_result store_run(struct store *s, struct store_job *job);

#endif
