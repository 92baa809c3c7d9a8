#include "control-plane/endpoints.h"

#include <strings.h>

enum { ANSWER_MAX = 4096, BUSY_RETRY_SECONDS = 1, DOWN_RETRY_SECONDS = 5 };
enum rpc_code {
    RPC_INVALID_ARGUMENT = 3,
    RPC_DENIED = 7,
    RPC_EXHAUSTED = 8,
    RPC_UNIMPLEMENTED = 12,
    RPC_INTERNAL = 13,
    RPC_UNAVAILABLE = 14
};

static bool media_type_is(const char *header, const char *type)
{
    size_t n = strlen(type);
    if (!header || strncasecmp(header, type, n) != 0) return false;
    return header[n + strspn(header + n, " \t")] == '\0' || header[n + strspn(header + n, " \t")] == ';';
}

static bool encoding_of(const struct http_request *request, enum otlp_encoding *e)
{
    const char *type = http_header(request, "Content-Type");
    *e = OTLP_JSON;
    if (media_type_is(type, "application/json")) return true;
    if (!media_type_is(type, "application/x-protobuf")) return false;
    *e = OTLP_PROTOBUF;
    return true;
}

static void begin(struct http_reply *reply, enum otlp_encoding e, int status)
{
    *reply = (struct http_reply){.status = status, .content_type = e == OTLP_PROTOBUF ? "application/x-protobuf" : "application/json"};
    buf_init(&reply->body, ANSWER_MAX);
}

void otlp_error_reply(const struct http_request *request, struct http_reply *reply, int status, int code, const char *message)
{
    enum otlp_encoding e;
    encoding_of(request, &e);
    begin(reply, e, status);
    otlp_error(&reply->body, e, code, message);
    if (status == 429) reply->retry_after = BUSY_RETRY_SECONDS;
    if (status == 503) reply->retry_after = DOWN_RETRY_SECONDS;
}

static void outcome_reply(const struct http_request *request, const struct otlp_outcome *outcome, struct http_reply *reply)
{
    enum otlp_encoding e;
    if (!outcome->ok) {
        otlp_error_reply(request, reply, 400, RPC_INVALID_ARGUMENT, outcome->message);
        return;
    }
    encoding_of(request, &e);
    begin(reply, e, 200);
    otlp_response(&reply->body, e, outcome);
}

static void written(void *context, const struct otlp_outcome *outcome, enum store_result result)
{
    struct http_request *request = context;
    struct http_reply reply;
    if (result == STORE_OK) outcome_reply(request, outcome, &reply);
    else if (result == STORE_FAILED) otlp_error_reply(request, &reply, 500, RPC_INTERNAL, "the records could not be counted");
    else otlp_error_reply(request, &reply, 503, RPC_UNAVAILABLE, "the store is not available");
    http_answer(request, &reply);
}

enum http_then otlp_logs_endpoint(void *context, struct http_request *request, struct http_reply *reply)
{
    struct endpoints *p = context;
    struct otlp_outcome outcome;
    enum otlp_encoding e;
    if (!p->snapshots) {
        otlp_error_reply(request, reply, 403, RPC_DENIED, "this control plane serves a snapshot and takes nothing in");
        return HTTP_DONE;
    }
    if (!encoding_of(request, &e)) {
        otlp_error_reply(request, reply, 415, RPC_INVALID_ARGUMENT, "Content-Type must be application/x-protobuf or application/json");
        return HTTP_DONE;
    }
    switch (intake_logs(p->intake, request->body, e, &outcome, written, request)) {
    case INTAKE_TAKEN: return HTTP_LATER;
    case INTAKE_READ: outcome_reply(request, &outcome, reply); return HTTP_DONE;
    case INTAKE_BUSY: otlp_error_reply(request, reply, 429, RPC_EXHAUSTED, "too many records wait to be written"); return HTTP_DONE;
    }
    return HTTP_DONE;
}

/* 501 and UNIMPLEMENTED are permanent for an exporter: it drops and says why, and does not try again. */
enum http_then otlp_other_endpoint(void *context, struct http_request *request, struct http_reply *reply)
{
    (void)context;
    otlp_error_reply(request, reply, 501, RPC_UNIMPLEMENTED,
                     "not available: this control plane takes logs only; send this signal elsewhere or remove it from the exporter");
    return HTTP_DONE;
}
