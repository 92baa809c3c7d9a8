/* From trees to the model: what the parts of the reader share. Private to the module.
 *
 * Each part reads one node into one struct; what is wrong is added to the policy's errors with the place that `place` holds, and
 * reading goes on, so that one pass finds everything. */
#ifndef POLICY_READING_H
#define POLICY_READING_H

#include "policy/node.h"
#include "policy/policy.h"
#include "policy/regex.h"
#include "policy/words.h"

struct list {
    void *items;
    size_t count, room;
};

struct reading {
    struct policy_set *set;
    struct arena *arena; /* the set's */
    enum policy_signal signal;
    unsigned line;    /* of the policy: where a part has none */
    struct buf place; /* "log: match[0]: " */
    struct list errors, warnings;
};

/* Adds a zeroed item to an arena list. */
void *list_add(struct arena *a, struct list *l, size_t size);

/* Goes into a part: gives the mark to leave with. */
size_t enter(struct reading *r, const char *name);
size_t enter_item(struct reading *r, const char *name, size_t index);
void leave(struct reading *r, size_t mark);

void wrong(struct reading *r, const struct node *at, const char *format, ...) __attribute__((format(printf, 3, 4)));
void doubtful(struct reading *r, const struct node *at, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* A member is there: not NULL and not null. */
bool given(const struct node *n);
struct slice read_text(struct reading *r, const struct node *n, const char *what);
bool read_bool(struct reading *r, const struct node *n, const char *what, bool otherwise);
/* Warns of the keys of a map that are not among `known` (snake case, ends with NULL), and of a key that comes twice. */
void check_keys(struct reading *r, const struct node *map, const char *const *known);
/* NULL, and an error, where the pattern is not valid. */
const struct regex *read_regex(struct reading *r, const struct node *at, struct slice pattern, bool case_insensitive);
const struct regex *literal_regex(struct reading *r, struct slice text, bool at_start, bool at_end);

bool read_path(struct reading *r, const struct node *n, struct policy_selector *s);
void read_value(struct reading *r, const struct node *n, struct policy_value *v);
void read_number(struct reading *r, const struct node *n, struct policy_value *v);
void read_any_value(struct reading *r, const struct node *n, struct policy_value *v);
bool read_base64(struct arena *a, struct slice text, struct slice *bytes);

/* The selector among the members of `map`, whose keys begin with `prefix` ("from_" or ""). For log targets' parts. */
bool read_selector(struct reading *r, const struct node *map, const char *prefix, struct policy_selector *s);
/* The key of a member that is a selector of the signal. */
bool is_selector_key(enum policy_signal signal, struct slice key);

void read_matchers(struct reading *r, const struct node *list, struct policy *p);
void read_log_keep(struct reading *r, const struct node *target, struct policy *p);
void read_metric_keep(struct reading *r, const struct node *target, struct policy *p);
void read_sampling(struct reading *r, const struct node *target, struct policy *p);
void read_transform(struct reading *r, const struct node *transform, struct policy *p);

/* One policy; always gives one. */
struct policy *read_policy(struct policy_set *set, const struct node *n, struct slice source);

#endif
