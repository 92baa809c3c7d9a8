#include "control-plane/edges/edges.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/die.h"
#include "base/log.h"
#include "control-plane/edges/answer.h"
#include "control-plane/edges/flush.h"

#include <pthread.h>
#include <stdlib.h>

/* Reports wait LAZY for company, what is new of an instance only URGENT; a store that cannot write is tried again
 * after RETRY. A newcomer in a full fleet makes those leave that were silent for CROWDED. */
#define LAZY_NS    (3 * NS_PER_SECOND)
#define URGENT_NS  (NS_PER_SECOND / 4)
#define RETRY_NS   (5 * NS_PER_SECOND)
#define CROWDED_NS NS_PER_HOUR
#define DAY_NS     (24 * NS_PER_HOUR)

enum { REQUEST_MEMORY = 2 << 20, ACCOUNTS_MAX = 4096 };

struct seen {
    int64_t account;
    uint64_t generation;
};

struct edges {
    struct store *store;
    struct publisher *publisher;
    struct keys *keys;
    struct wholes wholes;
    pthread_mutex_t mutex;
    pthread_cond_t wake, settled;
    pthread_t thread;
    struct fleet *fleet;
    struct seen *seen; /* the published sets whose policies the fleet knows */
    size_t seen_count;
    bool dirty, urgent, tick, closing, writing;
    unsigned settling;   /* who waits in edges_settle */
    struct flush *stuck; /* could not be written yet */
    bool failed;         /* the last attempt */
    uint64_t rounds;     /* of writing that ended */
};

/* ---- one poll ---- */

struct poll {
    struct edges *e;
    int64_t account, now_ns;
    const struct published_set *set;
    struct instance *instance; /* NULL: no identity, or no room */
    unsigned stages;
};

static void learn_policies(struct edges *e, int64_t account, const struct published_set *set)
{
    size_t i = 0;
    while (i < e->seen_count && e->seen[i].account != account) i++;
    if (i < e->seen_count && e->seen[i].generation == published_generation(set)) return;
    if (i == e->seen_count) {
        if (e->seen_count == ACCOUNTS_MAX) return;
        e->seen = xreallocarray(e->seen, ++e->seen_count, sizeof *e->seen);
    }
    e->seen[i] = (struct seen){account, published_generation(set)};
    for (size_t k = 0; k < published_count(set); k++) {
        const struct published_policy *p = published_at(set, k);
        fleet_policy_add(e->fleet, account, p->wire_id, p->id, p->row);
    }
}

static void mark(struct edges *e, bool urgent)
{
    if (e->dirty && (e->urgent || !urgent)) return;
    e->dirty = true;
    e->urgent = e->urgent || urgent;
    pthread_cond_signal(&e->wake);
}

static struct slice value_of(const struct sync_attributes *list, const char *key)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].text && slice_is(list->items[i].key, key)) return list->items[i].value;
    return SLICE("");
}

static void on_client(void *context, const struct sync_client *client)
{
    struct poll *p = context;
    struct edges *e = p->e;
    const struct sync_attributes *a = &client->resource;
    struct edge_identity who = {value_of(a, "service.name"), value_of(a, "service.namespace"), value_of(a, "service.version"),
                                value_of(a, "service.instance.id")};
    p->stages = client->stages;
    pthread_mutex_lock(&e->mutex);
    learn_policies(e, p->account, p->set);
    if (who.name.len || who.instance.len) {
        struct instance *i = fleet_instance_find(e->fleet, p->account, &who);
        if (!i) i = fleet_instance_add(e->fleet, p->account, &who, p->now_ns);
        bool changed = i && i->fingerprint != client->fingerprint;
        if (changed) fleet_instance_describe(i, client);
        if (i) {
            i->stages = client->stages;
            i->last_sync = p->now_ns;
            i->dirty = true;
        }
        p->instance = i;
        mark(e, changed || e->fleet->crowded);
    }
    pthread_mutex_unlock(&e->mutex);
}

static void on_statuses(void *context, const struct sync_status *statuses, size_t count)
{
    struct poll *p = context;
    pthread_mutex_lock(&p->e->mutex);
    fleet_fold(p->e->fleet, p->account, p->instance, statuses, count, p->now_ns);
    if (p->instance) p->instance->dirty = true;
    if (p->e->fleet->dirty) mark(p->e, false);
    pthread_mutex_unlock(&p->e->mutex);
}

static void note(char out[FLEET_HASH + 1], struct slice hash, bool *changed)
{
    size_t n = hash.len < FLEET_HASH ? hash.len : FLEET_HASH;
    *changed = *changed || strlen(out) != n || memcmp(out, hash.ptr, n) != 0;
    memcpy(out, hash.ptr, n);
    out[n] = '\0';
}

static void note_hashes(struct poll *p, struct slice successful, struct slice response)
{
    bool changed = false;
    if (!p->instance) return;
    pthread_mutex_lock(&p->e->mutex);
    note(p->instance->successful, successful, &changed);
    note(p->instance->response, response, &changed);
    p->instance->dirty = true;
    mark(p->e, changed);
    pthread_mutex_unlock(&p->e->mutex);
}

bool edges_sync(struct edges *e, int64_t account, struct slice body, enum published_encoding request, enum published_encoding response,
                struct edges_answer *answer, const char **problem)
{
    struct poll p = {.e = e, .account = account, .now_ns = clock_now(), .set = published_take(e->publisher, account)};
    struct sync_sink sink = {&p, on_client, on_statuses};
    struct sync_request r;
    struct arena *arena = arena_new(REQUEST_MEMORY);
    bool ok = request == PUBLISHED_JSON ? sync_read_json(body, arena, &sink, &r) : sync_read_protobuf(body, arena, &sink, &r);
    if (ok) {
        const struct published_list *list = published_list(p.set, response, p.stages);
        bool full = r.full_sync || !slice_eq(r.last_hash, list->hash);
        note_hashes(&p, r.last_hash, list->hash);
        answer_write(&e->wholes, &(struct answer_of){p.set, response, p.stages, full, p.now_ns}, answer);
    } else {
        *problem = r.problem;
    }
    published_release(p.set);
    arena_free(arena);
    return ok;
}

/* ---- keys and hashes ---- */

bool edges_key(struct edges *e, struct slice secret, int64_t *account)
{
    if (!keys_check(e->keys, secret, clock_now(), account)) return false;
    pthread_mutex_lock(&e->mutex);
    mark(e, false);
    pthread_mutex_unlock(&e->mutex);
    return true;
}

void edges_keys_changed(struct edges *e)
{
    struct db *db = store_reader(e->store);
    if (!db || !keys_load(e->keys, db)) log_error("edges: the keys could not be read again; restart the control plane");
}

void edges_published_hash(struct edges *e, int64_t account, unsigned stages, char out[65])
{
    const struct published_set *set = published_take(e->publisher, account);
    struct slice hash = published_list(set, PUBLISHED_JSON, stages)->hash;
    size_t n = hash.len < 64 ? hash.len : 64;
    memcpy(out, hash.ptr, n);
    out[n] = '\0';
    published_release(set);
}

/* ---- the thread that writes ---- */

static bool work(const struct edges *e) { return e->dirty || e->tick || e->stuck; }

static struct timespec monotonic(int64_t ns)
{
    return (struct timespec){.tv_sec = (time_t)(ns / NS_PER_SECOND), .tv_nsec = (long)(ns % NS_PER_SECOND)};
}

/* With the lock. Waits for something to write, then a while for more of it. False: the end. */
static bool wait_for_work(struct edges *e)
{
    while (!work(e) && !e->closing && !e->settling) pthread_cond_wait(&e->wake, &e->mutex);
    int64_t start = clock_monotonic();
    while (!e->closing && !e->settling && !e->tick) {
        int64_t until = start + (e->stuck ? RETRY_NS : e->urgent ? URGENT_NS : LAZY_NS);
        if (clock_monotonic() >= until) break;
        struct timespec at = monotonic(until);
        pthread_cond_timedwait(&e->wake, &e->mutex, &at);
    }
    return work(e) || !e->closing;
}

/* Without the lock. What is stuck goes first. */
static bool write_all(struct edges *e)
{
    if (e->stuck && !flush_write(e->stuck, e->store)) return false;
    flush_free(e->stuck);
    e->stuck = NULL;
    pthread_mutex_lock(&e->mutex);
    e->stuck = flush_take(e->fleet, e->keys);
    e->dirty = e->urgent = false;
    pthread_mutex_unlock(&e->mutex);
    if (e->stuck && !flush_write(e->stuck, e->store)) return false;
    flush_free(e->stuck);
    e->stuck = NULL;
    return true;
}

static void retire(struct edges *e, int64_t now_ns, int64_t silent_ns)
{
    pthread_mutex_lock(&e->mutex);
    e->stuck = flush_take(e->fleet, e->keys);
    size_t gone = fleet_retire(e->fleet, now_ns - silent_ns);
    pthread_mutex_unlock(&e->mutex);
    if (gone) log_info("edges: forgot %zu instances that were silent for %lld hours", gone, (long long)(silent_ns / NS_PER_HOUR));
    if (e->stuck && !flush_write(e->stuck, e->store)) return;
    flush_free(e->stuck);
    e->stuck = NULL;
    edges_retain(e->store, now_ns, now_ns - silent_ns);
}

static bool round_of_work(struct edges *e, bool tick)
{
    bool written = write_all(e);
    pthread_mutex_lock(&e->mutex);
    wholes_expire(&e->wholes, clock_now());
    bool crowded = e->fleet->crowded;
    e->fleet->crowded = false;
    pthread_mutex_unlock(&e->mutex);
    if (written && crowded) retire(e, clock_now(), CROWDED_NS);
    if (written && tick) retire(e, clock_now(), EDGE_FORGET_DAYS * DAY_NS);
    return written;
}

static void *run(void *context)
{
    struct edges *e = context;
    pthread_mutex_lock(&e->mutex);
    while (wait_for_work(e)) {
        bool tick = e->tick, last = e->closing;
        e->tick = false;
        pthread_mutex_unlock(&e->mutex);
        bool written = round_of_work(e, tick);
        pthread_mutex_lock(&e->mutex);
        e->failed = !written;
        e->rounds++;
        pthread_cond_broadcast(&e->settled);
        if (last && !written) break;
    }
    pthread_mutex_unlock(&e->mutex);
    store_reader_end(e->store);
    return NULL;
}

/* ---- its life ---- */

static bool load(struct edges *e)
{
    struct db *db = store_reader(e->store);
    bool ok = db && keys_load(e->keys, db) && fleet_load(e->fleet, db);
    store_reader_end(e->store);
    return ok;
}

struct edges *edges_new(struct store *store, struct publisher *publisher, char **problem)
{
    struct edges *e = xcalloc(1, sizeof *e);
    e->store = store;
    e->publisher = publisher;
    wholes_init(&e->wholes);
    e->keys = keys_new();
    e->fleet = fleet_new();
    pthread_mutex_init(&e->mutex, NULL);
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&e->wake, &clock);
    pthread_cond_init(&e->settled, NULL);
    pthread_condattr_destroy(&clock);
    bool loaded = load(e);
    if (loaded && pthread_create(&e->thread, NULL, run, e) == 0) return e;
    *problem = xstrdup(loaded ? "edges: cannot start a thread" : "edges: the store cannot be read");
    fleet_free(e->fleet);
    keys_free(e->keys);
    free(e);
    return NULL;
}

void edges_free(struct edges *e)
{
    if (!e) return;
    pthread_mutex_lock(&e->mutex);
    e->closing = true;
    pthread_cond_signal(&e->wake);
    pthread_mutex_unlock(&e->mutex);
    pthread_join(e->thread, NULL);
    if (e->stuck) log_warn("edges: the last reports could not be written");
    flush_free(e->stuck);
    wholes_free(&e->wholes);
    fleet_free(e->fleet);
    keys_free(e->keys);
    pthread_cond_destroy(&e->wake);
    pthread_cond_destroy(&e->settled);
    pthread_mutex_destroy(&e->mutex);
    free(e->seen);
    free(e);
}

void edges_tick(struct edges *e)
{
    pthread_mutex_lock(&e->mutex);
    e->tick = true;
    pthread_cond_signal(&e->wake);
    pthread_mutex_unlock(&e->mutex);
}

bool edges_settle(struct edges *e)
{
    pthread_mutex_lock(&e->mutex);
    e->settling++;
    uint64_t until = e->rounds + 2; /* the round under way may have begun before the last report */
    while (e->rounds < until) {
        pthread_cond_signal(&e->wake);
        pthread_cond_wait(&e->settled, &e->mutex);
    }
    e->settling--;
    bool ok = !e->failed;
    pthread_mutex_unlock(&e->mutex);
    return ok;
}
