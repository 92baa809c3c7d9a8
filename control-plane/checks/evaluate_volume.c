#include "control-plane/checks/evaluate.h"

#include "control-plane/checks/phrases.h"

enum { TOP = 8, CAP_LEAST = 10 };

static bool free_event(const struct observed_event *e) { return !e->claimed && !e->fragment; }

static void number(struct observation *o, struct finding *f, const char *label, int64_t n)
{
    finding_evidence(f, "volume", "event_hours", label, observe_text(o, "%lld", (long long)n));
}

/* ---- debug mode left on ---- */

static double debug_share(const struct observed_event *e)
{
    return e->events > 0 ? (double)(e->by_severity[1] + e->by_severity[2]) / (double)e->events : 0;
}

/* The most hours of the week in which one of the largest debug events was there. */
static int64_t debug_hours(struct observation *o)
{
    int64_t most = 0;
    size_t looked = 0;
    for (size_t i = 0; i < o->count && looked < TOP; i++) {
        struct hours_profile p;
        if (!free_event(&o->events[i]) || debug_share(&o->events[i]) < 0.5) continue;
        looked++;
        if (observe_hours(o, &o->events[i], 0, &p) && p.active > most) most = p.active;
    }
    return most;
}

void evaluate_debug_mode(struct observation *o, const struct check *c)
{
    double records = 0;
    for (size_t i = 0; i < o->count; i++)
        if (free_event(&o->events[i])) records += (double)o->events[i].week_events * debug_share(&o->events[i]);
    double share = o->week_events > 0 ? records / (double)o->week_events : 0;
    if (share < observe_setting(o, c, "min_share") || records < observe_setting(o, c, "min_records")) return;
    int64_t hours = debug_hours(o);
    if ((double)hours < observe_setting(o, c, "min_hours")) return;
    struct finding *f = finding_of(o, c, SLICE(""));
    for (size_t i = 0; i < o->count; i++) {
        struct observed_event *e = &o->events[i];
        if (free_event(e) && debug_share(e) >= 0.5) finding_event(f, e, 0.99 * debug_share(e), true);
    }
    f->keep_share = 0.01;
    f->share = share;
    finding_evidence(f, "volume", "catalog", "Share of debug and trace records", observe_text(o, "%.0f %%", share * 100));
    number(o, f, "Hours of the last week with debug records", hours);
}

/* ---- logs in a hot path ---- */

static bool generic(const struct observed_event *e)
{
    return phrase_in(e->words, phrases_progress) && phrase_values(e->words) <= 4 && !phrase_in(e->words, phrases_security) &&
           !phrase_in(e->words, phrases_failure);
}

static bool steady(struct observation *o, const struct observed_event *e, double most, struct hours_profile *p)
{
    return observe_hours(o, e, 0, p) && p->median > 0 && (double)p->peak <= most * (double)p->median;
}

void evaluate_hot_path(struct observation *o, const struct check *c)
{
    double least = observe_setting(o, c, "min_share"), ratio = observe_setting(o, c, "max_peak_ratio");
    if ((double)o->count < observe_setting(o, c, "min_events")) return;
    for (size_t i = 0; i < o->count; i++) {
        struct observed_event *e = &o->events[i];
        struct hours_profile p;
        double share = o->week_events > 0 ? (double)e->week_events / (double)o->week_events : 0;
        if (!free_event(e) || e->severity >= 3 || share < least || !generic(e) || !steady(o, e, ratio, &p)) continue;
        struct finding *f = finding_of(o, c, e->name);
        finding_event(f, e, 0.99, true);
        f->keep_share = 0.01;
        f->share = share;
        finding_evidence(f, "volume", "catalog", "Share of the service's records", observe_text(o, "%.0f %%", share * 100));
        number(o, f, "Records in a usual hour", p.median);
        number(o, f, "Records in the busiest hour", p.peak);
    }
}

/* ---- infrastructure errors: floods, and a steady murmur ---- */

static bool infrastructure(const struct observed_event *e)
{
    return free_event(e) && (phrase_in(e->words, phrases_network) || phrase_in(e->words, phrases_retry));
}

static struct slice peer_of(const struct observed_event *e)
{
    const struct phrase_kind *peer = phrase_kind_in(e->words, phrases_peer);
    return peer ? slice_str(peer->phrase) : SLICE("");
}

static int64_t cap_of(int64_t median_hour)
{
    int64_t minute = 3 * median_hour / 60;
    return minute < CAP_LEAST ? CAP_LEAST : minute;
}

static void flood(struct observation *o, const struct check *c, struct observed_event *e, const struct hours_profile *p)
{
    struct finding *f = finding_of(o, c, peer_of(e));
    struct hours_profile capped;
    int64_t cap = cap_of(p->median);
    if (!observe_hours(o, e, cap * 60, &capped)) return;
    finding_event(f, e, (double)capped.above_cap / (double)(e->week_events > 0 ? e->week_events : 1), true);
    if (cap > f->cap_per_minute) f->cap_per_minute = cap;
    f->keep_share = 1;
    number(o, f, "Records in the busiest outbreak", p->surge);
    number(o, f, "Records in a usual hour", p->median);
    if (e->shape.peak_minute > 0) number(o, f, "Records in the busiest minute", e->shape.peak_minute);
}

void evaluate_burst(struct observation *o, const struct check *c)
{
    double peak = observe_setting(o, c, "min_peak"), ratio = observe_setting(o, c, "min_ratio");
    for (size_t i = 0; i < o->count; i++) {
        struct observed_event *e = &o->events[i];
        struct hours_profile p;
        if (!infrastructure(e) || e->severity < 3 || !observe_hours(o, e, 0, &p)) continue;
        double usual = p.median > 0 ? (double)p.median : 1;
        if ((double)p.surge >= peak && (double)p.surge >= ratio * usual) flood(o, c, e, &p);
    }
}

void evaluate_background(struct observation *o, const struct check *c)
{
    double hours = observe_setting(o, c, "min_hours"), share = observe_setting(o, c, "min_active_share");
    for (size_t i = 0; i < o->count; i++) {
        struct observed_event *e = &o->events[i];
        struct hours_profile p;
        if (!infrastructure(e) || !observe_hours(o, e, 0, &p)) continue;
        if ((double)p.active < hours || (double)p.active < share * (double)p.span) continue;
        struct finding *f = finding_of(o, c, peer_of(e));
        finding_event(f, e, 0.99, true);
        f->keep_share = 0.01;
        f->cap_per_minute = 1;
        number(o, f, "Hours of the last week with such records", p.active);
        number(o, f, "Records in a usual hour", p.median);
    }
}
