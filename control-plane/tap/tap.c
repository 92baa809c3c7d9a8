#include "control-plane/tap/tap.h"

#include "base/clock.h"
#include "base/die.h"
#include "control-plane/tap/session.h"

#include <errno.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* A place for a tap; free where the status' id is zero. */
struct slot {
    struct tap_status status;
    struct session *session;               /* NULL once it ended */
    int64_t limit_ns, lease_ns, forget_ns; /* monotonic */
};

struct taps {
    struct catalog *catalog;
    struct otlp_watch watch;
    _Atomic(const struct otlp_watch *) on;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t keeper;
    bool closing;
    struct slot slots[TAPS_MOST];
};

static bool is_free(const struct slot *s) { return !(s->status.id.hi | s->status.id.lo); }
static int64_t after_seconds(int64_t n) { return clock_monotonic() + n * NS_PER_SECOND; }

/* ---- all with the lock held ---- */

static struct slot *find(struct taps *t, struct id128 id)
{
    for (size_t i = 0; i < TAPS_MOST; i++)
        if (!is_free(&t->slots[i]) && t->slots[i].status.id.hi == id.hi && t->slots[i].status.id.lo == id.lo) return &t->slots[i];
    return NULL;
}

static void settle(struct taps *t)
{
    bool on = false;
    for (size_t i = 0; i < TAPS_MOST; i++) {
        const struct slot *s = &t->slots[i];
        on |= s->session && s->status.state == TAP_RUNNING;
    }
    atomic_store(&t->on, on ? &t->watch : NULL);
    pthread_cond_signal(&t->changed);
}

static void end(struct slot *s, enum tap_end why)
{
    if (!s->session) return;
    s->status.counts = s->session->counts;
    session_free(s->session);
    s->session = NULL;
    s->status.end = why;
    s->status.state = TAP_ENDED;
    s->forget_ns = after_seconds(TAP_REMEMBERED_SECONDS);
}

/* Ends what is over, forgets what ended long ago; gives when to look again, INT64_MAX: never. */
static int64_t sweep(struct taps *t)
{
    int64_t now = clock_monotonic(), next = INT64_MAX;
    for (size_t i = 0; i < TAPS_MOST; i++) {
        struct slot *s = &t->slots[i];
        if (is_free(s)) continue;
        if (s->session && now >= s->limit_ns) end(s, TAP_EXPIRED);
        else if (s->session && now >= s->lease_ns) end(s, s->status.state == TAP_PREPARED ? TAP_NEVER_BEGAN : TAP_ABANDONED);
        if (!s->session && now >= s->forget_ns) {
            *s = (struct slot){.session = NULL};
            continue;
        }
        int64_t due = !s->session ? s->forget_ns : s->limit_ns < s->lease_ns ? s->limit_ns : s->lease_ns;
        if (due < next) next = due;
    }
    return next;
}

/* ---- the thread that ends taps: sleeps for as long as there are none ---- */

static void *keep_time(void *context)
{
    struct taps *t = context;
    pthread_mutex_lock(&t->lock);
    while (!t->closing) {
        int64_t next = sweep(t);
        settle(t);
        struct timespec at = {.tv_sec = next / NS_PER_SECOND, .tv_nsec = next % NS_PER_SECOND};
        if (next == INT64_MAX) pthread_cond_wait(&t->changed, &t->lock);
        else pthread_cond_timedwait(&t->changed, &t->lock, &at);
    }
    pthread_mutex_unlock(&t->lock);
    return NULL;
}

/* ---- records ---- */

static void see(void *context, const struct otlp_sight *sight)
{
    struct taps *t = context;
    int64_t now = clock_now(), monotonic = clock_monotonic();
    pthread_mutex_lock(&t->lock);
    for (size_t i = 0; i < TAPS_MOST; i++) {
        struct slot *s = &t->slots[i];
        bool live = s->session && s->status.state == TAP_RUNNING && monotonic < s->limit_ns && monotonic < s->lease_ns;
        if (live) session_see(s->session, sight, now);
    }
    pthread_mutex_unlock(&t->lock);
}

const struct otlp_watch *taps_watch(struct taps *t) { return t ? atomic_load_explicit(&t->on, memory_order_relaxed) : NULL; }

/* ---- the registry ---- */

struct taps *taps_new(struct catalog *catalog)
{
    struct taps *t = xcalloc(1, sizeof *t);
    pthread_condattr_t attributes;
    t->catalog = catalog;
    t->watch = (struct otlp_watch){see, t};
    pthread_mutex_init(&t->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&t->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    int error = pthread_create(&t->keeper, NULL, keep_time, t);
    if (error) die("live preview: no thread: %s", strerror(error));
    return t;
}

void taps_free(struct taps *t)
{
    if (!t) return;
    pthread_mutex_lock(&t->lock);
    t->closing = true;
    for (size_t i = 0; i < TAPS_MOST; i++) end(&t->slots[i], TAP_STOPPED);
    settle(t);
    pthread_mutex_unlock(&t->lock);
    pthread_join(t->keeper, NULL);
    pthread_cond_destroy(&t->changed);
    pthread_mutex_destroy(&t->lock);
    free(t);
}

/* A free place, else that of the tap that ended first. */
static struct slot *place(struct taps *t)
{
    struct slot *best = NULL;
    for (size_t i = 0; i < TAPS_MOST; i++) {
        struct slot *s = &t->slots[i];
        if (is_free(s)) return s;
        if (!s->session && (!best || s->forget_ns < best->forget_ns)) best = s;
    }
    return best;
}

static void fill(struct slot *s, const struct tap_options *o, struct id128 id, struct session *session)
{
    *s = (struct slot){.session = session};
    s->status =
        (struct tap_status){.id = id, .account = o->account, .state = TAP_PREPARED, .revealed = o->reveal, .records_most = o->records};
    memcpy(s->status.owner, o->owner, sizeof s->status.owner);
    s->status.started_ns = clock_now();
    s->status.expires_ns = s->status.started_ns + o->seconds * NS_PER_SECOND;
    s->limit_ns = after_seconds(o->seconds);
    s->lease_ns = after_seconds(TAP_LEASE_SECONDS);
}

enum tap_prepared taps_prepare(struct taps *t, const struct tap_options *o, struct id128 id)
{
    struct session *session = session_new(o, catalog_words(t->catalog));
    if (!session) return TAP_NO_MEMORY;
    pthread_mutex_lock(&t->lock);
    struct slot *s = place(t);
    if (s) {
        fill(s, o, id, session);
        settle(t);
    }
    pthread_mutex_unlock(&t->lock);
    if (!s) session_free(session);
    return s ? TAP_READY : TAP_TOO_MANY;
}

void taps_begin(struct taps *t, struct id128 id)
{
    pthread_mutex_lock(&t->lock);
    struct slot *s = find(t, id);
    if (s && s->session) s->status.state = TAP_RUNNING;
    settle(t);
    pthread_mutex_unlock(&t->lock);
}

void taps_reveal(struct taps *t, struct id128 id)
{
    pthread_mutex_lock(&t->lock);
    struct slot *s = find(t, id);
    if (s && s->session) s->status.revealed = s->session->options.reveal = true;
    settle(t);
    pthread_mutex_unlock(&t->lock);
}

void taps_end(struct taps *t, struct id128 id, enum tap_end why)
{
    pthread_mutex_lock(&t->lock);
    struct slot *s = find(t, id);
    if (s) end(s, why);
    settle(t);
    pthread_mutex_unlock(&t->lock);
}

void taps_end_account(struct taps *t, int64_t account, bool only_revealed)
{
    pthread_mutex_lock(&t->lock);
    for (size_t i = 0; i < TAPS_MOST; i++) {
        struct slot *s = &t->slots[i];
        if (!is_free(s) && s->status.account == account && (!only_revealed || s->status.revealed)) end(s, TAP_FORBIDDEN);
    }
    settle(t);
    pthread_mutex_unlock(&t->lock);
}

/* ---- looking ---- */

static struct tap_status status_of(const struct slot *s)
{
    struct tap_status status = s->status;
    if (!s->session) return status;
    status.counts = s->session->counts;
    status.last_sequence = s->session->sequence;
    return status;
}

static size_t first_after(const struct ring *r, uint64_t after)
{
    size_t i = 0;
    while (i < r->count && ring_at(r, i)->sequence <= after) i++;
    return i;
}

/* The list of pointers, then the blocks. */
static bool copy_records(const struct ring *r, uint64_t after, size_t most, struct tap_view *view)
{
    size_t first = first_after(r, after), count = r->count - first, bytes = 0;
    if (count > most) count = most;
    if (!count) return true;
    for (size_t i = 0; i < count; i++) bytes += r->blocks[(r->first + first + i) % TAP_RECORDS_MOST].len;
    size_t table = (count * sizeof *view->records + 15) & ~(size_t)15;
    /* sodium_malloc aligns the end, not the start */
    char *memory = sodium_malloc((table + bytes + 63) & ~(size_t)63);
    if (!memory) return false;
    view->memory = memory;
    view->records = (const struct tap_record **)(void *)memory;
    char *at = memory + table;
    for (size_t i = 0; i < count; i++) {
        size_t len = r->blocks[(r->first + first + i) % TAP_RECORDS_MOST].len;
        memcpy(at, ring_at(r, first + i), len);
        view->records[i] = (const struct tap_record *)(void *)at;
        at += len;
    }
    view->count = count;
    return true;
}

bool taps_view(struct taps *t, struct id128 id, const char *owner, uint64_t after, size_t count, struct tap_view *view)
{
    *view = (struct tap_view){.count = 0};
    pthread_mutex_lock(&t->lock);
    sweep(t);
    struct slot *s = find(t, id);
    bool found = s && strcmp(s->status.owner, owner) == 0;
    if (found) {
        view->status = status_of(s);
        s->lease_ns = after_seconds(TAP_LEASE_SECONDS);
        if (s->session) found = copy_records(&s->session->ring, after, count, view);
    }
    settle(t);
    pthread_mutex_unlock(&t->lock);
    return found;
}

void tap_view_free(struct tap_view *view)
{
    sodium_free(view->memory);
    *view = (struct tap_view){.count = 0};
}

bool taps_find(struct taps *t, struct id128 id, struct tap_status *status)
{
    pthread_mutex_lock(&t->lock);
    sweep(t);
    const struct slot *s = find(t, id);
    if (s) *status = status_of(s);
    settle(t);
    pthread_mutex_unlock(&t->lock);
    return s != NULL;
}

size_t taps_list(struct taps *t, int64_t account, struct tap_status list[TAPS_MOST])
{
    size_t n = 0;
    pthread_mutex_lock(&t->lock);
    sweep(t);
    for (size_t i = 0; i < TAPS_MOST; i++) {
        const struct slot *s = &t->slots[i];
        if (!is_free(s) && s->status.account == account && s->status.state != TAP_PREPARED) list[n++] = status_of(s);
    }
    settle(t);
    pthread_mutex_unlock(&t->lock);
    return n;
}
