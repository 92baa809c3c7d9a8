/* Rows of the policy tables as moves read and write them. Inside the module only. */
#ifndef CONTROL_PLANE_POLICIES_LEDGER_H
#define CONTROL_PLANE_POLICIES_LEDGER_H

#include "control-plane/policies/policies.h"

enum { LEDGER_ACTOR = 128 };

struct policy_record {
    int64_t row, number;
    struct id128 id, supersedes, issue, log_event; /* zero: none */
    char category[CONTENT_NAME_MAX + 1];
    enum policy_risk risk;
    struct standing standing;
    char hash[CONTENT_HASH + 1];
    char requester[LEDGER_ACTOR];
};

/* False: none of this account, or an error of the store. */
bool ledger_find(struct db *db, int64_t account, struct id128 id, struct policy_record *r);
/* The row that holds this id on the wire; 0: free. */
int64_t ledger_wire_id(struct db *db, int64_t account, struct slice wire_id);

struct ledger_version {
    struct slice reason; /* empty: none */
    int64_t version;
};

/* All give false on an error of the store. */
bool ledger_insert(struct db *db, const struct policy_actor *who, const struct content *c, const struct policy_origin *origin,
                   struct policy_record *r);
bool ledger_add_version(struct db *db, const struct policy_actor *who, const struct content *c, const struct policy_record *r,
                        struct slice reason);
/* Standing, hash and requester of the record. */
bool ledger_save(struct db *db, const struct policy_actor *who, const struct policy_record *r);
/* What follows from the content: ids, name, labels, stages. */
bool ledger_save_content(struct db *db, const struct policy_actor *who, const struct content *c, const struct policy_record *r);
bool ledger_delete(struct db *db, const struct policy_record *r);
bool ledger_decide(struct db *db, const struct policy_actor *who, const struct policy_record *r, bool approved, struct slice reason);

/* Text and hash of a version; the text in `text` (initialised by the caller). False: there is none. */
bool ledger_version_text(struct db *db, int64_t policy, int64_t version, struct buf *text, char hash[CONTENT_HASH + 1]);
bool ledger_version_author(struct db *db, int64_t policy, int64_t version, char author[LEDGER_ACTOR]);
bool ledger_was_approved(struct db *db, int64_t policy, const char *hash);

/* One row for one change; before and after NULL: the object did not exist. */
bool ledger_audit(struct db *db, const struct policy_actor *who, const char *action, const struct policy_record *before,
                  const struct policy_record *after, struct slice reason);

#endif
