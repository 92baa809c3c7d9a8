#include "control-plane/checks/evaluate.h"

#include "control-plane/checks/phrases.h"

#include <ctype.h>

enum { SHORT_NAME = 3 };

static struct slice strip(struct slice s)
{
    while (s.len && *s.ptr == ' ') s = slice_of(s.ptr + 1, s.len - 1);
    while (s.len && s.ptr[s.len - 1] == ' ') s.len--;
    return s;
}

static bool free_event(const struct observed_event *e) { return !e->claimed && !e->fragment; }

static void volume_evidence(struct observation *o, struct finding *f)
{
    finding_evidence(f, "volume", "catalog", "Records within 7 days", observe_text(o, "%lld", (long long)f->records));
    if (o->week_events > 0)
        finding_evidence(f, "volume", "catalog", "Share of the service's records",
                         observe_text(o, "%.1f %%", 100.0 * (double)f->records / (double)o->week_events));
}

static void finish(struct observation *o, const struct check *c)
{
    for (struct finding *f = o->findings; f; f = f->next)
        if (f->check == c) volume_evidence(o, f);
}

/* ---- forgotten debug statements ---- */

/* ">>>>> 3", whose template is ">> <*>": signs alike and a value. */
static bool is_ruler(struct slice core, struct slice words)
{
    return slice_is(words, "*") && core.len > 5 && core.ptr[0] == core.ptr[1] && core.ptr[0] != ' ';
}

static bool is_marker(struct observation *o, const struct observed_event *e)
{
    struct slice core = phrase_core(e->template), words = strip(phrase_words(o->arena, core));
    if (words.len == 0 || is_ruler(core, words)) return core.len >= 3;
    struct slice bare = words; /* "test123" */
    while (bare.len && isdigit((unsigned char)bare.ptr[bare.len - 1])) bare.len--;
    for (const char *const *p = phrases_marker; *p; p++)
        if (slice_is(words, *p) || (bare.len >= 3 && slice_is(bare, *p))) return true;
    return false;
}

/* "retries = <*>" and nothing else; without blanks only a short name: devices report so, too. */
static bool is_variable(struct slice core)
{
    size_t n = 0;
    core = strip(core);
    while (n < core.len && (isalnum((unsigned char)core.ptr[n]) || strchr("_.", core.ptr[n]))) n++;
    struct slice rest = strip(slice_of(core.ptr + n, core.len - n));
    bool spaced = n < core.len && core.ptr[n] == ' ';
    if (n == 0 || rest.len < 4 || *rest.ptr != '=' || (!spaced && n > SHORT_NAME)) return false;
    return slice_is(strip(slice_of(rest.ptr + 1, rest.len - 1)), "<*>");
}

static bool is_artifact(struct observation *o, const struct observed_event *e)
{
    struct slice core = phrase_core(e->template), words = strip(phrase_words(o->arena, core));
    for (const char *const *p = phrases_artifact; *p; p++) {
        size_t n = strlen(*p);
        if (slice_starts(words, *p) && (words.len == n || words.ptr[n] == ' ')) return true;
    }
    return is_variable(core) || (e->shape.placeholder == 1 && !memchr(core.ptr, '=', core.len));
}

static void forgotten(struct observation *o, const struct check *c, bool (*is)(struct observation *, const struct observed_event *))
{
    for (size_t i = 0; i < o->count; i++) {
        struct observed_event *e = &o->events[i];
        if (free_event(e) && !e->withheld && is(o, e)) finding_event(finding_of(o, c, SLICE("")), e, 1, true);
    }
    finish(o, c);
}

void evaluate_markers(struct observation *o, const struct check *c) { forgotten(o, c, is_marker); }
void evaluate_artifacts(struct observation *o, const struct check *c) { forgotten(o, c, is_artifact); }

/* ---- health checks ---- */

static double share_of(int64_t part, int64_t whole) { return whole > 0 ? (double)part / (double)whole : 0; }

/* The share of an event's records that are probes which went well; a template that names a failure never counts. */
static double probe_share(const struct observed_event *e, double least)
{
    const struct shape *s = &e->shape;
    if (e->severity >= 3 || phrase_in(e->words, phrases_failure)) return 0;
    double probes = share_of(s->probes, s->records), paths = share_of(s->health_paths, s->records), ok = share_of(s->health_ok, s->records);
    if (phrase_in(e->words, phrases_probe)) return paths > 0 && ok > 0 ? ok : 1;
    double share = ok > 0 ? ok : probes > paths ? probes : 0;
    return share >= least ? share : 0;
}

void evaluate_probes(struct observation *o, const struct check *c)
{
    double least = observe_setting(o, c, "min_share");
    for (size_t i = 0; i < o->count; i++) {
        struct observed_event *e = &o->events[i];
        double share = free_event(e) ? probe_share(e, least) : 0;
        if (share <= 0) continue;
        struct finding *f = finding_of(o, c, SLICE(""));
        finding_event(f, e, share, share >= 0.9);
        finding_evidence(f, "log_event", "check", "Successful probes in the event",
                         observe_text(o, "%.*s: %.0f %%", (int)(e->name.len < 80 ? e->name.len : 80), e->name.ptr, share * 100));
    }
    finish(o, c);
}

/* ---- settings that complain ---- */

void evaluate_configuration(struct observation *o, const struct check *c)
{
    for (size_t i = 0; i < o->count; i++) {
        struct observed_event *e = &o->events[i];
        if (!free_event(e) || e->severity == 4) continue;
        const struct phrase_kind *kind = phrase_kind_in(e->words, phrases_configuration);
        if (kind) finding_event(finding_of(o, c, slice_str(kind->kind)), e, 0.99, true);
    }
    for (struct finding *f = o->findings; f; f = f->next)
        if (f->check == c) f->cap_per_minute = 1, f->keep_share = 0.01;
    finish(o, c);
}

/* ---- systems that talk of themselves; nothing that happens ---- */

static void talk(struct observation *o, const struct check *c, const char *const *phrases)
{
    for (size_t i = 0; i < o->count; i++) {
        struct observed_event *e = &o->events[i];
        if (!free_event(e) || e->severity >= 3) continue;
        if (!phrase_in(e->words, phrases) || phrase_in(e->words, phrases_security) || phrase_in(e->words, phrases_failure)) continue;
        finding_event(finding_of(o, c, SLICE("")), e, 1, true);
    }
    finish(o, c);
}

void evaluate_chatter(struct observation *o, const struct check *c) { talk(o, c, phrases_chatter); }
void evaluate_nothing(struct observation *o, const struct check *c) { talk(o, c, phrases_nothing); }
