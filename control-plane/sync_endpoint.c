#include "control-plane/edges/negotiate.h"
#include "control-plane/endpoints.h"

#include <strings.h>

enum { ERROR_MAX = 512 };

void sync_error_reply(struct http_reply *reply, int status, const char *message)
{
    *reply = (struct http_reply){.status = status, .content_type = "text/plain; charset=utf-8"};
    buf_init(&reply->body, ERROR_MAX);
    buf_str(&reply->body, message);
    buf_char(&reply->body, '\n');
}

static enum http_then refuse(struct http_reply *reply, int status, const char *message)
{
    sync_error_reply(reply, status, message);
    return HTTP_DONE;
}

static struct slice bearer(const struct http_request *request)
{
    const char *header = http_header(request, "Authorization");
    if (!header || strncasecmp(header, "Bearer ", 7) != 0) return SLICE("");
    header += 7;
    return slice_of(header + strspn(header, " "), strcspn(header + strspn(header, " "), " "));
}

/* The account that the peer polls for; 0: none, and *status says why. A key decides where one is given. */
static int64_t account_of(const struct endpoints *p, const struct http_request *request, int *status)
{
    int64_t account;
    *status = 401;
    if (http_header(request, "Authorization")) return edges_key(p->edges, bearer(request), &account) ? account : 0;
    if (!request->peer.local) return 0;
    *status = 403;
    return request->peer.uid == p->owner || request->peer.uid == 0 ? p->account : 0;
}

static void release(void *whole) { edges_release(whole); }

enum http_then sync_endpoint(void *context, struct http_request *request, struct http_reply *reply)
{
    struct endpoints *p = context;
    struct sync_encodings e;
    struct edges_answer answer;
    const char *problem;
    int status;
    if (!p->snapshots) return refuse(reply, 403, "this control plane serves a snapshot");
    int64_t account = account_of(p, request, &status);
    if (!account)
        return refuse(reply, status,
                      status == 401 ? "an edge API key is needed: Authorization: Bearer tero_sk_..."
                                    : "not the owner of this control plane");
    if (!sync_negotiate(http_header(request, "Content-Type"), http_header(request, "Accept"), &e))
        return refuse(reply, 415, "Content-Type must be application/json or application/x-protobuf");
    if (!edges_sync(p->edges, account, request->body, e.request, e.answer, &answer, &problem)) return refuse(reply, 400, problem);
    *reply = (struct http_reply){.status = 200, .content_type = e.answer_type, .body = answer.body};
    if (answer.whole) reply->shared = (struct http_shared){answer.bytes, release, answer.whole};
    return HTTP_DONE;
}
