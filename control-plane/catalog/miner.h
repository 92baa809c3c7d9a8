/* The patterns known in memory, and which of them are the same event.
 *
 * miner_intern() finds or makes the pattern of a template. Where several patterns differ in one word only, that word
 * is a value: they merge into the pattern with a value in its place. The merged pattern depends on what was seen, not
 * on the order. Memory is bounded: the patterns not used for longest are forgotten, and get the same id again when
 * they return. Not thread-safe: callers hold the catalog's lock. */
#ifndef CONTROL_PLANE_MINER_H
#define CONTROL_PLANE_MINER_H

#include "control-plane/catalog/template.h"
#include "control-plane/catalog/words.h"

struct miner;
struct pattern;

typedef void miner_merged(void *context, struct id128 from, struct id128 to);

struct miner *miner_new(uint64_t key, size_t memory);
void miner_free(struct miner *m);
/* Called for every merge: from is the id that a pattern had. */
void miner_on_merge(struct miner *m, miner_merged *merged, void *context);

/* `scope` keeps the patterns of different services apart. */
struct pattern *miner_intern(struct miner *m, const struct template *t, uint64_t scope, bool fragment);
/* Merges what became mergeable by words learnt elsewhere. */
void miner_settle(struct miner *m);
/* A pinned pattern is not forgotten. */
void pattern_pin(struct pattern *p);
void pattern_unpin(struct pattern *p);

/* The pattern that p was merged into, or p. */
struct pattern *pattern_root(struct pattern *p);
struct id128 pattern_id(const struct pattern *p);
bool pattern_fragment(const struct pattern *p);
size_t miner_patterns(const struct miner *m);

/* The template of a root. With `words`, those not known yet are "<?>" and suspicious ones "<*>"; gives false where one
 * was withheld as not known yet. Without, every word is written. */
bool pattern_display(const struct pattern *p, const struct words *words, struct buf *out);
/* snake_case of the constant words, at most 64 characters, the same rule; "event" where there are none. */
void pattern_name(const struct pattern *p, const struct words *words, struct buf *out);

#endif
