#include "control-plane/tap/session.h"

#include "base/clock.h"
#include "base/die.h"

#include <stdlib.h>

enum { SCRATCH = 2 * 1024 * 1024 };

/* The constant pieces of what redactions and additions write. */
static void add_pieces(struct session *s, struct slice text)
{
    size_t from = 0;
    for (size_t i = 0; i <= text.len; i++) {
        if (i < text.len && text.ptr[i] != '$') continue;
        if (i > from && s->literal_count < SESSION_LITERALS) s->literals[s->literal_count++] = slice_of(text.ptr + from, i - from);
        if (i < text.len && i + 1 < text.len && text.ptr[i + 1] == '{')
            while (i < text.len && text.ptr[i] != '}') i++;
        else
            while (i + 1 < text.len && text.ptr[i + 1] >= '0' && text.ptr[i + 1] <= '9') i++;
        from = i + 1;
    }
}

static void find_literals(struct session *s)
{
    const struct policy_set *set = s->options.set;
    for (size_t i = 0; s->options.single && i < set->count; i++)
        for (size_t k = 0; k < set->policies[i]->step_count; k++) {
            const struct policy_step *step = &set->policies[i]->steps[k];
            if (step->stage == POLICY_REDACT || step->stage == POLICY_ADD) add_pieces(s, step->text);
        }
}

struct session *session_new(const struct tap_options *o, const struct words *words)
{
    struct session *s = xcalloc(1, sizeof *s);
    s->options = *o;
    s->words = words;
    if (!vault_init(&s->scratch, SCRATCH) || !vault_init(&s->kept, TAP_BYTES)) {
        session_free(s);
        return NULL;
    }
    ring_init(&s->ring, s->kept.bytes, TAP_BYTES, o->records);
    s->evaluator = evaluator_new(o->set, POLICY_LOG);
    s->evaluation = evaluation_new(s->evaluator, clock_now());
    find_literals(s);
    return s;
}

void session_free(struct session *s)
{
    if (!s) return;
    evaluation_free(s->evaluation);
    evaluator_free(s->evaluator);
    policy_set_free(s->options.set);
    vault_free(&s->scratch);
    vault_free(&s->kept);
    free(s);
}

/* ---- one record ---- */

static bool wanted(const struct session *s, const struct otlp_sight *sight)
{
    const struct id128 *service = &s->options.service, *event = &s->options.event;
    struct id128 of_service, of_event;
    if (!(service->hi | service->lo | event->hi | event->lo)) return true;
    batch_last(sight->batch, &of_service, &of_event);
    if ((service->hi | service->lo) && (service->hi != of_service.hi || service->lo != of_service.lo)) return false;
    return !(event->hi | event->lo) || (event->hi == of_event.hi && event->lo == of_event.lo);
}

static void begin_second(struct session_budget *b, int64_t now_ns)
{
    int64_t second = now_ns / NS_PER_SECOND;
    if (second != b->second) *b = (struct session_budget){.second = second};
}

static enum tap_outcome outcome_of(const struct session *s, const struct verdict *d)
{
    if (d->decided_by == NO_POLICY) return TAP_UNMATCHED;
    if (d->keep) return d->fraction < 1 ? TAP_UNDECIDED : TAP_KEPT;
    switch (evaluator_policy(s->evaluator, (size_t)d->decided_by)->keep.kind) {
    case POLICY_KEEP_RATE: return TAP_RATE_LIMITED;
    case POLICY_KEEP_PERCENT: return TAP_SAMPLED_OUT;
    default: return TAP_DROPPED;
    }
}

static void count_fields(struct tap_counts *c, const struct tap_record *r)
{
    uint64_t by_change[TAP_MOVED + 1] = {0};
    for (uint32_t i = 0; i < r->field_count; i++) by_change[r->fields[i].change]++;
    c->redacted += by_change[TAP_CHANGED];
    c->removed += by_change[TAP_REMOVED];
    c->added += by_change[TAP_ADDED];
    c->moved += by_change[TAP_MOVED];
    c->changed += by_change[TAP_SAME] < r->field_count;
}

static void keep(struct session *s, const struct tap_record *r)
{
    if (s->budget.kept >= TAP_KEPT_SECOND || !ring_add(&s->ring, r, r->size)) {
        s->counts.unkept++;
        return;
    }
    s->budget.kept++;
    s->sequence = r->sequence;
}

static void examine(struct session *s, const struct otlp_sight *sight, int64_t now_ns)
{
    struct tree before, after;
    const struct log_record *l = sight->decoded;
    tree_read(&before, &s->scratch, sight);
    tree_copy(&after, &before);
    if (before.lost || after.lost) {
        s->counts.skipped++;
        return;
    }
    struct verdict d = evaluate_log(s->evaluation, &tree_ops, &after, now_ns);
    struct tap_record head = {.sequence = s->sequence + 1, .received_ns = now_ns, .time_ns = l->time_ns, .bytes = l->bytes};
    head.severity = severity_of(l->severity_number, l->severity);
    head.outcome = outcome_of(s, &d);
    head.fraction = d.fraction;
    head.matched = (uint32_t)d.matched_count;
    s->counts.outcomes[head.outcome]++;
    s->counts.matched += d.matched_count > 0;
    if (s->options.single && head.outcome == TAP_UNMATCHED) return;
    struct rows_mask mask = {s->options.reveal, s->words, s->literals, s->literal_count, s->options.set};
    struct slice decided = {0};
    if (d.decided_by != NO_POLICY) decided = evaluator_policy(s->evaluator, (size_t)d.decided_by)->id;
    const struct tap_record *r =
        after.lost ? NULL : rows_make(&s->scratch, &head, l->service, decided, &before, d.keep ? &after : NULL, &mask);
    if (!r) {
        s->counts.unkept++;
        return;
    }
    if (d.keep) count_fields(&s->counts, r);
    keep(s, r);
}

void session_see(struct session *s, const struct otlp_sight *sight, int64_t now_ns)
{
    begin_second(&s->budget, now_ns);
    if (s->budget.examined >= TAP_EXAMINED_SECOND) {
        s->counts.seen++;
        s->counts.skipped++;
        return;
    }
    if (!wanted(s, sight)) return;
    s->counts.seen++;
    if (sight->record.len > TAP_JUDGED_BYTES || sight->resource.len > TAP_JUDGED_BYTES || sight->scope.len > TAP_JUDGED_BYTES) {
        s->counts.skipped++;
        return;
    }
    s->budget.examined++;
    size_t mark = vault_mark(&s->scratch);
    examine(s, sight, now_ns);
    vault_release(&s->scratch, mark);
}
