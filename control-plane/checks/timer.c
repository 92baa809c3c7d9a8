#include "control-plane/checks/checks.h"

#include "base/clock.h"
#include "base/die.h"
#include "base/log.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { DEBOUNCE_MS = 2000, SHARE = 10 };

struct checks_timer {
    struct store *store;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool noticed, ending;
    int64_t not_before; /* monotonic */
};

struct run_job {
    struct store_job job;
    struct checks_outcome outcome;
};

static bool run(struct store_job *job, struct db *db) { return checks_run(db, clock_now(), 0, &((struct run_job *)job)->outcome); }
static void done(struct store_job *job, enum store_result result)
{
    (void)job;
    (void)result;
}

/* One slice after the other; other jobs come in between. */
static void run_all(struct checks_timer *t)
{
    struct run_job r = {.job = {.run = run, .done = done}};
    size_t opened = 0, closed = 0;
    do {
        r.outcome = (struct checks_outcome){0};
        if (store_run(t->store, &r.job) != STORE_OK) return;
        opened += r.outcome.opened + r.outcome.reopened;
        closed += r.outcome.closed;
    } while (r.outcome.more);
    if (opened + closed > 0) log_info("checks: %zu issues opened, %zu closed", opened, closed);
}

static void wait_until(struct checks_timer *t, int64_t at)
{
    struct timespec limit = {.tv_sec = at / NS_PER_SECOND, .tv_nsec = at % NS_PER_SECOND};
    while (!t->ending && clock_monotonic() < at) pthread_cond_timedwait(&t->wake, &t->lock, &limit);
}

static void *work(void *context)
{
    struct checks_timer *t = context;
    pthread_mutex_lock(&t->lock);
    while (!t->ending) {
        if (!t->noticed) {
            pthread_cond_wait(&t->wake, &t->lock);
            continue;
        }
        int64_t at = clock_monotonic() + DEBOUNCE_MS * (NS_PER_SECOND / 1000);
        wait_until(t, at > t->not_before ? at : t->not_before);
        if (t->ending) break;
        t->noticed = false;
        pthread_mutex_unlock(&t->lock);
        int64_t begun = clock_monotonic();
        run_all(t);
        int64_t ended = clock_monotonic();
        pthread_mutex_lock(&t->lock);
        t->not_before = ended + SHARE * (ended - begun);
    }
    pthread_mutex_unlock(&t->lock);
    return NULL;
}

struct checks_timer *checks_timer_new(struct store *s)
{
    struct checks_timer *t = xcalloc(1, sizeof *t);
    pthread_condattr_t attr;
    t->store = s;
    pthread_mutex_init(&t->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&t->wake, &attr);
    pthread_condattr_destroy(&attr);
    if (pthread_create(&t->thread, NULL, work, t) != 0) die("checks: no thread");
    return t;
}

void checks_notice(struct checks_timer *t)
{
    if (!t) return;
    pthread_mutex_lock(&t->lock);
    if (!t->noticed) {
        t->noticed = true;
        pthread_cond_signal(&t->wake);
    }
    pthread_mutex_unlock(&t->lock);
}

void checks_timer_free(struct checks_timer *t)
{
    if (!t) return;
    pthread_mutex_lock(&t->lock);
    t->ending = true;
    pthread_cond_signal(&t->wake);
    pthread_mutex_unlock(&t->lock);
    pthread_join(t->thread, NULL);
    pthread_cond_destroy(&t->wake);
    pthread_mutex_destroy(&t->lock);
    free(t);
}
