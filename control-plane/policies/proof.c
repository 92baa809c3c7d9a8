#include "control-plane/policies/proof.h"

#include "base/die.h"
#include "base/utf8.h"
#include "control-plane/policies/automaton.h"

#include <stdlib.h>

/* The nodes that the walk is at; a node is in once. */
struct states {
    int *list;
    int count;
    unsigned *mark; /* generation in which the node came in */
    unsigned generation;
};

struct proof {
    struct automaton automaton;
    struct states now, then;
    int *stack;
    bool met; /* a MATCH was reached */
};

/* Where in the text the walk is; inside a hole it is at neither end. */
struct place {
    bool begin, end;
};

bool shape_of(struct shape *s, struct slice text, bool holes)
{
    s->count = 0;
    s->holes = false;
    for (size_t at = 0; at < text.len;) {
        struct slice rest = slice_of(text.ptr + at, text.len - at);
        bool hole = holes && (slice_starts(rest, "<*>") || slice_starts(rest, "<?>"));
        if (s->count == SHAPE_MAX) return false;
        if (hole) at += 3;
        s->at[s->count++] = hole ? SHAPE_HOLE : utf8_next(text, &at);
        s->holes = s->holes || hole;
    }
    return true;
}

struct proof *proof_new(const struct policy_matcher *m)
{
    struct proof *p = xcalloc(1, sizeof *p);
    if (!automaton_build(&p->automaton, m)) {
        automaton_free(&p->automaton);
        free(p);
        return NULL;
    }
    size_t n = (size_t)p->automaton.count;
    struct states *both[] = {&p->now, &p->then};
    for (int i = 0; i < 2; i++) {
        both[i]->list = xcalloc(n, sizeof(int));
        both[i]->mark = xcalloc(n, sizeof(unsigned));
        both[i]->generation = 1;
    }
    p->stack = xcalloc(2 * n + 2, sizeof *p->stack);
    return p;
}

void proof_free(struct proof *p)
{
    if (!p) return;
    automaton_free(&p->automaton);
    free(p->now.list);
    free(p->now.mark);
    free(p->then.list);
    free(p->then.mark);
    free(p->stack);
    free(p);
}

static void clear(struct states *s)
{
    s->count = 0;
    s->generation++;
}

/* ---- walking ---- */

static bool passes(const struct automaton_node *n, struct place at, bool hopeful)
{
    if (n->kind == NODE_BEGIN) return at.begin;
    if (n->kind == NODE_END) return at.end;
    return n->kind == NODE_SPLIT || (n->kind == NODE_ASSERT && hopeful);
}

/* The node and all that can be reached from it without a character. */
static void enter(struct proof *p, struct states *to, int start, struct place at, bool hopeful)
{
    int depth = 0;
    p->stack[depth++] = start;
    while (depth) {
        int i = p->stack[--depth];
        if (i < 0 || to->mark[i] == to->generation) continue;
        const struct automaton_node *n = &p->automaton.nodes[i];
        to->mark[i] = to->generation;
        to->list[to->count++] = i;
        if (n->kind == NODE_MATCH) p->met = true;
        if (!passes(n, at, hopeful)) continue;
        p->stack[depth++] = n->next;
        p->stack[depth++] = n->other;
    }
}

static uint32_t folded(uint32_t c) { return c >= 'A' && c <= 'Z' ? c | 0x20 : c; }
static uint32_t unfolded(uint32_t c) { return c >= 'a' && c <= 'z' ? c & ~UINT32_C(0x20) : c; }

static bool in_class(const struct automaton *a, const struct automaton_node *n, uint32_t c)
{
    bool in = false;
    for (uint32_t i = n->value; i < n->value + n->count && !in; i++) {
        struct range r = a->ranges[i];
        in = c >= r.from && c <= r.to;
        if (!in && a->fold) in = (folded(c) >= r.from && folded(c) <= r.to) || (unfolded(c) >= r.from && unfolded(c) <= r.to);
    }
    return in != n->negated;
}

static bool takes(const struct automaton *a, const struct automaton_node *n, uint32_t c, bool hopeful)
{
    switch (n->kind) {
    case NODE_CHAR: return n->value == c || (a->fold && (folded(n->value) == folded(c) || (c >= 0x80 && hopeful)));
    case NODE_ANY: return c != '\n' || hopeful;
    case NODE_CLASS: return a->fold && c >= 0x80 ? hopeful : in_class(a, n, c);
    case NODE_UNKNOWN: return hopeful;
    default: return false;
    }
}

static bool is_character(const struct automaton_node *n) { return n->kind <= NODE_UNKNOWN; }

static void turn(struct proof *p)
{
    struct states swap = p->now;
    p->now = p->then;
    p->then = swap;
}

static void step(struct proof *p, uint32_t c, struct place after, bool hopeful)
{
    clear(&p->then);
    for (int i = 0; i < p->now.count; i++) {
        const struct automaton_node *n = &p->automaton.nodes[p->now.list[i]];
        if (takes(&p->automaton, n, c, hopeful)) enter(p, &p->then, n->next, after, hopeful);
    }
}

/* Whatever stands in the hole: only a repeated ANY takes all of it. */
static void step_hole_surely(struct proof *p, struct place after)
{
    clear(&p->then);
    for (int i = 0; i < p->now.count; i++) {
        const struct automaton_node *n = &p->automaton.nodes[p->now.list[i]];
        if (n->kind == NODE_ANY && n->loop) enter(p, &p->then, n->next, after, false);
    }
}

/* Any text in the hole: all that some characters lead to. */
static void step_hole_hopefully(struct proof *p, struct place after)
{
    static const struct place inside = {false, false};
    const struct automaton_node *nodes = p->automaton.nodes;
    clear(&p->then);
    for (int i = 0; i < p->now.count; i++)
        if (is_character(&nodes[p->now.list[i]])) enter(p, &p->then, nodes[p->now.list[i]].next, inside, true);
    enter(p, &p->then, p->automaton.start, inside, true);
    for (int i = 0; i < p->then.count; i++)
        if (is_character(&nodes[p->then.list[i]])) enter(p, &p->then, nodes[p->then.list[i]].next, inside, true);
    turn(p);
    clear(&p->then);
    for (int i = 0; i < p->now.count; i++) enter(p, &p->then, p->now.list[i], after, true);
}

static bool walk(struct proof *p, const struct shape *s, bool hopeful)
{
    p->met = false;
    clear(&p->now);
    enter(p, &p->now, p->automaton.start, (struct place){true, s->count == 0}, hopeful);
    for (size_t i = 0; i < s->count && !p->met; i++) {
        struct place after = {false, i + 1 == s->count};
        if (s->at[i] != SHAPE_HOLE) step(p, s->at[i], after, hopeful);
        else if (hopeful) step_hole_hopefully(p, after);
        else step_hole_surely(p, after);
        enter(p, &p->then, p->automaton.start, after, hopeful);
        turn(p);
    }
    return p->met;
}

bool proof_covers(struct proof *p, const struct shape *s) { return walk(p, s, false); }
bool proof_meets(struct proof *p, const struct shape *s) { return walk(p, s, true); }
