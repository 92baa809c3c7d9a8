#include "control-plane/store/store.h"

#include "base/clock.h"
#include "base/die.h"
#include "base/log.h"
#include "control-plane/store/connection.h"
#include "control-plane/store/directory.h"
#include "control-plane/store/migrate.h"
#include "control-plane/store/writer.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

struct reader {
    struct store *store;
    struct db *db;
    struct reader *next;
};

struct store {
    char *directory, *database;
    int lock;
    struct writer *writer;
    pthread_key_t key;
    pthread_mutex_t mutex;
    struct reader *readers;
};

static void reader_close(void *pointer)
{
    struct reader *r = pointer;
    struct store *s = r->store;
    pthread_mutex_lock(&s->mutex);
    struct reader **at = &s->readers;
    while (*at != r) at = &(*at)->next;
    *at = r->next;
    pthread_mutex_unlock(&s->mutex);
    db_close(r->db);
    free(r);
}

struct db *store_reader(struct store *s)
{
    struct reader *r = pthread_getspecific(s->key);
    if (r) return r->db;
    char *problem = NULL;
    struct db *db = db_open(s->database, DB_READER, &problem);
    if (!db) {
        log_error("store: %s", problem);
        free(problem);
        return NULL;
    }
    r = xmalloc(sizeof *r);
    pthread_mutex_lock(&s->mutex);
    *r = (struct reader){s, db, s->readers};
    s->readers = r;
    pthread_mutex_unlock(&s->mutex);
    pthread_setspecific(s->key, r);
    return db;
}

void store_reader_end(struct store *s)
{
    struct reader *r = pthread_getspecific(s->key);
    if (!r) return;
    pthread_setspecific(s->key, NULL);
    reader_close(r);
}

struct id128 store_new_id(void)
{
    struct id128 id;
    if (getrandom(&id, sizeof id, 0) != (ssize_t)sizeof id) die("store: no random numbers");
    id.hi = (id.hi & ~UINT64_C(0xF000)) | 0x4000;
    id.lo = (id.lo & ~(UINT64_C(3) << 62)) | UINT64_C(1) << 63;
    return id;
}

static bool seed_workspace(struct db *db)
{
    sqlite3_stmt *st = db_prepare(db, "SELECT 1 FROM accounts LIMIT 1");
    enum db_step found = db_step(db, st);
    sqlite3_reset(st);
    if (found != DB_DONE) return found == DB_ROW;
    int64_t now = clock_now();
    if (!db_run(db, db_prepare(db, "BEGIN IMMEDIATE"))) return false;
    st = db_prepare(db, "INSERT INTO organizations (row, id, name, created_at, updated_at) VALUES (1, ?1, 'local', ?2, ?3)");
    db_bind(st, "uii", store_new_id(), now, now);
    bool ok = db_run(db, st);
    st = db_prepare(db, "INSERT INTO accounts (row, id, organization, name, created_at, updated_at) VALUES (1, ?1, 1, 'local', ?2, ?3)");
    db_bind(st, "uii", store_new_id(), now, now);
    ok = ok && db_run(db, st);
    return db_run(db, db_prepare(db, "COMMIT")) && ok;
}

static struct db *open_writer(const char *database, char **problem)
{
    struct db *db = db_open(database, DB_WRITER, problem);
    if (!db) return NULL;
    char *why = NULL;
    bool ok = migrate(db_handle(db), embedded_migrations, &why);
    if (ok && !seed_workspace(db)) {
        why = xstrdup(sqlite3_errmsg(db_handle(db)));
        ok = false;
    }
    if (ok) return db;
    *problem = xasprintf("%s: %s", database, why);
    free(why);
    db_close(db);
    return NULL;
}

struct store *store_open(const char *directory, char **problem)
{
    char *database = xasprintf("%s/control-plane.db", directory);
    int lock = directory_take(directory, database, problem);
    struct db *db = lock >= 0 ? open_writer(database, problem) : NULL;
    if (!db) {
        if (lock >= 0) close(lock);
        free(database);
        return NULL;
    }
    struct store *s = xcalloc(1, sizeof *s);
    s->directory = xstrdup(directory);
    s->database = database;
    s->lock = lock;
    pthread_mutex_init(&s->mutex, NULL);
    if (pthread_key_create(&s->key, reader_close) != 0) die("store: no more thread keys");
    s->writer = writer_start(db);
    return s;
}

void store_close(struct store *s)
{
    if (!s) return;
    pthread_key_delete(s->key);
    for (struct reader *r = s->readers, *next; r; r = next) {
        next = r->next;
        db_close(r->db);
        free(r);
    }
    writer_stop(s->writer);
    close(s->lock);
    pthread_mutex_destroy(&s->mutex);
    free(s->directory);
    free(s->database);
    free(s);
}

const char *store_directory(const struct store *s) { return s->directory; }
void store_submit(struct store *s, struct store_job *job) { writer_submit(s->writer, job); }
unsigned store_waiting(struct store *s) { return writer_waiting(s->writer); }
bool store_healthy(struct store *s) { return writer_healthy(s->writer); }

struct waited {
    struct store_job job;
    struct store_job *inner;
    pthread_mutex_t mutex;
    pthread_cond_t finished;
    bool over;
    enum store_result result;
};

static bool waited_run(struct store_job *job, struct db *db)
{
    struct store_job *inner = ((struct waited *)job)->inner;
    return inner->run(inner, db);
}

static void waited_done(struct store_job *job, enum store_result result)
{
    struct waited *w = (struct waited *)job;
    if (w->inner->done) w->inner->done(w->inner, result);
    pthread_mutex_lock(&w->mutex);
    w->over = true;
    w->result = result;
    pthread_cond_signal(&w->finished);
    pthread_mutex_unlock(&w->mutex);
}

enum store_result store_run(struct store *s, struct store_job *job)
{
    if (writer_is_self(s->writer)) die("store: store_run within a job");
    struct waited w = {.job = {.run = waited_run, .done = waited_done}, .inner = job};
    pthread_mutex_init(&w.mutex, NULL);
    pthread_cond_init(&w.finished, NULL);
    store_submit(s, &w.job);
    pthread_mutex_lock(&w.mutex);
    while (!w.over) pthread_cond_wait(&w.finished, &w.mutex);
    pthread_mutex_unlock(&w.mutex);
    pthread_cond_destroy(&w.finished);
    pthread_mutex_destroy(&w.mutex);
    return w.result;
}
