#include "control-plane/checks/propose.h"

#include "base/json_write.h"
#include "control-plane/catalog/record.h"
#include "control-plane/catalog/sensitive.h"

#include <stdio.h>

/* ---- health checks ---- */

/* in_text: the pattern of the path says it of the text. */
static void only_good(struct draft *d, struct policy_draft *p, bool in_text)
{
    struct proposal_field status = proposal_field_of(d, ROLE_STATUS);
    bool grpc = status.selector && memmem(status.path.ptr, status.path.len, "grpc", 4);
    if (status.selector && status.number) {
        policy_match_number(p, status.selector, status.path, "gte", grpc ? 0 : 200);
        policy_match_number(p, status.selector, status.path, "lt", grpc ? 1 : 300);
    } else if (status.selector) {
        policy_match_text(p, status.selector, status.path, "regex", SLICE("^(?:2[0-9]{2}|(?i:ok)|0)$"), false);
    } else if (!in_text) {
        policy_match_text(p, "log_field", SLICE("body"), "regex", SLICE("\\b[45][0-9]{2}\\b"), true);
    }
}

static bool by_path(struct draft *d)
{
    const struct finding *f = d->finding;
    struct proposal_field path = proposal_field_of(d, ROLE_URL_PATH), agent = proposal_field_of(d, ROLE_USER_AGENT);
    const struct shape *s = &f->events[0]->shape;
    bool by_name = s->health_paths > 0;
    struct proposal_field where = by_name ? path : agent;
    struct buf regex;
    struct policy_draft p;
    if (s->records == 0 || (s->health_paths == 0 && s->probes == 0)) return false;
    buf_init(&regex, PROPOSAL_REGEX);
    if (by_name) health_path_regex(&regex, where.selector == NULL);
    else probe_agent_regex(&regex);
    policy_draft_init(&p, d, "drop", "");
    p.keep = "none";
    if (where.selector) policy_match_text(&p, where.selector, where.path, "regex", buf_view(&regex), false);
    else policy_match_text(&p, "log_field", SLICE("body"), "regex", buf_view(&regex), false);
    if (by_name && !where.selector) policy_match_text(&p, "log_field", SLICE("body"), "contains", SLICE(BROWSER), true);
    else if (by_name && agent.selector && agent.everywhere)
        policy_match_text(&p, agent.selector, agent.path, "contains", SLICE(BROWSER), true);
    only_good(d, &p, by_name && !where.selector);
    buf_free(&regex);
    return policy_draft_end(&p, d);
}

void propose_probes(struct draft *d)
{
    if (!by_path(d)) propose_drop(d);
}

/* ---- bots ---- */

static void put_names(struct buf *out, int64_t seen)
{
    bool any = false;
    buf_str(out, "(?i:");
    for (unsigned i = 0; i < 63 && bot_name(i); i++) {
        if (!(seen >> i & 1)) continue;
        if (any) buf_char(out, '|');
        any = true;
        for (const char *c = bot_name(i); *c; c++) {
            if (strchr(".+*?()[]{}|^$\\", *c)) buf_char(out, '\\');
            buf_char(out, *c);
        }
    }
    buf_char(out, ')');
}

void propose_bots(struct draft *d)
{
    struct proposal_field agent = proposal_field_of(d, ROLE_USER_AGENT);
    struct policy_draft p;
    struct buf names;
    int64_t seen = 0;
    for (size_t i = 0; i < d->finding->event_count; i++) seen |= d->finding->events[i]->shape.bots_seen;
    buf_init(&names, PROPOSAL_REGEX);
    put_names(&names, seen);
    policy_draft_init(&p, d, "drop", "");
    p.keep = "none";
    if (agent.selector) policy_match_text(&p, agent.selector, agent.path, "regex", buf_view(&names), false);
    else policy_match_text(&p, "log_field", SLICE("body"), "regex", buf_view(&names), false);
    policy_draft_end(&p, d);
    buf_free(&names);
}

/* ---- malformed data ---- */

/* Signatures, and control characters near the start: letters of any language are text. */
#define BINARY_BODY "^(?:.{0,3}PNG\\r|PK\\x03\\x04|%PDF-|GIF8[79]a|(?s:.{0,60})[\\x00-\\x08\\x0E-\\x1A\\x1C-\\x1F])"
#define BEGINS_JSON "^\\s*(?:\\{\\s*\"|\\[\\s*[\\[{\"])"
#define ENDS_JSON   "[}\\]]\\s*$"

void propose_malformed(struct draft *d)
{
    struct policy_draft p;
    bool text = false;
    for (size_t i = 0; i < d->finding->event_count; i++) text = text || d->finding->events[i]->shape.body_text > 0;
    if (!text) {
        d->blocked = SLICE("the bodies are bytes, and policies see the text of a body only");
        return;
    }
    policy_draft_init(&p, d, "drop", "");
    p.keep = "none";
    if (slice_is(d->finding->subject, "binary")) {
        policy_match_text(&p, "log_field", SLICE("body"), "regex", SLICE(BINARY_BODY), false);
    } else {
        policy_match_text(&p, "log_field", SLICE("body"), "regex", SLICE(BEGINS_JSON), false);
        policy_match_text(&p, "log_field", SLICE("body"), "regex", SLICE(ENDS_JSON), true);
    }
    policy_draft_end(&p, d);
}

/* ---- fields ---- */

/* Unaddressable fields and those that came before are passed over. */
static const char *usable(const struct finding *f, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (f->fields[k].scope == f->fields[i].scope && slice_eq(f->fields[k].path, f->fields[i].path)) return NULL;
    return selector_of(f->fields[i].scope, f->fields[i].path);
}

void propose_put_target(struct buf *steps, const char *selector, struct slice path)
{
    buf_str(steps, "{\"");
    buf_str(steps, selector);
    buf_str(steps, "\":[");
    json_write_string(steps, path);
    buf_str(steps, "]");
}

/* Other events that hold the field in their own right: with the twin missing, or saying something else. */
static bool held_elsewhere(struct draft *d, const struct found_field *field, int64_t longer)
{
    sqlite3_stmt *st = db_prepare(d->o->db, "SELECT event FROM event_fields WHERE event IN (SELECT row FROM log_events WHERE service = ?1)"
                                            " AND scope = ?2 AND path = ?3 AND length_max > ?4 AND NOT EXISTS (SELECT 1 FROM"
                                            " event_field_pairs p WHERE p.event = event_fields.event AND p.other_scope = ?2"
                                            " AND p.other_path = ?3 AND p.equal >= 0.99 * p.records AND ?4 = 0)");
    db_bind(st, "iiti", d->o->row, (int64_t)field->scope, field->path, longer);
    bool found = false;
    while (!found && db_step(d->o->db, st) == DB_ROW) {
        int64_t event = sqlite3_column_int64(st, 0);
        bool own = false;
        for (size_t i = 0; i < d->finding->field_count && !own; i++) {
            const struct found_field *f = &d->finding->fields[i];
            own = f->event->row == event && f->scope == field->scope && slice_eq(f->path, field->path);
        }
        found = !own;
    }
    sqlite3_reset(st);
    return found;
}

/* Adds the text of the field's events as a condition where others hold it, too. False: no pattern tells them. */
static bool only_its_events(struct draft *d, struct policy_draft *p, const struct found_field *field, int64_t longer)
{
    const struct observed_event *events[PROPOSAL_EVENTS];
    const struct finding *f = d->finding;
    size_t n = 0;
    struct buf regex;
    if (!held_elsewhere(d, field, longer)) return true;
    for (size_t i = 0; i < f->field_count && n <= PROPOSAL_EVENTS; i++) {
        if (f->fields[i].scope != field->scope || !slice_eq(f->fields[i].path, field->path)) continue;
        if (n < PROPOSAL_EVENTS) events[n] = f->fields[i].event;
        n++;
    }
    buf_init(&regex, PROPOSAL_REGEX);
    bool told = some_regex(d, events, n, &regex);
    if (told) policy_match_text(p, "log_field", SLICE("body"), "regex", buf_view(&regex), false);
    buf_free(&regex);
    return told;
}

static void drop_draft(struct policy_draft *p)
{
    buf_free(&p->match);
    buf_free(&p->steps);
}

/* Twins one by one, lest a field goes where it is not said twice. */
void propose_remove_twins(struct draft *d)
{
    const struct finding *f = d->finding;
    for (size_t i = 0; i < f->field_count; i++) {
        const char *selector = usable(f, i);
        char suffix[24] = "";
        struct policy_draft p;
        if (!selector) continue;
        if (d->count) snprintf(suffix, sizeof suffix, "%zu", d->count + 1);
        policy_draft_init(&p, d, "remove", suffix);
        p.event = NULL;
        if (!only_its_events(d, &p, &f->fields[i], 0)) {
            drop_draft(&p);
            continue;
        }
        buf_str(&p.steps, "\"remove\":[");
        propose_put_target(&p.steps, selector, f->fields[i].path);
        buf_str(&p.steps, "}]");
        policy_draft_end(&p, d);
    }
    if (d->count == 0 && !d->blocked.len) d->blocked = SLICE("the fields are parts of structured bodies, which policies cannot change");
}

void propose_remove(struct draft *d)
{
    const struct finding *f = d->finding;
    struct policy_draft p;
    size_t n = 0;
    policy_draft_init(&p, d, "remove", "");
    p.event = NULL;
    buf_str(&p.steps, "\"remove\":[");
    for (size_t i = 0; i < f->field_count; i++) {
        const char *selector = usable(f, i);
        if (!selector) continue;
        if (n++) buf_char(&p.steps, ',');
        propose_put_target(&p.steps, selector, f->fields[i].path);
        buf_char(&p.steps, '}');
    }
    buf_char(&p.steps, ']');
    if (n) {
        policy_draft_end(&p, d);
        return;
    }
    d->blocked = SLICE("the fields are parts of structured bodies, which policies cannot change");
    drop_draft(&p);
}

void propose_put_redaction(struct buf *steps, struct slice regex, struct slice replacement)
{
    buf_str(steps, ",\"regex\":");
    json_write_string(steps, regex);
    buf_str(steps, ",\"replacement\":");
    json_write_string(steps, replacement);
    buf_char(steps, '}');
}

enum { TRIMMED = 1000 };
#define FIRST_THOUSAND "(?s)^(.{1000}).*$"

void propose_trim(struct draft *d)
{
    const struct finding *f = d->finding;
    for (size_t i = 0; i < f->field_count; i++) {
        const struct found_field *field = &f->fields[i];
        bool body = field->scope == FIELD_BODY && field->path.len == 0;
        const char *selector = usable(f, i);
        char suffix[24] = "";
        struct policy_draft p;
        if (!selector && (!body || i > 0)) continue;
        if (i) snprintf(suffix, sizeof suffix, "%zu", i + 1);
        policy_draft_init(&p, d, "trim", suffix);
        p.event = field->event;
        if (selector && !only_its_events(d, &p, field, TRIMMED)) {
            drop_draft(&p);
            continue;
        }
        buf_str(&p.steps, "\"redact\":[");
        if (body) buf_str(&p.steps, "{\"log_field\":\"body\"");
        else propose_put_target(&p.steps, selector, field->path);
        propose_put_redaction(&p.steps, SLICE(FIRST_THOUSAND), SLICE("$1"));
        buf_char(&p.steps, ']');
        policy_draft_end(&p, d);
    }
    if (d->count == 0) d->blocked = SLICE("the field is part of a structured body, which policies cannot change");
}
