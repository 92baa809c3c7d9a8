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
    struct states other; /* for what must hold both ways */
};

/* Where in the text the walk is; inside a hole it is at neither end. */
struct place {
    bool begin, end;
};

bool shape_of_text(struct shape *s, struct slice text)
{
    s->count = 0;
    s->whole = true;
    for (size_t at = 0; at < text.len;) {
        if (s->count == SHAPE_MAX) return false;
        s->at[s->count++] = utf8_next(text, &at);
    }
    return true;
}

static bool is_sign(uint32_t c)
{
    bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    return c > ' ' && c < 0x80 && !letter && !(c >= '0' && c <= '9');
}

static uint32_t symbol(const struct shape *s, struct slice t, size_t *at)
{
    struct slice rest = slice_of(t.ptr + *at, t.len - *at);
    if (slice_starts(rest, "<*>") || slice_starts(rest, "<?>")) return *at += 3, SHAPE_HOLE;
    uint32_t c = utf8_next(t, at);
    if (c == ' ') return SHAPE_SPACE;
    return is_sign(c) && s->count && s->at[s->count - 1] == c ? SHAPE_RUN + c : c;
}

bool shape_of_template(struct shape *s, struct slice template)
{
    s->count = 0;
    s->whole = true;
    for (size_t at = 0; at < template.len;) {
        if (s->count == SHAPE_MAX) return false;
        uint32_t c = symbol(s, template, &at);
        s->at[s->count++] = c;
        s->whole = s->whole && c < SHAPE_HOLE;
    }
    return true;
}

void shape_settle(struct shape *s)
{
    for (size_t i = 0; i < s->count; i++) {
        if (s->at[i] == SHAPE_SPACE) s->at[i] = ' ';
        else if (s->at[i] >= SHAPE_RUN) s->at[i] -= SHAPE_RUN;
    }
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
    struct states *sets[] = {&p->now, &p->then, &p->other};
    for (int i = 0; i < 3; i++) {
        sets[i]->list = xcalloc(n, sizeof(int));
        sets[i]->mark = xcalloc(n, sizeof(unsigned));
        sets[i]->generation = 1;
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
    free(p->other.list);
    free(p->other.mark);
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

static const struct automaton_node *at(const struct proof *p, const struct states *s, int i) { return &p->automaton.nodes[s->list[i]]; }

static void step(struct proof *p, uint32_t c, struct place after, bool hopeful)
{
    clear(&p->then);
    for (int i = 0; i < p->now.count; i++)
        if (takes(&p->automaton, at(p, &p->now, i), c, hopeful)) enter(p, &p->then, at(p, &p->now, i)->next, after, hopeful);
}

/* Whether the node takes one character of what the symbol stands for, or each of them. */
static bool takes_of(const struct automaton *a, const struct automaton_node *n, uint32_t symbol, bool hopeful)
{
    if (!is_character(n)) return false;
    if (symbol == SHAPE_HOLE) return hopeful || n->kind == NODE_ANY;
    if (symbol >= SHAPE_RUN) return takes(a, n, symbol - SHAPE_RUN, hopeful);
    bool blank = takes(a, n, ' ', hopeful), tab = takes(a, n, '\t', hopeful);
    return hopeful ? blank || tab : blank && tab;
}

/* Both ways: where nothing stands in the hole, and where something does. */
static void keep_common(struct proof *p, struct place after)
{
    int count = 0;
    clear(&p->other);
    for (int i = 0; i < p->now.count; i++) enter(p, &p->other, p->now.list[i], after, false);
    for (int i = 0; i < p->then.count; i++) {
        int node = p->then.list[i];
        if (p->other.mark[node] == p->other.generation) p->then.list[count++] = node;
        else p->then.mark[node] = 0;
    }
    p->then.count = count;
}

/* The first character of a blank or a run may already end the match. */
static void step_first(struct proof *p, uint32_t symbol)
{
    static const struct place inside = {false, false};
    int match = p->automaton.count - 1;
    clear(&p->other);
    for (int i = 0; i < p->now.count; i++) {
        const struct automaton_node *n = at(p, &p->now, i);
        if (takes_of(&p->automaton, n, symbol, false)) enter(p, &p->other, n->next, inside, false);
    }
    if (p->other.mark[match] == p->other.generation) enter(p, &p->then, match, inside, false);
}

/* Whatever it is: only what is repeated takes all of it. */
static void step_surely(struct proof *p, uint32_t symbol, struct place after)
{
    clear(&p->then);
    for (int i = 0; i < p->now.count; i++) {
        const struct automaton_node *n = at(p, &p->now, i);
        if (n->loop && takes_of(&p->automaton, n, symbol, false)) enter(p, &p->then, n->next, after, false);
    }
    if (symbol == SHAPE_HOLE) keep_common(p, after);
    else step_first(p, symbol);
}

/* All that some text of it leads to. */
static void step_hopefully(struct proof *p, uint32_t symbol, struct place after)
{
    static const struct place inside = {false, false};
    clear(&p->then);
    for (int i = 0; i < p->now.count; i++) {
        if (symbol == SHAPE_HOLE) enter(p, &p->then, p->now.list[i], after, true);
        if (takes_of(&p->automaton, at(p, &p->now, i), symbol, true)) enter(p, &p->then, at(p, &p->now, i)->next, inside, true);
    }
    enter(p, &p->then, p->automaton.start, inside, true);
    for (int i = 0; i < p->then.count; i++)
        if (takes_of(&p->automaton, at(p, &p->then, i), symbol, true)) enter(p, &p->then, at(p, &p->then, i)->next, inside, true);
    turn(p);
    clear(&p->then);
    for (int i = 0; i < p->now.count; i++) enter(p, &p->then, p->now.list[i], after, true);
}

static bool met(const struct proof *p)
{
    for (int i = 0; i < p->now.count; i++)
        if (at(p, &p->now, i)->kind == NODE_MATCH) return true;
    return false;
}

/* Holes may be empty: how many symbols at the end, or at the beginning, may be none at all. */
static size_t trailing_holes(const struct shape *s)
{
    size_t n = 0;
    while (n < s->count && s->at[s->count - 1 - n] == SHAPE_HOLE) n++;
    return n;
}

static size_t leading_holes(const struct shape *s)
{
    size_t n = 0;
    while (n < s->count && s->at[n] == SHAPE_HOLE) n++;
    return n;
}

static bool walk(struct proof *p, const struct shape *s, bool hopeful)
{
    size_t begins = hopeful ? leading_holes(s) : 0, ends = s->count - (hopeful ? trailing_holes(s) : 0);
    clear(&p->now);
    enter(p, &p->now, p->automaton.start, (struct place){true, ends == 0}, hopeful);
    for (size_t i = 0; i < s->count && !met(p); i++) {
        struct place after = {i + 1 <= begins, i + 1 >= ends};
        if (s->at[i] < SHAPE_HOLE) step(p, s->at[i], after, hopeful);
        else if (hopeful) step_hopefully(p, s->at[i], after);
        else step_surely(p, s->at[i], after);
        enter(p, &p->then, p->automaton.start, after, hopeful);
        turn(p);
    }
    return met(p);
}

bool proof_covers(struct proof *p, const struct shape *s) { return walk(p, s, false); }
bool proof_meets(struct proof *p, const struct shape *s) { return walk(p, s, true); }
