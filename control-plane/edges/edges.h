/* Edges and collectors: they poll for policies (POST /v1/policy/sync) and report what these did.
 *
 *     edges = edges_new(store, publisher, &problem)        both outlive it
 *     edges_key(edges, secret, &account)                   who polls
 *     edges_sync(edges, account, body, ..., &answer)       from any thread; never waits for the store
 *     edges_free(edges)                                    writes what is still in memory
 *
 * What edges report is folded in memory and written every few seconds while there is something to write; a sudden end
 * of the process loses those seconds. Policies come from the published set, so what was approved is in the next answer. */
#ifndef CONTROL_PLANE_EDGES_H
#define CONTROL_PLANE_EDGES_H

#include "base/buf.h"
#include "control-plane/policies/published.h"
#include "control-plane/store/store.h"

struct edges;

/* NULL: *problem (caller frees). */
struct edges *edges_new(struct store *store, struct publisher *publisher, char **problem);
void edges_free(struct edges *e);
/* Once an hour: lets go of what is too old. Returns at once. */
void edges_tick(struct edges *e);

/* False: not a key, or revoked. Notes the use. */
bool edges_key(struct edges *e, struct slice secret, int64_t *account);
/* After COMMIT of a change of the keys; from the thread that changed them or any other. */
void edges_keys_changed(struct edges *e);

/* An answer: bytes of its own, or those of a whole list that many clients get. */
struct edges_whole;
struct edges_answer {
    struct buf body;           /* the caller's; where whole is NULL */
    struct edges_whole *whole; /* else; edges_release */
    struct slice bytes;        /* of whole */
};
void edges_release(struct edges_whole *whole);

enum { EDGES_POLL_SECONDS = 60 };

/* False: the body is not a SyncRequest; *problem (literal) says so, and nothing is to be freed. */
bool edges_sync(struct edges *e, int64_t account, struct slice body, enum published_encoding request, enum published_encoding response,
                struct edges_answer *answer, const char **problem);

/* The hash that a client with these stages has when it is up to date. */
void edges_published_hash(struct edges *e, int64_t account, unsigned stages, char out[65]);

/* Waits until everything that was reported so far is in the store; false: it cannot be written. For tests and the end. */
bool edges_settle(struct edges *e);

#endif
