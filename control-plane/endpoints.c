#include "control-plane/endpoints.h"

#include "base/json_write.h"

#define GRAPHQL_BODY_MAX ((size_t)1 << 20)
#define OTLP_BODY_MAX    ((size_t)32 << 20)
#define SYNC_BODY_MAX    ((size_t)8 << 20)

enum { HEALTH_MAX = 256, ERROR_MAX = 2048 };

static enum http_then say(struct http_reply *reply, int status, const char *text)
{
    *reply = (struct http_reply){.status = status, .content_type = "application/json"};
    buf_init(&reply->body, HEALTH_MAX);
    buf_str(&reply->body, text);
    return HTTP_DONE;
}

static enum http_then healthz(void *context, struct http_request *request, struct http_reply *reply)
{
    (void)context;
    (void)request;
    return say(reply, 200, "{\"status\":\"alive\"}");
}

/* The socket is opened after the store and its migrations. */
static enum http_then readyz(void *context, struct http_request *request, struct http_reply *reply)
{
    (void)request;
    struct endpoints *p = context;
    if (atomic_load(&p->draining)) return say(reply, 503, "{\"status\":\"ending\"}");
    if (!store_healthy(p->store)) return say(reply, 503, "{\"status\":\"store unavailable\"}");
    return say(reply, 200, "{\"status\":\"ready\"}");
}

static const struct http_route routes[] = {
    {"POST", "/graphql", graphql_endpoint, GRAPHQL_BODY_MAX},
    {"POST", "/v1/logs", otlp_logs_endpoint, OTLP_BODY_MAX},
    {"POST", SYNC_PATH, sync_endpoint, SYNC_BODY_MAX},
    {"GET", "/v1/snapshot", snapshot_endpoint, 0},
    {"GET", "/healthz", healthz, 0},
    {"GET", "/readyz", readyz, 0},
    {"POST", "/v1/traces", otlp_other_endpoint, OTLP_BODY_MAX},
    {"POST", "/v1/metrics", otlp_other_endpoint, OTLP_BODY_MAX},
    {"POST", "/v1development/profiles", otlp_other_endpoint, OTLP_BODY_MAX},
};

const struct http_route *endpoints_routes(size_t *count)
{
    *count = sizeof routes / sizeof *routes;
    return routes;
}

static const struct {
    int status, rpc;
    const char *code;
} codes[] = {
    {400, 3, "BAD_REQUEST"},
    {404, 5, "NOT_FOUND"},
    {405, 12, "METHOD_NOT_ALLOWED"},
    {413, 8, "PAYLOAD_TOO_LARGE"},
    {415, 3, "UNSUPPORTED_MEDIA_TYPE"},
    {503, 14, "UNAVAILABLE"},
};
enum { CODES = sizeof codes / sizeof *codes };

void endpoints_error(void *context, const struct http_request *request, const char *message, struct http_reply *reply)
{
    (void)context;
    int i = 0;
    while (i < CODES - 1 && codes[i].status != reply->status) i++;
    struct http_reply own;
    if (!strcmp(request->path, SYNC_PATH)) {
        sync_error_reply(&own, reply->status, message);
        buf_free(&reply->body);
        reply->body = own.body;
        reply->content_type = own.content_type;
        return;
    }
    if (!strncmp(request->path, "/v1", 3)) {
        otlp_error_reply(request, &own, reply->status, codes[i].rpc, message);
        buf_free(&reply->body);
        reply->body = own.body;
        reply->content_type = own.content_type;
        return;
    }
    reply->content_type = "application/json";
    gql_error_answer(&reply->body, codes[i].code, slice_str(message));
}
