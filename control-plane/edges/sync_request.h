/* Reads a SyncRequest as it comes, JSON or protobuf, without a tree: the client's metadata once, then its policy
 * statuses in runs. What is unknown is passed over; a status is never an error.
 *
 * Keys in lowerCamelCase and snake_case; 64-bit numbers as numbers or strings; stages as names or numbers. */
#ifndef CONTROL_PLANE_SYNC_REQUEST_H
#define CONTROL_PLANE_SYNC_REQUEST_H

#include "base/arena.h"

#include <stdint.h>

enum {
    SYNC_ATTRIBUTES = 128, /* of a client, labels and resource attributes each; more are dropped */
    SYNC_RUN = 128,        /* statuses that are handed on at once */
    SYNC_ERRORS_MAX = 2048 /* bytes that are kept of one status' errors */
};

struct sync_attribute {
    struct slice key;
    struct slice value;
    bool text; /* else `value` is a number, true or false as JSON has them */
};

struct sync_attributes {
    struct sync_attribute *items;
    size_t count;
};

struct sync_client {
    struct sync_attributes resource, labels;
    uint64_t fingerprint; /* of the metadata's bytes: the same bytes, the same number */
    unsigned stages;      /* STAGE_ bits of published.h; all where the client did not say */
};

enum { SYNC_REMOVE, SYNC_REDACT, SYNC_RENAME, SYNC_ADD, SYNC_STAGES };

struct sync_counts {
    int64_t hits, misses; /* never negative */
    int64_t stage_hits[SYNC_STAGES], stage_misses[SYNC_STAGES];
};

struct sync_status {
    struct slice id;
    uint64_t id_hash; /* hash64(id, 0) */
    struct sync_counts counts;
    struct slice errors; /* a JSON array of strings, valid and bounded; empty: none */
    unsigned error_count;
};

/* Everything given to these lives in the arena or in the body: until the answer. */
struct sync_sink {
    void *context;
    void (*client)(void *context, const struct sync_client *client); /* once, before all statuses; also without metadata */
    void (*statuses)(void *context, const struct sync_status *statuses, size_t count);
};

struct sync_request {
    struct slice last_hash; /* last_successful_hash; empty: none */
    bool full_sync;
    const char *problem; /* why it could not be read; literal */
};

/* False: not a SyncRequest; what was handed on before the fault stays handed on. */
bool sync_read_json(struct slice body, struct arena *arena, const struct sync_sink *sink, struct sync_request *request);
bool sync_read_protobuf(struct slice body, struct arena *arena, const struct sync_sink *sink, struct sync_request *request);

#endif
