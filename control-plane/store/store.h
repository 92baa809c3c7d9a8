/* The store: SQLite in WAL mode below one data directory. One writer thread with group commit, any number of readers.
 *
 * Everything that changes something is a job: the writer takes all that wait, runs each in its own savepoint, COMMITs
 * once (synchronous=FULL) and only then calls each done(). A job whose run() returns false is rolled back alone.
 * Data directory: 0700; control-plane.db, control-plane.sock, lock. A second instance is refused by the lock.
 *
 * A full disk or an I/O error answers STORE_UNAVAILABLE to the jobs of that transaction; nothing of them stays. The
 * next job tries again, so the store works as soon as the disk does. */
#ifndef CONTROL_PLANE_STORE_H
#define CONTROL_PLANE_STORE_H

#include "base/hash.h"
#include "base/slice.h"

#include <sqlite3.h>
#include <stdint.h>

struct store;

/* Creates the directory and the database where absent, and brings an older database up to date. NULL: *problem
 * (xmalloc'd, caller frees) says why in one line, with the path. */
struct store *store_open(const char *directory, char **problem);
/* Waits for the jobs that were submitted, checkpoints, closes. No other thread may use the store any more. */
void store_close(struct store *s);
/* Whether a database from elsewhere is one that this program made: its schema, then its pages. Nothing is changed. False: *problem. */
bool store_verify(const char *database, char **problem);
/* As given to store_open. */
const char *store_directory(const struct store *s);

/* A new random UUID (version 4). */
struct id128 store_new_id(void);

/* ---- connections ---- */

/* A connection with its own prepared statements; not shared between threads. */
struct db;
/* The text must be a literal: its address is the cache key. The statement is reset and cleared. Never NULL (a wrong
 * statement is a bug: die). */
sqlite3_stmt *db_prepare(struct db *db, const char *sql);
/* For statements that are put together: the text is the key; the 32 last used are kept. */
sqlite3_stmt *db_prepare_text(struct db *db, struct slice sql);
sqlite3 *db_handle(struct db *db);
/* A function for statements of this connection; its name is a literal. The same name and context again cost nothing. */
typedef void db_function(sqlite3_context *call, int count, sqlite3_value **arguments);
void db_define(struct db *db, const char *name, int arguments, db_function *run, void *context);

/* The calling thread's read connection; made at first use, closed with the thread, its store_reader_end or the store.
 * NULL where it cannot be opened (no descriptors, I/O). */
struct db *store_reader(struct store *s);
void store_reader_end(struct store *s);

/* One snapshot for all that is read between the two. */
bool db_read_begin(struct db *db);
void db_read_end(struct db *db);

/* Binds from the first parameter on: i int64_t, d double, t struct slice (must live until the step), u struct id128,
 * n NULL (no argument), b int (boolean). */
void db_bind(sqlite3_stmt *st, const char *types, ...);
enum db_step { DB_ERROR = -1, DB_DONE, DB_ROW };
/* An error is logged and remembered for the writer's verdict. */
enum db_step db_step(struct db *db, sqlite3_stmt *st);
/* Steps to the end and resets. */
bool db_run(struct db *db, sqlite3_stmt *st);
struct slice db_text(sqlite3_stmt *st, int column); /* until the next step */
struct id128 db_id(sqlite3_stmt *st, int column);
/* Rows changed by the last INSERT, UPDATE or DELETE. */
int db_changes(struct db *db);
/* Of the last INSERT into a table with a row number. */
int64_t db_last_row(struct db *db);

/* ---- jobs ---- */

enum store_result { STORE_OK, STORE_FAILED /* run() said no: rolled back */, STORE_UNAVAILABLE /* disk full, I/O, closing */ };

struct store_job {
    bool (*run)(struct store_job *job, struct db *db);             /* in the writer thread, in a savepoint */
    void (*done)(struct store_job *job, enum store_result result); /* in the writer thread, after COMMIT */
    struct store_job *next;                                        /* the store's */
    enum store_result result;                                      /* the store's */
};
/* Takes the job; done() is called once, always (while closing: STORE_UNAVAILABLE, from the calling thread). */
void store_submit(struct store *s, struct store_job *job);
/* The same, and waits. Not from within a job. */
enum store_result store_run(struct store *s, struct store_job *job);
/* Jobs that wait or run; to hold back when the disk is slower than the callers. */
unsigned store_waiting(struct store *s);
/* False after a transaction that could not be written, until one was. */
bool store_healthy(struct store *s);

#endif
