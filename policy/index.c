#include "policy/index.h"

uint64_t key_number(uint64_t seed, double value)
{
    uint64_t bits;
    value += 0.0;
    memcpy(&bits, &value, sizeof bits);
    return hash_mix(seed, bits) | 1;
}

static void hit(const struct index *i, struct evaluation *v, uint64_t key)
{
    const struct cell *c = cell_find(i->cells, i->cell_room, key);
    for (uint32_t n = 0; c && n < c->count; n++) evaluation_try(v, i->rules[c->first + n]);
}

static void scan(const struct index *i, struct evaluation *v, uint64_t seed, struct slice text)
{
    const uint64_t *bits = i->bits;
    unsigned shift = i->shift;
    for (size_t at = 0; at + GRAM <= text.len; at++) {
        uint64_t key = key_gram(seed, text.ptr + at), place = key >> shift;
        if (bits[place / 64] >> (place % 64) & 1) hit(i, v, key);
    }
}

static void run_probe(const struct index *i, struct evaluation *v, const struct probe *p, const struct datum *d)
{
    if (d->type == DATUM_ABSENT) return;
    if (p->kinds & PROBE_PRESENT) hit(i, v, key_present(p->seed));
    if (p->kinds & PROBE_NUMBER && (d->type == DATUM_INT || d->type == DATUM_DOUBLE))
        hit(i, v, key_number(p->seed, d->type == DATUM_INT ? (double)d->integer : d->real));
    if (d->type != DATUM_STRING) return;
    if (p->kinds & PROBE_TEXT) hit(i, v, key_text(p->seed, d->text));
    if (p->kinds & PROBE_GRAM) scan(i, v, p->seed, d->text);
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
    const struct cell *c = cell_find(w->index->walks, w->index->walk_room, key_walk(w->part->seed, w->scope, key));
    if (!c) return;
    const struct probe *p = &w->index->walked[c->first];
    struct seen *s = &w->evaluation->seen[p->selector];
    const struct policy_selector *selector = &w->evaluation->evaluator->selectors[p->selector];
    if (selector->scope != w->scope || !slice_eq(selector->path[0], key)) return;
    if (s->record != w->evaluation->serial) *s = (struct seen){w->evaluation->serial, value};
    run_probe(w->index, w->evaluation, p, &s->datum);
}

static void run_part(const struct index *i, struct evaluation *v, const struct part *p)
{
    for (size_t n = 0; n < p->rule_count; n++) evaluation_try(v, p->rules[n]);
    for (size_t n = 0; n < p->probe_count; n++) run_probe(i, v, &p->probes[n], evaluation_datum(v, p->probes[n].selector));
    for (enum policy_scope s = POLICY_RECORD; s <= POLICY_SCOPE; s++) {
        struct walk w = {i, v, p, s};
        if (p->walk[s]) v->ops->attributes(v->record, s, walk_attribute, &w);
    }
}

void index_find(const struct index *i, struct evaluation *v)
{
    run_part(i, v, &i->parts[0]);
    if (i->partition == UINT32_MAX) return;
    const struct datum *d = evaluation_datum(v, i->partition);
    if (d->type != DATUM_STRING) return;
    const struct cell *c = cell_find(i->values, i->value_room, key_text(1, d->text));
    if (c) run_part(i, v, &i->parts[c->first]);
}

void index_free(struct index *i)
{
    if (i) arena_free(i->arena);
}
