#include "base/json_write.h"
#include "control-plane/http/server.h"

#include <stdio.h>

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
    if (r->allow) MHD_add_response_header(response, "Allow", r->allow);
    if (r->status == 415) MHD_add_response_header(response, "Accept-Encoding", "gzip, identity");
    if (r->retry_after > 0) {
        char seconds[16];
        snprintf(seconds, sizeof seconds, "%d", r->retry_after);
        MHD_add_response_header(response, "Retry-After", seconds);
    }
    if (atomic_load(&s->phase) != PHASE_SERVING) MHD_add_response_header(response, "Connection", "close");
}

enum MHD_Result http_queue_reply(struct http_server *s, struct exchange *x)
{
    struct buf *body = &x->reply.body;
    size_t len = body->len;
    struct MHD_Response *response = body->data ? MHD_create_response_from_buffer(len, body->data, MHD_RESPMEM_MUST_FREE)
                                               : MHD_create_response_from_buffer(0, "", MHD_RESPMEM_PERSISTENT);
    if (!response) {
        buf_free(body);
        return MHD_NO;
    }
    *body = (struct buf){0};
    add_headers(s, x, response);
    http_deadline(x->request.connection, len);
    enum MHD_Result queued = MHD_queue_response(x->mhd, (unsigned)x->reply.status, response);
    MHD_destroy_response(response);
    return queued;
}
