#include "control-plane/graphql/names.h"

#include "base/hash.h"

struct gql_name {
    uint64_t hash; /* 0: free */
    const void *owner;
    struct slice name;
    void *value;
};

static uint64_t hash_of(const void *owner, struct slice name) { return hash64(name.ptr, name.len, (uintptr_t)owner) | 1; }

static struct gql_name *slot_of(const struct gql_names *names, uint64_t hash, const void *owner, struct slice name)
{
    for (size_t i = (hash >> 8) & (names->cap - 1);; i = (i + 1) & (names->cap - 1)) {
        struct gql_name *slot = &names->slots[i];
        if (!slot->hash) return slot;
        if (slot->hash == hash && slot->owner == owner && slice_eq(slot->name, name)) return slot;
    }
}

static void grow(struct gql_names *names)
{
    struct gql_names old = *names;
    names->cap = old.cap ? old.cap * 4 : 16;
    names->slots = arena_zero(names->arena, names->cap * sizeof *names->slots);
    for (size_t i = 0; i < old.cap; i++) {
        struct gql_name *from = &old.slots[i];
        if (from->hash) *slot_of(names, from->hash, from->owner, from->name) = *from;
    }
}

void **gql_names_put(struct gql_names *names, const void *owner, struct slice name)
{
    if (names->count * 4 >= names->cap * 3) grow(names);
    uint64_t hash = hash_of(owner, name);
    struct gql_name *slot = slot_of(names, hash, owner, name);
    if (!slot->hash) {
        *slot = (struct gql_name){.hash = hash, .owner = owner, .name = name};
        names->count++;
    }
    return &slot->value;
}

void *gql_names_get(const struct gql_names *names, const void *owner, struct slice name)
{
    return names->cap ? slot_of(names, hash_of(owner, name), owner, name)->value : NULL;
}
