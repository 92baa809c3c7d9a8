#include "policy/diff.h"

#include "base/die.h"
#include "base/json_write.h"
#include "policy/build.h"

#include <inttypes.h>
#include <stdlib.h>

struct comparing {
    void (*report)(void *context, const struct policy_change *c);
    void *context;
    struct slice id;
    size_t changes;
};

static void tell(struct comparing *c, enum change_kind kind, const char *place, struct slice before, struct slice after)
{
    struct policy_change change = {kind, c->id, slice_str(place), before, after};
    c->changes++;
    if (c->report) c->report(c->context, &change);
}

static void compare_text(struct comparing *c, const char *place, struct slice before, struct slice after)
{
    if (!slice_eq(before, after)) tell(c, CHANGE_CHANGED, place, before, after);
}

/* Lines of one part of a policy, sorted or in order. */
struct lines {
    struct slice *items;
    size_t count;
    struct arena *arena;
};

static void add_line(struct lines *l, struct buf *text)
{
    l->items = xreallocarray(l->items, l->count + 1, sizeof *l->items);
    struct slice s = buf_view(text);
    l->items[l->count++] = slice_of(arena_copy(l->arena, s), s.len);
    buf_clear(text);
}

static int by_text(const void *a, const void *b)
{
    const struct slice *x = a, *y = b;
    size_t n = x->len < y->len ? x->len : y->len;
    int order = n ? memcmp(x->ptr, y->ptr, n) : 0;
    return order ? order : (x->len > y->len) - (x->len < y->len);
}

static void matcher_lines(struct lines *l, const struct policy *p)
{
    struct buf text;
    buf_init(&text, POLICY_TEXT_MAX);
    for (size_t i = 0; i < p->match_count; i++) {
        policy_matcher_text(&text, p->signal, &p->match[i]);
        add_line(l, &text);
    }
    buf_free(&text);
    if (l->count) qsort(l->items, l->count, sizeof *l->items, by_text);
}

static void step_lines(struct lines *l, const struct policy *p)
{
    struct buf text;
    buf_init(&text, POLICY_TEXT_MAX);
    for (size_t i = 0; i < p->step_count; i++) {
        policy_step_text(&text, &p->steps[i]);
        add_line(l, &text);
    }
    buf_free(&text);
}

static void label_lines(struct lines *l, const struct policy *p)
{
    struct buf text;
    buf_init(&text, POLICY_TEXT_MAX);
    for (size_t i = 0; i < p->label_count; i++) {
        const struct policy_value *v = &p->labels[i].value;
        buf_slice(&text, p->labels[i].key);
        buf_str(&text, " = ");
        if (v->type == POLICY_VALUE_BOOL) buf_str(&text, v->boolean ? "true" : "false");
        else if (v->type == POLICY_VALUE_INT) buf_i64(&text, v->integer);
        else if (v->type == POLICY_VALUE_DOUBLE) json_write_double(&text, v->real);
        else if (v->type == POLICY_VALUE_TREE) node_write_json(&text, v->tree, 0);
        else json_write_string(&text, v->text);
        add_line(l, &text);
    }
    buf_free(&text);
    if (l->count) qsort(l->items, l->count, sizeof *l->items, by_text);
}

static void extension_lines(struct lines *l, const struct policy *p)
{
    struct buf text;
    buf_init(&text, POLICY_TEXT_MAX);
    for (size_t i = 0; i < p->extension_count; i++) {
        const struct policy_extension *e = &p->extensions[i];
        json_write_string(&text, e->type);
        buf_char(&text, ' ');
        json_write_string(&text, e->version);
        buf_printf(&text, " mode %d, %zu bytes ", (int)e->mode, e->config.len);
        json_write_string(&text, e->config);
        add_line(l, &text);
    }
    buf_free(&text);
    if (l->count) qsort(l->items, l->count, sizeof *l->items, by_text);
}

/* Both sorted: what is in one of them only. */
static void compare_sets(struct comparing *c, const char *place, const struct lines *a, const struct lines *b)
{
    size_t i = 0, j = 0;
    while (i < a->count || j < b->count) {
        int order = i == a->count ? 1 : j == b->count ? -1 : by_text(&a->items[i], &b->items[j]);
        if (order < 0) tell(c, CHANGE_REMOVED, place, a->items[i], SLICE(""));
        if (order > 0) tell(c, CHANGE_ADDED, place, SLICE(""), b->items[j]);
        i += order <= 0;
        j += order >= 0;
    }
}

/* In order: the parts before and after what differs are left out. */
static void compare_sequences(struct comparing *c, const char *place, const struct lines *a, const struct lines *b)
{
    size_t head = 0, tail = 0;
    while (head < a->count && head < b->count && slice_eq(a->items[head], b->items[head])) head++;
    while (tail < a->count - head && tail < b->count - head && slice_eq(a->items[a->count - 1 - tail], b->items[b->count - 1 - tail]))
        tail++;
    for (size_t i = head; i < a->count - tail; i++) tell(c, CHANGE_REMOVED, place, a->items[i], SLICE(""));
    for (size_t i = head; i < b->count - tail; i++) tell(c, CHANGE_ADDED, place, SLICE(""), b->items[i]);
}

static void compare_lines(struct comparing *c, const char *place, const struct policy *before, const struct policy *after,
                          void (*lines_of)(struct lines *l, const struct policy *p),
                          void (*compare)(struct comparing *c, const char *place, const struct lines *a, const struct lines *b))
{
    struct arena *arena = arena_new((size_t)1 << 32);
    struct lines a = {.arena = arena}, b = {.arena = arena};
    lines_of(&a, before);
    lines_of(&b, after);
    compare(c, place, &a, &b);
    free(a.items);
    free(b.items);
    arena_free(arena);
}

static void sampling_text(struct buf *out, const struct policy *p)
{
    static const char *const modes[] = {"", "hash seed", "proportional", "equalizing"};
    const struct policy_sampling *s = &p->sampling;
    policy_keep_text(out, p);
    if (p->signal == POLICY_TRACE)
        buf_printf(out, " by %s, precision %" PRIu32 ", seed %" PRIu32 ", without randomness %s", modes[s->mode], s->precision, s->seed,
                   s->fail_closed ? "drop" : "keep");
    if (p->signal != POLICY_LOG || !p->keep.sample_key.kind) return;
    buf_str(out, " by ");
    policy_selector_text(out, p->signal, &p->keep.sample_key);
}

static void compare_keep(struct comparing *c, const struct policy *before, const struct policy *after)
{
    struct buf a, b;
    buf_init(&a, POLICY_TEXT_MAX);
    buf_init(&b, POLICY_TEXT_MAX);
    sampling_text(&a, before);
    sampling_text(&b, after);
    compare_text(c, "keep", buf_view(&a), buf_view(&b));
    buf_free(&a);
    buf_free(&b);
}

size_t policy_diff(const struct policy *before, const struct policy *after, void (*report)(void *context, const struct policy_change *c),
                   void *context)
{
    struct comparing c = {report, context, before ? before->id : after ? after->id : SLICE(""), 0};
    if (!before && !after) return 0;
    if (!before) return tell(&c, CHANGE_ADDED, "", SLICE(""), after->name), c.changes;
    if (!after) return tell(&c, CHANGE_REMOVED, "", before->name, SLICE("")), c.changes;
    compare_text(&c, "id", before->id, after->id);
    compare_text(&c, "name", before->name, after->name);
    compare_text(&c, "description", before->description, after->description);
    compare_text(&c, "enabled", before->enabled ? SLICE("true") : SLICE("false"), after->enabled ? SLICE("true") : SLICE("false"));
    compare_text(&c, "target", slice_str(policy_signal_name(before->signal)), slice_str(policy_signal_name(after->signal)));
    compare_lines(&c, "match", before, after, matcher_lines, compare_sets);
    compare_keep(&c, before, after);
    compare_lines(&c, "transform", before, after, step_lines, compare_sequences);
    compare_lines(&c, "labels", before, after, label_lines, compare_sets);
    compare_lines(&c, "extensions", before, after, extension_lines, compare_sets);
    return c.changes;
}

static int policy_by_id(const void *a, const void *b)
{
    return by_text(&(*(const struct policy *const *)a)->id, &(*(const struct policy *const *)b)->id);
}

static const struct policy **sorted(const struct policy_set *set)
{
    const struct policy **list = xcalloc(set->count + 1, sizeof *list);
    for (size_t i = 0; i < set->count; i++) list[i] = set->policies[i];
    qsort(list, set->count, sizeof *list, policy_by_id);
    return list;
}

size_t policy_set_diff(const struct policy_set *before, const struct policy_set *after,
                       void (*report)(void *context, const struct policy_change *c), void *context)
{
    const struct policy **a = sorted(before), **b = sorted(after);
    size_t i = 0, j = 0, changes = 0;
    while (i < before->count || j < after->count) {
        int order = i == before->count ? 1 : j == after->count ? -1 : policy_by_id(&a[i], &b[j]);
        changes += policy_diff(order <= 0 ? a[i] : NULL, order >= 0 ? b[j] : NULL, report, context);
        i += order <= 0;
        j += order >= 0;
    }
    free(a);
    free(b);
    return changes;
}
