#include "policy/index_options.h"

#include "base/die.h"

#include <stdlib.h>

struct filed {
    uint64_t key;
    uint32_t rule;
};

struct tally {
    struct cell *cells;
    size_t room, count;
};

struct building_index {
    struct evaluator *evaluator;
    struct index *index;
    struct arena *arena; /* freed after the build */
    uint32_t *part_of;   /* by rule */
    struct list *options;
    struct tally tally;
    struct list filed, *probes; /* probes: by part */
    struct list walked, walk_keys;
};

static void tally_grow(struct tally *t)
{
    struct tally bigger = {xcalloc(t->room ? t->room * 2 : 1024, sizeof(struct cell)), t->room ? t->room * 2 : 1024, t->count};
    for (size_t i = 0; i < t->room; i++) {
        if (!t->cells[i].key) continue;
        size_t at = slot_of(t->cells[i].key, bigger.room);
        while (bigger.cells[at].key) at = (at + 1) & (bigger.room - 1);
        bigger.cells[at] = t->cells[i];
    }
    free(t->cells);
    *t = bigger;
}

static struct cell *tally_cell(struct tally *t, uint64_t key)
{
    if (t->count * 2 >= t->room) tally_grow(t);
    size_t at = slot_of(key, t->room);
    while (t->cells[at].key && t->cells[at].key != key) at = (at + 1) & (t->room - 1);
    t->count += !t->cells[at].key;
    t->cells[at].key = key;
    return &t->cells[at];
}

static size_t room_for(size_t count)
{
    size_t room = 16;
    while (room < count * 2) room *= 2;
    return room;
}

static const struct policy_matcher *exact_on(const struct rule *r, uint32_t selector)
{
    for (uint32_t i = 0; i < r->match_count; i++) {
        const struct policy_matcher *m = &r->match[i];
        if (r->selectors[i] == selector && m->condition == POLICY_EXACT && !m->negate && !m->case_insensitive) return m;
    }
    return NULL;
}

/* The resource attribute with most distinct values among the rules. */
static uint32_t choose_partition(const struct evaluator *e)
{
    struct tally values = {0};
    uint32_t *distinct = xcalloc(e->selector_count + 1, sizeof *distinct), best = UINT32_MAX, most = 1;
    for (size_t r = 0; r < e->count; r++) {
        for (size_t i = 0; i < e->rules[r].policy->match_count; i++) {
            const struct policy_selector *s = &e->rules[r].policy->match[i].selector;
            uint32_t number = e->rules[r].selectors[i];
            const struct policy_matcher *m =
                s->kind == POLICY_SELECT_ATTRIBUTE && s->scope == POLICY_RESOURCE ? exact_on(&e->rules[r], number) : NULL;
            if (m && tally_cell(&values, key_text(number, m->text))->count++ == 0) distinct[number]++;
        }
    }
    for (uint32_t i = 0; i < e->selector_count; i++) {
        if (distinct[i] <= most) continue;
        most = distinct[i];
        best = i;
    }
    free(values.cells);
    free(distinct);
    return best;
}

/* A rule whose value has the same hash as another stays in the global part. */
static void put_in_part(struct building_index *b, struct list *parts, struct cell *c, uint32_t rule, const struct policy_matcher *m)
{
    struct rule *r = &b->evaluator->rules[rule];
    struct part *p = parts->items;
    if (c->count++ == 0) {
        c->first = (uint32_t)parts->count;
        p = list_add(b->index->arena, parts, sizeof *p);
        *p = (struct part){.seed = hash_mix(parts->count, UINT64_C(0x7465726f)), .value = m->text};
    } else p += c->first;
    if (!slice_eq(p->value, m->text)) return;
    b->part_of[rule] = c->first;
    r->sure = (uint32_t)(m - r->match);
}

static void divide(struct building_index *b)
{
    struct index *x = b->index;
    struct tally values = {0};
    struct list parts = {0};
    *(struct part *)list_add(x->arena, &parts, sizeof(struct part)) = (struct part){.seed = UINT64_C(0x676c6f62)};
    for (uint32_t r = 0; r < b->evaluator->count; r++) {
        const struct policy_matcher *m = x->partition == UINT32_MAX ? NULL : exact_on(&b->evaluator->rules[r], x->partition);
        if (m) put_in_part(b, &parts, tally_cell(&values, key_text(1, m->text)), r, m);
    }
    if (!values.room) tally_grow(&values);
    x->values = node_memory(x->arena, values.room * sizeof *x->values);
    memcpy(x->values, values.cells, values.room * sizeof *x->values);
    x->value_room = values.room;
    x->parts = parts.items;
    x->part_count = parts.count;
    free(values.cells);
}

static uint64_t seed_for(const struct building_index *b, uint32_t rule, const struct option *o)
{
    return seed_of(&b->index->parts[b->part_of[rule]], o->selector);
}

static uint64_t single_key(uint64_t seed, const struct option *o)
{
    if (o->kind == PROBE_PRESENT) return key_present(seed);
    if (o->kind == PROBE_NUMBER) return key_number(seed, o->number);
    return key_text(seed, *(const struct slice *)o->literals.items);
}

static void tally_option(struct building_index *b, uint32_t rule, const struct option *o)
{
    uint64_t seed = seed_for(b, rule, o);
    if (o->kind != PROBE_GRAM) {
        tally_cell(&b->tally, single_key(seed, o))->count++;
        return;
    }
    const struct slice *literals = o->literals.items;
    for (size_t n = 0; n < o->literals.count; n++)
        for (size_t i = 0; i + GRAM <= literals[n].len; i++)
            if (gram_usable(literals[n], i, o->folds)) tally_cell(&b->tally, key_gram(seed, literals[n].ptr + i))->count++;
}

/* Letters and blanks that are in most English text come often. */
static unsigned commonness(const char *gram)
{
    unsigned sum = 0;
    for (size_t i = 0; i < GRAM; i++)
        sum += strchr("etaoinsrl ETAOINSRL", gram[i]) ? 3 : (gram[i] | 0x20) >= 'a' && (gram[i] | 0x20) <= 'z' ? 1 : 2;
    return sum;
}

static const char *best_gram(struct building_index *b, uint64_t seed, struct slice literal, bool folds, uint64_t *cost)
{
    const char *best = NULL;
    *cost = UINT64_MAX;
    for (size_t i = 0; i + GRAM <= literal.len; i++) {
        if (!gram_usable(literal, i, folds)) continue;
        uint64_t here = (uint64_t)tally_cell(&b->tally, key_gram(seed, literal.ptr + i))->count * 64 + commonness(literal.ptr + i) * 4;
        if (here >= *cost) continue;
        *cost = here;
        best = literal.ptr + i;
    }
    return best;
}

static uint64_t option_cost(struct building_index *b, uint32_t rule, const struct option *o)
{
    static const unsigned penalty[] = {[PROBE_PRESENT] = 1000, [PROBE_TEXT] = 8, [PROBE_NUMBER] = 200};
    uint64_t seed = seed_for(b, rule, o), sum = 0, cost;
    if (o->kind != PROBE_GRAM) return (uint64_t)tally_cell(&b->tally, single_key(seed, o))->count * 64 + penalty[o->kind];
    const struct slice *literals = o->literals.items;
    for (size_t i = 0; i < o->literals.count; i++) {
        (void)best_gram(b, seed, literals[i], o->folds, &cost);
        sum += cost;
    }
    return sum;
}

static void file_key(struct building_index *b, uint64_t key, uint32_t rule)
{
    *(struct filed *)list_add(b->arena, &b->filed, sizeof(struct filed)) = (struct filed){key, rule};
}

static void file_option(struct building_index *b, uint32_t rule, const struct option *o)
{
    uint64_t seed = seed_for(b, rule, o), cost;
    const struct slice *literals = o->literals.items;
    if (o->kind != PROBE_GRAM) file_key(b, single_key(seed, o), rule);
    else
        for (size_t i = 0; i < o->literals.count; i++) file_key(b, key_gram(seed, best_gram(b, seed, literals[i], o->folds, &cost)), rule);
    struct list *probes = &b->probes[b->part_of[rule]];
    struct probe *p = probes->items;
    for (size_t i = 0; i < probes->count; i++) {
        if (p[i].selector != o->selector) continue;
        p[i].kinds |= o->kind;
        return;
    }
    *(struct probe *)list_add(b->arena, probes, sizeof *p) = (struct probe){o->selector, o->kind, seed};
}

static void file_rule(struct building_index *b, uint32_t rule, struct list *always)
{
    const struct option *options = b->options[rule].items, *best = NULL;
    uint64_t least = UINT64_MAX;
    for (size_t i = 0; i < b->options[rule].count; i++) {
        uint64_t cost = option_cost(b, rule, &options[i]);
        if (cost >= least) continue;
        least = cost;
        best = &options[i];
    }
    if (best) file_option(b, rule, best);
    else *(uint32_t *)list_add(b->index->arena, &always[b->part_of[rule]], sizeof(uint32_t)) = rule;
}

static void file_rules(struct building_index *b)
{
    struct index *x = b->index;
    struct list *always = node_memory(b->arena, x->part_count * sizeof *always);
    b->probes = node_memory(b->arena, x->part_count * sizeof *b->probes);
    for (uint32_t r = 0; r < b->evaluator->count; r++) {
        rule_options(b->arena, &b->evaluator->rules[r], b->part_of[r] ? x->partition : UINT32_MAX, &b->options[r]);
        const struct option *options = b->options[r].items;
        for (size_t i = 0; i < b->options[r].count; i++) tally_option(b, r, &options[i]);
    }
    for (uint32_t r = 0; r < b->evaluator->count; r++) file_rule(b, r, always);
    for (size_t i = 0; i < x->part_count; i++) {
        x->parts[i].rules = always[i].items;
        x->parts[i].rule_count = always[i].count;
    }
}

static bool walkable(const struct policy_selector *s)
{
    return s->kind == POLICY_SELECT_ATTRIBUTE && s->path_count == 1 && s->scope <= POLICY_SCOPE;
}

/* Divides a part's probes into those that are read and those that a walk comes by. */
static void place_probes(struct building_index *b, struct part *part, const struct list *probes)
{
    const struct probe *p = probes->items;
    size_t by_scope[POLICY_SCOPES] = {0};
    for (size_t i = 0; i < probes->count; i++) {
        const struct policy_selector *s = &b->evaluator->selectors[p[i].selector];
        if (walkable(s)) by_scope[s->scope]++;
    }
    for (size_t i = 0; i < POLICY_SCOPES; i++) {
        part->walk[i] = by_scope[i] >= WALK_FROM;
        if (part->walk[i] && !part->names) part->names = node_memory(b->index->arena, NAME_PLACES * sizeof *part->names);
    }
    part->probes = node_memory(b->index->arena, (probes->count + 1) * sizeof *part->probes);
    for (size_t i = 0; i < probes->count; i++) {
        const struct policy_selector *s = &b->evaluator->selectors[p[i].selector];
        if (walkable(s) && part->walk[s->scope]) {
            *(uint64_t *)list_add(b->arena, &b->walk_keys, sizeof(uint64_t)) = key_walk(part->seed, s->scope, s->path[0]);
            part->names[name_place(s->path[0])] |= name_bit(s->path[0]);
            *(struct probe *)list_add(b->index->arena, &b->walked, sizeof *p) = p[i];
        } else part->probes[part->probe_count++] = p[i];
    }
}

static void place_all_probes(struct building_index *b)
{
    struct index *x = b->index;
    for (size_t i = 0; i < x->part_count; i++) place_probes(b, &x->parts[i], &b->probes[i]);
    x->walked = b->walked.items;
    x->walk_room = room_for(b->walked.count);
    x->walks = node_memory(x->arena, x->walk_room * sizeof *x->walks);
    const uint64_t *keys = b->walk_keys.items;
    for (size_t i = 0; i < b->walked.count; i++) {
        size_t at = slot_of(keys[i], x->walk_room);
        while (x->walks[at].key) at = (at + 1) & (x->walk_room - 1);
        x->walks[at] = (struct cell){keys[i], (uint32_t)i, 1};
    }
}

static int filed_by_key(const void *a, const void *b)
{
    const struct filed *x = a, *y = b;
    return x->key != y->key ? (x->key > y->key) - (x->key < y->key) : (x->rule > y->rule) - (x->rule < y->rule);
}

static void set_bits(struct index *x, uint64_t key) { x->bits[key >> x->shift] |= bits_of(key); }

static void place_keys(struct building_index *b)
{
    struct index *x = b->index;
    struct filed *filed = b->filed.items;
    size_t count = b->filed.count;
    unsigned bits = 12;
    while (bits < 21 && (size_t)1 << bits < count * 32) bits++;
    x->shift = 64 + 6 - bits;
    x->bits = node_memory(x->arena, ((size_t)1 << bits) / 8);
    x->cell_room = room_for(count);
    x->cells = node_memory(x->arena, x->cell_room * sizeof *x->cells);
    x->rules = node_memory(x->arena, (count + 1) * sizeof *x->rules);
    if (count) qsort(filed, count, sizeof *filed, filed_by_key);
    for (size_t i = 0, first = 0; i < count; i++) {
        x->rules[i] = filed[i].rule;
        if (i + 1 < count && filed[i + 1].key == filed[first].key) continue;
        size_t at = slot_of(filed[first].key, x->cell_room);
        while (x->cells[at].key) at = (at + 1) & (x->cell_room - 1);
        uint32_t rules = (uint32_t)(i + 1 - first);
        x->cells[at] = (struct cell){filed[first].key, rules == 1 ? filed[first].rule : (uint32_t)first, rules};
        set_bits(x, filed[first].key);
        first = i + 1;
    }
}

struct index *index_new(struct evaluator *e)
{
    struct arena *keep = arena_new((size_t)1 << 40);
    struct index *x = node_memory(keep, sizeof *x);
    struct building_index b = {.evaluator = e, .index = x, .arena = arena_new((size_t)1 << 40)};
    x->arena = keep;
    x->partition = choose_partition(e);
    b.part_of = node_memory(b.arena, (e->count + 1) * sizeof *b.part_of);
    b.options = node_memory(b.arena, (e->count + 1) * sizeof *b.options);
    divide(&b);
    file_rules(&b);
    place_all_probes(&b);
    place_keys(&b);
    free(b.tally.cells);
    arena_free(b.arena);
    return x;
}
