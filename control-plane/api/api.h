/* The GraphQL API on the store: schema.graphql bound to SQL. Knows nothing of sockets or HTTP headers.
 *
 * api_new(...) once; then for every POST /graphql, from any thread:
 *     switch (api_handle(api, body, &caller, &reply, answered, context)) {
 *     case API_DONE:  reply is filled: a query, or an error. Send it.
 *     case API_LATER: a mutation; it was queued. answered(context, &reply) is called once, in the store's writer
 *                     thread, after COMMIT (or after it failed). It may have been called before api_handle returns.
 *     }
 * In both cases the receiver takes over reply.body (buf_free, or give it on). `body` and `context` must stay valid
 * until the answer; `caller` is copied. */
#ifndef CONTROL_PLANE_API_H
#define CONTROL_PLANE_API_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "control-plane/edges/edges.h"
#include "control-plane/graphql/graphql.h"
#include "control-plane/policies/published.h"
#include "control-plane/store/store.h"
#include "control-plane/tap/tap.h"

#include <stdint.h>

struct api;

struct api_options {
    struct store *store;         /* outlives the api */
    const char *version;         /* outlives the api */
    struct publisher *publisher; /* outlives the api; NULL: no edges are served */
    struct edges *edges;         /* outlives the api; NULL as above */
    struct taps *taps;           /* outlives the api; NULL: no live previews */
    bool embedded;               /* started by a console for itself */
    int64_t started_ns;          /* 0 = now */
    _Atomic(const char *) otlp;  /* see api_tell_otlp; NULL */
    size_t max_answer;           /* bytes; 0 = 16 MiB */
    size_t max_arena;            /* bytes of rows and documents of one request; 0 = 32 MiB */
};

/* NULL: *problem (caller frees) says why in one line; schema and bindings are checked here. */
struct api *api_new(const struct api_options *options, char **problem);
/* The feature that tells where OTLP is taken ("otlp:http://127.0.0.1:4318"); outlives the api. Any thread. */
void api_tell_otlp(struct api *api, const char *feature);
/* After the last answer. */
void api_free(struct api *api);

/* Who asks. */
struct api_caller {
    char viewer[64];      /* "uid:1000" */
    bool may_write;       /* false: mutations answer FORBIDDEN */
    struct slice account; /* X-Account-ID, or empty: the only account there is */
};

struct api_reply {
    int status;      /* of HTTP: 200, 400 not a GraphQL request, 403 not this account, 503 store unavailable */
    struct buf body; /* application/json */
};

enum api_then { API_DONE, API_LATER };

typedef void api_answered(void *context, struct api_reply *reply);

enum api_then api_handle(struct api *api, struct slice body, const struct api_caller *caller, struct api_reply *reply,
                         api_answered *answered, void *context);

/* What a mutation asks of live previews; done after COMMIT (tap_rows.h). */
enum tap_order_kind { TAP_ORDER_BEGIN, TAP_ORDER_REVEAL, TAP_ORDER_STOP, TAP_ORDER_FORBID, TAP_ORDER_FORBID_REVEAL };
struct tap_order {
    enum tap_order_kind kind;
    struct id128 id;
};
struct shown;

/* What resolvers get as gql_user(). */
struct request_context {
    struct api *api;
    struct store *store;
    struct db *db; /* the reader's, or the writer's within a mutation */
    struct arena *arena;
    struct id128 account; /* the account asked for ... */
    int64_t account_row;  /* ... and its row */
    char viewer[64];
    bool may_write;
    bool mutation;
    bool failed;       /* the store could not write: the whole operation is taken back */
    bool sweep;        /* a mutation asks for the background recomputation of costs after COMMIT */
    bool publish;      /* a mutation changed which policies are in force */
    int64_t previewed; /* log events that previews have looked at */
    bool edge_keys;    /* a mutation made or revoked an edge API key */
    struct tap_order tap_orders[4];
    size_t tap_order_count;
    struct shown *tap_views; /* records that were read for this request */
    int64_t now_ns;
    struct row_cache *services; /* rows of this request by number */
    struct account *account_data;
};

const struct gql_binding *api_bindings(size_t *count);

#endif
