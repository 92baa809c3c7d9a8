#include "control-plane/checks/propose.h"

#include "base/die.h"
#include "base/json_write.h"
#include "policy/policy.h"

#include <ctype.h>
#include <stdio.h>

enum { TEXT_MAX = 64 * 1024, SLUG = 40 };

/* ---- conditions ---- */

static void begin_condition(struct policy_draft *p, const char *selector, struct slice name, const char *condition)
{
    bool field = strcmp(selector, "log_field") == 0;
    buf_str(&p->match, p->match.len ? ",{\"" : "{\"");
    buf_str(&p->match, selector);
    buf_str(&p->match, field ? "\":" : "\":[");
    json_write_string(&p->match, name);
    buf_str(&p->match, field ? ",\"" : "],\"");
    buf_str(&p->match, condition);
    buf_str(&p->match, "\":");
}

void policy_match_text(struct policy_draft *p, const char *selector, struct slice name, const char *condition, struct slice text,
                       bool negate)
{
    begin_condition(p, selector, name, condition);
    json_write_string(&p->match, text);
    buf_str(&p->match, negate ? ",\"negate\":true}" : "}");
}

void policy_match_number(struct policy_draft *p, const char *selector, struct slice name, const char *condition, int64_t n)
{
    begin_condition(p, selector, name, condition);
    buf_i64(&p->match, n);
    buf_char(&p->match, '}');
}

static void match_service(struct policy_draft *p, struct slice service)
{
    if (!slice_is(service, "unknown_service")) {
        policy_match_text(p, "resource_attribute", SLICE("service.name"), "exact", service, false);
        return;
    }
    begin_condition(p, "resource_attribute", SLICE("service.name"), "exists");
    buf_str(&p->match, "false}");
}

void policy_draft_init(struct policy_draft *p, struct draft *d, const char *action, const char *suffix)
{
    *p = (struct policy_draft){.action = action, .suffix = suffix, .risk = d->finding->check->risk};
    p->title = propose_text(d->o, d->finding, d->finding->check->title);
    if (d->finding->event_count == 1) p->event = d->finding->events[0];
    buf_init(&p->match, TEXT_MAX);
    buf_init(&p->steps, TEXT_MAX);
    match_service(p, d->o->name);
}

const char *selector_of(int scope, struct slice path)
{
    if (path.len == 0 || memchr(path.ptr, '*', path.len) || memchr(path.ptr, '[', path.len)) return NULL;
    if (scope == FIELD_ATTRIBUTE) return "log_attribute";
    return scope == FIELD_RESOURCE ? "resource_attribute" : NULL;
}

/* ---- the whole ---- */

static void put_id(struct buf *out, const struct policy_draft *p, const struct draft *d)
{
    buf_str(out, d->finding->check->id);
    buf_char(out, '-');
    for (size_t i = 0; i < d->o->name.len && i < SLUG; i++) {
        unsigned char c = (unsigned char)d->o->name.ptr[i];
        buf_char(out, isalnum(c) ? (char)tolower(c) : '-');
    }
    buf_printf(out, "-%.6s", d->fingerprint);
    if (*p->suffix) buf_printf(out, "-%s", p->suffix);
}

static void put_json(struct buf *out, const struct policy_draft *p, struct slice id, struct slice description)
{
    buf_str(out, "{\"id\":");
    json_write_string(out, id);
    buf_str(out, ",\"name\":");
    json_write_string(out, p->title);
    buf_str(out, ",\"description\":");
    json_write_string(out, description);
    buf_str(out, ",\"log\":{\"match\":[");
    buf_slice(out, buf_view(&p->match));
    buf_char(out, ']');
    if (p->keep) {
        buf_str(out, ",\"keep\":");
        json_write_string(out, slice_str(p->keep));
    }
    if (p->sample_key.selector) {
        buf_printf(out, ",\"sample_key\":{\"%s\":[", p->sample_key.selector);
        json_write_string(out, p->sample_key.path);
        buf_str(out, "]}");
    }
    if (p->steps.len) {
        buf_str(out, ",\"transform\":{");
        buf_slice(out, buf_view(&p->steps));
        buf_char(out, '}');
    }
    buf_str(out, "}}");
}

static void block(struct draft *d, struct slice why) { d->blocked = observe_copy(d->o, why); }

static bool canonical(struct draft *d, const struct buf *json, struct buf *yaml)
{
    struct policy_set *set = policy_set_new();
    bool read = !json->full && policy_set_read(set, buf_view(json), POLICY_JSON, "proposal") && set->count == 1;
    bool valid = read && policy_valid(set->policies[0]);
    if (valid) policy_write_yaml_one(yaml, set->policies[0]);
    else if (read) block(d, set->policies[0]->errors[0].message);
    else block(d, SLICE("the policy would be too large"));
    policy_set_free(set);
    return valid && !yaml->full;
}

bool policy_draft_end(struct policy_draft *p, struct draft *d)
{
    struct buf id, json, yaml;
    buf_init(&id, 256);
    buf_init(&json, TEXT_MAX * 2);
    buf_init(&yaml, TEXT_MAX * 2);
    put_id(&id, p, d);
    put_json(&json, p, buf_view(&id), propose_text(d->o, d->finding, d->finding->check->summary));
    bool ok = d->count < PROPOSALS && !p->match.full && !p->steps.full && canonical(d, &json, &yaml);
    if (ok)
        d->proposals[d->count++] = (struct proposal){.kind = "policy",
                                                     .key = observe_copy(d->o, buf_view(&id)),
                                                     .title = p->title,
                                                     .text = observe_copy(d->o, buf_view(&yaml)),
                                                     .reason = SLICE(""),
                                                     .action = p->action,
                                                     .risk = p->risk,
                                                     .event = p->event};
    buf_free(&id);
    buf_free(&json);
    buf_free(&yaml);
    buf_free(&p->match);
    buf_free(&p->steps);
    return ok;
}
