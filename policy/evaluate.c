#include "policy/rules.h"

#include "base/die.h"
#include "base/hash.h"
#include "policy/match.h"
#include "policy/node.h"
#include "policy/regex.h"
#include "policy/sampling.h"
#include "policy/transform.h"

#include <math.h>
#include <stdlib.h>

enum { MOST = 1000, RATE = 500 };

static int weight_of(const struct policy *p)
{
    if (p->signal == POLICY_METRIC) return p->metric_keep ? 0 : MOST;
    if (p->signal == POLICY_TRACE) return (int)(MOST - 10 * (double)p->sampling.percent);
    switch (p->keep.kind) {
    case POLICY_KEEP_NONE: return MOST;
    case POLICY_KEEP_PERCENT: return (int)(MOST - 10 * p->keep.percent);
    case POLICY_KEEP_RATE: return RATE;
    default: return 0;
    }
}

static int by_id(const void *a, const void *b)
{
    struct slice x = (*(const struct policy *const *)a)->id, y = (*(const struct policy *const *)b)->id;
    size_t n = x.len < y.len ? x.len : y.len;
    int order = n ? memcmp(x.ptr, y.ptr, n) : 0;
    return order ? order : (x.len > y.len) - (x.len < y.len);
}

static uint64_t selector_hash(const struct policy_selector *s)
{
    uint64_t h = hash_mix((uint64_t)s->kind << 16 | (uint64_t)s->field << 8 | (uint64_t)s->scope, s->path_count);
    for (size_t i = 0; i < s->path_count; i++) h = hash64(s->path[i].ptr, s->path[i].len, h);
    return h;
}

/* Numbers for distinct selectors; `slots` is a power of two, filled with UINT32_MAX. */
static uint32_t selector_number(struct evaluator *e, uint32_t *slots, size_t room, const struct policy_selector *s)
{
    size_t at = selector_hash(s) & (room - 1);
    while (slots[at] != UINT32_MAX && !selector_equal(&e->selectors[slots[at]], s)) at = (at + 1) & (room - 1);
    if (slots[at] != UINT32_MAX) return slots[at];
    e->selectors[e->selector_count] = *s;
    return slots[at] = (uint32_t)e->selector_count++;
}

static void *whole_lines(struct arena *a, size_t size)
{
    char *p = node_memory(a, size + LINE);
    return p + (LINE - (uintptr_t)p % LINE) % LINE;
}

static void number_selectors(struct evaluator *e, const struct policy *const *policies)
{
    size_t matchers = 0, room = 16;
    for (size_t i = 0; i < e->count; i++) matchers += policies[i]->match_count;
    while (room < matchers * 2) room *= 2;
    uint32_t *slots = xmalloc(room * sizeof *slots);
    memset(slots, 0xff, room * sizeof *slots);
    e->selectors = node_memory(e->arena, (matchers + 1) * sizeof *e->selectors);
    e->rules = whole_lines(e->arena, (e->count + 1) * sizeof *e->rules);
    for (size_t i = 0; i < e->count; i++) {
        uint32_t *numbers = node_memory(e->arena, (policies[i]->match_count + 1) * sizeof *numbers);
        for (size_t m = 0; m < policies[i]->match_count; m++) numbers[m] = selector_number(e, slots, room, &policies[i]->match[m].selector);
        e->rules[i] = (struct rule){.match = policies[i]->match,
                                    .selectors = numbers,
                                    .match_count = (uint32_t)policies[i]->match_count,
                                    .sure = UINT32_MAX,
                                    .policy = policies[i],
                                    .weight = weight_of(policies[i]),
                                    .check = {.matcher = UINT32_MAX}};
    }
    free(slots);
}

/* The rule's check: of the matchers besides the sure one the first on text without a regex; one with a regex where it is the first. */
static void choose_check(struct rule *r)
{
    uint32_t first = r->sure == 0 ? 1 : 0;
    for (uint32_t i = 0; i < r->match_count; i++) {
        const struct policy_matcher *m = &r->match[i];
        bool on_text = m->condition != POLICY_EXISTS && m->condition < POLICY_EQUALS && m->text.len && m->text.len <= UINT32_MAX &&
                       (m->regex || m->condition != POLICY_REGEX);
        if (i == r->sure || !on_text || selector_repeats(&m->selector)) continue;
        if (m->regex && i != first) continue;
        r->check = (struct check){.text = m->text.ptr,
                                  .len = (uint32_t)m->text.len,
                                  .matcher = i,
                                  .selector = r->selectors[i],
                                  .condition = m->regex ? POLICY_REGEX : (uint8_t)m->condition,
                                  .negate = m->negate};
        if (!m->regex) return;
        r->check.regex = m->regex;
    }
}

struct evaluator *evaluator_new_plain(const struct policy_set *set, enum policy_signal signal)
{
    struct evaluator *e = xcalloc(1, sizeof *e);
    const struct policy **policies = xcalloc(set->count + 1, sizeof *policies);
    e->signal = signal;
    e->arena = arena_new((size_t)1 << 40);
    for (size_t i = 0; i < set->count; i++) {
        const struct policy *p = set->policies[i];
        if (p->enabled && policy_valid(p) && p->signal == signal) policies[e->count++] = p;
    }
    qsort(policies, e->count, sizeof *policies, by_id);
    number_selectors(e, policies);
    free(policies);
    return e;
}

struct evaluator *evaluator_new(const struct policy_set *set, enum policy_signal signal)
{
    struct evaluator *e = evaluator_new_plain(set, signal);
    e->index = index_new(e);
    for (size_t i = 0; i < e->count; i++) choose_check(&e->rules[i]);
    return e;
}

void evaluator_free(struct evaluator *e)
{
    if (!e) return;
    index_free(e->index);
    arena_free(e->arena);
    free(e);
}

size_t evaluator_count(const struct evaluator *e) { return e->count; }

const struct policy *evaluator_policy(const struct evaluator *e, size_t number) { return e->rules[number].policy; }

struct evaluation *evaluation_new(const struct evaluator *e, int64_t now_ns)
{
    struct evaluation *v = xcalloc(1, sizeof *v);
    v->evaluator = e;
    v->seen = xcalloc(e->selector_count + 1, sizeof *v->seen);
    v->tried = xcalloc(e->count + 1, sizeof *v->tried);
    v->matched = xcalloc(e->count + 1, sizeof *v->matched);
    v->windows = xcalloc(e->count + 1, sizeof *v->windows);
    v->counts = xcalloc(e->count + 1, sizeof *v->counts);
    for (size_t i = 0; i < e->count; i++) v->windows[i].start_ns = now_ns;
    evaluation_reset_counts(v);
    return v;
}

void evaluation_free(struct evaluation *v)
{
    if (!v) return;
    free(v->seen);
    free(v->tried);
    free(v->matched);
    free(v->windows);
    free(v->counts);
    free(v);
}

const struct policy_count *evaluation_counts(const struct evaluation *v) { return v->counts; }

void evaluation_reset_counts(struct evaluation *v)
{
    for (size_t i = 0; i < v->evaluator->count; i++) v->counts[i] = (struct policy_count){.policy = v->evaluator->rules[i].policy};
}

const struct datum *evaluation_datum(struct evaluation *v, uint32_t selector)
{
    struct seen *s = &v->seen[selector];
    if (s->record != v->serial) {
        s->datum = selector_read(v->ops, v->record, &v->evaluator->selectors[selector]);
        s->record = v->serial;
    }
    return &s->datum;
}

static bool check_text(const struct check *c, struct slice text)
{
    switch (c->condition) {
    case POLICY_REGEX: return regex_search(c->regex, text);
    case POLICY_EXACT: return text.len == c->len && memcmp(text.ptr, c->text, c->len) == 0;
    case POLICY_STARTS_WITH: return text.len >= c->len && memcmp(text.ptr, c->text, c->len) == 0;
    case POLICY_ENDS_WITH: return text.len >= c->len && memcmp(text.ptr + text.len - c->len, c->text, c->len) == 0;
    case POLICY_CONTAINS: return memmem(text.ptr, text.len, c->text, c->len) != NULL;
    default: return false;
    }
}

static bool check_holds(struct evaluation *v, const struct check *c)
{
    const struct datum *d = evaluation_datum(v, c->selector);
    return d->type == DATUM_STRING && d->text.len && check_text(c, d->text) != c->negate;
}

static bool rule_matches(struct evaluation *v, const struct rule *r)
{
    if (r->check.matcher != UINT32_MAX && !check_holds(v, &r->check)) return false;
    for (uint32_t i = 0; i < r->match_count; i++) {
        const struct policy_matcher *m = &r->match[i];
        if (i == r->sure || i == r->check.matcher) continue;
        bool matches =
            selector_repeats(&m->selector) ? match_repeated(m, v->ops, v->record) : match_datum(m, evaluation_datum(v, r->selectors[i]));
        if (!matches) return false;
    }
    return true;
}

/* Every matcher is the sure one or the check. */
static bool checked_wholly(const struct rule *r)
{
    return r->match_count == (r->check.matcher != UINT32_MAX ? 1u : 0u) + (r->sure != UINT32_MAX ? 1u : 0u);
}

/* Leaves of the candidates those that match. */
static void keep_matching(struct evaluation *v)
{
    const struct rule *rules = v->evaluator->rules;
    size_t count = v->matched_count, left = 0;
    for (size_t i = 0; i < count; i++) {
        const struct rule *r = &rules[v->matched[i]];
        if (r->check.matcher != UINT32_MAX)
            for (size_t at = 0; at < (r->check.condition == POLICY_REGEX ? 4 : 1); at++) __builtin_prefetch(r->check.text + at * LINE);
        __builtin_prefetch(&r->policy->keep);
        __builtin_prefetch(&v->counts[v->matched[i]].hits);
        if (checked_wholly(r)) continue;
        __builtin_prefetch(r->selectors);
        for (const char *at = (const char *)r->match, *end = (const char *)(r->match + (r->match_count < 3 ? r->match_count : 3)); at < end;
             at += LINE)
            __builtin_prefetch(at);
    }
    for (size_t i = 0; i < count; i++)
        if (rule_matches(v, &rules[v->matched[i]])) v->matched[left++] = v->matched[i];
    v->matched_count = left;
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void sort_matched(struct evaluation *v)
{
    uint32_t *m = v->matched;
    if (v->matched_count > 16) {
        qsort(m, v->matched_count, sizeof *m, by_number);
        return;
    }
    for (size_t i = 1; i < v->matched_count; i++) {
        uint32_t number = m[i];
        size_t at = i;
        for (; at && m[at - 1] > number; at--) m[at] = m[at - 1];
        m[at] = number;
    }
}

static void find(struct evaluation *v, const struct record_ops *ops, void *record)
{
    const struct evaluator *e = v->evaluator;
    v->ops = ops;
    v->record = record;
    v->serial++;
    v->matched_count = 0;
    if (e->index) {
        index_find(e->index, v);
        keep_matching(v);
        sort_matched(v);
        return;
    }
    for (size_t i = 0; i < e->count; i++) v->matched[i] = (uint32_t)i;
    v->matched_count = e->count;
    keep_matching(v);
}

static size_t winner(const struct evaluation *v)
{
    const struct rule *rules = v->evaluator->rules;
    size_t best = 0;
    for (size_t i = 1; i < v->matched_count; i++)
        if (rules[v->matched[i]].weight > rules[v->matched[best]].weight) best = i;
    return best;
}

/* Finds, counts, and gives the verdict for what `decide` says of the winner. */
static struct verdict conclude(struct evaluation *v, const struct record_ops *ops, void *record, int64_t now_ns,
                               void (*decide)(struct evaluation *v, uint32_t rule, int64_t now_ns, struct verdict *d))
{
    struct verdict d = {.keep = true, .fraction = 1, .decided_by = NO_POLICY, .matched = v->matched};
    find(v, ops, record);
    d.matched_count = v->matched_count;
    if (!v->matched_count) return d;
    size_t best = winner(v);
    d.decided_by = v->matched[best];
    decide(v, v->matched[best], now_ns, &d);
    for (size_t i = 0; i < v->matched_count; i++) {
        if (d.keep || i == best) v->counts[v->matched[i]].hits++;
        else v->counts[v->matched[i]].misses++;
    }
    return d;
}

static bool rate_allows(struct window *w, const struct policy_log_keep *k, int64_t now_ns)
{
    int64_t seconds = (int64_t)k->window * k->unit_seconds, length = seconds > INT64_MAX / 1000000000 ? INT64_MAX : seconds * 1000000000;
    if (now_ns < w->start_ns || now_ns - w->start_ns >= length) *w = (struct window){now_ns, 0};
    if (w->used >= k->count) return false;
    w->used++;
    return true;
}

static void decide_log(struct evaluation *v, uint32_t rule, int64_t now_ns, struct verdict *d)
{
    const struct policy_log_keep *k = &v->evaluator->rules[rule].policy->keep;
    uint64_t randomness;
    if (k->kind == POLICY_KEEP_NONE) d->keep = false;
    else if (k->kind == POLICY_KEEP_RATE) d->keep = rate_allows(&v->windows[rule], k, now_ns);
    else if (k->kind == POLICY_KEEP_PERCENT) {
        uint64_t threshold = sampling_threshold(k->percent);
        struct datum key = k->sample_key.kind ? selector_read(v->ops, v->record, &k->sample_key) : (struct datum){0};
        if (threshold == 0 || threshold == SAMPLING_ONE) d->keep = threshold == 0;
        else if (sampling_of_key(&k->sample_key, &key, &randomness)) d->keep = randomness >= threshold;
        else {
            d->fraction = k->percent / 100;
            return;
        }
    }
    d->fraction = d->keep ? 1 : 0;
}

struct verdict evaluate_log(struct evaluation *v, const struct record_ops *ops, void *record, int64_t now_ns)
{
    struct verdict d = conclude(v, ops, record, now_ns, decide_log);
    for (size_t i = 0; d.keep && i < d.matched_count; i++) {
        const struct policy *p = v->evaluator->rules[d.matched[i]].policy;
        if (p->step_count) transform_record(p, ops, record, v->counts[d.matched[i]].stages);
    }
    return d;
}

static void decide_metric(struct evaluation *v, uint32_t rule, int64_t now_ns, struct verdict *d)
{
    (void)now_ns;
    d->keep = v->evaluator->rules[rule].policy->metric_keep;
    d->fraction = d->keep ? 1 : 0;
}

struct verdict evaluate_metric(struct evaluation *v, const struct record_ops *ops, void *record)
{
    return conclude(v, ops, record, 0, decide_metric);
}

static void write_state(const struct evaluation *v, const struct policy_sampling *s, struct slice before, uint64_t threshold)
{
    static const struct policy_selector state = {.kind = POLICY_SELECT_FIELD, .field = POLICY_TRACE_STATE};
    struct buf text;
    buf_init(&text, before.len + 64);
    sampling_state(&text, before, threshold, s->precision);
    if (v->ops->set && !text.full) (void)v->ops->set(v->record, &state, buf_view(&text));
    buf_free(&text);
}

static void decide_span(struct evaluation *v, uint32_t rule, int64_t now_ns, struct verdict *d)
{
    (void)now_ns;
    const struct policy_sampling *s = &v->evaluator->rules[rule].policy->sampling;
    struct datum id = v->ops->field(v->record, POLICY_TRACE_ID), state = v->ops->field(v->record, POLICY_TRACE_STATE);
    struct sampled sampled = sampling_decide(s, id.text, state.text);
    d->keep = sampled.keep;
    d->fraction = d->keep ? 1 : 0;
    if (sampled.write) write_state(v, s, state.text, sampled.threshold);
}

struct verdict evaluate_span(struct evaluation *v, const struct record_ops *ops, void *record)
{
    return conclude(v, ops, record, 0, decide_span);
}

size_t evaluate_match(struct evaluation *v, const struct record_ops *ops, void *record, const uint32_t **matched)
{
    find(v, ops, record);
    *matched = v->matched;
    return v->matched_count;
}
