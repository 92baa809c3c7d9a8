/* How the rules that can match a record are found without trying all. Private to the module.
 *
 * Rules that want one value of a certain resource attribute (the one that tells most rules apart: service.name as a rule) form a part;
 * the others form the global part. In its part each rule is filed under its rarest condition: a text or number that a selector must
 * equal, four bytes that its text must hold, or the selector's presence; a rule with none of these is tried for every record
 * of its part. A record looks up the selectors of the two parts that concern it. Keys are hashes: a collision costs a try, no more. */
#ifndef POLICY_INDEX_H
#define POLICY_INDEX_H

#include "policy/rules.h"

#include "base/hash.h"

enum probe_kind { PROBE_PRESENT = 1, PROBE_TEXT = 2, PROBE_NUMBER = 4, PROBE_GRAM = 8 };

enum { GRAM = 4, WALK_FROM = 8 /* selectors of a scope, from which on a record's attributes are walked through */ };

struct probe {
    uint32_t selector;
    unsigned kinds;
    uint64_t seed;
};

struct part {
    uint64_t seed;
    struct slice value; /* of the partition's selector */
    struct probe *probes;
    size_t probe_count;
    bool walk[POLICY_SCOPES]; /* the attributes of this scope are walked: their probes are in `walked` */
    uint64_t *names;          /* walked for: by length, the last characters (name_place, name_bit) */
    uint32_t *rules;          /* tried for every record of the part */
    size_t rule_count;
};

struct cell {
    uint64_t key; /* 0: free */
    uint32_t first, count;
};

struct index {
    struct arena *arena;
    uint32_t partition; /* selector, or UINT32_MAX */
    struct part *parts; /* the first is the global one */
    size_t part_count;
    struct cell *values; /* hash of a partition's value: `first` is its part */
    size_t value_room;
    struct cell *cells; /* key: rules[first .. first + count); the rule itself where it is one */
    size_t cell_room;
    uint32_t *rules;
    struct probe *walked;
    struct cell *walks; /* hash of part, scope and attribute: walked[first] */
    size_t walk_room;
    uint64_t *bits; /* of the keys that are there: two in one word */
    unsigned shift;
};

static inline uint64_t seed_of(const struct part *p, uint32_t selector) { return hash_mix(p->seed, selector + 1) | 1; }
static inline uint64_t key_present(uint64_t seed) { return hash_mix(seed, 0x70) | 1; }
static inline uint64_t key_text(uint64_t seed, struct slice text) { return hash64(text.ptr, text.len, seed) | 1; }
uint64_t key_number(uint64_t seed, double value);

#define GRAM_FACTOR UINT64_C(0x9E3779B97F4A7C15)

/* Four bytes without regard of ASCII case (and of some other pairs). */
static inline uint64_t key_gram(uint64_t seed, const char *p)
{
    uint32_t gram;
    memcpy(&gram, p, sizeof gram);
    return ((gram | UINT32_C(0x20202020)) + seed) * GRAM_FACTOR;
}

static inline uint64_t key_walk(uint64_t part_seed, enum policy_scope scope, struct slice name)
{
    return hash64(name.ptr, name.len, part_seed + (uint64_t)scope) | 1;
}

enum { NAME_PLACES = 64 };

static inline size_t name_place(struct slice name) { return name.len % NAME_PLACES; }
static inline uint64_t name_bit(struct slice name) { return UINT64_C(1) << ((unsigned char)name.ptr[name.len - 1] % 64); }

static inline uint64_t bits_of(uint64_t key) { return UINT64_C(1) << (key >> 34 & 63) | UINT64_C(1) << (key >> 28 & 63); }

static inline bool may_hold(const uint64_t *bits, unsigned shift, uint64_t key)
{
    return (bits[key >> shift] & bits_of(key)) == bits_of(key);
}

static inline size_t slot_of(uint64_t key, size_t room) { return (size_t)(key ^ key >> 29) & (room - 1); }

static inline const struct cell *cell_find(const struct cell *cells, size_t room, uint64_t key)
{
    for (size_t at = slot_of(key, room); cells[at].key; at = (at + 1) & (room - 1))
        if (cells[at].key == key) return &cells[at];
    return NULL;
}

#endif
