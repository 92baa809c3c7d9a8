/* What the control plane answers over HTTP: /graphql, /v1/logs, /v1/policy/sync, /healthz, /readyz; and who may ask.
 *
 * A peer on the Unix socket is its uid; the owner of the data directory and root may do everything. A TCP peer may
 * send telemetry and ask for health; with an edge API key it may poll for policies. */
#ifndef CONTROL_PLANE_ENDPOINTS_H
#define CONTROL_PLANE_ENDPOINTS_H

#include "control-plane/api/api.h"
#include "control-plane/edges/edges.h"
#include "control-plane/http/http.h"
#include "control-plane/intake.h"
#include "control-plane/snapshot.h"

#include <stdatomic.h>

struct endpoints {
    struct store *store;
    struct api *api;
    struct intake *intake;
    struct edges *edges;
    int64_t account;             /* that the owner polls for: the first one's row */
    uid_t owner;                 /* of the data directory */
    struct snapshots *snapshots; /* NULL: it serves a snapshot itself, and changes nothing */
    atomic_bool draining;        /* /readyz says so */
};

/* The table for http_start; the handlers' context is a struct endpoints. */
const struct http_route *endpoints_routes(size_t *count);
http_error_writer endpoints_error;

/* sync_endpoint.c */
http_handler sync_endpoint;
#define SYNC_PATH "/v1/policy/sync"
/* A short text: clients log it and keep the policies that they have. */
void sync_error_reply(struct http_reply *reply, int status, const char *message);
/* snapshot_endpoint.c */
http_handler snapshot_endpoint;
/* graphql_endpoint.c */
http_handler graphql_endpoint;
/* otlp_endpoint.c */
http_handler otlp_logs_endpoint;
http_handler otlp_other_endpoint; /* traces, metrics, profiles */
/* An OTLP error answer in the request's encoding. code: of google.rpc.Code. */
void otlp_error_reply(const struct http_request *request, struct http_reply *reply, int status, int code, const char *message);

#endif
