/* A request's way: begin (head read) -> body in pieces -> the handler -> answer, at once or after a suspension. */
#include "base/die.h"
#include "control-plane/http/server.h"

#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

/* Of a refused body this much is read and dropped before the answer. */
#define DROP_MAX ((size_t)64 << 20)

static void refuse(struct exchange *x, int status, const char *reason)
{
    x->route = NULL;
    x->refusal = status;
    x->reason = reason;
}

static bool fit_id(const char *id)
{
    size_t n = strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");
    return n > 0 && n < sizeof((struct http_request *)0)->id && !id[n];
}

static void name_request(struct http_server *s, struct exchange *x)
{
    const char *given = MHD_lookup_connection_value(x->mhd, MHD_HEADER_KIND, "X-Request-Id");
    if (given && fit_id(given)) {
        snprintf(x->request.id, sizeof x->request.id, "%s", given);
        return;
    }
    static const char digits[] = "0123456789abcdef";
    uint64_t n = atomic_fetch_add(&s->next_id, 1);
    memcpy(x->request.id, s->id_prefix, 16);
    for (int i = 31; i >= 16; i--, n >>= 4) x->request.id[i] = digits[n & 15];
}

static size_t declared_length(struct exchange *x)
{
    const char *text = MHD_lookup_connection_value(x->mhd, MHD_HEADER_KIND, "Content-Length");
    return text ? (size_t)strtoull(text, NULL, 10) : 0;
}

static bool chunked(struct exchange *x) { return MHD_lookup_connection_value(x->mhd, MHD_HEADER_KIND, "Transfer-Encoding") != NULL; }

static void read_encoding(struct exchange *x)
{
    const char *text = MHD_lookup_connection_value(x->mhd, MHD_HEADER_KIND, "Content-Encoding");
    if (!text || !*text || !strcasecmp(text, "identity")) return;
    x->gzip = !strcasecmp(text, "gzip") || !strcasecmp(text, "x-gzip");
    if (!x->gzip && x->route) refuse(x, 415, "this Content-Encoding is not known: gzip and identity are");
}

static struct exchange *begin(struct http_server *s, struct MHD_Connection *mhd, const char *url, const char *method)
{
    struct exchange *x = xcalloc(1, sizeof *x);
    struct http_connection *c = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    x->mhd = mhd;
    x->request = (struct http_request){.method = method, .path = url, .peer = c->peer, .connection = c};
    atomic_store(&c->waiting, false);
    atomic_fetch_add(&s->in_flight, 1);
    name_request(s, x);
    http_find_route(&s->options, x);
    read_encoding(x);
    return x;
}

/* An answer given here, before the body, makes libmicrohttpd close the connection after it. */
static enum MHD_Result admit(struct http_server *s, struct exchange *x)
{
    size_t length = declared_length(x);
    bool unknown = chunked(x);
    if (x->route && length > x->route->max_body) refuse(x, 413, "the body is larger than this path takes");
    if (x->refusal && (length > DROP_MAX || MHD_lookup_connection_value(x->mhd, MHD_HEADER_KIND, "Expect"))) {
        http_refusal_reply(s, x);
        return http_queue_reply(s, x);
    }
    if (x->route) http_body_expect(&x->body, &s->budget, length, x->route->max_body);
    http_deadline(x->request.connection, unknown && x->route ? x->route->max_body : length);
    return MHD_YES;
}

static void refuse_body(struct exchange *x, enum body_result r)
{
    if (r == BODY_TOO_LARGE) refuse(x, 413, "the body is larger than this path takes");
    if (r == BODY_NO_MEMORY) refuse(x, 503, "too many large requests at once");
    if (r == BODY_BAD) refuse(x, 400, "the body is not valid gzip");
}

/* False: so much came that the connection is to be closed. */
static bool take_body(struct http_server *s, struct exchange *x, const char *bytes, size_t n)
{
    x->request.wire_bytes += n;
    if (x->route) refuse_body(x, http_body_add(&x->body, &s->budget, bytes, n, x->route->max_body));
    if (x->route) return true;
    http_body_free(&x->body, &s->budget);
    x->dropped += n;
    return x->dropped <= DROP_MAX;
}

/* The pieces lie in libmicrohttpd's read buffer, which outlives the request. */
static void wipe(const char *bytes, size_t n) { explicit_bzero((void *)(uintptr_t)bytes, n); }

static enum MHD_Result answer_later(struct http_server *s, struct exchange *x)
{
    int expected = EXCHANGE_RUNNING;
    if (atomic_load(&x->state) == EXCHANGE_ANSWERED) return http_queue_reply(s, x);
    MHD_suspend_connection(x->mhd);
    if (!atomic_compare_exchange_strong(&x->state, &expected, EXCHANGE_SUSPENDED)) MHD_resume_connection(x->mhd);
    return MHD_YES;
}

/* Where nothing was owed: in a worker, which http_stop joins before it frees the server. */
static void owe_nothing(struct http_server *s)
{
    if (atomic_fetch_sub(&s->later, 1) != 1 || atomic_load(&s->phase) == PHASE_SERVING) return;
    pthread_mutex_lock(&s->lock);
    pthread_cond_signal(&s->quiet);
    pthread_mutex_unlock(&s->lock);
}

static enum MHD_Result run_handler(struct http_server *s, struct exchange *x)
{
    x->request.body = slice_of(x->body.data ? x->body.data : "", x->body.len);
    atomic_store(&x->request.connection->deadline, INT64_MAX);
    struct http_reply reply = {0};
    atomic_fetch_add(&s->later, 1);
    if (atomic_load(&s->phase) == PHASE_OVER) {
        owe_nothing(s);
        return MHD_NO;
    }
    if (x->route->handle(s->options.context, &x->request, &reply) == HTTP_LATER) return answer_later(s, x);
    owe_nothing(s);
    x->reply = reply;
    return http_queue_reply(s, x);
}

static enum MHD_Result finish(struct http_server *s, struct exchange *x)
{
    if (x->route && x->gzip) refuse_body(x, http_body_gunzip(&x->body, &s->budget, x->route->max_body));
    if (x->route) return run_handler(s, x);
    http_refusal_reply(s, x);
    return http_queue_reply(s, x);
}

enum MHD_Result http_on_request(void *server, struct MHD_Connection *mhd, const char *url, const char *method, const char *version,
                                const char *upload, size_t *upload_size, void **exchange)
{
    (void)version;
    struct http_server *s = server;
    struct exchange *x = *exchange;
    if (!x) {
        *exchange = x = begin(s, mhd, url, method);
        return atomic_load(&s->phase) >= PHASE_CLOSED ? MHD_NO : admit(s, x);
    }
    if (*upload_size) {
        bool go_on = take_body(s, x, upload, *upload_size);
        wipe(upload, *upload_size);
        *upload_size = 0;
        return go_on ? MHD_YES : MHD_NO;
    }
    return atomic_load(&x->state) == EXCHANGE_ANSWERED ? http_queue_reply(s, x) : finish(s, x);
}

void http_on_completed(void *server, struct MHD_Connection *mhd, void **exchange, enum MHD_RequestTerminationCode how)
{
    (void)mhd;
    (void)how;
    struct http_server *s = server;
    struct exchange *x = *exchange;
    if (!x) return;
    *exchange = NULL;
    http_deadline(x->request.connection, 0);
    atomic_store(&x->request.connection->waiting, true);
    http_body_free(&x->body, &s->budget);
    buf_free(&x->reply.body);
    free(x);
    if (atomic_fetch_sub(&s->in_flight, 1) != 1 || atomic_load(&s->phase) == PHASE_SERVING) return;
    pthread_mutex_lock(&s->lock);
    pthread_cond_signal(&s->quiet);
    pthread_mutex_unlock(&s->lock);
}

static struct exchange *exchange_of(const struct http_request *request)
{
    return (struct exchange *)((uintptr_t)request - offsetof(struct exchange, request));
}

const char *http_header(const struct http_request *request, const char *name)
{
    return MHD_lookup_connection_value(exchange_of(request)->mhd, MHD_HEADER_KIND, name);
}

const char *http_query(const struct http_request *request, const char *name)
{
    return MHD_lookup_connection_value(exchange_of(request)->mhd, MHD_GET_ARGUMENT_KIND, name);
}

void http_answer(struct http_request *request, struct http_reply *reply)
{
    struct exchange *x = exchange_of(request);
    struct http_server *s = request->connection->server;
    struct MHD_Connection *mhd = x->mhd;
    x->reply = *reply;
    *reply = (struct http_reply){0};
    if (atomic_exchange(&x->state, EXCHANGE_ANSWERED) == EXCHANGE_SUSPENDED) MHD_resume_connection(mhd);
    pthread_mutex_lock(&s->lock); /* until it is let go, http_stop cannot free the server */
    atomic_fetch_sub(&s->later, 1);
    if (atomic_load(&s->phase) != PHASE_SERVING) pthread_cond_signal(&s->quiet);
    pthread_mutex_unlock(&s->lock);
}
