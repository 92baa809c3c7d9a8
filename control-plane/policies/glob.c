#include "control-plane/policies/glob.h"

#include <stdlib.h>

static bool put(struct glob *g, unsigned symbol)
{
    bool gap = symbol >= GLOB_ANY;
    if (gap && g->count && g->at[g->count - 1] >= GLOB_ANY) {
        if (symbol == GLOB_SOME) g->at[g->count - 1] = GLOB_SOME;
        return true;
    }
    if (g->count == GLOB_MAX) return false;
    g->at[g->count++] = (unsigned short)symbol;
    return true;
}

static bool put_text(struct glob *g, struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!put(g, (unsigned char)text.ptr[i])) return false;
    return true;
}

bool glob_of_text(struct glob *g, struct slice text)
{
    g->count = 0;
    g->fold = false;
    g->exact = true;
    return put_text(g, text);
}

bool glob_of_template(struct glob *g, struct slice template)
{
    g->count = 0;
    g->fold = false;
    g->exact = true;
    for (size_t i = 0; i < template.len; i++) {
        struct slice rest = slice_of(template.ptr + i, template.len - i);
        bool hole = slice_starts(rest, "<*>") || slice_starts(rest, "<?>");
        if (!put(g, hole ? GLOB_SOME : (unsigned char)template.ptr[i])) return false;
        if (hole) i += 2;
    }
    return true;
}

/* ---- regular expressions: literals stay, what else there is becomes a gap ---- */

struct pattern {
    struct slice text;
    size_t at;
    struct glob *out;
    bool anchored_end;
};

static char look(const struct pattern *p, size_t ahead) { return p->at + ahead < p->text.len ? p->text.ptr[p->at + ahead] : '\0'; }

/* Past a class or a group, as far as brackets tell. */
static void skip_class(struct pattern *p)
{
    p->at++;
    if (look(p, 0) == '^') p->at++;
    if (look(p, 0) == ']') p->at++;
    while (p->at < p->text.len && look(p, 0) != ']') {
        if (look(p, 0) == '\\') p->at++;
        if (look(p, 0) == '[' && look(p, 1) == ':') {
            p->at += 2;
            while (p->at < p->text.len && !(look(p, 0) == ':' && look(p, 1) == ']')) p->at++;
            p->at++;
        }
        p->at++;
    }
    if (p->at < p->text.len) p->at++;
}

static void skip_group(struct pattern *p)
{
    size_t depth = 0;
    while (p->at < p->text.len) {
        char c = look(p, 0);
        if (c == '[') {
            skip_class(p);
            continue;
        }
        if (c == '\\') p->at++;
        p->at++;
        if (c == '(') depth++;
        if (c == ')' && --depth == 0) return;
    }
    p->at = p->text.len;
}

/* "*", "+", "?", "{2,3}", and the lazy mark: whether there was one. */
static bool skip_repeat(struct pattern *p)
{
    char c = look(p, 0);
    if (c == '{') {
        while (p->at < p->text.len && look(p, 0) != '}') p->at++;
    } else if (c != '*' && c != '+' && c != '?') {
        return false;
    }
    if (p->at < p->text.len) p->at++;
    if (look(p, 0) == '?') p->at++;
    return true;
}

static bool put_gap(struct pattern *p)
{
    p->out->exact = false;
    return put(p->out, GLOB_ANY);
}

static bool put_literal(struct pattern *p, char c)
{
    if (skip_repeat(p)) return put_gap(p);
    return put(p->out, (unsigned char)c);
}

static bool take_dot(struct pattern *p)
{
    char repeat = look(p, 1);
    p->at++;
    bool repeated = skip_repeat(p);
    if (repeated && repeat == '*') return put(p->out, GLOB_ANY);
    if (repeated && repeat == '+') return put(p->out, GLOB_SOME);
    return put_gap(p);
}

static bool is_punctuation(char c) { return c && (unsigned char)c < 0x80 && strchr("\\.+*?()|[]{}^$/-:=\"'#&%@!,;<>~_ `", c) != NULL; }

static bool take_escape(struct pattern *p)
{
    char c = look(p, 1);
    p->at += c ? 2 : 1;
    if (is_punctuation(c)) return put_literal(p, c);
    if (c == 'b' || c == 'B' || c == 'A' || c == 'z') {
        p->out->exact = false;
        return true;
    }
    if (c == 'Q') p->at = p->text.len;
    if (c == 'x' && look(p, 0) == '{') skip_repeat(p);
    else if (c == 'x') p->at += 2;
    if ((c == 'p' || c == 'P') && look(p, 0) == '{') skip_repeat(p);
    else if (c == 'p' || c == 'P') p->at++;
    while (c >= '0' && c <= '7' && look(p, 0) >= '0' && look(p, 0) <= '7') p->at++;
    skip_repeat(p);
    return put_gap(p);
}

static bool take_atom(struct pattern *p)
{
    char c = look(p, 0);
    switch (c) {
    case '\\': return take_escape(p);
    case '.': return take_dot(p);
    case '[':
        skip_class(p);
        skip_repeat(p);
        return put_gap(p);
    case '(':
        skip_group(p);
        skip_repeat(p);
        return put_gap(p);
    case '$':
        p->at++;
        p->anchored_end = p->at == p->text.len;
        if (!p->anchored_end) p->out->exact = false;
        return true;
    case '^':
        p->at++;
        p->out->exact = false;
        return true;
    default: p->at++; return put_literal(p, c);
    }
}

/* An alternative outside of groups: the pattern as a whole is a gap. */
static bool alternates(struct slice text)
{
    struct pattern p = {.text = text};
    while (p.at < text.len) {
        char c = look(&p, 0);
        if (c == '|') return true;
        if (c == '[') skip_class(&p);
        else if (c == '(') skip_group(&p);
        else p.at += c == '\\' ? 2 : 1;
    }
    return false;
}

/* "(?i)", "(?s)" at the start; others make the pattern a gap. */
static bool take_flags(struct pattern *p)
{
    if (look(p, 0) != '(' || look(p, 1) != '?') return true;
    size_t at = p->at + 2;
    bool fold = false;
    for (; at < p->text.len && (p->text.ptr[at] == 'i' || p->text.ptr[at] == 's'); at++) fold = fold || p->text.ptr[at] == 'i';
    if (at >= p->text.len || p->text.ptr[at] != ')') return true;
    p->out->fold = p->out->fold || fold;
    p->at = at + 1;
    return true;
}

static bool of_regex(struct glob *g, struct slice text)
{
    struct pattern p = {.text = text, .out = g};
    if (alternates(text)) return put_gap(&p);
    take_flags(&p);
    bool anchored = look(&p, 0) == '^';
    if (anchored) p.at++;
    else if (!put(g, GLOB_ANY)) return false;
    while (p.at < text.len)
        if (!take_atom(&p)) return false;
    return p.anchored_end || put(g, GLOB_ANY);
}

static bool has_non_ascii(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] >= 0x80) return true;
    return false;
}

bool glob_of_condition(struct glob *g, const struct policy_matcher *m)
{
    g->count = 0;
    g->fold = m->case_insensitive;
    g->exact = true;
    bool open_start = m->condition == POLICY_ENDS_WITH || m->condition == POLICY_CONTAINS;
    bool open_end = m->condition == POLICY_STARTS_WITH || m->condition == POLICY_CONTAINS;
    if (m->case_insensitive && has_non_ascii(m->text)) {
        g->exact = false;
        return put(g, GLOB_ANY);
    }
    if (m->condition == POLICY_REGEX) return of_regex(g, m->text);
    if (open_start && !put(g, GLOB_ANY)) return false;
    return put_text(g, m->text) && (!open_end || put(g, GLOB_ANY));
}

/* ---- relations ---- */

static bool same(unsigned a, unsigned b, bool fold)
{
    if (a == b) return true;
    if (!fold || a >= 128 || b >= 128) return false;
    unsigned x = a | 0x20, y = b | 0x20;
    return x == y && x >= 'a' && x <= 'z';
}

static bool is_gap(unsigned symbol) { return symbol >= GLOB_ANY; }

/* A hole is one symbol that only a gap takes. row[k]: the condition's first k symbols match the template's first i. */
bool glob_covers(const struct glob *condition, const struct glob *template)
{
    bool *row = calloc(condition->count + 1, sizeof *row), *next = calloc(condition->count + 1, sizeof *next);
    bool covered = false;
    if (row && next) {
        row[0] = true;
        for (size_t k = 0; k < condition->count && condition->at[k] == GLOB_ANY; k++) row[k + 1] = row[k];
        for (size_t i = 0; i < template->count; i++) {
            next[0] = false;
            for (size_t k = 0; k < condition->count; k++) {
                unsigned c = condition->at[k];
                if (is_gap(c)) next[k + 1] = row[k] || row[k + 1] || (c == GLOB_ANY && next[k]);
                else next[k + 1] = row[k] && !is_gap(template->at[i]) && same(c, template->at[i], condition->fold);
            }
            bool *swap = row;
            row = next;
            next = swap;
        }
        covered = row[condition->count];
    }
    free(row);
    free(next);
    return covered;
}

/* Both sides may have gaps. row[k]: the first k symbols of the condition and the first i of the template share a text; a gap
 * counts once it is begun. Both kinds of gap may be empty here: that only makes more texts. */
bool glob_meets(const struct glob *condition, const struct glob *template)
{
    bool *row = calloc(condition->count + 1, sizeof *row), *next = calloc(condition->count + 1, sizeof *next);
    bool met = true;
    if (row && next) {
        row[0] = true;
        for (size_t k = 0; k < condition->count; k++) row[k + 1] = row[k] && is_gap(condition->at[k]);
        for (size_t i = 0; i < template->count; i++) {
            unsigned t = template->at[i];
            next[0] = row[0] && is_gap(t);
            for (size_t k = 0; k < condition->count; k++) {
                unsigned c = condition->at[k];
                bool pair = row[k] && (is_gap(c) || is_gap(t) || same(c, t, condition->fold));
                next[k + 1] = pair || (is_gap(c) && (row[k + 1] || next[k])) || (is_gap(t) && (next[k] || row[k + 1]));
            }
            bool *swap = row;
            row = next;
            next = swap;
        }
        met = row[condition->count];
    }
    free(row);
    free(next);
    return met;
}
