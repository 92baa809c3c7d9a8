#include "control-plane/policies/content.h"

#include "base/json_write.h"
#include "base/utf8.h"
#include "control-plane/policies/published.h"

#include <sodium.h>

enum { JSON_MAX = 1024 * 1024, PROBLEM_ERRORS = 10 };

static const char *const risks[POLICY_RISKS] = {"", "low", "medium", "high"};

const char *policy_risk_name(enum policy_risk r) { return (unsigned)r < POLICY_RISKS ? risks[r] : ""; }

static enum policy_risk risk_parse(struct slice text)
{
    for (int r = RISK_LOW; r < POLICY_RISKS; r++)
        if (slice_is(text, risks[r])) return (enum policy_risk)r;
    return RISK_UNKNOWN;
}

/* ---- labels ---- */

static const struct policy_label *label(const struct content *c, const char *key)
{
    for (size_t i = 0; i < c->policy.label_count; i++)
        if (slice_is(c->labels[i].key, key)) return &c->labels[i];
    return NULL;
}

static struct slice label_text(const struct content *c, const char *key)
{
    const struct policy_label *l = label(c, key);
    return l && l->value.type == POLICY_VALUE_STRING ? l->value.text : SLICE("");
}

static bool put_label(struct content *c, const char *key, struct slice text, bool only_missing)
{
    if (text.len == 0) return true;
    size_t at = 0;
    while (at < c->policy.label_count && !slice_is(c->labels[at].key, key)) at++;
    if (at < c->policy.label_count && only_missing) return true;
    if (at == CONTENT_LABELS) return false;
    c->labels[at] = (struct policy_label){.key = slice_str(key), .value = {.type = POLICY_VALUE_STRING, .text = text}};
    if (at == c->policy.label_count) c->policy.label_count++;
    return true;
}

static struct slice put_id(struct content *c, int at, struct id128 id)
{
    if (!id.hi && !id.lo) return SLICE("");
    id_text(id, c->id_texts[at]);
    return slice_of(c->id_texts[at], UUID_TEXT);
}

static bool put_links(struct content *c, const struct content_links *l)
{
    if (c->policy.label_count > CONTENT_LABELS) return false;
    for (size_t i = 0; i < c->policy.label_count; i++) c->labels[i] = c->policy.labels[i];
    c->policy.labels = c->labels;
    if (!l) return true;
    bool keep = l->only_missing;
    return put_label(c, "tero.issue", put_id(c, 0, l->issue), keep) && put_label(c, "tero.log_event", put_id(c, 1, l->log_event), keep) &&
           put_label(c, "tero.category", l->category, keep) && put_label(c, "tero.risk", slice_str(policy_risk_name(l->risk)), keep);
}

static void read_links(struct content *c)
{
    if (!id_parse(label_text(c, "tero.issue"), &c->issue)) c->issue = (struct id128){0, 0};
    if (!id_parse(label_text(c, "tero.log_event"), &c->log_event)) c->log_event = (struct id128){0, 0};
    c->category = label_text(c, "tero.category");
    c->risk = risk_parse(label_text(c, "tero.risk"));
}

/* ---- what it does ---- */

static void classify_log(struct content *c)
{
    const struct policy *p = &c->policy;
    static const char *const actions[] = {
        [POLICY_KEEP_ALL] = "KEEP", [POLICY_KEEP_NONE] = "DROP", [POLICY_KEEP_PERCENT] = "SAMPLE", [POLICY_KEEP_RATE] = "RATE_LIMIT"};
    bool transforms = p->step_count > 0, filters = p->keep.kind != POLICY_KEEP_ALL;
    c->action = !filters && transforms ? "TRANSFORM" : actions[p->keep.kind];
    c->stages = (transforms ? STAGE_LOG_TRANSFORM : 0U) | (filters || !transforms ? STAGE_LOG_FILTER : 0U);
}

static void classify(struct content *c)
{
    switch (c->policy.signal) {
    case POLICY_METRIC:
        c->stages = STAGE_METRIC_FILTER;
        c->action = c->policy.metric_keep ? "KEEP" : "DROP";
        break;
    case POLICY_TRACE:
        c->stages = STAGE_TRACE_SAMPLING;
        c->action = c->policy.sampling.percent <= 0 ? "DROP" : c->policy.sampling.percent >= 100 ? "KEEP" : "SAMPLE";
        break;
    default: classify_log(c);
    }
}

static bool hash(struct content *c)
{
    const struct policy_print how = {.string_value = true, .extensions = true, .hide_times = true};
    unsigned char digest[crypto_hash_sha256_BYTES];
    struct buf json;
    buf_init(&json, JSON_MAX);
    policy_write_json(&json, &c->policy, &how);
    bool ok = !json.full;
    crypto_hash_sha256(digest, (const unsigned char *)buf_view(&json).ptr, json.len);
    sodium_bin2hex(c->hash, sizeof c->hash, digest, sizeof digest);
    buf_free(&json);
    return ok;
}

/* ---- checks ---- */

static void say_errors(const struct policy *p, struct buf *problem)
{
    for (size_t i = 0; i < p->error_count && i < PROBLEM_ERRORS; i++) {
        if (problem->len) buf_str(problem, "; ");
        if (p->errors[i].line) buf_printf(problem, "line %u: ", p->errors[i].line);
        buf_slice(problem, p->errors[i].message);
    }
    if (p->error_count > PROBLEM_ERRORS) buf_printf(problem, "; and %zu more", p->error_count - PROBLEM_ERRORS);
}

static bool printable(struct slice s, size_t max)
{
    if (s.len == 0 || s.len > max || !utf8_valid(s)) return false;
    for (size_t at = 0; at < s.len;)
        if (utf8_unsafe(utf8_next(s, &at))) return false;
    return true;
}

static bool check(const struct content *c, struct buf *problem)
{
    if (!printable(c->policy.id, CONTENT_ID_MAX)) buf_printf(problem, "id: 1 to %d bytes of printable characters", CONTENT_ID_MAX);
    else if (!printable(c->policy.name, CONTENT_NAME_MAX))
        buf_printf(problem, "name: 1 to %d bytes of printable characters", CONTENT_NAME_MAX);
    else if (c->category.len && !printable(c->category, CONTENT_NAME_MAX)) buf_str(problem, "label tero.category: printable characters");
    return problem->len == 0;
}

/* ---- reading ---- */

static void begin(struct content *c)
{
    *c = (struct content){.action = "KEEP"};
    buf_init(&c->text, CONTENT_TEXT_MAX);
}

static bool finish(struct content *c, const struct policy *p, const struct content_links *links, struct buf *problem)
{
    say_errors(p, problem);
    if (problem->len) return false;
    c->policy = *p;
    c->policy.enabled = true;
    c->policy.created_ns = c->policy.modified_ns = 0;
    if (links && links->id.len) c->policy.id = links->id;
    if (!put_links(c, links)) {
        buf_printf(problem, "at most %d labels", CONTENT_LABELS - 4);
        return false;
    }
    read_links(c);
    classify(c);
    if (!check(c, problem)) return false;
    policy_write_yaml_one(&c->text, &c->policy);
    if (c->text.full || !hash(c)) buf_printf(problem, "the policy is larger than %d bytes", CONTENT_TEXT_MAX);
    return problem->len == 0;
}

bool content_of(struct content *c, const struct policy *p, const struct content_links *links, struct buf *problem)
{
    begin(c);
    return finish(c, p, links, problem);
}

static void say_set_errors(const struct policy_set *set, struct buf *problem)
{
    if (set->error_count == 0) {
        buf_str(problem, "the text holds no policy");
        return;
    }
    if (set->errors[0].line) buf_printf(problem, "line %u: ", set->errors[0].line);
    buf_slice(problem, set->errors[0].message);
}

bool content_read(struct content *c, struct slice text, const struct content_links *links, struct buf *problem)
{
    begin(c);
    if (text.len > CONTENT_TEXT_MAX) {
        buf_printf(problem, "the policy is larger than %d bytes", CONTENT_TEXT_MAX);
        return false;
    }
    c->set = policy_set_new();
    bool read = policy_set_read(c->set, text, POLICY_ANY, "text");
    if (!read || c->set->count == 0) {
        say_set_errors(c->set, problem);
        return false;
    }
    if (c->set->count > 1) {
        buf_printf(problem, "the text holds %zu policies; one is expected", c->set->count);
        return false;
    }
    return finish(c, c->set->policies[0], links, problem);
}

bool content_load(struct content *c, struct slice text)
{
    struct buf problem;
    buf_init(&problem, 4096);
    bool ok = content_read(c, text, NULL, &problem);
    buf_free(&problem);
    return ok;
}

void content_free(struct content *c)
{
    if (c->set) policy_set_free(c->set);
    buf_free(&c->text);
}
