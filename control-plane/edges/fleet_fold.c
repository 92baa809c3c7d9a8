#include "base/clock.h"
#include "base/die.h"
#include "base/log.h"
#include "control-plane/edges/fleet.h"

#include <stdlib.h>

/* ---- counts of one pair ---- */

static uint64_t pair_hash(uint32_t instance, uint32_t policy) { return hash_mix(instance, policy); }

static struct pair *pair_of(struct fleet *f, uint32_t instance, uint32_t policy)
{
    uint64_t hash = pair_hash(instance, policy);
    size_t probe = table_start(&f->by_pair, hash);
    uint32_t at;
    while ((at = table_next(&f->by_pair, hash, &probe)) != TABLE_NONE)
        if (f->pairs[at].instance == instance && f->pairs[at].policy == policy) return &f->pairs[at];
    if (f->pair_count == FLEET_PAIRS) return NULL;
    if (f->pair_count == f->pair_room) {
        f->pair_room = f->pair_room ? f->pair_room * 2 : 1024;
        f->pairs = xreallocarray(f->pairs, f->pair_room, sizeof *f->pairs);
    }
    at = (uint32_t)f->pair_count++;
    f->pairs[at] = (struct pair){.instance = instance, .policy = policy};
    table_add(&f->by_pair, hash, at);
    return &f->pairs[at];
}

/* ---- errors: what an instance says now takes the place of what it said ---- */

static struct broken *broken_of(struct instance *i, uint32_t policy)
{
    struct broken *b = i->broken;
    while (b && b->policy != policy) b = b->next;
    return b;
}

static struct broken *add_broken(struct instance *i, uint32_t policy)
{
    unsigned n = 0;
    for (const struct broken *b = i->broken; b; b = b->next) n++;
    if (n >= FLEET_BROKEN) return NULL;
    struct broken *b = xcalloc(1, sizeof *b);
    *b = (struct broken){.next = i->broken, .policy = policy};
    i->broken = b;
    return b;
}

/* How many errors are new: those of a set that the instance did not report before. */
static int64_t note_errors(struct instance *i, uint32_t policy, const struct sync_status *s, int64_t now_ns)
{
    struct broken *b = broken_of(i, policy);
    if (s->error_count == 0) {
        if (b) b->gone = b->dirty = true;
        return 0;
    }
    uint64_t hash = hash64(s->errors.ptr, s->errors.len, s->error_count);
    if (b && !b->gone && b->hash == hash) return 0;
    if (!b) b = add_broken(i, policy);
    if (!b) return 0;
    free(b->errors);
    b->errors = xstrndup(s->errors.ptr, s->errors.len);
    b->hash = hash;
    b->count = s->error_count;
    b->since = now_ns;
    b->gone = false;
    b->dirty = true;
    return s->error_count;
}

/* ---- folding ---- */

static bool counts_any(const struct edge_counts *c)
{
    int64_t any = c->hits | c->misses | c->errors;
    for (size_t i = 0; i < SYNC_STAGES; i++) any |= c->stage_hits[i] | c->stage_misses[i];
    return any != 0;
}

static void fold_one(struct fleet *f, int64_t account, struct instance *i, const struct sync_status *s, int64_t now_ns)
{
    uint32_t policy = fleet_policy_find(f, account, s->id, s->id_hash);
    if (policy == TABLE_NONE) return;
    struct edge_counts c = {.hits = s->counts.hits, .misses = s->counts.misses};
    memcpy(c.stage_hits, s->counts.stage_hits, sizeof c.stage_hits);
    memcpy(c.stage_misses, s->counts.stage_misses, sizeof c.stage_misses);
    if (i && (s->error_count || i->broken)) c.errors = note_errors(i, policy, s, now_ns);
    if (!counts_any(&c)) return;
    edge_counts_add(&f->policies[policy].counts, &c);
    f->policies[policy].dirty = f->dirty = true;
    struct pair *p = i ? pair_of(f, i->at, policy) : NULL;
    if (!p) return;
    edge_counts_add(&p->counts, &c);
    p->dirty = true;
    if (c.hits) p->last_hit = now_ns;
}

static void turn_hour(struct fleet *f, int64_t hour)
{
    if (f->hour == hour) return;
    fleet_collect(f);
    f->hour = hour;
    table_clear(&f->by_pair);
    f->pair_count = 0;
}

void fleet_fold(struct fleet *f, int64_t account, struct instance *instance, const struct sync_status *statuses, size_t count,
                int64_t now_ns)
{
    turn_hour(f, clock_hour(now_ns));
    for (size_t i = 0; i < count; i++) fold_one(f, account, instance, &statuses[i], now_ns);
}

/* ---- collecting ---- */

static void add_row(struct fleet *f, const struct hour_row *row)
{
    if (f->row_count == FLEET_ROWS) return;
    if (f->row_count == f->row_room) {
        f->row_room = f->row_room ? f->row_room * 2 : 256;
        f->rows = xreallocarray(f->rows, f->row_room, sizeof *f->rows);
    }
    f->rows[f->row_count++] = *row;
    if (f->row_count == FLEET_ROWS) log_warn("edges: the store has not been able to write for hours; counts are dropped");
}

void fleet_collect(struct fleet *f)
{
    for (size_t i = 0; i < f->policy_count; i++) {
        struct fleet_policy *p = &f->policies[i];
        if (!p->dirty) continue;
        add_row(f, &(struct hour_row){.policy = p->id, .hour = f->hour, .counts = p->counts});
        p->counts = (struct edge_counts){0};
        p->dirty = false;
    }
    for (size_t i = 0; i < f->pair_count; i++) {
        struct pair *p = &f->pairs[i];
        if (!p->dirty) continue;
        add_row(f, &(struct hour_row){f->instances[p->instance]->id, f->policies[p->policy].id, f->hour, p->counts, p->last_hit});
        p->counts = (struct edge_counts){0};
        p->last_hit = 0;
        p->dirty = false;
    }
    if (f->row_count) f->dirty = true;
}
