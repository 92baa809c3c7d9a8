#include "control-plane/tap/vault.h"

#include "base/die.h"

#include <sodium.h>

enum { ALIGNED = 16 };

bool vault_init(struct vault *v, size_t size)
{
    if (sodium_init() < 0) die("live preview: libsodium does not start");
    *v = (struct vault){.bytes = sodium_malloc(size), .size = size};
    if (!v->bytes) return false;
    sodium_memzero(v->bytes, size);
    return true;
}

void vault_free(struct vault *v)
{
    sodium_free(v->bytes);
    *v = (struct vault){0};
}

void *vault_alloc(struct vault *v, size_t size)
{
    if (size > v->size) return NULL;
    size_t room = (size + ALIGNED - 1) & ~(size_t)(ALIGNED - 1);
    if (room > v->size - v->used) return NULL;
    char *memory = v->bytes + v->used;
    v->used += room;
    return memory;
}

struct slice vault_copy(struct vault *v, struct slice s)
{
    char *copy = vault_alloc(v, s.len + 1);
    if (copy && s.len) memcpy(copy, s.ptr, s.len);
    return slice_of(copy, copy ? s.len : 0);
}

void vault_release(struct vault *v, size_t mark)
{
    if (mark >= v->used) return;
    sodium_memzero(v->bytes + mark, v->used - mark);
    v->used = mark;
}
