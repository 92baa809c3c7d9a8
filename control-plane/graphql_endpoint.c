#include "control-plane/endpoints.h"

#include <stdio.h>
#include <strings.h>

enum { ERROR_MAX = 2048, DOWN_RETRY_SECONDS = 5 };

static enum http_then refuse(struct http_reply *reply, int status, const char *code, const char *message)
{
    *reply = (struct http_reply){.status = status, .content_type = "application/json"};
    buf_init(&reply->body, ERROR_MAX);
    gql_error_answer(&reply->body, code, slice_str(message));
    return HTTP_DONE;
}

static void convert(struct api_reply *from, struct http_reply *to)
{
    *to = (struct http_reply){.status = from->status, .content_type = "application/json", .body = from->body};
    if (to->status == 503) to->retry_after = DOWN_RETRY_SECONDS;
}

static void answered(void *request, struct api_reply *reply)
{
    struct http_reply out;
    convert(reply, &out);
    http_answer(request, &out);
}

static bool is_json(const struct http_request *request)
{
    const char *type = http_header(request, "Content-Type");
    return type && !strncasecmp(type, "application/json", 16) && (!type[16] || strchr("; \t", type[16]));
}

enum http_then graphql_endpoint(void *context, struct http_request *request, struct http_reply *reply)
{
    struct endpoints *p = context;
    if (!request->peer.local)
        return refuse(reply, 401, "UNAUTHENTICATED",
                      "Tokens are not available in this version: use the Unix socket of the data directory.");
    if (request->peer.uid != p->owner && request->peer.uid != 0)
        return refuse(reply, 403, "FORBIDDEN", "Only the owner of the data directory and root may use this control plane.");
    if (!is_json(request)) return refuse(reply, 415, "BAD_USER_INPUT", "Content-Type must be application/json.");
    const char *account = http_header(request, "X-Account-ID");
    struct api_caller caller = {.may_write = p->snapshots != NULL, .account = slice_str(account ? account : "")};
    snprintf(caller.viewer, sizeof caller.viewer, "uid:%ld", (long)request->peer.uid);
    struct api_reply out = {0};
    if (api_handle(p->api, request->body, &caller, &out, answered, request) == API_LATER) return HTTP_LATER;
    convert(&out, reply);
    return HTTP_DONE;
}
