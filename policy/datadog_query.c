#include "policy/datadog_query.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

enum { DEPTH_MAX = 20 };

bool dd_refuse(struct dd_query *q, const char *format, ...)
{
    char text[300];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (!*q->error) snprintf(q->error, q->error_size, "at character %zu: %s", q->at + 1, text);
    return false;
}

static char peek(const struct dd_query *q, size_t ahead) { return q->at + ahead < q->in.len ? q->in.ptr[q->at + ahead] : '\0'; }

static void skip_blanks(struct dd_query *q)
{
    while (isspace((unsigned char)peek(q, 0))) q->at++;
}

static bool ends_word(char c) { return !c || isspace((unsigned char)c) || c == '(' || c == ')'; }

/* AND, OR, NOT, TO: upper case only. */
static bool take_word(struct dd_query *q, const char *word)
{
    size_t n = strlen(word);
    if (q->in.len - q->at < n || memcmp(q->in.ptr + q->at, word, n) != 0 || !ends_word(peek(q, n))) return false;
    q->at += n;
    skip_blanks(q);
    return true;
}

static bool quoted_text(struct dd_query *q, struct slice *out)
{
    char *text = node_memory(q->arena, q->in.len - q->at + 1);
    size_t n = 0;
    for (q->at++; peek(q, 0) && peek(q, 0) != '"'; q->at++) {
        if (peek(q, 0) == '\\' && peek(q, 1)) q->at++;
        text[n++] = peek(q, 0);
    }
    if (peek(q, 0) != '"') return dd_refuse(q, "a quote is not closed");
    q->at++;
    *out = slice_of(text, n);
    return true;
}

/* Up to a blank, a bracket or (in a key) the colon. Escapes stay: they tell \* from *. */
static struct slice next_word(struct dd_query *q, bool key)
{
    size_t from = q->at;
    while (!ends_word(peek(q, 0)) && !(key && peek(q, 0) == ':')) q->at += peek(q, 0) == '\\' && peek(q, 1) ? 2 : 1;
    return slice_of(q->in.ptr + from, q->at - from);
}

static bool bound(struct dd_query *q, struct slice *out)
{
    size_t from = q->at;
    while (peek(q, 0) && !isspace((unsigned char)peek(q, 0)) && peek(q, 0) != ']' && peek(q, 0) != '}') q->at++;
    *out = slice_of(q->in.ptr + from, q->at - from);
    skip_blanks(q);
    return out->len > 0 || dd_refuse(q, "a range without a bound");
}

static bool range(struct dd_query *q, struct dd_atom *a)
{
    a->compare = peek(q, 0) == '[' ? POLICY_GTE : POLICY_GT;
    q->at++;
    skip_blanks(q);
    if (!bound(q, &a->value)) return false;
    if (!take_word(q, "TO")) return dd_refuse(q, "a range is written [1 TO 5]");
    if (!bound(q, &a->upper)) return false;
    if (peek(q, 0) != ']' && peek(q, 0) != '}') return dd_refuse(q, "a range is not closed");
    a->upper_compare = peek(q, 0) == ']' ? POLICY_LTE : POLICY_LT;
    q->at++;
    return true;
}

static bool comparison(struct dd_query *q, struct dd_atom *a)
{
    bool greater = peek(q, 0) == '>', equal = peek(q, 1) == '=';
    q->at += equal ? 2 : 1;
    a->compare = greater ? (equal ? POLICY_GTE : POLICY_GT) : equal ? POLICY_LTE : POLICY_LT;
    a->value = next_word(q, false);
    return a->value.len > 0 || dd_refuse(q, "a comparison without a number");
}

static bool value(struct dd_query *q, struct dd_atom *a)
{
    char c = peek(q, 0);
    if (c == '"') return a->quoted = true, quoted_text(q, &a->value);
    if (a->key.len && (c == '[' || c == '{')) return range(q, a);
    if (a->key.len && (c == '<' || c == '>')) return comparison(q, a);
    a->value = next_word(q, false);
    return a->value.len > 0 || dd_refuse(q, "a value is missing");
}

static bool add_atom(struct dd_query *q, struct dd_clause *c, const struct dd_atom *a)
{
    const struct dd_atom *first = c->atoms.items;
    if (c->atoms.count && !slice_eq(first->key, a->key)) return dd_refuse(q, "OR of different attributes needs a policy for each");
    *(struct dd_atom *)list_add(q->arena, &c->atoms, sizeof *a) = *a;
    return true;
}

/* key:(a OR b) */
static bool values_of_key(struct dd_query *q, struct dd_clause *c, struct slice key)
{
    q->at++;
    for (;;) {
        struct dd_atom a = {.key = key};
        skip_blanks(q);
        if (peek(q, 0) == '-' || take_word(q, "NOT")) return dd_refuse(q, "NOT inside a list of values");
        if (!value(q, &a) || !add_atom(q, c, &a)) return false;
        skip_blanks(q);
        if (peek(q, 0) == ')') break;
        if (!take_word(q, "OR")) return dd_refuse(q, "the values of one attribute can only be joined by OR");
    }
    q->at++;
    return true;
}

static bool atom(struct dd_query *q, struct dd_clause *c)
{
    struct dd_atom a = {0};
    size_t from = q->at;
    if (peek(q, 0) != '"') {
        struct slice key = next_word(q, true);
        if (peek(q, 0) == ':' && slice_is(key, "@")) return dd_refuse(q, "an attribute without a name");
        if (peek(q, 0) == ':' && key.len) {
            q->at++;
            if (peek(q, 0) == '(') return values_of_key(q, c, key);
            a.key = key;
        } else q->at = from;
    }
    return value(q, &a) && add_atom(q, c, &a);
}

static bool sequence(struct dd_query *q, struct list *clauses, bool negate, unsigned depth);

/* A group gives clauses that all hold; where it is one of alternatives, it must be a single clause. */
static bool unit(struct dd_query *q, struct list *clauses, bool negate, unsigned depth)
{
    for (bool more = true; more;) {
        more = peek(q, 0) == '-' ? (q->at++, true) : take_word(q, "NOT");
        negate ^= more;
    }
    if (peek(q, 0) != '(') {
        struct dd_clause c = {.negate = negate};
        bool good = atom(q, &c);
        if (good) *(struct dd_clause *)list_add(q->arena, clauses, sizeof c) = c;
        return good;
    }
    if (depth == DEPTH_MAX) return dd_refuse(q, "too many brackets");
    q->at++;
    if (!sequence(q, clauses, negate, depth + 1)) return false;
    if (peek(q, 0) != ')') return dd_refuse(q, "a bracket is not closed");
    q->at++;
    return true;
}

/* Puts the alternatives into one clause. */
static bool join(struct dd_query *q, struct list *into, const struct list *one)
{
    struct dd_clause *all = into->items;
    const struct dd_clause *next = one->items;
    if (into->count != 1 || one->count != 1 || all->negate || next->negate) return dd_refuse(q, "OR can only join values of one attribute");
    const struct dd_atom *atoms = next->atoms.items;
    for (size_t i = 0; i < next->atoms.count; i++)
        if (!add_atom(q, all, &atoms[i])) return false;
    return true;
}

static bool sequence(struct dd_query *q, struct list *clauses, bool negate, unsigned depth)
{
    struct list found = {0};
    bool any_or = false, any_and = false;
    skip_blanks(q);
    while (peek(q, 0) && peek(q, 0) != ')') {
        struct list one = {0};
        bool or = found.count && take_word(q, "OR"), and = ! or &&found.count;
        if (and) (void)take_word(q, "AND");
        any_or |= or ;
        any_and |= and;
        if (any_or && any_and) return dd_refuse(q, "AND and OR side by side: put brackets");
        if (!unit(q, &one, false, depth)) return false;
        if (or &&!join(q, &found, &one)) return false;
        const struct dd_clause *items = one.items;
        for (size_t i = 0; ! or &&i < one.count; i++) *(struct dd_clause *)list_add(q->arena, &found, sizeof *items) = items[i];
        skip_blanks(q);
    }
    struct dd_clause *items = found.items;
    if (negate && found.count > 1) return dd_refuse(q, "NOT of several conditions that must all hold");
    for (size_t i = 0; i < found.count; i++) {
        items[i].negate ^= negate;
        *(struct dd_clause *)list_add(q->arena, clauses, sizeof *items) = items[i];
    }
    return true;
}

bool dd_parse(struct dd_query *q)
{
    *q->error = '\0';
    if (!sequence(q, &q->clauses, false, 0)) return false;
    return q->at == q->in.len || dd_refuse(q, "a bracket too many");
}
