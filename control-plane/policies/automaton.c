/* Conditions and RE2 patterns as automatons. What is not understood of a pattern becomes a node that proves nothing. */
#include "control-plane/policies/automaton.h"

#include "base/die.h"
#include "base/utf8.h"

#include <stdlib.h>

enum { REPEAT_MAX = 200, GROUP_DEPTH = 50, NONE = -1 };

/* A piece under construction: where it begins, and the chain of nodes whose `next` is still open. */
struct piece {
    int start, end; /* `end`: a SPLIT without choice, its next open */
};

struct parser {
    struct automaton *out;
    struct slice text;
    size_t at;
    unsigned depth;
};

static int node(struct automaton *a, enum node_kind kind, uint32_t value)
{
    if (a->count == NODES_MAX) {
        a->failed = true;
        return 0;
    }
    a->nodes[a->count] = (struct automaton_node){.kind = kind, .value = value, .next = NONE, .other = NONE};
    return a->count++;
}

static int joint(struct automaton *a) { return node(a, NODE_SPLIT, 0); }

static struct piece single(struct automaton *a, enum node_kind kind, uint32_t value)
{
    int n = node(a, kind, value), end = joint(a);
    a->nodes[n].next = end;
    return (struct piece){n, end};
}

static struct piece empty(struct automaton *a)
{
    int n = joint(a);
    return (struct piece){n, n};
}

static struct piece joined(struct automaton *a, struct piece x, struct piece y)
{
    if (x.end != y.start) a->nodes[x.end].next = y.start;
    return (struct piece){x.start, y.end};
}

static struct piece either(struct automaton *a, struct piece x, struct piece y)
{
    int split = joint(a), end = joint(a);
    a->nodes[split].next = x.start;
    a->nodes[split].other = y.start;
    a->nodes[x.end].next = end;
    a->nodes[y.end].next = end;
    return (struct piece){split, end};
}

static struct piece optional(struct automaton *a, struct piece x) { return either(a, x, empty(a)); }

static struct piece once_or_more(struct automaton *a, struct piece x)
{
    int split = joint(a), end = joint(a);
    struct automaton_node *first = &a->nodes[x.start];
    if (first->kind <= NODE_CLASS && first->next == x.end) first->loop = true;
    a->nodes[x.end].next = split;
    a->nodes[split].next = x.start;
    a->nodes[split].other = end;
    return (struct piece){x.start, end};
}

/* ---- characters ---- */

static char look(const struct parser *p, size_t ahead) { return p->at + ahead < p->text.len ? p->text.ptr[p->at + ahead] : '\0'; }
static bool over(const struct parser *p) { return p->at >= p->text.len; }

static struct piece character(struct automaton *a, uint32_t c)
{
    bool foreign = a->fold && c >= 0x80;
    return single(a, foreign ? NODE_UNKNOWN : NODE_CHAR, c);
}

static void add_range(struct automaton *a, uint32_t from, uint32_t to)
{
    if (a->range_count == RANGES_MAX) {
        a->failed = true;
        return;
    }
    a->ranges[a->range_count++] = (struct range){from, to};
}

/* The ranges of \d, \w, \s. False: another letter. */
static bool add_perl(struct automaton *a, char c)
{
    switch (c) {
    case 'd': add_range(a, '0', '9'); return true;
    case 'w':
        add_range(a, '0', '9');
        add_range(a, 'A', 'Z');
        add_range(a, 'a', 'z');
        add_range(a, '_', '_');
        return true;
    case 's':
        add_range(a, '\t', '\n');
        add_range(a, '\f', '\r');
        add_range(a, ' ', ' ');
        return true;
    default: return false;
    }
}

static struct piece class_node(struct automaton *a, uint32_t first, bool negated)
{
    struct piece x = single(a, NODE_CLASS, first);
    a->nodes[x.start].count = a->range_count - first;
    a->nodes[x.start].negated = negated;
    return x;
}

/* After a backslash in a pattern: a character of its own. False: something else. */
static bool plain_escape(char c, uint32_t *out)
{
    static const char from[] = "ntrfva", to[] = "\n\t\r\f\v\a";
    const char *at = c ? strchr(from, c) : NULL;
    if (at) *out = (unsigned char)to[at - from];
    else if ((unsigned char)c < 0x80 && c > ' ' && !(c >= '0' && c <= '9') && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
        *out = (unsigned char)c;
    else return false;
    return true;
}

/* \x41, \x{41}, \pL, \p{Greek}, \123: past it. */
static void skip_escape(struct parser *p, char c)
{
    if (look(p, 0) == '{' && (c == 'x' || c == 'p' || c == 'P')) {
        while (!over(p) && look(p, 0) != '}') p->at++;
        p->at++;
    } else if (c == 'x') {
        p->at += 2;
    } else if (c == 'p' || c == 'P') {
        p->at++;
    } else if (c >= '0' && c <= '7') {
        while (look(p, 0) >= '0' && look(p, 0) <= '7') p->at++;
    } else {
        p->out->failed = true;
    }
}

static struct piece escape(struct parser *p)
{
    struct automaton *a = p->out;
    char c = look(p, 1);
    uint32_t plain, first = a->range_count;
    p->at += 2;
    if (plain_escape(c, &plain)) return character(a, plain);
    if (add_perl(a, (char)(c | 0x20))) return class_node(a, first, c < 'a');
    if (c == 'b' || c == 'B') return single(a, NODE_ASSERT, 0);
    if (c == 'A') return single(a, NODE_BEGIN, 0);
    if (c == 'z') return single(a, NODE_END, 0);
    skip_escape(p, c);
    return single(a, NODE_UNKNOWN, 0);
}

/* "[:alpha:]", "[:^digit:]": its length; 0: "[" is a character. */
static size_t named_class(const struct parser *p)
{
    size_t n = 2;
    if (look(p, 0) != '[' || look(p, 1) != ':') return 0;
    if (look(p, n) == '^') n++;
    while (look(p, n) >= 'a' && look(p, n) <= 'z') n++;
    return look(p, n) == ':' && look(p, n + 1) == ']' ? n + 2 : 0;
}

/* One character of a class. False: a set was added, or it is not understood. */
static bool class_character(struct parser *p, uint32_t *out, bool *unknown)
{
    size_t named = named_class(p);
    if (named) {
        p->at += named;
        *unknown = true;
        return false;
    }
    if (look(p, 0) != '\\') {
        *out = utf8_next(p->text, &p->at);
        return true;
    }
    char c = look(p, 1);
    p->at += 2;
    if (plain_escape(c, out)) return true;
    if (c >= 'a' && add_perl(p->out, c)) return false;
    *unknown = true;
    if (c != 'D' && c != 'W' && c != 'S') skip_escape(p, c);
    return false;
}

static struct piece class(struct parser *p)
{
    struct automaton *a = p->out;
    uint32_t first = a->range_count, from, to;
    bool unknown = false;
    p->at++;
    bool negated = look(p, 0) == '^';
    if (negated) p->at++;
    for (bool start = true; !over(p) && (start || look(p, 0) != ']') && !a->failed; start = false) {
        if (!class_character(p, &from, &unknown)) continue;
        to = from;
        if (look(p, 0) == '-' && look(p, 1) != ']' && look(p, 1)) {
            p->at++;
            if (!class_character(p, &to, &unknown)) unknown = true;
        }
        add_range(a, from, to);
        if (a->fold && to >= 0x80) unknown = true;
    }
    p->at++;
    return unknown ? single(a, NODE_UNKNOWN, 0) : class_node(a, first, negated);
}

/* ---- structure ---- */

static struct piece alternatives(struct parser *p);

/* "(?:", "(?P<name>", "(". Flags that hold from here on are not understood. */
static void enter_group(struct parser *p)
{
    p->at++;
    if (look(p, 0) != '?') return;
    p->at++;
    if (look(p, 0) == ':') {
        p->at++;
    } else if (look(p, 0) == 'P' && look(p, 1) == '<') {
        while (!over(p) && look(p, 0) != '>') p->at++;
        p->at++;
    } else {
        p->out->failed = true;
    }
}

static struct piece group(struct parser *p)
{
    if (++p->depth > GROUP_DEPTH) p->out->failed = true;
    enter_group(p);
    struct piece x = p->out->failed ? empty(p->out) : alternatives(p);
    if (look(p, 0) != ')') p->out->failed = true;
    p->at++;
    p->depth--;
    return x;
}

static struct piece atom(struct parser *p)
{
    switch (look(p, 0)) {
    case '\\': return escape(p);
    case '[': return class(p);
    case '(': return group(p);
    case '.': p->at++; return single(p->out, NODE_ANY, 0);
    case '^': p->at++; return single(p->out, NODE_BEGIN, 0);
    case '$': p->at++; return single(p->out, NODE_END, 0);
    default: return character(p->out, utf8_next(p->text, &p->at));
    }
}

static bool number(struct parser *p, int *out)
{
    if (look(p, 0) < '0' || look(p, 0) > '9') return false;
    for (*out = 0; look(p, 0) >= '0' && look(p, 0) <= '9' && *out < 10000; p->at++) *out = *out * 10 + (look(p, 0) - '0');
    return true;
}

/* "{2}", "{2,}", "{2,5}". False: the brace is a character. */
static bool counts(struct parser *p, int *least, int *most)
{
    size_t start = p->at++;
    bool ok = number(p, least);
    *most = *least;
    if (ok && look(p, 0) == ',') {
        p->at++;
        if (!number(p, most)) *most = NONE;
    }
    ok = ok && look(p, 0) == '}';
    p->at = ok ? p->at + 1 : start;
    return ok;
}

/* The atom from `from` on, once more. */
static struct piece again(struct parser *p, size_t from)
{
    size_t kept = p->at;
    p->at = from;
    struct piece x = atom(p);
    p->at = kept;
    return x;
}

static struct piece counted(struct parser *p, size_t from, struct piece x, int least, int most)
{
    struct automaton *a = p->out;
    struct piece all = least > 0 ? x : empty(a);
    if (least > REPEAT_MAX || most > REPEAT_MAX) {
        a->failed = true;
        return all;
    }
    for (int i = 1; i < least && !a->failed; i++) all = joined(a, all, again(p, from));
    if (most == NONE) return joined(a, all, optional(a, once_or_more(a, again(p, from))));
    for (int i = least; i < most && !a->failed; i++) all = joined(a, all, optional(a, again(p, from)));
    return all;
}

static struct piece repeated(struct parser *p)
{
    struct automaton *a = p->out;
    size_t from = p->at;
    struct piece x = atom(p);
    int least, most;
    switch (look(p, 0)) {
    case '*': x = optional(a, once_or_more(a, x)); break;
    case '+': x = once_or_more(a, x); break;
    case '?': x = optional(a, x); break;
    case '{':
        if (!counts(p, &least, &most)) return x;
        x = counted(p, from, x, least, most);
        p->at--;
        break;
    default: return x;
    }
    p->at++;
    if (look(p, 0) == '?') p->at++;
    return x;
}

static struct piece sequence(struct parser *p)
{
    struct piece all = empty(p->out);
    while (!over(p) && !p->out->failed && look(p, 0) != '|' && look(p, 0) != ')') all = joined(p->out, all, repeated(p));
    return all;
}

static struct piece alternatives(struct parser *p)
{
    struct piece x = sequence(p);
    while (look(p, 0) == '|' && !p->out->failed) {
        p->at++;
        x = either(p->out, x, sequence(p));
    }
    return x;
}

/* "(?i)" and "(?s)" before all else. */
static void flags(struct parser *p)
{
    if (look(p, 0) != '(' || look(p, 1) != '?') return;
    size_t at = p->at + 2;
    bool fold = false;
    for (; at < p->text.len && (p->text.ptr[at] == 'i' || p->text.ptr[at] == 's'); at++) fold = fold || p->text.ptr[at] == 'i';
    if (at >= p->text.len || p->text.ptr[at] != ')') return;
    p->out->fold = p->out->fold || fold;
    p->at = at + 1;
}

static struct piece pattern(struct automaton *a, struct slice text)
{
    struct parser p = {.out = a, .text = text};
    flags(&p);
    struct piece x = alternatives(&p);
    if (!over(&p)) a->failed = true;
    return x;
}

static struct piece literal(struct automaton *a, const struct policy_matcher *m)
{
    bool at_start = m->condition == POLICY_EXACT || m->condition == POLICY_STARTS_WITH;
    bool at_end = m->condition == POLICY_EXACT || m->condition == POLICY_ENDS_WITH;
    struct piece x = at_start ? single(a, NODE_BEGIN, 0) : empty(a);
    for (size_t at = 0; at < m->text.len && !a->failed;) x = joined(a, x, character(a, utf8_next(m->text, &at)));
    return at_end ? joined(a, x, single(a, NODE_END, 0)) : x;
}

bool automaton_build(struct automaton *a, const struct policy_matcher *m)
{
    *a = (struct automaton){.fold = m->case_insensitive};
    a->nodes = xcalloc(NODES_MAX, sizeof *a->nodes);
    a->ranges = xcalloc(RANGES_MAX, sizeof *a->ranges);
    struct piece x = m->condition == POLICY_REGEX ? pattern(a, m->text) : literal(a, m);
    int match = node(a, NODE_MATCH, 0);
    a->nodes[x.end].next = match;
    a->start = x.start;
    a->nodes = xreallocarray(a->nodes, (size_t)a->count, sizeof *a->nodes);
    a->ranges = xreallocarray(a->ranges, a->range_count + 1, sizeof *a->ranges);
    return !a->failed;
}

void automaton_free(struct automaton *a)
{
    free(a->nodes);
    free(a->ranges);
}
