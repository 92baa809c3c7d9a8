#include "control-plane/intake.h"

#include "base/clock.h"
#include "base/die.h"
#include "control-plane/store/catalog_write.h"

#include <pthread.h>
#include <stdlib.h>

enum { WAITING_MAX = 64, SPARE_MAX = 4 };
#define WAITING_BYTES_MAX ((size_t)64 << 20)

struct intake_job {
    struct store_job job; /* first: the store gives it back */
    struct intake *intake;
    struct intake_job *next;
    struct batch *batch;
    struct otlp_outcome outcome;
    size_t bytes;
    intake_done *done;
    void *context;
};

struct intake {
    struct store *store;
    struct catalog *catalog;
    struct checks_timer *checks;
    struct taps *taps;
    pthread_mutex_t lock;
    struct intake_job *spare;
    unsigned spares, waiting;
    size_t waiting_bytes;
};

struct intake *intake_new(struct store *store, struct catalog *catalog)
{
    struct intake *in = xcalloc(1, sizeof *in);
    in->store = store;
    in->catalog = catalog;
    pthread_mutex_init(&in->lock, NULL);
    return in;
}

void intake_tell(struct intake *in, struct checks_timer *timer) { in->checks = timer; }
void intake_watch(struct intake *in, struct taps *taps) { in->taps = taps; }

static void job_free(struct intake_job *j)
{
    batch_free(j->batch);
    free(j);
}

void intake_free(struct intake *in)
{
    if (!in) return;
    while (in->spare) {
        struct intake_job *j = in->spare;
        in->spare = j->next;
        job_free(j);
    }
    pthread_mutex_destroy(&in->lock);
    free(in);
}

static struct intake_job *take(struct intake *in, size_t bytes)
{
    pthread_mutex_lock(&in->lock);
    bool busy = in->waiting >= WAITING_MAX || in->waiting_bytes + bytes > WAITING_BYTES_MAX;
    struct intake_job *j = busy ? NULL : in->spare;
    if (!busy) {
        in->waiting++;
        in->waiting_bytes += bytes;
        if (j) in->spare = j->next, in->spares--;
    }
    pthread_mutex_unlock(&in->lock);
    if (busy) return NULL;
    if (!j) {
        j = xcalloc(1, sizeof *j);
        j->intake = in;
        j->batch = batch_new(in->catalog);
    }
    j->bytes = bytes;
    return j;
}

static void give_back(struct intake_job *j)
{
    struct intake *in = j->intake;
    batch_clear(j->batch);
    pthread_mutex_lock(&in->lock);
    in->waiting--;
    in->waiting_bytes -= j->bytes;
    bool keep = in->spares < SPARE_MAX;
    if (keep) {
        j->next = in->spare;
        in->spare = j;
        in->spares++;
    }
    pthread_mutex_unlock(&in->lock);
    if (!keep) job_free(j);
}

static bool write_batch(struct store_job *job, struct db *db)
{
    struct intake_job *j = (struct intake_job *)job;
    return catalog_write(db, j->batch, clock_now());
}

static void written(struct store_job *job, enum store_result result)
{
    struct intake_job *j = (struct intake_job *)job;
    struct otlp_outcome outcome = j->outcome;
    intake_done *done = j->done;
    void *context = j->context;
    if (result == STORE_OK) checks_notice(j->intake->checks);
    give_back(j);
    done(context, &outcome, result);
}

enum intake_then intake_logs(struct intake *in, struct slice body, enum otlp_encoding encoding, struct otlp_outcome *outcome,
                             intake_done *done, void *context)
{
    struct intake_job *j = take(in, body.len);
    if (!j) return INTAKE_BUSY;
    otlp_logs_watched(body, encoding, clock_now(), j->batch, &j->outcome, taps_watch(in->taps));
    *outcome = j->outcome;
    if (!outcome->ok || batch_records(j->batch) == 0) {
        give_back(j);
        return INTAKE_READ;
    }
    j->job = (struct store_job){.run = write_batch, .done = written};
    j->done = done;
    j->context = context;
    store_submit(in->store, &j->job);
    return INTAKE_TAKEN;
}
