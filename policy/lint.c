#include "policy/lint.h"

#include "policy/match.h"
#include "policy/regex.h"
#include "policy/words.h"

#include <stdio.h>

struct linting {
    void (*report)(void *context, const struct finding *f);
    void *context;
    const struct policy *policy;
    size_t errors;
};

static void tell(struct linting *l, enum lint_level level, const char *rule, unsigned line, struct slice message)
{
    struct finding f = {level, rule, l->policy->source, line, l->policy->id, message};
    l->errors += level == LINT_ERROR;
    if (l->report) l->report(l->context, &f);
}

static void warn(struct linting *l, const char *rule, const char *place, size_t index, const char *message)
{
    char text[400];
    snprintf(text, sizeof text, "%s: %s[%zu]: %s", policy_signal_name(l->policy->signal), place, index, message);
    tell(l, LINT_WARNING, rule, l->policy->line, slice_str(text));
}

static void warn_policy(struct linting *l, const char *rule, const char *message)
{
    tell(l, LINT_WARNING, rule, l->policy->line, slice_str(message));
}

/* An end of line that is not escaped and in no class. */
static bool has_bare(struct slice p, char wanted)
{
    bool in_class = false;
    for (size_t i = 0; i < p.len; i++) {
        if (p.ptr[i] == '\\') i++;
        else if (p.ptr[i] == '[') in_class = true;
        else if (p.ptr[i] == ']') in_class = false;
        else if (p.ptr[i] == wanted && !in_class) return true;
    }
    return false;
}

static bool non_ascii(struct slice p)
{
    for (size_t i = 0; i < p.len; i++)
        if ((unsigned char)p.ptr[i] > 0x7f) return true;
    return memmem(p.ptr, p.len, "\\p", 2) || memmem(p.ptr, p.len, "\\P", 2) || memmem(p.ptr, p.len, "\\x{", 3);
}

static bool has_ungreedy_flag(struct slice p)
{
    for (size_t i = 0; i + 2 < p.len; i++) {
        if (p.ptr[i] != '(' || p.ptr[i + 1] != '?') continue;
        for (size_t j = i + 2; j < p.len && strchr("imsU-", p.ptr[j]) && p.ptr[j]; j++)
            if (p.ptr[j] == 'U') return true;
    }
    return false;
}

static bool about_body(const struct policy_selector *s) { return s->kind == POLICY_SELECT_FIELD && s->field == POLICY_BODY; }

static void lint_pattern(struct linting *l, const struct policy_selector *s, struct slice pattern, const struct regex *regex,
                         const char *place, size_t i)
{
    if (regex_matches_empty(regex))
        warn(l, "regex-empty", place, i,
             "the pattern can match nothing at all; edges that use Hyperscan refuse it, and with it every policy of the same update");
    if (has_ungreedy_flag(pattern)) warn(l, "regex-flag", place, i, "the flag U is not known to every edge");
    if (about_body(s) && has_bare(pattern, '$'))
        warn(l, "regex-end", place, i, "$ also matches before a last newline on some edges; \\z is the same everywhere");
    if (has_bare(pattern, '.') && non_ascii(pattern))
        warn(l, "regex-unicode", place, i, "some edges match bytes, not characters: a . beside text that is not ASCII differs");
}

static void lint_matcher(struct linting *l, const struct policy_matcher *m, size_t i)
{
    bool text = m->condition == POLICY_STARTS_WITH || m->condition == POLICY_ENDS_WITH || m->condition == POLICY_CONTAINS;
    if (m->condition == POLICY_REGEX && m->regex) lint_pattern(l, &m->selector, m->text, m->regex, "match", i);
    if (text && !m->text.len) warn(l, "empty-text", "match", i, "the empty text is in everything");
    if (m->condition == POLICY_EXACT && !m->text.len) warn(l, "never", "match", i, "an empty value counts as absent: this never matches");
    if (m->condition == POLICY_EXACT && !m->negate && !m->case_insensitive && about_body(&m->selector) == false &&
        m->selector.kind == POLICY_SELECT_ATTRIBUTE) {
        size_t digits = 0;
        while (digits < m->text.len && m->text.ptr[digits] >= '0' && m->text.ptr[digits] <= '9') digits++;
        if (digits && digits == m->text.len)
            warn(l, "number-as-text", "match", i,
                 "a number in quotes matches only where the attribute is a string; `equals` without quotes matches the number");
    }
    if (m->case_insensitive && m->condition >= POLICY_EQUALS)
        warn(l, "no-case", "match", i, "case_insensitive has no effect on this condition");
    if (m->condition == POLICY_EXACT && m->selector.kind == POLICY_SELECT_ATTRIBUTE)
        for (size_t p = 0; p < m->selector.path_count && m->selector.path_count > 1; p++)
            if (memchr(m->selector.path[p].ptr, '.', m->selector.path[p].len)) {
                warn(l, "dotted-path", "match", i, "a path of several segments walks maps; a dotted key is one segment");
                break;
            }
}

/* What a record needs only to be there for. */
static bool selects_little(const struct policy_matcher *m)
{
    if (m->condition == POLICY_REGEX) return m->regex && regex_search(m->regex, SLICE("\x01")) && !m->negate;
    bool text = m->condition == POLICY_STARTS_WITH || m->condition == POLICY_ENDS_WITH || m->condition == POLICY_CONTAINS;
    if (text) return !m->text.len && !m->negate;
    return m->condition == POLICY_EXISTS && !m->negate && m->selector.kind == POLICY_SELECT_FIELD;
}

static bool restricts(const struct policy *p)
{
    if (p->signal == POLICY_METRIC) return !p->metric_keep;
    if (p->signal == POLICY_TRACE) return p->sampling.percent < 100;
    return p->keep.kind != POLICY_KEEP_ALL && !(p->keep.kind == POLICY_KEEP_PERCENT && p->keep.percent >= 100);
}

static bool contradicts(const struct policy_matcher *a, const struct policy_matcher *b)
{
    bool exact = a->condition == POLICY_EXACT && b->condition == POLICY_EXACT && !a->negate && !b->negate;
    if (!exact || !selector_equal(&a->selector, &b->selector) || selector_repeats(&a->selector)) return false;
    return !a->case_insensitive && !b->case_insensitive && !slice_eq(a->text, b->text);
}

static void lint_whole(struct linting *l)
{
    const struct policy *p = l->policy;
    bool little = true;
    for (size_t i = 0; i < p->match_count; i++) {
        little &= selects_little(&p->match[i]);
        for (size_t j = i + 1; j < p->match_count; j++)
            if (contradicts(&p->match[i], &p->match[j]))
                warn_policy(l, "never", "two conditions want different values of one field: it never matches");
    }
    if (little && restricts(p)) warn_policy(l, "matches-everything", "it matches nearly every record");
    if (p->signal == POLICY_LOG && p->keep.kind == POLICY_KEEP_ALL && !p->step_count)
        warn_policy(l, "no-effect", "keep all and no transform: it changes nothing");
    if (p->signal == POLICY_METRIC && p->metric_keep) warn_policy(l, "no-effect", "keep true changes nothing: dropping policies win");
    if (p->signal == POLICY_LOG && p->keep.kind == POLICY_KEEP_NONE && p->step_count)
        warn_policy(l, "no-effect", "keep none: the transform is never run");
    if (p->signal == POLICY_LOG && p->keep.kind == POLICY_KEEP_PERCENT && restricts(p) && p->keep.percent > 0 && !p->keep.sample_key.kind)
        warn_policy(l, "no-sample-key", "a percentage without sample_key: today's edges keep every such record");
    if (p->signal == POLICY_LOG && p->keep.sample_key.kind && p->keep.kind != POLICY_KEEP_PERCENT)
        warn_policy(l, "no-effect", "sample_key is used by a percentage only");
}

static void lint_step(struct linting *l, const struct policy_step *s, size_t i)
{
    if (s->stage == POLICY_REDACT && s->regex) lint_pattern(l, &s->selector, s->pattern, s->regex, "transform.redact", i);
    if (s->stage == POLICY_RENAME && s->selector.kind == POLICY_SELECT_FIELD)
        warn(l, "no-effect", "transform.rename", i, "only attributes can be renamed");
    if (s->selector.kind == POLICY_SELECT_ATTRIBUTE && s->selector.path_count > 1 && s->stage != POLICY_REMOVE)
        warn(l, "nested-target", "transform", i, "edges differ on targets inside a map: some change the outer key");
}

size_t policy_lint_one(const struct policy *p, void (*report)(void *context, const struct finding *f), void *context)
{
    struct linting l = {report, context, p, 0};
    for (size_t i = 0; i < p->error_count; i++)
        tell(&l, LINT_ERROR, "invalid", p->errors[i].line ? p->errors[i].line : p->line, p->errors[i].message);
    for (size_t i = 0; i < p->warning_count; i++)
        tell(&l, LINT_WARNING, "reading", p->warnings[i].line ? p->warnings[i].line : p->line, p->warnings[i].message);
    if (!policy_valid(p)) return l.errors;
    for (size_t i = 0; i < p->match_count; i++) lint_matcher(&l, &p->match[i], i);
    for (size_t i = 0; i < p->step_count; i++) lint_step(&l, &p->steps[i], i);
    lint_whole(&l);
    return l.errors;
}

size_t policy_lint(const struct policy_set *set, void (*report)(void *context, const struct finding *f), void *context)
{
    size_t errors = set->error_count;
    for (size_t i = 0; i < set->error_count; i++) {
        const struct policy_set_error *e = &set->errors[i];
        struct finding f = {LINT_ERROR, "unreadable", e->source, e->line, SLICE(""), e->message};
        if (report) report(context, &f);
    }
    for (size_t i = 0; i < set->count; i++) errors += policy_lint_one(set->policies[i], report, context);
    return errors;
}
