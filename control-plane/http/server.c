#include "base/clock.h"
#include "base/die.h"
#include "base/log.h"
#include "control-plane/http/server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    THREADS_MAX = 4,
    LAST_WORDS_MS = 1000,
    CONNECTIONS = 512,
    TIMEOUT_SECONDS = 30,
    CONNECTION_MEMORY = 48 * 1024,
    STACK = 1 << 20,
    SPARE_FILES = 128
};
#define BODY_MEMORY ((size_t)128 << 20)

static void fill_defaults(struct http_options *o)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (!o->threads) o->threads = cores < 1 ? 1 : cores > THREADS_MAX ? THREADS_MAX : (unsigned)cores;
    if (!o->max_connections) o->max_connections = CONNECTIONS;
    if (!o->timeout_seconds) o->timeout_seconds = TIMEOUT_SECONDS;
    if (!o->body_memory) o->body_memory = BODY_MEMORY;
}

static void allow_descriptors(unsigned connections)
{
    struct rlimit limit;
    rlim_t need = connections + SPARE_FILES;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= need) return;
    limit.rlim_cur = need < limit.rlim_max ? need : limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

static void seed_ids(struct http_server *s)
{
    uint64_t random;
    if (getrandom(&random, sizeof random, 0) != sizeof random) random = (uint64_t)clock_now();
    snprintf(s->id_prefix, sizeof s->id_prefix, "%016llx", (unsigned long long)random);
}

static struct http_server *server_new(const struct http_options *options)
{
    struct http_server *s = xcalloc(1, sizeof *s);
    s->options = *options;
    fill_defaults(&s->options);
    s->timeout_ms = (int64_t)s->options.timeout_seconds * 1000;
    s->budget.max = s->options.body_memory;
    s->listener[0] = s->listener[1] = -1;
    pthread_mutex_init(&s->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&s->quiet, &monotonic);
    pthread_condattr_destroy(&monotonic);
    s->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (s->wake < 0) die("eventfd: %s", strerror(errno));
    seed_ids(s);
    return s;
}

static void server_free(struct http_server *s)
{
    if (s->daemon) MHD_stop_daemon(s->daemon);
    for (int i = 0; i < HTTP_LISTENERS; i++)
        if (s->listener[i] >= 0) close(s->listener[i]);
    close(s->wake);
    pthread_cond_destroy(&s->quiet);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

static bool open_listeners(struct http_server *s, char **problem)
{
    if (s->options.unix_path && (s->listener[0] = http_listen_unix(s->options.unix_path, problem)) < 0) return false;
    if (s->options.tcp && (s->listener[1] = http_listen_tcp(s->options.tcp, &s->port, problem)) < 0) {
        if (!s->options.tcp_optional) return false;
        free(*problem);
        *problem = NULL;
    }
    return true;
}

/* More than 32 KiB for a connection: that is mapped by itself and gone with the connection, headers and all.
 * libmicrohttpd divides its limit evenly among the threads; ours is exact, so each thread may hold all. */
static bool start_workers(struct http_server *s)
{
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC | MHD_USE_NO_LISTEN_SOCKET;
    unsigned pool = s->options.threads > 1 ? s->options.threads : 0;
    unsigned limit = (s->options.max_connections + THREADS_MAX) * s->options.threads;
    s->daemon = MHD_start_daemon(flags, 0, NULL, NULL, http_on_request, s,                              //
                                 MHD_OPTION_THREAD_POOL_SIZE, pool,                                     //
                                 MHD_OPTION_CONNECTION_LIMIT, limit,                                    //
                                 MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,         //
                                 MHD_OPTION_THREAD_STACK_SIZE, (size_t)STACK,                           //
                                 MHD_OPTION_NOTIFY_CONNECTION, http_connection_event, s,                //
                                 MHD_OPTION_NOTIFY_COMPLETED, http_on_completed, s,                     //
                                 MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, //
                                 MHD_OPTION_END);
    return s->daemon != NULL;
}

struct http_server *http_start(const struct http_options *options, char **problem)
{
    struct http_server *s = server_new(options);
    *problem = NULL;
    allow_descriptors(s->options.max_connections);
    if (!open_listeners(s, problem)) {
        server_free(s);
        return NULL;
    }
    if (!start_workers(s) || pthread_create(&s->acceptor, NULL, http_accept_loop, s) != 0) {
        *problem = xasprintf("cannot start the HTTP server's threads: %s", strerror(errno));
        server_free(s);
        return NULL;
    }
    return s;
}

uint16_t http_port(const struct http_server *s) { return s->port; }

unsigned http_open_connections(const struct http_server *s)
{
    pthread_mutex_t *lock = (pthread_mutex_t *)(uintptr_t)&s->lock;
    pthread_mutex_lock(lock);
    unsigned open = s->open;
    pthread_mutex_unlock(lock);
    return open;
}

static void stop_accepting(struct http_server *s)
{
    uint64_t one = 1;
    ssize_t ignored = write(s->wake, &one, sizeof one);
    (void)ignored;
    pthread_join(s->acceptor, NULL);
    for (int i = 0; i < HTTP_LISTENERS; i++) {
        if (s->listener[i] >= 0) close(s->listener[i]);
        s->listener[i] = -1;
    }
    if (s->options.unix_path) unlink(s->options.unix_path);
}

static int64_t in_ms(int ms) { return clock_monotonic() + (int64_t)ms * 1000000; }

static bool busy(struct http_server *s) { return atomic_load(&s->in_flight) > 0 || atomic_load(&s->later) > 0; }
static bool owes(struct http_server *s) { return atomic_load(&s->later) > 0; }

static bool wait_while(struct http_server *s, bool (*condition)(struct http_server *s), int64_t end)
{
    struct timespec until = {.tv_sec = end / NS_PER_SECOND, .tv_nsec = end % NS_PER_SECOND};
    pthread_mutex_lock(&s->lock);
    while (condition(s) && pthread_cond_timedwait(&s->quiet, &s->lock, &until) != ETIMEDOUT) {}
    bool holds = condition(s);
    pthread_mutex_unlock(&s->lock);
    return !holds;
}

static bool wait_for_owed(struct http_server *s, int ms)
{
    bool late = owes(s);
    if (!wait_while(s, owes, in_ms(ms))) return false;
    if (late) wait_while(s, busy, in_ms(LAST_WORDS_MS));
    return true;
}

bool http_stop(struct http_server *s, int grace_ms, int owed_ms)
{
    int64_t end = in_ms(grace_ms);
    atomic_store(&s->phase, PHASE_DRAINING);
    stop_accepting(s);
    http_end_waiting(s);
    wait_while(s, busy, end);
    atomic_store(&s->phase, PHASE_CLOSED);
    wait_while(s, busy, end);
    atomic_store(&s->phase, PHASE_OVER);
    if (!wait_for_owed(s, owed_ms)) return false;
    server_free(s);
    return true;
}
