#include "control-plane/store/writer.h"

#include "base/clock.h"
#include "base/die.h"
#include "base/log.h"
#include "control-plane/store/connection.h"

#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

/* A checkpoint that lets readers go on at CHECKPOINT pages; beyond PRESSING it waits for them, so that a long reader
 * cannot make the WAL grow for ever. IDLE_SECONDS without a job: the WAL is emptied and memory given back. */
enum { CHECKPOINT = 1000, PRESSING = 16000, IDLE_SECONDS = 1 };

struct writer {
    struct db *db;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t arrived;
    struct store_job *head, **tail;
    unsigned waiting;
    bool closing, idle_done;
    atomic_bool healthy;
};

static void run_job(struct writer *w, struct store_job *job)
{
    if (!db_run(w->db, db_prepare(w->db, "SAVEPOINT job"))) {
        job->result = STORE_UNAVAILABLE;
        return;
    }
    bool ok = job->run(job, w->db);
    job->result = ok ? STORE_OK : db_trouble(w->db) ? STORE_UNAVAILABLE : STORE_FAILED;
    if (sqlite3_get_autocommit(db_handle(w->db))) {
        job->result = STORE_UNAVAILABLE;
        return;
    }
    if (!ok) db_run(w->db, db_prepare(w->db, "ROLLBACK TO job"));
    db_run(w->db, db_prepare(w->db, "RELEASE job"));
}

static void fail_all(struct store_job *jobs)
{
    for (struct store_job *job = jobs; job; job = job->next)
        if (job->result == STORE_OK) job->result = STORE_UNAVAILABLE;
}

static bool lost(struct writer *w) { return sqlite3_get_autocommit(db_handle(w->db)); }

static bool run_all(struct writer *w, struct store_job *jobs)
{
    for (struct store_job *job = jobs; job; job = job->next) job->result = STORE_OK;
    if (!db_run(w->db, db_prepare(w->db, "BEGIN IMMEDIATE"))) return false;
    for (struct store_job *job = jobs; job && !lost(w); job = job->next) run_job(w, job);
    if (lost(w)) return false;
    if (db_run(w->db, db_prepare(w->db, "COMMIT"))) return true;
    if (!lost(w)) db_run(w->db, db_prepare(w->db, "ROLLBACK"));
    return false;
}

/* Before a job is told that it is done: whoever hears of it no longer finds it waiting. */
static void wait_no_more(struct writer *w, const struct store_job *jobs)
{
    unsigned n = 0;
    for (; jobs; jobs = jobs->next) n++;
    pthread_mutex_lock(&w->mutex);
    w->waiting -= n;
    pthread_mutex_unlock(&w->mutex);
}

static void run_group(struct writer *w, struct store_job *jobs)
{
    db_trouble(w->db);
    bool committed = run_all(w, jobs);
    if (!committed) fail_all(jobs);
    if (atomic_exchange(&w->healthy, committed) != committed)
        log_warn("store: %s", committed ? "writing again" : "cannot write; changes are refused until it can");
    wait_no_more(w, jobs);
    while (jobs) {
        struct store_job *job = jobs;
        jobs = job->next;
        job->done(job, job->result);
    }
}

static void checkpoint(struct writer *w, int mode)
{
    int rc = sqlite3_wal_checkpoint_v2(db_handle(w->db), NULL, mode, NULL, NULL);
    if (rc != SQLITE_OK && rc != SQLITE_BUSY && rc != SQLITE_LOCKED) log_error("store: checkpoint: %s", sqlite3_errstr(rc));
}

static void checkpoint_if_due(struct writer *w)
{
    int pages = db_wal_pages(w->db);
    if (pages >= PRESSING) checkpoint(w, SQLITE_CHECKPOINT_RESTART);
    else if (pages >= CHECKPOINT) checkpoint(w, SQLITE_CHECKPOINT_PASSIVE);
}

static void rest(struct writer *w)
{
    sqlite3_busy_timeout(db_handle(w->db), 100);
    checkpoint(w, SQLITE_CHECKPOINT_TRUNCATE);
    sqlite3_busy_timeout(db_handle(w->db), 5000);
    db_trim(w->db);
    malloc_trim(0);
}

static bool wait_for_jobs(struct writer *w)
{
    while (!w->head && !w->closing) {
        if (w->idle_done) {
            pthread_cond_wait(&w->arrived, &w->mutex);
            continue;
        }
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += IDLE_SECONDS;
        if (pthread_cond_timedwait(&w->arrived, &w->mutex, &until) == 0 || w->head || w->closing) continue;
        w->idle_done = true;
        pthread_mutex_unlock(&w->mutex);
        rest(w);
        pthread_mutex_lock(&w->mutex);
    }
    return w->head != NULL;
}

static void *writer_main(void *context)
{
    struct writer *w = context;
    pthread_mutex_lock(&w->mutex);
    while (wait_for_jobs(w)) {
        struct store_job *jobs = w->head;
        w->head = NULL;
        w->tail = &w->head;
        w->idle_done = false;
        pthread_mutex_unlock(&w->mutex);
        run_group(w, jobs);
        checkpoint_if_due(w);
        pthread_mutex_lock(&w->mutex);
    }
    pthread_mutex_unlock(&w->mutex);
    return NULL;
}

struct writer *writer_start(struct db *db)
{
    struct writer *w = xcalloc(1, sizeof *w);
    w->db = db;
    w->tail = &w->head;
    atomic_init(&w->healthy, true);
    pthread_mutex_init(&w->mutex, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&w->arrived, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&w->thread, NULL, writer_main, w) != 0) die("store: cannot start the writer thread");
    return w;
}

void writer_stop(struct writer *w)
{
    pthread_mutex_lock(&w->mutex);
    w->closing = true;
    pthread_cond_signal(&w->arrived);
    pthread_mutex_unlock(&w->mutex);
    pthread_join(w->thread, NULL);
    checkpoint(w, SQLITE_CHECKPOINT_TRUNCATE);
    db_close(w->db);
    pthread_cond_destroy(&w->arrived);
    pthread_mutex_destroy(&w->mutex);
    free(w);
}

void writer_submit(struct writer *w, struct store_job *job)
{
    job->next = NULL;
    pthread_mutex_lock(&w->mutex);
    bool refused = w->closing;
    if (!refused) {
        *w->tail = job;
        w->tail = &job->next;
        w->waiting++;
        pthread_cond_signal(&w->arrived);
    }
    pthread_mutex_unlock(&w->mutex);
    if (refused) job->done(job, STORE_UNAVAILABLE);
}

bool writer_is_self(const struct writer *w) { return pthread_equal(w->thread, pthread_self()) != 0; }
bool writer_healthy(struct writer *w) { return atomic_load(&w->healthy); }

unsigned writer_waiting(struct writer *w)
{
    pthread_mutex_lock(&w->mutex);
    unsigned n = w->waiting;
    pthread_mutex_unlock(&w->mutex);
    return n;
}
