#include "base/clock.h"
#include "base/die.h"
#include "api-client/request.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

enum { MS = 1000000, DAY_MS = 86400000 };

struct api *api_open(const struct api_profile *profile, char **problem)
{
    struct origin origin;
    if (!origin_open(&origin, profile, problem)) return NULL;
    struct api *api = xcalloc(1, sizeof *api);
    api->origin = origin;
    api->origin.transfer_ms = profile->answer_ms ? profile->answer_ms : TRANSFER_MS;
    api->ops = origin.socket ? &transport_local : &transport_curl;
    api->kind = profile->kind;
    api->sticky = api->read_only = profile->read_only;
    api->patience_ns = (int64_t)profile->patience_ms * MS;
    return api;
}

void api_close(struct api *api)
{
    if (!api) return;
    while (api->first) request_free(api, api->first);
    if (api->transport) api->ops->close(api->transport);
    for (size_t i = 0; i < api->filtered_count; i++) free(api->filtered[i].text);
    free(api->filtered);
    journal_free(&api->journal);
    json_decref(api->offers);
    origin_close(&api->origin);
    free(api);
}

uint64_t api_send(struct api *api, const char *operation, json_t *variables, api_done *done, void *context)
{
    struct request *r = request_new(api, operation, variables);
    r->done = done;
    r->context = context;
    return r->ticket;
}

void api_cancel(struct api *api, uint64_t ticket)
{
    struct request *r = request_find(api, ticket);
    if (!r) return;
    struct api_log_entry *e = journal_find(&api->journal, ticket);
    if (e) {
        e->elapsed_ns = clock_monotonic() - r->started;
        e->status = API_REFUSED;
        char said[sizeof e->message + 20];
        snprintf(said, sizeof said, "cancelled%s%s", *e->message ? ", before: " : "", e->message);
        journal_say(e, said);
    }
    request_free(api, r);
}

static void begin_due(struct api *api)
{
    if (api->locked) return;
    int64_t now = clock_monotonic();
    for (struct request *r = api->first; r; r = r->next)
        if (r->state == REQUEST_WAITS && r->due <= now) {
            if (!api->transport) api->transport = api->ops->open(&api->origin);
            request_begin(api, r);
        }
}

static bool finish_decided(struct api *api)
{
    bool any = false;
    for (struct request *r = api->first; r;) {
        if (r->state != REQUEST_DECIDED) {
            r = r->next;
            continue;
        }
        request_finish(api, r);
        any = true;
        r = api->first;
    }
    return any;
}

static void collect(struct api *api)
{
    struct exchange *x;
    while (api->transport && (x = api->ops->perform(api->transport))) request_exchanged(api, x->owner);
}

/* True where a callback was called. */
static bool run(struct api *api)
{
    begin_due(api);
    collect(api);
    return finish_decided(api);
}

static int until_due(const struct api *api, int timeout_ms)
{
    int64_t now = clock_monotonic(), least = timeout_ms < 0 ? DAY_MS : timeout_ms;
    for (const struct request *r = api->first; r; r = r->next) {
        if (r->state == REQUEST_DECIDED) return 0;
        if (r->state != REQUEST_WAITS || api->locked) continue;
        int64_t wait = r->due <= now ? 0 : (r->due - now + MS - 1) / MS;
        if (wait < least) least = wait;
    }
    return (int)least;
}

static void wait_alone(const int *fds, bool *ready, size_t count, int timeout_ms)
{
    struct pollfd waits[WAIT_FDS];
    for (size_t i = 0; i < count; i++) waits[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
    int n = poll(waits, (nfds_t)count, timeout_ms);
    for (size_t i = 0; i < count; i++) ready[i] = n > 0 && waits[i].revents != 0;
}

void api_flush(struct api *api) { begin_due(api); }

void api_poll(struct api *api, const int *fds, bool *ready, size_t count, int timeout_ms)
{
    if (count > WAIT_FDS) die("api_poll: %zu descriptors", count);
    if (run(api)) timeout_ms = 0;
    timeout_ms = until_due(api, timeout_ms);
    if (api->transport) api->ops->wait(api->transport, fds, ready, count, timeout_ms);
    else wait_alone(fds, ready, count, timeout_ms);
    run(api);
}

void api_wait(struct api *api, uint64_t ticket)
{
    while (request_find(api, ticket)) api_poll(api, NULL, NULL, 0, -1);
}

unsigned api_in_flight(const struct api *api)
{
    unsigned n = 0;
    for (const struct request *r = api->first; r; r = r->next) n++;
    return n;
}

int64_t api_last_answer(const struct api *api) { return api->last_answer; }
const char *api_trouble(const struct api *api) { return api->trouble; }

int64_t api_next_try(const struct api *api)
{
    int64_t next = 0;
    for (const struct request *r = api->first; r; r = r->next)
        if (r->state == REQUEST_WAITS && r->attempts && (!next || r->due < next)) next = r->due;
    return next;
}

void api_try_now(struct api *api)
{
    int64_t now = clock_monotonic();
    for (struct request *r = api->first; r; r = r->next)
        if (r->state == REQUEST_WAITS && r->due > now) r->due = now;
}

void api_set_read_only(struct api *api, bool read_only) { api->read_only = read_only || api->sticky; }
bool api_read_only(const struct api *api) { return api->read_only; }

bool api_offers(const struct api *api, const char *type, const char *field)
{
    return !api->offers || offered_field(api->offers, type, field);
}

void api_lock(struct api *api)
{
    api->locked = true;
    for (struct request *r = api->first; r; r = r->next) request_hold(api, r);
    if (api->transport) api->ops->close(api->transport);
    api->transport = NULL;
    origin_forget_token(&api->origin);
}

void api_unlock(struct api *api, const char *token)
{
    origin_forget_token(&api->origin);
    origin_take_token(&api->origin, token);
    api->locked = false;
}

const char *api_token(const struct api *api) { return origin_token(&api->origin); }

size_t api_log(const struct api *api, const struct api_log_entry **entries)
{
    *entries = api->journal.entries;
    return api->journal.count;
}
