/* Documents by text, the least recently used one leaves. Preparing one happens outside the lock. */
#include "base/die.h"
#include "base/hash.h"
#include "control-plane/graphql/document.h"

#include <pthread.h>
#include <stdlib.h>

enum { DOCUMENT_BYTES_MAX = 256 * 1024 }; /* larger ones are not kept */

struct entry {
    struct entry *chain;         /* of one hash slot */
    struct entry *newer, *older; /* by last use */
    uint64_t hash;
    struct gql_document *doc;
};

struct gql_cache {
    const struct gql_schema *schema;
    struct gql_limits limits;
    pthread_mutex_t lock;
    struct entry **slots, *newest, *oldest;
    size_t slot_count, count, max;
};

struct gql_cache *gql_cache_new(const struct gql_schema *schema, const struct gql_limits *limits, size_t entries)
{
    struct gql_cache *cache = xcalloc(1, sizeof *cache);
    cache->schema = schema;
    cache->limits = *limits;
    cache->max = entries;
    cache->slot_count = 16;
    while (cache->slot_count < entries) cache->slot_count *= 2;
    cache->slots = xcalloc(cache->slot_count, sizeof(struct entry *));
    pthread_mutex_init(&cache->lock, NULL);
    return cache;
}

static struct entry **slot_of(struct gql_cache *cache, uint64_t hash) { return &cache->slots[hash & (cache->slot_count - 1)]; }

static void unlink_use(struct gql_cache *cache, struct entry *e)
{
    *(e->newer ? &e->newer->older : &cache->newest) = e->older;
    *(e->older ? &e->older->newer : &cache->oldest) = e->newer;
}

static void link_newest(struct gql_cache *cache, struct entry *e)
{
    e->newer = NULL;
    e->older = cache->newest;
    *(cache->newest ? &cache->newest->newer : &cache->oldest) = e;
    cache->newest = e;
}

static void remove_entry(struct gql_cache *cache, struct entry *e)
{
    struct entry **place = slot_of(cache, e->hash);
    while (*place != e) place = &(*place)->chain;
    *place = e->chain;
    unlink_use(cache, e);
    gql_document_release(e->doc);
    free(e);
    cache->count--;
}

void gql_cache_free(struct gql_cache *cache)
{
    if (!cache) return;
    while (cache->newest) remove_entry(cache, cache->newest);
    pthread_mutex_destroy(&cache->lock);
    free(cache->slots);
    free(cache);
}

/* With a reference for the caller. The lock is held. */
static struct gql_document *find(struct gql_cache *cache, uint64_t hash, struct slice text)
{
    struct entry *e = *slot_of(cache, hash);
    while (e && !(e->hash == hash && slice_eq(e->doc->text, text))) e = e->chain;
    if (!e) return NULL;
    if (e != cache->newest) {
        unlink_use(cache, e);
        link_newest(cache, e);
    }
    atomic_fetch_add_explicit(&e->doc->references, 1, memory_order_relaxed);
    return e->doc;
}

static void keep(struct gql_cache *cache, uint64_t hash, struct gql_document *doc)
{
    struct entry *e = xmalloc(sizeof *e), **slot = slot_of(cache, hash);
    *e = (struct entry){.chain = *slot, .hash = hash, .doc = doc};
    *slot = e;
    link_newest(cache, e);
    atomic_fetch_add_explicit(&doc->references, 1, memory_order_relaxed);
    if (++cache->count > cache->max) remove_entry(cache, cache->oldest);
}

struct gql_document *gql_cache_get(struct gql_cache *cache, struct slice text, struct buf *out)
{
    uint64_t hash = hash64(text.ptr, text.len, 0);
    pthread_mutex_lock(&cache->lock);
    struct gql_document *doc = find(cache, hash, text);
    pthread_mutex_unlock(&cache->lock);
    if (doc) return doc;
    doc = gql_document_new(cache->schema, &cache->limits, text, out);
    if (!doc || !cache->max || arena_used(doc->arena) > DOCUMENT_BYTES_MAX) return doc;
    pthread_mutex_lock(&cache->lock);
    struct gql_document *other = find(cache, hash, text);
    if (!other) keep(cache, hash, doc);
    pthread_mutex_unlock(&cache->lock);
    if (!other) return doc;
    gql_document_release(doc);
    return other;
}
