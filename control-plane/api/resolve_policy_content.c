/* What a policy's text says: text in other formats, what it looks at and does, lint, differences. */
#include "base/json_write.h"
#include "control-plane/api/items.h"
#include "control-plane/api/leaves.h"
#include "control-plane/api/policy_spec.h"
#include "policy/diff.h"
#include "policy/lint.h"

enum { TEXT_MAX = 1024 * 1024, LINE_MAX_BYTES = 16 * 1024 };

static const struct policy_row *policy(struct gql_call *call) { return gql_parent(call); }

static void unreadable(struct gql_call *call) { gql_fail(call, "INTERNAL", "the policy's text could not be read"); }
static void no_version(struct gql_call *call) { gql_fail(call, "NOT_FOUND", "there is no such version"); }

/* ---- text ---- */

static void write_format(struct buf *out, const struct policy *p, struct slice format)
{
    if (slice_is(format, "JSON")) policy_write_authoring_json(out, &p, 1);
    else if (slice_is(format, "PROTO_JSON")) policy_write_json(out, p, &(struct policy_print){.hide_times = true});
    else policy_write_yaml_one(out, p);
}

static void text(struct gql_call *call)
{
    const struct gql_value *format = gql_arg(call, "format"), *wanted = gql_arg(call, "version");
    int64_t version = wanted && wanted->kind == GQL_V_INT ? wanted->integer : policy(call)->standing.version;
    struct content c;
    struct buf out;
    if (!policy_version_content(context_of(call), policy(call)->row, version, &c)) {
        no_version(call);
        return;
    }
    buf_init(&out, TEXT_MAX);
    write_format(&out, &c.policy, optional_text(format));
    gql_string(call, buf_view(&out));
    buf_free(&out);
    content_free(&c);
}

/* ---- one line each ---- */

static bool current(struct gql_call *call, struct content *c)
{
    bool ok = policy_version_content(context_of(call), policy(call)->row, policy(call)->standing.version, c);
    if (!ok) unreadable(call);
    return ok;
}

static void description(struct gql_call *call)
{
    struct content c;
    if (!current(call, &c)) return;
    gql_string(call, c.policy.description);
    content_free(&c);
}

static void say(struct gql_call *call, size_t n, void write(struct buf *out, const struct policy *p, size_t i), const struct policy *p)
{
    struct slice *lines = arena_alloc(gql_arena(call), (n + 1) * sizeof *lines);
    struct buf out;
    buf_init(&out, LINE_MAX_BYTES);
    for (size_t i = 0; lines && i < n; i++) {
        buf_clear(&out);
        write(&out, p, i);
        lines[i] = arena_buf(context_of(call), &out);
    }
    buf_free(&out);
    if (lines) gql_strings(call, n, lines);
    else gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
}

static void write_condition(struct buf *out, const struct policy *p, size_t i) { policy_matcher_text(out, p->signal, &p->match[i]); }

static void write_effect(struct buf *out, const struct policy *p, size_t i)
{
    if (i > 0) {
        policy_step_text(out, &p->steps[i - 1]);
        return;
    }
    buf_str(out, "keep ");
    policy_keep_text(out, p);
}

static void conditions(struct gql_call *call)
{
    struct content c;
    if (!current(call, &c)) return;
    say(call, c.policy.match_count, write_condition, &c.policy);
    content_free(&c);
}

static void effects(struct gql_call *call)
{
    struct content c;
    if (!current(call, &c)) return;
    say(call, c.policy.step_count + 1, write_effect, &c.policy);
    content_free(&c);
}

/* ---- spec ---- */

static void spec(struct gql_call *call)
{
    struct content c;
    if (!current(call, &c)) return;
    gql_object(call, policy_spec_of(context_of(call), &c.policy));
    content_free(&c);
}

static const struct policy_spec *spec_of(struct gql_call *call) { return gql_parent(call); }
static const struct spec_entry *entry(struct gql_call *call) { return gql_parent(call); }

static void itself(struct gql_call *call) { gql_object(call, gql_parent(call)); }
static void drop(struct gql_call *call) { gql_bool(call, spec_of(call)->drop); }
static void sample(struct gql_call *call) { gql_bool(call, spec_of(call)->sample); }
static void trim(struct gql_call *call) { gql_bool(call, spec_of(call)->trim); }

static void interval(struct gql_call *call)
{
    if (spec_of(call)->interval_seconds) gql_int(call, spec_of(call)->interval_seconds);
    else gql_null(call);
}

static void keep_percentage(struct gql_call *call)
{
    if (spec_of(call)->keep_percentage >= 0) gql_float(call, spec_of(call)->keep_percentage);
    else gql_null(call);
}

static void path(struct gql_call *call, struct spec_path p) { gql_strings(call, p.count, p.segments); }

static void sample_key(struct gql_call *call)
{
    if (spec_of(call)->sample_key.count) path(call, spec_of(call)->sample_key);
    else gql_null(call);
}

static void write_path(struct buf *json, struct spec_path p)
{
    buf_char(json, '[');
    for (size_t i = 0; i < p.count; i++) {
        if (i) buf_char(json, ',');
        json_write_string(json, p.segments[i]);
    }
    buf_char(json, ']');
}

static void paths(struct gql_call *call, const struct spec_entry *entries, size_t n)
{
    struct buf json;
    buf_init(&json, TEXT_MAX);
    buf_char(&json, '[');
    for (size_t i = 0; i < n; i++) {
        if (i) buf_char(&json, ',');
        write_path(&json, entries[i].path);
    }
    buf_char(&json, ']');
    gql_json(call, buf_view(&json));
    buf_free(&json);
}

static void trim_paths(struct gql_call *call) { paths(call, spec_of(call)->removes, spec_of(call)->remove_count); }
static void entry_paths(struct gql_call *call) { paths(call, entry(call), 1); }
static void *entry_at(void *list, size_t i) { return (struct spec_entry *)list + i; }
static void redacts(struct gql_call *call) { gql_list(call, spec_of(call)->redact_count, entry_at, spec_of(call)->redacts); }
static void renames(struct gql_call *call) { gql_list(call, spec_of(call)->rename_count, entry_at, spec_of(call)->renames); }
static void entry_regex(struct gql_call *call) { leaf_optional(call, entry(call)->has_regex ? entry(call)->regex : slice_of(NULL, 0)); }
static void entry_replacement(struct gql_call *call) { leaf_optional(call, entry(call)->replacement); }
static void entry_from(struct gql_call *call) { path(call, entry(call)->path); }
static void entry_to(struct gql_call *call) { path(call, entry(call)->to); }
static void severity(struct gql_call *call) { gql_object(call, spec_of(call)->severity.ptr ? gql_parent(call) : NULL); }
static void severity_value(struct gql_call *call) { gql_string(call, spec_of(call)->severity); }

/* ---- lint ---- */

struct lint_row {
    bool error;
    struct slice rule, message;
    unsigned line;
};

struct gather {
    struct request_context *x;
    struct items *list;
};

static void on_finding(void *context, const struct finding *f)
{
    struct gather *g = context;
    struct lint_row *row = items_add(g->list);
    if (!row) return;
    *row = (struct lint_row){
        .error = f->level == LINT_ERROR, .rule = slice_str(f->rule), .message = arena_slice(g->x, f->message), .line = f->line};
}

static void lint(struct gql_call *call)
{
    struct content c;
    struct gather g = {context_of(call), items_new(call, sizeof(struct lint_row))};
    if (!g.list || !current(call, &c)) return;
    policy_lint_one(&c.policy, on_finding, &g);
    content_free(&c);
    items_answer(call, g.list);
}

static const struct lint_row *lint_row(struct gql_call *call) { return gql_parent(call); }
static void lint_level(struct gql_call *call) { gql_string(call, lint_row(call)->error ? SLICE("ERROR") : SLICE("WARNING")); }
static void lint_rule(struct gql_call *call) { gql_string(call, lint_row(call)->rule); }
static void lint_message(struct gql_call *call) { gql_string(call, lint_row(call)->message); }

static void lint_line(struct gql_call *call)
{
    if (lint_row(call)->line) gql_int(call, lint_row(call)->line);
    else gql_null(call);
}

/* A text that need not be stored: what is wrong with it, and how it would be kept. */
static void lint_text(struct gql_call *call)
{
    struct gather g = {context_of(call), items_new(call, sizeof(struct lint_row))};
    struct policy_set *set = policy_set_new();
    if (g.list) {
        policy_set_read(set, gql_arg(call, "text")->text, POLICY_ANY, "text");
        policy_lint(set, on_finding, &g);
        items_answer(call, g.list);
    }
    policy_set_free(set);
}

/* ---- differences between versions ---- */

struct difference {
    struct slice place, before, after;
};

static void on_change(void *context, const struct policy_change *c)
{
    struct gather *g = context;
    struct difference *row = items_add(g->list);
    if (!row) return;
    *row = (struct difference){arena_slice(g->x, c->place), arena_slice(g->x, c->before), arena_slice(g->x, c->after)};
}

static void compare(struct gather *g, const struct policy_row *p, int64_t from, int64_t to)
{
    struct content before, after;
    bool has_before = from > 0 && policy_version_content(g->x, p->row, from, &before);
    bool has_after = policy_version_content(g->x, p->row, to, &after);
    if (has_after) policy_diff(has_before ? &before.policy : NULL, &after.policy, on_change, g);
    if (has_before) content_free(&before);
    if (has_after) content_free(&after);
}

/* Without `from`: what approving would change, against the version in force; else against the one before. */
static int64_t compared_with(const struct policy_row *p, int64_t to)
{
    if (p->standing.approved_version && p->standing.approved_version != to) return p->standing.approved_version;
    return to - 1;
}

static void changes(struct gql_call *call)
{
    const struct policy_row *p = policy(call);
    const struct gql_value *from = gql_arg(call, "from"), *to = gql_arg(call, "to");
    struct gather g = {context_of(call), items_new(call, sizeof(struct difference))};
    if (!g.list) return;
    int64_t last = to && to->kind == GQL_V_INT ? to->integer : p->standing.version;
    compare(&g, p, from && from->kind == GQL_V_INT ? from->integer : compared_with(p, last), last);
    items_answer(call, g.list);
}

static const struct difference *difference(struct gql_call *call) { return gql_parent(call); }
static void change_place(struct gql_call *call) { gql_string(call, difference(call)->place); }
static void change_before(struct gql_call *call) { gql_string(call, difference(call)->before); }
static void change_after(struct gql_call *call) { gql_string(call, difference(call)->after); }

const struct gql_binding policy_content_bindings[] = {
    {"Query", "lintPolicy", lint_text},
    {"LogEventPolicy", "text", text},
    {"LogEventPolicy", "description", description},
    {"LogEventPolicy", "conditions", conditions},
    {"LogEventPolicy", "effects", effects},
    {"LogEventPolicy", "spec", spec},
    {"LogEventPolicy", "lint", lint},
    {"LogEventPolicy", "changes", changes},
    {"LogEventPolicySpec", "drop", itself},
    {"LogEventPolicySpec", "sample", itself},
    {"LogEventPolicySpec", "trim", itself},
    {"LogEventPolicySpec", "redact", itself},
    {"LogEventPolicySpec", "rewrite", itself},
    {"LogEventPolicyDrop", "enabled", drop},
    {"LogEventPolicySample", "enabled", sample},
    {"LogEventPolicySample", "intervalSeconds", interval},
    {"LogEventPolicySample", "keepPercentage", keep_percentage},
    {"LogEventPolicySample", "sampleKey", sample_key},
    {"LogEventPolicyTrim", "enabled", trim},
    {"LogEventPolicyTrim", "targetPaths", trim_paths},
    {"LogEventPolicyRedact", "entries", redacts},
    {"LogEventPolicyRedactEntry", "targetPaths", entry_paths},
    {"LogEventPolicyRedactEntry", "regex", entry_regex},
    {"LogEventPolicyRedactEntry", "replacement", entry_replacement},
    {"LogEventPolicyRewrite", "severity", severity},
    {"LogEventPolicyRewrite", "fields", renames},
    {"LogEventPolicySeverityRewrite", "value", severity_value},
    {"LogEventPolicyFieldRewrite", "from", entry_from},
    {"LogEventPolicyFieldRewrite", "to", entry_to},
    {"PolicyFinding", "level", lint_level},
    {"PolicyFinding", "rule", lint_rule},
    {"PolicyFinding", "message", lint_message},
    {"PolicyFinding", "line", lint_line},
    {"PolicyChange", "place", change_place},
    {"PolicyChange", "before", change_before},
    {"PolicyChange", "after", change_after},
    {NULL, NULL, NULL},
};
