/* The fleet in memory: instances that sync, the policies that they may speak of, what they counted in this hour and did
 * not reach the store yet. Not for several threads at once: the caller holds a lock.
 *
 * Bounded: FLEET_INSTANCES instances (a newcomer beyond is served, but neither listed nor counted by itself), FLEET_POLICIES
 * policies, FLEET_PAIRS pairs of instance and policy an hour with counts of their own (beyond, counts go to the policy's
 * sum over the fleet only, which always holds everything). */
#ifndef CONTROL_PLANE_FLEET_H
#define CONTROL_PLANE_FLEET_H

#include "base/hash.h"
#include "control-plane/edges/sync_request.h"
#include "control-plane/edges/table.h"

enum {
    FLEET_INSTANCES = 20000,
    FLEET_POLICIES = 65536,
    FLEET_PAIRS = 100000,
    FLEET_ROWS = 400000,         /* counts of past hours that wait for a store that cannot write; more are dropped */
    FLEET_TEXT = 256,            /* bytes of a name, a version, an instance id */
    FLEET_ATTRIBUTES = 8 * 1024, /* bytes of an instance's attributes as JSON */
    FLEET_HASH = 64,
    FLEET_BROKEN = 64, /* policies that one instance reports errors of */
};

struct edge_counts {
    int64_t hits, misses, errors;
    int64_t stage_hits[SYNC_STAGES], stage_misses[SYNC_STAGES];
};
enum { EDGE_COUNTS = sizeof(struct edge_counts) / sizeof(int64_t) };
void edge_counts_add(struct edge_counts *to, const struct edge_counts *from);

struct edge_identity {
    struct slice name, namespace, version, instance;
};

/* A policy that an instance could not compile, until it no longer says so. */
struct broken {
    struct broken *next;
    uint32_t policy;
    bool dirty, gone;
    unsigned count;
    uint64_t hash;
    char *errors; /* JSON array; owned */
    int64_t since;
};

struct instance {
    uint32_t at; /* its number while nothing is retired */
    int64_t account;
    struct id128 id;
    struct edge_identity who; /* in `text` */
    char *text;
    uint64_t fingerprint;    /* of the metadata behind the attributes */
    char *resource, *labels; /* JSON objects on their way to the store; NULL: unchanged */
    char successful[FLEET_HASH + 1], response[FLEET_HASH + 1];
    unsigned stages;
    int64_t first_seen, last_sync;
    bool dirty;
    struct broken *broken;
};

struct fleet_policy {
    int64_t account, row;
    struct id128 id;
    char *wire_id;
    size_t wire_len;
    struct edge_counts counts; /* of this hour, over all instances; not in the store yet */
    bool dirty;
};

struct pair {
    uint32_t instance, policy;
    struct edge_counts counts; /* as above */
    int64_t last_hit;
    bool dirty;
};

/* A row that the store adds. */
struct hour_row {
    struct id128 instance; /* zero: the sum over the fleet */
    struct id128 policy;
    int64_t hour;
    struct edge_counts counts;
    int64_t last_hit; /* 0: none */
};

struct fleet {
    struct instance **instances;
    size_t instance_count;
    struct fleet_policy *policies;
    size_t policy_count, policy_room;
    struct pair *pairs;
    size_t pair_count, pair_room;
    struct table by_identity, by_wire_id, by_pair;
    int64_t hour;          /* that the counts are of */
    struct hour_row *rows; /* of past hours */
    size_t row_count, row_room;
    bool dirty, crowded; /* crowded: there was no room for an instance */
};

struct fleet *fleet_new(void);
void fleet_free(struct fleet *f);

/* fleet_instances.c */
struct id128 edge_identity_id(int64_t account, const struct edge_identity *who);
/* NULL: not known. */
struct instance *fleet_instance_find(const struct fleet *f, int64_t account, const struct edge_identity *who);
/* By its id. */
struct instance *fleet_instance_by_id(const struct fleet *f, struct id128 id);
/* Copies the identity. NULL: the fleet is full. */
struct instance *fleet_instance_add(struct fleet *f, int64_t account, const struct edge_identity *who, int64_t now_ns);
/* Attributes from metadata that changed. */
void fleet_instance_describe(struct instance *i, const struct sync_client *client);
void instance_free(struct instance *i);
/* Forgets those last heard of before that, but none that is dirty. All counts must have been collected. Gives how many. */
size_t fleet_retire(struct fleet *f, int64_t before_ns);

/* fleet_policies.c */
void fleet_policy_add(struct fleet *f, int64_t account, struct slice wire_id, struct id128 id, int64_t row);
uint32_t fleet_policy_find(const struct fleet *f, int64_t account, struct slice wire_id, uint64_t hash);
/* The index key of an account's id on the wire. */
static inline uint64_t fleet_wire_hash(int64_t account, uint64_t id_hash) { return hash_mix(id_hash, (uint64_t)account); }

/* fleet_fold.c. Without an instance: only the sums. */
void fleet_fold(struct fleet *f, int64_t account, struct instance *instance, const struct sync_status *statuses, size_t count,
                int64_t now_ns);
/* Moves all counts to f->rows. */
void fleet_collect(struct fleet *f);

#endif
