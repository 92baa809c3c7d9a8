#include "control-plane/policies/verdict.h"

#include "base/die.h"
#include "control-plane/policies/proof.h"
#include "policy/regex.h"

#include <stdlib.h>

struct clause {
    const struct policy_matcher *m;
    struct proof *proof; /* of a condition on text; NULL: not understood */
};

struct judge {
    const struct policy *policy;
    struct clause *clauses;
    struct shape shape; /* of the text in question */
};

/* How many of an event's records a condition holds for. */
struct share {
    double least, most;
};

static const struct share all = {1, 1}, none = {0, 0}, unknown = {0, 1};

static bool on_text(enum policy_condition c) { return c >= POLICY_EXACT && c <= POLICY_CONTAINS && c != POLICY_EXISTS; }

struct judge *judge_new(const struct policy *p)
{
    struct judge *j = xcalloc(1, sizeof *j);
    j->policy = p;
    j->clauses = xcalloc(p->match_count + 1, sizeof *j->clauses);
    for (size_t i = 0; i < p->match_count; i++) {
        struct clause *c = &j->clauses[i];
        c->m = &p->match[i];
        if (on_text(c->m->condition)) c->proof = proof_new(c->m);
    }
    return j;
}

void judge_free(struct judge *j)
{
    if (!j) return;
    for (size_t i = 0; i < j->policy->match_count; i++) proof_free(j->clauses[i].proof);
    free(j->clauses);
    free(j);
}

static bool is_service(const struct policy_selector *s)
{
    return s->kind == POLICY_SELECT_ATTRIBUTE && s->scope == POLICY_RESOURCE && s->path_count == 1 && slice_is(s->path[0], "service.name");
}

struct slice judge_service(const struct judge *j)
{
    for (size_t i = 0; i < j->policy->match_count; i++) {
        const struct policy_matcher *m = &j->policy->match[i];
        if (is_service(&m->selector) && m->condition == POLICY_EXACT && !m->negate && !m->case_insensitive) return m->text;
    }
    return SLICE("");
}

/* ---- explaining ---- */

static void explain(struct buf *reasons, const struct policy_matcher *m, const char *why)
{
    if (!reasons) return;
    if (reasons->len) buf_char(reasons, '\n');
    policy_matcher_text(reasons, POLICY_LOG, m);
    buf_str(reasons, ": ");
    buf_str(reasons, why);
}

/* ---- conditions ---- */

static void load(struct event_facts *f)
{
    if (!f->load) return;
    f->load(f);
    f->load = NULL;
}

/* On a value that is known whole. */
static struct share on_known(const struct clause *c, struct slice value, struct shape *shape, struct buf *reasons)
{
    const struct policy_matcher *m = c->m;
    if (m->condition == POLICY_EXISTS) return all;
    if (!on_text(m->condition)) return none;
    if (m->regex) return regex_search(m->regex, value) ? all : none;
    if (c->proof && shape_of_text(shape, value)) return proof_covers(c->proof, shape) ? all : none;
    explain(reasons, m, "the text is too long to be compared");
    return unknown;
}

static struct share on_template(const struct clause *c, const struct event_facts *f, struct shape *shape, struct buf *reasons)
{
    const struct policy_matcher *m = c->m;
    bool fits = shape_of_template(shape, f->template);
    if (fits && shape->whole) return on_known(c, f->template, shape, reasons);
    if (!fits) return explain(reasons, m, "the template is too long to be compared"), unknown;
    if (!c->proof) return explain(reasons, m, "the pattern cannot be compared with a template"), unknown;
    if (proof_covers(c->proof, shape)) return all;
    if (!proof_meets(c->proof, shape)) return none;
    shape_settle(shape);
    explain(reasons, m,
            proof_covers(c->proof, shape) ? "the words fit, but how they are spaced is not kept; \\s+ instead of blanks is certain"
                                          : "depends on what varies in the template");
    return unknown;
}

static struct share on_body(const struct clause *c, struct event_facts *f, struct shape *shape, struct buf *reasons)
{
    if (c->m->condition == POLICY_EXISTS) return all;
    if (!on_text(c->m->condition)) return none;
    load(f);
    if (f->structured_body) return explain(reasons, c->m, "the body is made of fields; the template shows one of them"), unknown;
    return on_template(c, f, shape, reasons);
}

/* The records whose severity may be written so. Which spelling a sender uses is not kept. */
static struct share on_severity(const struct clause *c, struct event_facts *f, struct buf *reasons)
{
    static const struct slice spellings[SEVERITIES][2] = {{{"", 0}, {"", 0}},
                                                          {{"TRACE", 5}, {"trace", 5}},
                                                          {{"DEBUG", 5}, {"debug", 5}},
                                                          {{"INFO", 4}, {"info", 4}},
                                                          {{"WARN", 4}, {"WARNING", 7}},
                                                          {{"ERROR", 5}, {"error", 5}},
                                                          {{"FATAL", 5}, {"CRITICAL", 8}}};
    const struct policy_matcher *m = c->m;
    enum severity named = m->condition == POLICY_EXACT ? severity_of(0, m->text) : SEVERITY_UNSPECIFIED;
    int64_t fitting = 0;
    for (int s = SEVERITY_TRACE; s < SEVERITIES; s++) {
        bool fits = named == (enum severity)s;
        for (int k = 0; k < 2 && named == SEVERITY_UNSPECIFIED && m->regex && !fits; k++) fits = regex_search(m->regex, spellings[s][k]);
        if (fits) fitting += f->severities[s];
    }
    bool judged = named != SEVERITY_UNSPECIFIED;
    if (judged && fitting == 0 && !m->negate) return none;
    explain(reasons, m, judged ? "severities are counted, their spelling is not kept" : "the spelling of severities is not kept");
    if (!judged || m->negate || f->records <= 0) return unknown;
    return (struct share){0, (double)fitting / (double)f->records};
}

static struct share on_attribute(const struct clause *c, struct event_facts *f, struct buf *reasons)
{
    const struct policy_selector *s = &c->m->selector;
    char path[512];
    size_t n = 0;
    for (size_t i = 0; i < s->path_count; i++) {
        if (n + s->path[i].len + 1 >= sizeof path) return explain(reasons, c->m, "the name is too long to be looked up"), unknown;
        if (i) path[n++] = '.';
        memcpy(path + n, s->path[i].ptr, s->path[i].len);
        n += s->path[i].len;
    }
    load(f);
    enum presence there = f->field ? f->field(f->context, s->scope, slice_of(path, n)) : PRESENCE_UNKNOWN;
    if (there == PRESENCE_NEVER) return none;
    if (c->m->condition == POLICY_EXISTS && there == PRESENCE_ALWAYS && s->path_count == 1) return all;
    static const char *const why[] = {[PRESENCE_UNKNOWN] = "fields of this event are not known",
                                      [PRESENCE_SOMETIMES] = "not every record has this field, and values are not kept",
                                      [PRESENCE_ALWAYS] = "values of fields are not kept"};
    explain(reasons, c->m, why[there]);
    return unknown;
}

static struct share on_field(const struct clause *c, struct event_facts *f, struct shape *shape, struct buf *reasons)
{
    switch (c->m->selector.field) {
    case POLICY_BODY: return on_body(c, f, shape, reasons);
    case POLICY_SEVERITY_TEXT: return on_severity(c, f, reasons);
    default: explain(reasons, c->m, "this is not kept"); return unknown;
    }
}

static struct share holds(const struct clause *c, struct event_facts *f, struct shape *shape, struct buf *reasons)
{
    const struct policy_selector *s = &c->m->selector;
    if (s->kind == POLICY_SELECT_FIELD) return on_field(c, f, shape, reasons);
    if (is_service(s)) return on_known(c, f->service, shape, reasons);
    if (s->kind == POLICY_SELECT_ATTRIBUTE) return on_attribute(c, f, reasons);
    return none;
}

/* A negated condition on a value that is absent: edges do not match it, except with exists. */
static struct share negated(const struct clause *c, struct share s)
{
    const struct policy_selector *sel = &c->m->selector;
    bool present = is_service(sel) || (sel->kind == POLICY_SELECT_FIELD && sel->field == POLICY_BODY);
    if (s.least >= 1) return none;
    if (s.most <= 0) return present || c->m->condition == POLICY_EXISTS ? all : none;
    return (struct share){0, 1 - s.least};
}

struct event_verdict judge_event(struct judge *j, struct event_facts *facts, struct buf *reasons)
{
    struct share s = all;
    for (size_t i = 0; i < j->policy->match_count && s.most > 0; i++) {
        const struct clause *c = &j->clauses[i];
        struct share one = holds(c, facts, &j->shape, reasons);
        if (c->m->negate) one = negated(c, one);
        if (one.most < s.most) s.most = one.most;
        s.least = s.least >= 1 && one.least >= 1 ? 1 : 0;
    }
    if (s.most <= 0) {
        if (reasons) buf_clear(reasons);
        return (struct event_verdict){MATCH_NO, 0};
    }
    return (struct event_verdict){s.least >= 1 ? MATCH_CERTAIN : MATCH_POSSIBLE, s.most};
}
