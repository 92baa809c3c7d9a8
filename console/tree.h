/* A YAML text as a tree whose every key and value knows its place.
 *
 * One document of maps, lists and words; no anchors, aliases, tags or merge keys, a key once in its map. Bounded: TREE_TEXT_MAX bytes,
 * TREE_DEPTH levels, TREE_NODES values. What breaks these rules is a problem; of a text that is no YAML there is one problem and what
 * stands before it. Nodes live in the arena. */
#ifndef CONSOLE_TREE_H
#define CONSOLE_TREE_H

#include "base/arena.h"
#include "console/problems.h"

enum { TREE_TEXT_MAX = 256 << 10, TREE_DEPTH = 8, TREE_NODES = 4000, TREE_ARENA_MAX = 8 << 20 };

enum tree_kind { TREE_WORD, TREE_LIST, TREE_MAP };

struct tree {
    enum tree_kind kind;
    bool quoted;      /* a word in quotes or a block */
    const char *key;  /* of a member of a map; holds no NUL */
    const char *word; /* of a TREE_WORD; holds no NUL */
    struct place key_at, at;
    struct tree *first, *last, *next;
};

/* NULL: nothing is in it, or nothing that can be used. */
struct tree *tree_read(struct arena *a, struct slice text, struct problems *p);
/* A word that stands for "nothing here": empty, ~ or null without quotes. */
bool tree_null(const struct tree *t);
struct tree *tree_member(const struct tree *map, const char *key);

#endif
