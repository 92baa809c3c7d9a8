/* What the control plane answers over HTTP: /graphql, /v1/logs, /healthz, /readyz; and who may ask.
 *
 * A peer on the Unix socket is its uid; the owner of the data directory and root may do everything. A TCP peer may
 * send telemetry and ask for health, nothing else. */
#ifndef CONTROL_PLANE_ENDPOINTS_H
#define CONTROL_PLANE_ENDPOINTS_H

#include "control-plane/api/api.h"
#include "control-plane/http/http.h"
#include "control-plane/intake.h"

#include <stdatomic.h>

struct endpoints {
    struct store *store;
    struct api *api;
    struct intake *intake;
    uid_t owner;          /* of the data directory */
    atomic_bool draining; /* /readyz says so */
};

/* The table for http_start; the handlers' context is a struct endpoints. */
const struct http_route *endpoints_routes(size_t *count);
http_error_writer endpoints_error;

/* graphql_endpoint.c */
http_handler graphql_endpoint;
/* otlp_endpoint.c */
http_handler otlp_logs_endpoint;
http_handler otlp_other_endpoint; /* traces, metrics, profiles */
/* An OTLP error answer in the request's encoding. code: of google.rpc.Code. */
void otlp_error_reply(const struct http_request *request, struct http_reply *reply, int status, int code, const char *message);

#endif
