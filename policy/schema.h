/* The messages of tero.policy.v1 as tables, and what follows from them: trees from protobuf and back, canonical proto JSON.
 * Private to the module. A tree of a message is a map with snake_case keys; bytes are base64 text in it, enums are numbers. */
#ifndef POLICY_SCHEMA_H
#define POLICY_SCHEMA_H

#include "policy/node.h"

enum proto_type {
    PROTO_STRING,
    PROTO_BYTES,
    PROTO_BOOL,
    PROTO_INT64,
    PROTO_UINT32,
    PROTO_FIXED64,
    PROTO_DOUBLE,
    PROTO_FLOAT,
    PROTO_ENUM,
    PROTO_MESSAGE,
};

enum proto_flags {
    PROTO_REPEATED = 1,
    PROTO_PRESENT = 2, /* has presence: optional, or of a oneof; no default is written */
    PROTO_IMPLIED = 4, /* absent on the wire means the zero value, which the tree must say */
    PROTO_HIDDEN = 8,  /* not written where it is empty: older readers do not know it */
};

struct proto_field {
    unsigned number;
    const char *name;
    enum proto_type type;
    unsigned flags;
    unsigned oneof; /* 0: none; fields of one number exclude each other */
    const struct proto_message *message;
};

struct proto_message {
    const struct proto_field *fields;
    size_t count;
};

extern const struct proto_message proto_policy;

/* NULL: *error says why. */
struct node *proto_read(struct arena *a, const struct proto_message *m, struct slice bytes, const char **error);
void proto_write(struct buf *out, const struct proto_message *m, const struct node *n);
void proto_write_json(struct buf *out, const struct proto_message *m, const struct node *n);

/* The next field of a message: its number, wire type and payload (varint: value; else bytes). False at the end, or on an error. */
struct proto_item {
    unsigned number, wire;
    uint64_t value;
    struct slice bytes;
};
bool wire_item_next(struct slice *in, struct proto_item *item, const char **error);

void base64_write(struct buf *out, struct slice bytes);

#endif
