#include "policy/index.h"

enum { PENDING = 32 };

uint64_t key_number(uint64_t seed, double value)
{
    uint64_t bits;
    value += 0.0;
    memcpy(&bits, &value, sizeof bits);
    return hash_mix(seed, bits) | 1;
}

static void found(const struct index *i, struct evaluation *v, uint64_t key)
{
    const struct cell *c = cell_find(i->cells, i->cell_room, key);
    if (!c) return;
    if (c->count == 1) evaluation_try(v, c->first);
    else
        for (uint32_t n = 0; n < c->count; n++) evaluation_try(v, i->rules[c->first + n]);
}

/* Keys that may be there. Their cells come nearer while others are looked for. */
struct pending {
    size_t count;
    uint64_t keys[PENDING];
};

static void found_all(const struct index *i, struct evaluation *v, struct pending *p)
{
    for (size_t n = 0; n < p->count; n++) found(i, v, p->keys[n]);
    p->count = 0;
}

static void take(const struct index *i, struct evaluation *v, struct pending *p, uint64_t key)
{
    __builtin_prefetch(&i->cells[slot_of(key, i->cell_room)]);
    p->keys[p->count++] = key;
    if (p->count == PENDING) found_all(i, v, p);
}

static void scan(const struct index *i, struct evaluation *v, uint64_t seed, struct slice text)
{
    const uint64_t *bits = i->bits;
    unsigned shift = i->shift;
    struct pending p;
    p.count = 0;
    for (size_t at = 0; at + GRAM <= text.len; at++) {
        uint64_t key = key_gram(seed, text.ptr + at);
        if (may_hold(bits, shift, key)) take(i, v, &p, key);
    }
    found_all(i, v, &p);
}

/* For both parts in one go. */
static void scan_two(const struct index *i, struct evaluation *v, uint64_t seed, uint64_t other, struct slice text)
{
    const uint64_t *bits = i->bits, apart = (other - seed) * GRAM_FACTOR;
    unsigned shift = i->shift;
    struct pending p;
    p.count = 0;
    for (size_t at = 0; at + GRAM <= text.len; at++) {
        uint64_t key = key_gram(seed, text.ptr + at), second = key + apart;
        if (may_hold(bits, shift, key)) take(i, v, &p, key);
        if (may_hold(bits, shift, second)) take(i, v, &p, second);
    }
    found_all(i, v, &p);
}

static void hit(const struct index *i, struct evaluation *v, uint64_t key)
{
    if (may_hold(i->bits, i->shift, key)) found(i, v, key);
}

static void run_probe(const struct index *i, struct evaluation *v, const struct probe *p, const struct datum *d)
{
    if (d->type == DATUM_ABSENT) return;
    if (p->kinds & PROBE_PRESENT) hit(i, v, key_present(p->seed));
    if (p->kinds & PROBE_NUMBER && (d->type == DATUM_INT || d->type == DATUM_DOUBLE))
        hit(i, v, key_number(p->seed, d->type == DATUM_INT ? (double)d->integer : d->real));
    if (d->type == DATUM_STRING && p->kinds & PROBE_TEXT) hit(i, v, key_text(p->seed, d->text));
}

static void run_grams(const struct index *i, struct evaluation *v, const struct probe *p, const struct datum *d, const struct part *other)
{
    if (!(p->kinds & PROBE_GRAM) || d->type != DATUM_STRING) return;
    for (size_t n = 0; other && n < other->probe_count; n++)
        if (other->probes[n].selector == p->selector && other->probes[n].kinds & PROBE_GRAM) {
            scan_two(i, v, p->seed, other->probes[n].seed, d->text);
            return;
        }
    scan(i, v, p->seed, d->text);
}

struct walk {
    const struct index *index;
    struct evaluation *evaluation;
    const struct part *part;
    enum policy_scope scope;
};

static void walk_attribute(void *context, struct slice key, struct datum value)
{
    const struct walk *w = context;
    if (!key.len || !(w->part->names[name_place(key)] & name_bit(key))) return;
    const struct cell *c = cell_find(w->index->walks, w->index->walk_room, key_walk(w->part->seed, w->scope, key));
    if (!c) return;
    const struct probe *p = &w->index->walked[c->first];
    struct seen *s = &w->evaluation->seen[p->selector];
    const struct policy_selector *selector = &w->evaluation->evaluator->selectors[p->selector];
    if (selector->scope != w->scope || !slice_eq(selector->path[0], key)) return;
    if (s->record != w->evaluation->serial) *s = (struct seen){w->evaluation->serial, value};
    run_probe(w->index, w->evaluation, p, &s->datum);
    run_grams(w->index, w->evaluation, p, &s->datum, NULL);
}

static bool scanned_with(const struct part *other, uint32_t selector)
{
    for (size_t n = 0; other && n < other->probe_count; n++)
        if (other->probes[n].selector == selector) return other->probes[n].kinds & PROBE_GRAM;
    return false;
}

/* `scans`: the part whose texts are scanned together with this one's; `scanned`: the part that has done so already. */
static void run_part(const struct index *i, struct evaluation *v, const struct part *p, const struct part *scans,
                     const struct part *scanned)
{
    for (size_t n = 0; n < p->rule_count; n++) evaluation_try(v, p->rules[n]);
    for (size_t n = 0; n < p->probe_count; n++) {
        const struct probe *probe = &p->probes[n];
        const struct datum *d = evaluation_datum(v, probe->selector);
        run_probe(i, v, probe, d);
        if (!scanned_with(scanned, probe->selector)) run_grams(i, v, probe, d, scans);
    }
    for (enum policy_scope s = POLICY_RECORD; s <= POLICY_SCOPE; s++) {
        struct walk w = {i, v, p, s};
        if (p->walk[s]) v->ops->attributes(v->record, s, walk_attribute, &w);
    }
}

static const struct part *own_part(const struct index *i, struct evaluation *v)
{
    if (i->partition == UINT32_MAX) return NULL;
    const struct datum *d = evaluation_datum(v, i->partition);
    if (d->type == DATUM_STRING && v->last_part && slice_eq(v->last_part->value, d->text)) return v->last_part;
    const struct cell *c = d->type == DATUM_STRING ? cell_find(i->values, i->value_room, key_text(1, d->text)) : NULL;
    if (!c || !slice_eq(i->parts[c->first].value, d->text)) return NULL;
    return v->last_part = &i->parts[c->first];
}

void index_find(const struct index *i, struct evaluation *v)
{
    const struct part *own = own_part(i, v);
    run_part(i, v, &i->parts[0], own, NULL);
    if (own) run_part(i, v, own, NULL, &i->parts[0]);
}

void index_free(struct index *i)
{
    if (i) arena_free(i->arena);
}
