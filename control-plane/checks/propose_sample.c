/* Proposals that keep less of something: all, a hundredth, some a minute. */
#include "control-plane/checks/propose.h"

#include "control-plane/catalog/record.h"

#include "control-plane/checks/phrases.h"

#include <stdio.h>

struct proposal_field proposal_field_of(struct draft *d, enum field_role role)
{
    struct proposal_field found = {0};
    for (size_t i = 0; i < d->finding->event_count && !found.selector; i++) {
        sqlite3_stmt *st = db_prepare(d->o->db, "SELECT scope, path, types, records FROM event_fields WHERE event = ?1 AND role = ?2"
                                                " ORDER BY records DESC LIMIT 4");
        db_bind(st, "ii", d->finding->events[i]->row, (int64_t)role);
        while (!found.selector && db_step(d->o->db, st) == DB_ROW) {
            found.path = observe_copy(d->o, db_text(st, 1));
            found.selector = selector_of(sqlite3_column_int(st, 0), found.path);
            found.number = (sqlite3_column_int64(st, 2) & 1 << VALUE_INT) != 0;
            found.everywhere = sqlite3_column_int64(st, 3) * 100 >= d->finding->events[i]->shape.records * 95;
        }
        sqlite3_reset(st);
    }
    return found;
}

/* ---- what is kept ---- */

enum { ROLES = 2 };

/* A field of text that nearly every record of the events has, and that says what belongs together. */
static struct proposal_field sample_key(struct draft *d)
{
    static const enum field_role roles[ROLES] = {ROLE_TRACE_ID, ROLE_REQUEST_ID};
    for (size_t i = 0; i < ROLES; i++) {
        struct proposal_field key = proposal_field_of(d, roles[i]);
        if (key.selector && !key.number && key.everywhere) return key;
    }
    return (struct proposal_field){0};
}

enum { KEEP_TEXT = 32 };

/* One of a hundred. A percentage without a key is no promise: edges differ, and some keep every record; then it is the
 * first ones of each hour. */
static void keep_hundredth(struct draft *d, struct policy_draft *p, char keep[KEEP_TEXT])
{
    p->sample_key = sample_key(d);
    p->keep = "1%";
    if (p->sample_key.selector) return;
    double hours = d->o->hours > 0 ? (double)d->o->hours : 1, hourly = 0.01 * (double)d->finding->records / hours;
    snprintf(keep, KEEP_TEXT, "%.0f/60m", hourly < 1 ? 1 : hourly);
    p->keep = keep;
    p->action = "rate_limit";
}

/* ---- by the text of events ---- */

static void by_text(struct draft *d, const char *action, const char *keep)
{
    struct buf regex;
    buf_init(&regex, PROPOSAL_REGEX);
    for (size_t from = 0; from < d->finding->event_count; from += PROPOSAL_EVENTS) {
        char suffix[24] = "", hundredth[KEEP_TEXT];
        struct policy_draft p;
        buf_clear(&regex);
        if (!events_regex(d, from, &regex)) continue;
        if (from) snprintf(suffix, sizeof suffix, "%zu", from / PROPOSAL_EVENTS + 1);
        policy_draft_init(&p, d, action, suffix);
        policy_match_text(&p, "log_field", SLICE("body"), "regex", buf_view(&regex), false);
        p.keep = keep;
        if (!keep) keep_hundredth(d, &p, hundredth);
        policy_draft_end(&p, d);
    }
    buf_free(&regex);
}

void propose_drop(struct draft *d) { by_text(d, "drop", "none"); }
void propose_sample(struct draft *d) { by_text(d, "sample", NULL); }

void propose_rate(struct draft *d)
{
    char keep[KEEP_TEXT];
    snprintf(keep, sizeof keep, "%lld/m", (long long)(d->finding->cap_per_minute > 0 ? d->finding->cap_per_minute : 1));
    by_text(d, "rate_limit", keep);
}

/* ---- debug mode ---- */

#define DEBUG_LEVELS "^(?i:debug|trace|dbg|trc|fine|finer|finest|verbose|silly)[0-9]*$"
#define DEBUG_WORDS  "\\b(?:DEBUG|TRACE|debug|trace)\\b"

static const char *const debug_words[] = {"debug", "trace", NULL};

/* Policies see the text of a severity, not its number. */
static bool severity_is_text(struct draft *d)
{
    for (size_t i = 0; i < d->finding->event_count; i++) {
        sqlite3_stmt *st = db_prepare(d->o->db, "SELECT 1 FROM event_fields WHERE event = ?1 AND scope = ?2 AND path = 'severity_text'");
        db_bind(st, "ii", d->finding->events[i]->row, (int64_t)FIELD_RECORD);
        bool found = db_step(d->o->db, st) == DB_ROW;
        sqlite3_reset(st);
        if (!found) return false;
    }
    return true;
}

static bool level_is_in_text(const struct finding *f)
{
    for (size_t i = 0; i < f->event_count; i++)
        if (!phrase_in(f->events[i]->words, debug_words)) return false;
    return true;
}

void propose_debug(struct draft *d)
{
    bool severity = severity_is_text(d);
    char keep[KEEP_TEXT];
    struct policy_draft p;
    if (!severity && (!level_is_in_text(d->finding) || d->finding->kinds <= PROPOSAL_EVENTS)) {
        by_text(d, "sample", NULL);
        return;
    }
    policy_draft_init(&p, d, "sample", "");
    p.event = NULL;
    keep_hundredth(d, &p, keep);
    if (severity) policy_match_text(&p, "log_field", SLICE("severity_text"), "regex", SLICE(DEBUG_LEVELS), false);
    else policy_match_text(&p, "log_field", SLICE("body"), "regex", SLICE(DEBUG_WORDS), false);
    policy_draft_end(&p, d);
}
