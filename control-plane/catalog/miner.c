#include "control-plane/catalog/miner.h"

#include "base/die.h"
#include "control-plane/catalog/holes.h"
#include "control-plane/catalog/vocabulary.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 1024, CANONICAL_MAX = 64 * 1024, LEAST_MEMORY = 256 * 1024 };

struct miner {
    struct pattern **slots;
    size_t size, count;
    size_t bytes, memory;
    size_t ceiling; /* where to forget next: above memory while what is pinned does not fit */
    uint64_t key;
    uint32_t clock;
    struct holes *holes;
    struct buf canonical;
    miner_merged *merged;
    void *merged_context;
};

struct miner *miner_new(uint64_t key, size_t memory)
{
    vocabulary_ready();
    struct miner *m = xcalloc(1, sizeof *m);
    *m = (struct miner){.size = FIRST_SLOTS, .key = key, .memory = memory < LEAST_MEMORY ? LEAST_MEMORY : memory};
    m->slots = xcalloc(m->size, sizeof(struct pattern *));
    m->ceiling = m->memory;
    m->holes = holes_new();
    buf_init(&m->canonical, CANONICAL_MAX);
    return m;
}

static size_t pattern_bytes(const struct pattern *p) { return sizeof *p + (p->body ? body_size(p->body) : 0); }

static void pattern_drop(struct miner *m, struct pattern *p)
{
    m->bytes -= pattern_bytes(p);
    m->count--;
    free(p->body);
    free(p);
}

void miner_free(struct miner *m)
{
    if (!m) return;
    for (size_t i = 0; i < m->size; i++) {
        for (struct pattern *p = m->slots[i], *next; p; p = next) {
            next = p->next;
            pattern_drop(m, p);
        }
    }
    free(m->slots);
    holes_free(m->holes);
    buf_free(&m->canonical);
    free(m);
}

void miner_on_merge(struct miner *m, miner_merged *merged, void *context)
{
    m->merged = merged;
    m->merged_context = context;
}

void pattern_pin(struct pattern *p) { p->pins++; }
void pattern_unpin(struct pattern *p) { p->pins--; }
struct id128 pattern_id(const struct pattern *p) { return p->id; }
bool pattern_fragment(const struct pattern *p) { return p->fragment; }
size_t miner_patterns(const struct miner *m) { return m->count; }

struct pattern *pattern_root(struct pattern *p)
{
    while (p->parent) {
        if (p->parent->parent) p->parent = p->parent->parent;
        p = p->parent;
    }
    return p;
}

/* Which of two roots stands for both: the more general one; what decides does not depend on the order. */
static bool stands_for(const struct pattern *a, const struct pattern *b)
{
    if (a->body->words != b->body->words) return a->body->words < b->body->words;
    if (a->body->n != b->body->n) return a->body->n < b->body->n;
    return a->id.hi != b->id.hi ? a->id.hi < b->id.hi : a->id.lo < b->id.lo;
}

static void unite(struct miner *m, struct pattern *a, struct pattern *b)
{
    a = pattern_root(a);
    b = pattern_root(b);
    if (a == b || a->scope != b->scope) return;
    struct pattern *to = stands_for(a, b) ? a : b, *from = to == a ? b : a;
    from->parent = to;
    to->fragment = to->fragment && from->fragment;
    if (m->merged) m->merged(m->merged_context, from->id, to->id);
}

static struct pattern **slot_of(struct miner *m, uint64_t hash) { return &m->slots[hash & (m->size - 1)]; }

static void grow(struct miner *m)
{
    struct pattern **old = m->slots;
    size_t n = m->size;
    m->size *= 2;
    m->slots = xcalloc(m->size, sizeof(struct pattern *));
    for (size_t i = 0; i < n; i++) {
        for (struct pattern *p = old[i], *next; p; p = next) {
            struct pattern **slot = slot_of(m, p->hash);
            next = p->next;
            p->next = *slot;
            *slot = p;
        }
    }
    free(old);
}

static struct pattern *find(struct miner *m, uint64_t hash)
{
    for (struct pattern *p = *slot_of(m, hash); p; p = p->next) {
        if (p->hash == hash) return p;
    }
    return NULL;
}

static struct pattern *make(struct miner *m, const struct template *t, uint64_t hash, uint64_t scope)
{
    size_t bytes;
    if (m->count >= m->size) grow(m);
    struct pattern *p = xcalloc(1, sizeof *p), **slot = slot_of(m, hash);
    *p = (struct pattern){.next = *slot, .hash = hash, .scope = scope, .used = ++m->clock};
    p->body = body_of(t, &bytes);
    buf_clear(&m->canonical);
    template_canonical(t, &m->canonical);
    p->id = id_uuid(hash128(m->canonical.data ? m->canonical.data : "", m->canonical.len, hash_mix(m->key, scope)));
    *slot = p;
    m->count++;
    m->bytes += sizeof *p + bytes;
    return p;
}

static void index_holes(struct miner *m, struct pattern *p);

static struct pattern *intern(struct miner *m, const struct template *t, uint64_t scope)
{
    uint64_t hash = t->hash + hash_mix(scope, m->key);
    struct pattern *p = find(m, hash);
    if (p) return p;
    p = make(m, t, hash, scope);
    index_holes(m, p);
    return p;
}

static void open_hole(struct miner *m, struct hole_open *open)
{
    if (!open->merged) {
        struct template t;
        body_template(open->members[0]->body, open->place, &t);
        template_fold(&t);
        open->merged = intern(m, &t, open->members[0]->scope);
        open->merged->fragment = open->members[0]->fragment;
    }
    holes_set_merged(m->holes, open->members[0], open->place, open->merged);
    for (size_t i = 0; i < open->count; i++) unite(m, open->members[i], open->merged);
}

static void index_holes(struct miner *m, struct pattern *p)
{
    size_t places = 0;
    for (size_t i = 0; i < p->body->n && places < HOLE_PLACES; i++) {
        struct hole_open open;
        if (!hole_candidate(p->body, i)) continue;
        places++;
        if (holes_add(m->holes, p, i, &open)) open_hole(m, &open);
    }
}

void miner_settle(struct miner *m)
{
    struct hole_open open;
    bool again = true;
    while (again) {
        again = false;
        for (size_t cursor = 0; holes_next_ripe(m->holes, &cursor, &open); again = true) open_hole(m, &open);
    }
}

static size_t memory_used(const struct miner *m) { return m->bytes + m->size * sizeof(struct pattern *) + holes_bytes(m->holes); }

/* Forgets what was not used since `before`; roots stay while something alive was merged into them. */
static void forget_before(struct miner *m, uint32_t before)
{
    for (size_t i = 0; i < m->size; i++) {
        for (struct pattern *p = m->slots[i]; p; p = p->next) {
            if (p->pins || p->used >= before) {
                for (struct pattern *r = p; r; r = r->parent) r->used = r->used < before ? before : r->used;
            }
        }
    }
    for (size_t i = 0; i < m->size; i++) {
        for (struct pattern **at = &m->slots[i]; *at;) {
            struct pattern *p = *at;
            if (p->used >= before) {
                at = &p->next;
                continue;
            }
            *at = p->next;
            pattern_drop(m, p);
        }
    }
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static uint32_t median_use(const struct miner *m)
{
    uint32_t *used = xmalloc((m->count + 1) * sizeof *used), median;
    size_t n = 0;
    for (size_t i = 0; i < m->size; i++) {
        for (const struct pattern *p = m->slots[i]; p; p = p->next) used[n++] = p->used;
    }
    qsort(used, n, sizeof *used, by_number);
    median = n ? used[n / 2] : 0;
    free(used);
    return median;
}

static void reindex(struct miner *m)
{
    holes_clear(m->holes);
    for (size_t i = 0; i < m->size; i++) {
        for (struct pattern *p = m->slots[i]; p; p = p->next) {
            struct hole_open open;
            for (size_t k = 0; !p->parent && k < p->body->n && k < HOLE_PLACES; k++) {
                if (hole_candidate(p->body, k)) holes_add(m->holes, p, k, &open);
            }
        }
    }
}

static void keep_within_memory(struct miner *m)
{
    if (memory_used(m) <= m->ceiling) return;
    forget_before(m, median_use(m));
    reindex(m);
    size_t used = memory_used(m), room = m->memory / 4;
    m->ceiling = used + room > m->memory ? used + room : m->memory;
}

struct pattern *miner_intern(struct miner *m, const struct template *t, uint64_t scope, bool fragment)
{
    size_t before = m->count;
    struct pattern *p = intern(m, t, scope);
    if (m->count != before) p->fragment = fragment;
    p->used = ++m->clock;
    p->pins++;
    if (m->count != before) keep_within_memory(m);
    p->pins--;
    return p;
}
