/* Policies in the store: every change is one version or one move, with its audit row, in the caller's transaction.
 *
 * All functions run in the store's writer thread, within a job (store.h). Each works in a savepoint of its own: when it
 * gives another outcome than POLICY_DONE nothing of it stays; after POLICY_STORE_FAILED the job must fail. Where
 * `published` is set, call publisher_refresh after COMMIT (published.h).
 *
 * Who proposed or wrote a payload may not approve it where the account asks for four eyes. An approval names the
 * payload's hash: another payload than the one that was judged is never approved. */
#ifndef CONTROL_PLANE_POLICIES_H
#define CONTROL_PLANE_POLICIES_H

#include "control-plane/policies/content.h"
#include "control-plane/policies/lifecycle.h"
#include "control-plane/store/store.h"

enum policy_outcome {
    POLICY_DONE,
    POLICY_NOT_FOUND,
    POLICY_BAD_INPUT,
    POLICY_CONFLICT,
    POLICY_SAME, /* an edit that changes nothing */
    POLICY_FORBIDDEN,
    POLICY_STORE_FAILED
};
/* As the API has it: "CONFLICT" (also for SAME), ... */
const char *policy_outcome_code(enum policy_outcome o);

struct policy_answer {
    enum policy_outcome outcome;
    char message[1024]; /* why not, for the person */
    struct id128 id;
    int64_t row;
    bool published; /* what is in force changed */
};

struct policy_actor {
    struct slice name; /* "uid:1000", "check:health-checks" */
    int64_t account;   /* its row */
    int64_t now_ns;
};

enum policy_source { SOURCE_MANUAL, SOURCE_LOG_EVENT, SOURCE_DATADOG };

struct policy_origin {
    struct content_links links;
    enum policy_source source;
    bool draft;              /* else proposed */
    bool unique_id;          /* a taken id gets a number at its end instead of a conflict */
    struct id128 supersedes; /* zero: none. Takes its place when approved */
    struct slice reason;     /* empty: none */
};

/* A new policy from one policy's text (JSON or YAML). An id that the account has already: CONFLICT. */
struct policy_answer policies_create(struct db *db, const struct policy_actor *who, struct slice text, const struct policy_origin *origin);
/* The same of a policy that was read already. */
struct policy_answer policies_create_of(struct db *db, const struct policy_actor *who, const struct policy *p,
                                        const struct policy_origin *origin);

/* A new version; the text's id must be the policy's. Links that the text does not say stay. The same content: SAME. */
struct policy_answer policies_edit(struct db *db, const struct policy_actor *who, struct id128 id, struct slice text, struct slice reason);
struct policy_answer policies_edit_of(struct db *db, const struct policy_actor *who, struct id128 id, const struct policy *p,
                                      struct slice reason);

struct policy_order {
    enum policy_move move; /* PROPOSE, APPROVE, APPROVE_HELD, REJECT, DISABLE, ENABLE, SUPERSEDE, DELETE */
    struct slice hash;     /* APPROVE: of the payload that was judged. Else checked where given */
    struct slice reason;   /* REJECT needs one */
};
struct policy_answer policies_move(struct db *db, const struct policy_actor *who, struct id128 id, const struct policy_order *order);

/* Makes the text of an older version the newest. A payload that was approved before needs no new approval. */
struct policy_answer policies_roll_back(struct db *db, const struct policy_actor *who, struct id128 id, int64_t version,
                                        struct slice reason);

/* ---- the account's settings ---- */
bool policies_four_eyes(struct db *db, int64_t account);
struct policy_answer policies_set_four_eyes(struct db *db, const struct policy_actor *who, struct id128 account_id, bool wanted);

/* ---- lookups; any connection ---- */

/* By id, or by number ("POL-12"). False: none in this account. */
bool policies_id(struct db *db, int64_t account, struct slice text, struct id128 *id);
/* False: no policy of this account has that id on the wire. */
bool policies_by_wire_id(struct db *db, int64_t account, struct slice wire_id, struct id128 *id);

#endif
