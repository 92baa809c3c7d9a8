/* Edges as the resolvers see them, and series of what they counted. */
#ifndef CONTROL_PLANE_API_EDGE_ROWS_H
#define CONTROL_PLANE_API_EDGE_ROWS_H

#include "control-plane/api/entity.h"
#include "control-plane/api/resolvers.h"

struct edge_key_row {
    int64_t row, account;
    struct id128 id;
    struct slice name, prefix;
    int64_t created, last_used, revoked; /* 0: never */
};

struct edge_instance_row {
    int64_t row, account;
    struct id128 id;
    struct slice instance_id, service_name, service_namespace, service_version; /* ptr NULL: none */
    struct slice labels, resource;                                              /* JSON */
    struct slice successful_hash, response_hash;                                /* ptr NULL: none */
    unsigned stages;
    int64_t first_seen, last_sync, created, updated;
};

#define EDGE_KEY_COLUMNS "k.row, k.account, k.id, k.name, k.key_prefix, k.created_at, k.last_used_at, k.revoked_at"
#define EDGE_INSTANCE_COLUMNS                                                                                                              \
    "i.row, i.account, i.id, i.instance_id, i.service_name, i.service_namespace, i.service_version, i.labels, i.resource,"                 \
    " i.successful_hash, i.response_hash, i.stages, i.first_seen_at, i.last_sync_at, i.created_at, i.updated_at"
enum { EDGE_KEY_COUNT = 8, EDGE_INSTANCE_COUNT = 16 };
void *edge_key_read(struct request_context *x, sqlite3_stmt *st, int column);
void *edge_instance_read(struct request_context *x, sqlite3_stmt *st, int column);
/* NULL: none of this account. */
struct edge_key_row *edge_key_by_id(struct request_context *x, struct id128 id);
struct edge_instance_row *edge_instance_by_id(struct request_context *x, struct id128 id);

extern const struct entity entity_edge_key, entity_edge_instance;

/* EdgeSyncState, in the order of SYNC_STATE. */
enum edge_sync { EDGE_IN_SYNC, EDGE_SENT, EDGE_BEHIND, EDGE_NEVER, EDGE_SYNCS };
extern const struct slice edge_sync_names[EDGE_SYNCS];
struct edges;
enum edge_sync edge_sync_of(struct edges *edges, int64_t account, unsigned stages, struct slice successful, struct slice response);
/* Before statements that filter or order instances by it; edges NULL: none are served. */
void edge_sync_define(struct db *db, struct edges *edges);

/* ---- what edges counted ---- */

enum { EDGE_HITS, EDGE_MISSES, EDGE_ERRORS, EDGE_REMOVES, EDGE_REDACTS, EDGE_RENAMES, EDGE_ADDS, EDGE_SUMS };
#define EDGE_SUM_COLUMNS                                                                                                                   \
    "SUM(h.hits), SUM(h.misses), SUM(h.errors), SUM(h.remove_hits), SUM(h.redact_hits), SUM(h.rename_hits), SUM(h.add_hits)"

struct edge_sums {
    int64_t n[EDGE_SUMS];
};

struct edge_span {
    struct hour_range range; /* whole steps */
    int64_t step;            /* hours */
    size_t count;            /* of steps */
};
/* The range of the input, widened to whole hours, or days where its granularity says so. False: the call was answered. */
bool edge_span_read(struct gql_call *call, const struct gql_value *input, struct edge_span *span);

struct edge_series {
    struct edge_span span;
    struct edge_sums *points, totals;
    int64_t known_ns, now_ns; /* nothing is known before known_ns */
};
/* Runs a statement that gives the hour and EDGE_SUM_COLUMNS, and answers the call with the series. */
void edge_series_answer(struct gql_call *call, const struct edge_span *span, const struct sql *q, int64_t known_ns);
/* The same without the answer; NULL: answered with an error. */
struct edge_series *edge_series_read(struct gql_call *call, const struct edge_span *span, const struct sql *q, int64_t known_ns);

/* " AND column IN (SELECT row FROM table WHERE account = ... AND id IN (...))" for a list of ids; NULL or null: nothing. */
void edge_put_ids(struct request_context *x, struct sql *q, const char *before, const struct gql_value *ids);

/* Go's text for a duration ("5m", "1h30m0s", "90s", "500ms"), not negative. */
bool edge_duration(struct slice text, int64_t *ns);

extern const struct gql_binding edge_bindings[], edge_telemetry_bindings[], edge_fleet_bindings[], edge_mutation_bindings[];

#endif
