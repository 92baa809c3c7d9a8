#include "control-plane/checks/propose.h"

#include "base/json_write.h"
#include "control-plane/catalog/record.h"
#include "control-plane/catalog/sensitive.h"

#include <stdio.h>

/* ---- by the text of events ---- */

static void by_text(struct draft *d, const char *action, const char *keep)
{
    struct buf regex;
    buf_init(&regex, PROPOSAL_REGEX);
    if (events_regex(d, &regex)) {
        struct policy_draft p;
        policy_draft_init(&p, d, action, "");
        policy_match_text(&p, "log_field", SLICE("body"), "regex", buf_view(&regex), false);
        p.keep = keep;
        policy_draft_end(&p, d);
    }
    buf_free(&regex);
}

void propose_drop(struct draft *d) { by_text(d, "drop", "none"); }
void propose_sample(struct draft *d) { by_text(d, "sample", "1%"); }

void propose_rate(struct draft *d)
{
    char keep[32];
    snprintf(keep, sizeof keep, "%lld/m", (long long)(d->finding->cap_per_minute > 0 ? d->finding->cap_per_minute : 1));
    by_text(d, "rate_limit", keep);
}

/* ---- fields of a finding's events ---- */

static bool has_field(struct draft *d, int scope, const char *path)
{
    for (size_t i = 0; i < d->finding->event_count; i++) {
        sqlite3_stmt *st = db_prepare(d->o->db, "SELECT 1 FROM event_fields WHERE event = ?1 AND scope = ?2 AND path = ?3");
        db_bind(st, "iit", d->finding->events[i]->row, (int64_t)scope, slice_str(path));
        bool found = db_step(d->o->db, st) == DB_ROW;
        sqlite3_reset(st);
        if (found) return true;
    }
    return false;
}

struct role_field {
    const char *selector; /* NULL: none that policies can address */
    struct slice path;
    bool number;
};

static struct role_field role_field(struct draft *d, enum field_role role)
{
    struct role_field found = {0};
    for (size_t i = 0; i < d->finding->event_count && !found.selector; i++) {
        sqlite3_stmt *st = db_prepare(d->o->db, "SELECT scope, path, types FROM event_fields WHERE event = ?1 AND role = ?2"
                                                " ORDER BY records DESC LIMIT 4");
        db_bind(st, "ii", d->finding->events[i]->row, (int64_t)role);
        while (!found.selector && db_step(d->o->db, st) == DB_ROW) {
            found.path = observe_copy(d->o, db_text(st, 1));
            found.selector = selector_of(sqlite3_column_int(st, 0), found.path);
            found.number = (sqlite3_column_int64(st, 2) & 1 << VALUE_INT) != 0;
        }
        sqlite3_reset(st);
    }
    return found;
}

/* ---- debug mode ---- */

void propose_debug(struct draft *d)
{
    struct policy_draft p;
    policy_draft_init(&p, d, "sample", "");
    p.event = NULL;
    p.keep = "1%";
    if (has_field(d, FIELD_RECORD, "severity_text"))
        policy_match_text(&p, "log_field", SLICE("severity_text"), "regex", SLICE("^(?i:debug|trace)[0-9]*$"), false);
    else policy_match_text(&p, "log_field", SLICE("body"), "regex", SLICE("\\b(?:DEBUG|TRACE|debug|trace)\\b"), false);
    policy_draft_end(&p, d);
}

/* ---- health checks ---- */

#define PROBE_PATH  "/(?:health|healthz|healthcheck|ready|readyz|readiness|live|livez|liveness|ping|status)(?:[/?\\s\"]|$)"
#define PROBE_AGENT "(?i:kube-probe|ELB-HealthChecker|GoogleHC)"

static void only_good(struct draft *d, struct policy_draft *p)
{
    struct role_field status = role_field(d, ROLE_STATUS);
    if (status.selector && status.number) {
        policy_match_number(p, status.selector, status.path, "gte", 200);
        policy_match_number(p, status.selector, status.path, "lt", 300);
    } else if (status.selector) {
        policy_match_text(p, status.selector, status.path, "regex", SLICE("^2[0-9]{2}$"), false);
    } else {
        policy_match_text(p, "log_field", SLICE("body"), "regex", SLICE("\\b[45][0-9]{2}\\b"), true);
    }
}

static bool by_path(struct draft *d)
{
    const struct finding *f = d->finding;
    struct role_field path = role_field(d, ROLE_URL_PATH), agent = role_field(d, ROLE_USER_AGENT);
    const struct shape *s = &f->events[0]->shape;
    struct policy_draft p;
    if (s->records == 0 || (s->health_paths == 0 && s->probes == 0)) return false;
    policy_draft_init(&p, d, "drop", "");
    p.keep = "none";
    if (s->health_paths > 0 && path.selector) policy_match_text(&p, path.selector, path.path, "regex", SLICE(PROBE_PATH), false);
    else if (s->health_paths > 0) policy_match_text(&p, "log_field", SLICE("body"), "regex", SLICE(PROBE_PATH), false);
    else if (agent.selector) policy_match_text(&p, agent.selector, agent.path, "regex", SLICE(PROBE_AGENT), false);
    else policy_match_text(&p, "log_field", SLICE("body"), "regex", SLICE(PROBE_AGENT), false);
    only_good(d, &p);
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
    struct role_field agent = role_field(d, ROLE_USER_AGENT);
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

void propose_malformed(struct draft *d)
{
    struct policy_draft p;
    policy_draft_init(&p, d, "drop", "");
    p.keep = "none";
    if (slice_is(d->finding->subject, "binary")) {
        policy_match_text(&p, "log_field", SLICE("body"), "regex",
                          SLICE("^(?:[^\\x20-\\x7E]{0,2}PNG|PK\\x03\\x04|%PDF-|GIF8|[^\\x20-\\x7E\\s]{2})"), false);
    } else {
        policy_match_text(&p, "log_field", SLICE("body"), "starts_with", SLICE("{"), false);
        policy_match_text(&p, "log_field", SLICE("body"), "regex", SLICE("}\\s*$"), true);
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

static void put_target(struct buf *steps, const char *selector, struct slice path)
{
    buf_str(steps, "{\"");
    buf_str(steps, selector);
    buf_str(steps, "\":[");
    json_write_string(steps, path);
    buf_str(steps, "]");
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
        put_target(&p.steps, selector, f->fields[i].path);
        buf_char(&p.steps, '}');
    }
    buf_char(&p.steps, ']');
    if (n) {
        policy_draft_end(&p, d);
        return;
    }
    d->blocked = SLICE("the fields are parts of structured bodies, which policies cannot change");
    buf_free(&p.match);
    buf_free(&p.steps);
}

static void put_redaction(struct buf *steps, struct slice regex, struct slice replacement)
{
    buf_str(steps, ",\"regex\":");
    json_write_string(steps, regex);
    buf_str(steps, ",\"replacement\":");
    json_write_string(steps, replacement);
    buf_char(steps, '}');
}

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
        buf_str(&p.steps, "\"redact\":[");
        if (body) buf_str(&p.steps, "{\"log_field\":\"body\"");
        else put_target(&p.steps, selector, field->path);
        put_redaction(&p.steps, SLICE(FIRST_THOUSAND), SLICE("$1"));
        buf_char(&p.steps, ']');
        policy_draft_end(&p, d);
    }
    if (d->count == 0) d->blocked = SLICE("the field is part of a structured body, which policies cannot change");
}

/* ---- sensitive data ---- */

static const struct {
    const char *detector, *regex, *replacement;
} redactions[] = {
    {"card_number", "\\b([0-9][ -]?){9,15}([0-9]{4})\\b", "[CARD]$2"},
    {"iban", "\\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\\b", "[IBAN]"},
    {"us_ssn", "\\b[0-9]{3}-[0-9]{2}-[0-9]{4}\\b", "[SSN]"},
    {"email", "[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}", "[EMAIL]"},
    {"phone", "\\+[0-9][0-9 ().-]{6,18}[0-9]", "[PHONE]"},
    {"ipv4", "\\b(?:[0-9]{1,3}\\.){3}[0-9]{1,3}\\b", "[IP]"},
    {"ipv6", "\\b(?:[0-9A-Fa-f]{1,4}:){3,7}[0-9A-Fa-f:]{1,4}", "[IP]"},
    {"mac", "\\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\\b", "[MAC]"},
    {"jwt", "eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*", "[JWT]"},
    {"aws_access", "\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b", "[AWS KEY]"},
    {"gcp", "\\bAIza[A-Za-z0-9_-]{35}", "[GCP KEY]"},
    {"github", "\\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})", "[GITHUB TOKEN]"},
    {"gitlab", "\\bglpat-[A-Za-z0-9_-]{20,}", "[GITLAB TOKEN]"},
    {"slack", "\\bxox[abposr]-[A-Za-z0-9-]{10,}", "[SLACK TOKEN]"},
    {"stripe", "\\b[sr]k_(?:live|test)_[A-Za-z0-9]{10,}", "[STRIPE KEY]"},
    {"npm", "\\bnpm_[A-Za-z0-9]{36}", "[NPM TOKEN]"},
    {"pypi", "\\bpypi-[A-Za-z0-9_-]{16,}", "[PYPI TOKEN]"},
    {"ai_api_key", "\\bsk-[A-Za-z0-9_-]{20,}", "[AI KEY]"},
    {"private_key", "(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)", "[PRIVATE KEY]"},
    {"url_password", "(://[^:/@\\s]+:)[^@\\s]+@", "$1[REDACTED]@"},
    {"connection", "(://[^:/@\\s]+:)[^@\\s]+@", "$1[REDACTED]@"},
    {"authorization", "(?i)\\b(bearer|basic)\\s+[A-Za-z0-9+/=._~-]+", "$1 [REDACTED]"},
    {"password", "(?i)\\b((?:password|passwd|pwd|passphrase)[\"']?\\s*[:=]\\s*[\"']?)[^\\s\"',;&]+", "$1[REDACTED]"},
    {"api_key", "(?i)\\b((?:x-)?api[_-]?key[\"']?\\s*[:=]\\s*[\"']?)[^\\s\"',;&]+", "$1[REDACTED]"},
    {"access_token", "(?i)\\b([a-z_]*token[\"']?\\s*[:=]\\s*[\"']?)[^\\s\"',;&]+", "$1[REDACTED]"},
    {"client_secret", "(?i)\\b([a-z_]*secret[a-z_]*[\"']?\\s*[:=]\\s*[\"']?)[^\\s\"',;&]+", "$1[REDACTED]"},
    {"session", "(?i)\\b(session[a-z_]*[\"']?\\s*[:=]\\s*[\"']?)[^\\s\"',;&]+", "$1[REDACTED]"},
};

/* The longest name that the detector begins with. */
static size_t redaction_of(struct slice detector)
{
    size_t best = sizeof redactions / sizeof *redactions, length = 0;
    for (size_t i = 0; i < sizeof redactions / sizeof *redactions; i++) {
        size_t n = strlen(redactions[i].detector);
        if (n > length && slice_starts(detector, redactions[i].detector)) best = i, length = n;
    }
    return best;
}

static bool same_place(const struct found_field *a, const struct found_field *b)
{
    return a->scope == b->scope && slice_eq(a->path, b->path) && slice_eq(a->element, b->element);
}

static bool by_name(struct slice detector)
{
    int i = sensitive_find(detector);
    return i >= 0 && sensitive_detectors[i].by_name;
}

/* Bodies by the detector's own pattern; an attribute as a whole where its name tells, else by the pattern within it. */
static bool redact_one(struct draft *d, const struct found_field *field, size_t number)
{
    char suffix[24];
    size_t at = redaction_of(field->element);
    bool known = at < sizeof redactions / sizeof *redactions, body = field->scope == FIELD_BODY;
    const char *selector = selector_of(field->scope, field->path);
    if (body ? !known : !selector) return false;
    struct policy_draft p;
    snprintf(suffix, sizeof suffix, "%zu", number);
    policy_draft_init(&p, d, "redact", suffix);
    p.event = NULL;
    p.title = observe_text(d->o, "Redact %.*s in %.*s of %.*s", (int)field->element.len, field->element.ptr,
                           body ? 6 : (int)(field->path.len < 80 ? field->path.len : 80), body ? "bodies" : field->path.ptr,
                           (int)(d->o->name.len < 80 ? d->o->name.len : 80), d->o->name.ptr);
    buf_str(&p.steps, "\"redact\":[");
    if (body) buf_str(&p.steps, "{\"log_field\":\"body\"");
    else put_target(&p.steps, selector, field->path);
    if (known && (body || !by_name(field->element)))
        put_redaction(&p.steps, slice_str(redactions[at].regex), slice_str(redactions[at].replacement));
    else buf_str(&p.steps, ",\"replacement\":\"[REDACTED]\"}");
    buf_char(&p.steps, ']');
    return policy_draft_end(&p, d);
}

void propose_redact(struct draft *d)
{
    const struct finding *f = d->finding;
    size_t left = 0;
    for (size_t i = 0; i < f->field_count; i++) {
        bool again = false;
        for (size_t k = 0; k < i; k++) again = again || same_place(&f->fields[i], &f->fields[k]);
        if (!again && !redact_one(d, &f->fields[i], i + 1)) left++;
    }
    if (left > 0 && d->count == 0) d->blocked = SLICE("no pattern that every edge understands finds such values in a body");
}
