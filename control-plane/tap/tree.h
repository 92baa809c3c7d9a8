/* One log record as a tree that policies can read and change, made from the bytes of OTLP. Private to the module.
 *
 * tree_read() borrows texts from the bytes and takes its nodes from the vault; tree_copy() makes a second tree that is changed
 * while the first stays: each pair of the first knows its twin in the second for as long as that is there. A record is judged by
 * itself: what a policy does to a resource or scope is not seen by the next record.
 *
 * Where the vault is full `lost` is set: the tree is not to be used. */
#ifndef CONTROL_PLANE_TAP_TREE_H
#define CONTROL_PLANE_TAP_TREE_H

#include "control-plane/catalog/record.h"
#include "control-plane/ingest/watch.h"
#include "control-plane/tap/vault.h"
#include "policy/record.h"

enum { TREE_DEPTH = 16 };

struct tree_pair;

struct tree_value {
    enum value_type type;
    bool boolean;
    int64_t integer;
    double real;
    struct slice text;       /* STRING, BYTES */
    struct tree_pair *pairs; /* MAP; ARRAY: with empty keys */
};

struct tree_pair {
    struct slice key;
    bool there; /* it has a value, even if an empty one */
    struct tree_value value;
    struct tree_pair *next;
    struct tree_pair *twin;   /* of the first tree: in the second, NULL once it was removed; of the second: in the first, NULL: added */
    struct tree_pair *parent; /* set by tree_link */
};

/* Scalars, by enum policy_field: severity text, event name, ids as hex, schema URLs, scope name and version. */
struct tree {
    struct vault *vault;
    bool lost;
    struct slice fields[POLICY_FIELDS];
    bool has_body;
    struct tree_value body;
    struct tree_pair *attributes[POLICY_EVENT]; /* by enum policy_scope */
};

extern const struct record_ops tree_ops;

void tree_read(struct tree *t, struct vault *vault, const struct otlp_sight *sight);
void tree_copy(struct tree *copy, struct tree *of);
/* Sets the parents of all pairs. */
void tree_link(struct tree *t);
bool tree_equal(const struct tree_value *a, const struct tree_value *b);

#endif
