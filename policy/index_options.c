#include "policy/index_options.h"

#include "policy/match.h"
#include "policy/regex.h"

enum { LITERALS_MAX = 8 };

/* U+212A and U+017F are k and s to a pattern that ignores case. Of a pattern's literals, what is not ASCII is lower-cased. */
bool gram_usable(struct slice literal, size_t at, bool folds)
{
    for (size_t i = at; i < at + GRAM; i++) {
        unsigned char c = (unsigned char)literal.ptr[i];
        if (folds && (c > 0x7f || strchr("kKsS", c))) return false;
    }
    return true;
}

static bool has_gram(struct slice literal, bool folds)
{
    for (size_t i = 0; i + GRAM <= literal.len; i++)
        if (gram_usable(literal, i, folds)) return true;
    return false;
}

struct collecting {
    struct arena *arena;
    struct option *option;
    bool bad;
};

static void collect(void *context, struct slice literal)
{
    struct collecting *c = context;
    bool ascii = true;
    for (size_t i = 0; i < literal.len; i++) ascii &= (unsigned char)literal.ptr[i] < 0x80;
    c->option->folds |= !ascii;
    c->bad |= !has_gram(literal, c->option->folds);
    *(struct slice *)list_add(c->arena, &c->option->literals, sizeof(struct slice)) = node_copy_text(c->arena, literal);
}

static bool regex_option(struct arena *a, const struct policy_matcher *m, struct option *o)
{
    struct collecting c = {a, o, false};
    o->kind = PROBE_GRAM;
    o->folds = regex_folds(m->regex);
    if (!regex_literals(m->regex, GRAM, collect, &c) || c.bad || o->literals.count > LITERALS_MAX) return false;
    const struct slice *literals = o->literals.items;
    for (size_t i = 0; i < o->literals.count; i++)
        if (!has_gram(literals[i], o->folds)) return false;
    return true;
}

static bool literal_option(struct arena *a, const struct policy_matcher *m, struct option *o)
{
    bool whole = m->condition == POLICY_EXACT && !m->case_insensitive;
    o->kind = whole ? PROBE_TEXT : PROBE_GRAM;
    o->folds = m->case_insensitive;
    *(struct slice *)list_add(a, &o->literals, sizeof(struct slice)) = m->text;
    return whole || has_gram(m->text, o->folds);
}

static bool typed_option(const struct policy_matcher *m, struct option *o)
{
    bool integer = m->value.type == POLICY_VALUE_INT;
    if (m->condition != POLICY_EQUALS || (!integer && m->value.type != POLICY_VALUE_DOUBLE)) return false;
    o->kind = PROBE_NUMBER;
    o->number = integer ? (double)m->value.integer : m->value.real;
    return true;
}

/* A condition that holds where the selector is absent gives none. */
static bool presence_option(const struct policy_matcher *m, struct option *o)
{
    bool text = m->condition < POLICY_EQUALS && m->condition != POLICY_EXISTS;
    bool own = m->selector.kind == POLICY_SELECT_FIELD && m->selector.field >= POLICY_METRIC_TYPE;
    *o = (struct option){.kind = PROBE_PRESENT, .selector = o->selector};
    return !m->negate || text || own;
}

void rule_options(struct arena *a, const struct rule *r, uint32_t but, struct list *options)
{
    for (size_t i = 0; i < r->policy->match_count; i++) {
        const struct policy_matcher *m = &r->policy->match[i];
        struct option o = {.selector = r->selectors[i]};
        if (selector_repeats(&m->selector) || r->selectors[i] == but) continue;
        bool good = !m->negate && (m->condition == POLICY_REGEX    ? regex_option(a, m, &o)
                                   : m->condition == POLICY_EXISTS ? false
                                   : m->condition >= POLICY_EQUALS ? typed_option(m, &o)
                                                                   : literal_option(a, m, &o));
        if (good || presence_option(m, &o)) *(struct option *)list_add(a, options, sizeof o) = o;
    }
}
