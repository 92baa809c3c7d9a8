/* The whole state of a list as one text, the same in a command, an argument, a saved view and a session:
 *   events severity:debug payment order:cost,-name columns:name,cost,rate
 * The resource, terms of the filter (screens/resource.h), at most LIST_ORDERS keys of the order, the columns from left to
 * right. A column of `order:` stands for its own first direction (cost: largest first, name: A to Z); a minus before it
 * turns that around, `:asc` and `:desc` say it outright. What is left out is the resource's default. No curses here. */
#ifndef SCREENS_LIST_STATE_H
#define SCREENS_LIST_STATE_H

#include "base/buf.h"
#include "screens/resource.h"

enum { LIST_STATE_MAX = 8192 };

struct list_state {
    const struct resource *resource;
    char *filter; /* terms with one blank between; xmalloc'd, never NULL after a good parse */
    struct list_order order[LIST_ORDERS];
    size_t order_count;            /* 0: the resource's default */
    const struct column **columns; /* xmalloc'd; NULL: the default ones */
    size_t column_count;
};

/* `r` NULL: the first word names the resource; else the text begins after it. False: *problem (static, one line that begins
 * "column N: "), and *s needs no list_state_free(). */
bool list_state_parse(struct list_state *s, const struct resource *r, const char *text, const char **problem);
/* What list_state_parse() reads back as the same state; the shortest such text. */
void list_state_print(const struct list_state *s, struct buf *out);
void list_state_free(struct list_state *s);

/* "cost,-name", "cost:desc": gives the number of keys, 0 with *problem (static; no place in it). */
size_t list_order_parse(const struct resource *r, const char *text, struct list_order out[LIST_ORDERS], const char **problem);
void list_order_print(const struct list_order *order, size_t count, struct buf *out);
/* "name,cost": xmalloc'd, NULL with *problem (static). */
const struct column **list_columns_parse(const struct resource *r, const char *text, size_t *count, const char **problem);

/* The next word at or behind `at`, with what stands in quotes; empty: there is none. */
struct slice list_state_word(const char *at);

#endif
