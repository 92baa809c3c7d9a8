#include "control-plane/ingest_delivery.h"

#include "base/clock.h"
#include "base/die.h"
#include "base/proto_read.h"
#include "control-plane/data_dir.h"
#include "control-plane/ingest/distinct.h"
#include "control-plane/ingest/uds_client.h"
#include "control-plane/store/catalog_write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

enum { START_SECONDS = 10, RETRY_SECONDS = 60, PAUSE_MS = 100, RETRY_AFTER_MAX = 30 };

struct delivery {
    char *socket;
    struct uds_client *client; /* NULL: straight into the store */
    struct store *store;
    struct catalog *catalog;
    struct batch *batch;
    struct distinct distinct;
};

static void pause_ms(int64_t ms) { nanosleep(&(struct timespec){ms / 1000, (long)(ms % 1000) * 1000000}, NULL); }

/* Somebody holds the store: a control plane that starts, ends, or another ingest. */
static bool locked(const char *data_dir)
{
    char *path = data_dir_file(data_dir, "lock");
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool held = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (fd >= 0) close(fd);
    free(path);
    return held;
}

static bool open_store(struct delivery *d, const char *data_dir, char **problem)
{
    struct catalog_options options = {0};
    d->store = store_open(data_dir, problem);
    if (!d->store) return false;
    struct db *db = store_reader(d->store);
    if (db && catalog_key(db, &options.key)) {
        d->catalog = catalog_new(&options);
        return true;
    }
    *problem = xasprintf("%s: cannot read the database", data_dir);
    store_close(d->store);
    d->store = NULL;
    return false;
}

static bool find_place(struct delivery *d, const char *data_dir, char **problem)
{
    int64_t deadline = clock_monotonic() + START_SECONDS * NS_PER_SECOND;
    for (;;) {
        d->client = uds_connect(d->socket);
        if (d->client) return true;
        bool wait = locked(data_dir);
        if (!wait && open_store(d, data_dir, problem)) return true;
        if (clock_monotonic() > deadline || (!wait && !locked(data_dir))) break;
        if (!wait) free(*problem);
        *problem = NULL;
        pause_ms(PAUSE_MS);
    }
    if (!*problem) *problem = xasprintf("%s: in use, and its control plane does not answer on %s", data_dir, d->socket);
    return false;
}

struct delivery *delivery_open(const char *data_dir, char **problem)
{
    struct delivery *d = xcalloc(1, sizeof *d);
    *problem = NULL;
    d->socket = data_dir_file(data_dir, "control-plane.sock");
    if (!find_place(d, data_dir, problem)) {
        delivery_close(d);
        return NULL;
    }
    /* Beside a running control plane a catalog of our own only counts the patterns. */
    if (!d->catalog) d->catalog = catalog_new(&(struct catalog_options){0});
    d->batch = batch_new(d->catalog);
    return d;
}

void delivery_close(struct delivery *d)
{
    if (!d) return;
    uds_close(d->client);
    if (d->batch) batch_free(d->batch);
    if (d->store) store_close(d->store);
    if (d->catalog) catalog_free(d->catalog);
    distinct_free(&d->distinct);
    free(d->socket);
    free(d);
}

struct write_job {
    struct store_job job;
    struct batch *batch;
};

static bool write_batch(struct store_job *job, struct db *db) { return catalog_write(db, ((struct write_job *)job)->batch, clock_now()); }

static void written(struct store_job *job, enum store_result result)
{
    (void)job;
    (void)result;
}

static bool store_batch(struct delivery *d, char **problem)
{
    struct write_job w = {.job = {.run = write_batch, .done = written}, .batch = d->batch};
    enum store_result result = store_run(d->store, &w.job);
    if (result == STORE_OK) return true;
    *problem = xasprintf("%s: %s", store_directory(d->store),
                         result == STORE_FAILED ? "the records could not be counted" : "the store cannot be written (is the disk full?)");
    return false;
}

/* PartialSuccess of the answer: how many records were rejected, and why. */
static void read_partial(struct slice body, struct otlp_outcome *o)
{
    struct proto p, inner;
    struct proto_field f, part;
    proto_begin(&p, body);
    while (proto_next(&p, &f)) {
        if (f.number != 1 || f.wire != PROTO_BYTES) continue;
        proto_begin(&inner, f.bytes);
        while (proto_next(&inner, &part)) {
            if (part.number == 1 && part.wire == PROTO_VARINT) o->rejected = (size_t)part.value;
            if (part.number != 2 || part.wire != PROTO_BYTES) continue;
            size_t n = part.bytes.len < sizeof o->message - 1 ? part.bytes.len : sizeof o->message - 1;
            memcpy(o->message, part.bytes.ptr, n);
            o->message[n] = '\0';
        }
    }
    o->accepted -= o->rejected <= o->accepted ? o->rejected : o->accepted;
}

static bool reconnect(struct delivery *d, int64_t deadline)
{
    uds_close(d->client);
    while (!(d->client = uds_connect(d->socket))) {
        if (clock_monotonic() > deadline) return false;
        pause_ms(PAUSE_MS);
    }
    return true;
}

static bool post(struct delivery *d, struct slice request, struct otlp_outcome *o, char **problem)
{
    int64_t deadline = clock_monotonic() + RETRY_SECONDS * NS_PER_SECOND;
    const char *why = "the control plane went away";
    while (d->client || reconnect(d, clock_monotonic() + START_SECONDS * NS_PER_SECOND)) {
        struct uds_answer answer;
        bool answered = uds_post(d->client, "/v1/logs", "application/x-protobuf", request, &answer, &why);
        int status = answered ? answer.status : 0, after = answer.retry_after;
        if (status == 200) read_partial(buf_view(&answer.body), o);
        uds_answer_free(&answer);
        if (status == 200) return true;
        bool again = !answered || status == 429 || status == 502 || status == 503 || status == 504;
        if (!again || clock_monotonic() > deadline) {
            *problem = answered ? xasprintf("the control plane answered %d", status) : xasprintf("the control plane: %s", why);
            return false;
        }
        if (!answered) {
            uds_close(d->client);
            d->client = NULL;
        }
        pause_ms(after < 1 ? PAUSE_MS : (int64_t)(after > RETRY_AFTER_MAX ? RETRY_AFTER_MAX : after) * 1000);
    }
    *problem = xasprintf("the control plane at %s went away", d->socket);
    return false;
}

bool delivery_send(struct delivery *d, struct slice request, struct otlp_outcome *o, char **problem)
{
    batch_clear(d->batch);
    otlp_logs(request, OTLP_PROTOBUF, clock_now(), d->batch, o);
    if (!o->ok) {
        *problem = xstrdup(o->message);
        return false;
    }
    distinct_add(&d->distinct, d->batch);
    if (d->store) return batch_records(d->batch) == 0 || store_batch(d, problem);
    o->accepted += o->rejected;
    o->rejected = 0;
    return post(d, request, o, problem);
}

size_t delivery_patterns(const struct delivery *d) { return distinct_events(&d->distinct); }
