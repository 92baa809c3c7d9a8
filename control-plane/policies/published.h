/* What edges get: each account's set of policies in force, ready as bytes. Immutable snapshots with reference counts.
 *
 *     publisher = publisher_new(store, &problem)           loads the sets of all accounts
 *     set = published_take(publisher, account_row)         any thread; never NULL, perhaps empty
 *     const struct published_list *l = published_list(set, PUBLISHED_JSON, stages)
 *     ... l->bytes, l->hash: valid until
 *     published_release(set)
 *
 * A mutation that changes what is in force calls publisher_refresh in the writer thread after COMMIT and before it is
 * answered: who was told of an approval finds it in the next published_take. Policies that did not change are carried
 * over as they are. */
#ifndef CONTROL_PLANE_PUBLISHED_H
#define CONTROL_PLANE_PUBLISHED_H

#include "control-plane/store/store.h"

/* Which policies a client can carry out: bits of the protocol's stages. */
enum {
    STAGE_LOG_FILTER = 1,
    STAGE_LOG_TRANSFORM = 2,
    STAGE_METRIC_FILTER = 4,
    STAGE_TRACE_SAMPLING = 8,
    STAGES_ALL = 15,
};

enum published_encoding { PUBLISHED_JSON, PUBLISHED_PROTOBUF };

/* One policy. A policy needs all of its `stages`. */
struct published_policy {
    struct id128 id;           /* LogEventPolicy.id */
    struct slice wire_id;      /* the id that edges see and report */
    int64_t row;               /* of the table policies */
    int64_t version;           /* the version in force */
    unsigned stages;           /* bits of STAGE_ */
    struct slice hash;         /* of the content, 64 hexadecimal digits */
    struct slice encodings[2]; /* of one Policy message: an object of proto JSON (lowerCamelCase, nothing that a strict
                                  decoder does not know), the bytes of protobuf */
};

/* What a client with given stages gets. */
struct published_list {
    struct slice bytes; /* PUBLISHED_JSON: the policies with commas between, without brackets;
                           PUBLISHED_PROTOBUF: field 1 of SyncResponse, once a policy */
    struct slice hash;  /* over the content of just these policies, 64 hexadecimal digits; never empty, the same for
                           both encodings */
    size_t count;
};

struct published_set;
struct publisher;

/* NULL: *problem (caller frees). The store outlives the publisher. */
struct publisher *publisher_new(struct store *store, char **problem);
void publisher_free(struct publisher *p);

/* Reads the account's set again; from the store's writer thread (or before it has work). False: the store could not be
 * read; the old set stays. */
bool publisher_refresh(struct publisher *p, int64_t account);

const struct published_set *published_take(struct publisher *p, int64_t account);
void published_release(const struct published_set *set);

/* Counts up with every refresh of this account that changed something; 1 is the first set after the start. */
uint64_t published_generation(const struct published_set *set);
/* Sorted by wire_id, bytewise. */
size_t published_count(const struct published_set *set);
const struct published_policy *published_at(const struct published_set *set, size_t i);
/* NULL: not in force. */
const struct published_policy *published_find(const struct published_set *set, struct slice wire_id);

/* The policies whose stages are all within `stages`; made once a set, then shared by all threads. */
const struct published_list *published_list(const struct published_set *set, enum published_encoding encoding, unsigned stages);

#endif
