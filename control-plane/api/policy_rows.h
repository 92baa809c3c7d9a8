/* Policies as the resolvers see them, and what their text says. */
#ifndef CONTROL_PLANE_API_POLICY_ROWS_H
#define CONTROL_PLANE_API_POLICY_ROWS_H

#include "control-plane/api/entity.h"
#include "control-plane/policies/policies.h"

struct policy_row {
    int64_t row, number;
    struct id128 id, issue, log_event, supersedes; /* zero: none */
    struct slice wire_id, name, hash, action, category, requester;
    struct standing standing;
    int source, risk;
    unsigned stages;
    int64_t compiled, created, updated;
};

#define POLICY_COLUMNS                                                                                                                     \
    "p.row, p.number, p.id, p.issue, p.log_event, p.supersedes, p.wire_id, p.name, p.hash, p.action, p.category, p.requester, p.state,"    \
    " p.resting, p.version, p.last_version, p.approved_version, p.source, p.risk, p.stages, p.compiled_at, p.created_at, p.updated_at"
enum { POLICY_COUNT = 23 };
void *policy_read(struct request_context *x, sqlite3_stmt *st, int column);
/* NULL: none of this account. */
struct policy_row *policy_by_id(struct request_context *x, struct id128 id);
struct policy_row *policy_by_row(struct request_context *x, int64_t row);
/* By the argument, a UUID or "POL-12". NULL: none; nothing was answered. */
struct policy_row *policy_argument(struct gql_call *call, const char *name);

/* A version's text in the arena; ptr NULL: no such version. */
struct slice policy_version_text(struct request_context *x, int64_t row, int64_t version);
/* The content of a version; content_free it. False: no such version, or a damaged store (then nothing is to be freed). */
bool policy_version_content(struct request_context *x, int64_t row, int64_t version, struct content *c);

extern const struct entity entity_policy;

/* Copies into the request's arena; empty where the arena is full. */
struct slice arena_slice(struct request_context *x, struct slice s);
struct slice arena_buf(struct request_context *x, const struct buf *b);

extern const struct gql_binding policy_bindings[], policy_content_bindings[], policy_mutation_bindings[], policy_bulk_bindings[],
    policy_import_bindings[], policy_export_bindings[], policy_preview_bindings[];

/* For the resolvers of mutations. */
struct policy_actor policy_actor_of(const struct gql_call *call);
/* False: the call was answered (FORBIDDEN). */
bool policy_may_write(struct gql_call *call);
/* Takes note of what must be published; false: the change was refused and the call is answered. */
bool policy_settled(struct gql_call *call, const struct policy_answer *answer);
/* Only takes note. */
void policy_note(struct request_context *x, const struct policy_answer *answer);
/* The text of an optional argument or entry; empty where absent or null. */
struct slice optional_text(const struct gql_value *v);
bool optional_bool(const struct gql_value *v, bool otherwise);

#endif
