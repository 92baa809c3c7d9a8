#include "base/die.h"
#include "base/json_write.h"
#include "control-plane/http/server.h"

#include <stdio.h>
#include <stdlib.h>

enum { REFUSAL_MAX = 4096, BUSY_RETRY_SECONDS = 1 };

static void plain_error(const char *message, struct http_reply *reply)
{
    reply->content_type = "application/json";
    buf_str(&reply->body, "{\"error\":");
    json_write_string(&reply->body, slice_str(message));
    buf_char(&reply->body, '}');
}

void http_refusal_reply(struct http_server *s, struct exchange *x)
{
    x->reply = (struct http_reply){.status = x->refusal, .retry_after = x->refusal == 503 ? BUSY_RETRY_SECONDS : 0};
    if (x->refusal == 405) x->reply.allow = x->allow;
    buf_init(&x->reply.body, REFUSAL_MAX);
    if (s->options.error) s->options.error(s->options.context, &x->request, x->reason, &x->reply);
    else plain_error(x->reason, &x->reply);
}

static void add_headers(struct http_server *s, struct exchange *x, struct MHD_Response *response)
{
    const struct http_reply *r = &x->reply;
    if (r->content_type) MHD_add_response_header(response, "Content-Type", r->content_type);
    MHD_add_response_header(response, "X-Request-Id", x->request.id);
    if (r->status == 401) MHD_add_response_header(response, "WWW-Authenticate", "Bearer");
    if (r->allow) MHD_add_response_header(response, "Allow", r->allow);
    if (r->status == 415) MHD_add_response_header(response, "Accept-Encoding", "gzip, identity");
    if (r->retry_after > 0) {
        char seconds[16];
        snprintf(seconds, sizeof seconds, "%d", r->retry_after);
        MHD_add_response_header(response, "Retry-After", seconds);
    }
    if (atomic_load(&s->phase) != PHASE_SERVING) MHD_add_response_header(response, "Connection", "close");
}

/* A shared body, until libmicrohttpd has sent it. */
static void shared_free(void *pointer)
{
    struct http_shared *shared = pointer;
    shared->release(shared->owner);
    free(shared);
}

static struct MHD_Response *shared_response(const struct http_shared *from)
{
    struct http_shared *shared = xmalloc(sizeof *shared);
    *shared = *from;
    void *bytes = (void *)(uintptr_t)shared->bytes.ptr; /* read only */
    struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback_cls(shared->bytes.len, bytes, shared_free, shared);
    if (!response) shared_free(shared);
    return response;
}

static void wiped_free(void *pointer)
{
    buf_free(pointer);
    free(pointer);
}

/* Wiped once it was sent. */
static struct MHD_Response *secret_response(struct buf *body)
{
    struct buf *owned = xmalloc(sizeof *owned);
    *owned = *body;
    struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback_cls(owned->len, owned->data, wiped_free, owned);
    if (!response) wiped_free(owned);
    return response;
}

static struct MHD_Response *plain_response(struct buf *body)
{
    if (!body->data) return MHD_create_response_from_buffer(0, "", MHD_RESPMEM_PERSISTENT);
    if (body->secret) return secret_response(body);
    struct MHD_Response *response = MHD_create_response_from_buffer(body->len, body->data, MHD_RESPMEM_MUST_FREE);
    if (!response) buf_free(body);
    return response;
}

enum MHD_Result http_queue_reply(struct http_server *s, struct exchange *x)
{
    struct http_reply *r = &x->reply;
    size_t len = r->shared.release ? r->shared.bytes.len : r->body.len;
    struct MHD_Response *response = r->shared.release ? shared_response(&r->shared) : plain_response(&r->body);
    r->body = (struct buf){0};
    r->shared = (struct http_shared){.owner = NULL};
    if (!response) return MHD_NO;
    add_headers(s, x, response);
    http_deadline(x->request.connection, len);
    enum MHD_Result queued = MHD_queue_response(x->mhd, (unsigned)r->status, response);
    MHD_destroy_response(response);
    return queued;
}
