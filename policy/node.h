/* A policy text as a tree: what JSON, YAML and protobuf have in common. Private to the module.
 *
 * Nodes live in the arena they were made in and are linked in order; a map's members carry their keys. Lines count from 1, 0 is
 * unknown. Numbers are kept as text. */
#ifndef POLICY_NODE_H
#define POLICY_NODE_H

#include "base/arena.h"
#include "base/buf.h"

#include <stdint.h>

enum node_kind { NODE_NULL, NODE_BOOL, NODE_NUMBER, NODE_STRING, NODE_LIST, NODE_MAP };

struct node {
    enum node_kind kind;
    bool boolean;
    unsigned line;
    size_t size; /* nodes in it, itself too */
    struct slice key, text;
    struct node *first, *last, *next;
};

/* Greatest number of nodes of one text, with what YAML's aliases repeat. */
enum { NODES_MAX = 4 << 20, NODE_DEPTH = 64 };

struct node_error {
    unsigned line;
    const char *message; /* static or in the arena */
};

/* Zeroed memory; dies where even the machine has no more. */
void *node_memory(struct arena *a, size_t size);
struct slice node_copy_text(struct arena *a, struct slice s);

struct node *node_new(struct arena *a, enum node_kind kind, struct slice text);
void node_append(struct node *list, struct node *child);
/* Adds a member to a map; gives it. */
struct node *node_put(struct arena *a, struct node *map, const char *key, enum node_kind kind, struct slice text);
void node_put_string(struct arena *a, struct node *map, const char *key, struct slice text);
void node_put_bool(struct arena *a, struct node *map, const char *key, bool value);
void node_put_int(struct arena *a, struct node *map, const char *key, int64_t value);
void node_put_u64(struct arena *a, struct node *map, const char *key, uint64_t value);
void node_put_double(struct arena *a, struct node *map, const char *key, double value);
struct node *node_copy(struct arena *a, const struct node *n);

/* The member called `snake`, also in lowerCamelCase; NULL. */
const struct node *node_get(const struct node *map, const char *snake);
bool key_is(struct slice key, const char *snake);
/* The camel-case form of a snake-case name. */
void key_camel(struct buf *out, const char *snake);

/* Numbers: from a NUMBER, or a STRING that holds one. */
bool node_int(const struct node *n, int64_t *value);
bool node_u64(const struct node *n, uint64_t *value);
bool node_double(const struct node *n, double *value);

/* Text to trees, and back. NULL: error. A YAML text of several documents gives a list of them where `several` says so. */
struct node *node_read_json(struct arena *a, struct slice text, struct node_error *error);
struct node *node_read_yaml(struct arena *a, struct slice text, bool *several, struct node_error *error);
void node_write_json(struct buf *out, const struct node *n, unsigned indent);
void node_write_yaml(struct buf *out, const struct node *n);

#endif
