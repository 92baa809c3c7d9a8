#include "control-plane/api/change.h"
#include "control-plane/api/leaves.h"
#include "control-plane/api/policy_rows.h"
#include "control-plane/api/tap_rows.h"

#include <stdio.h>

enum { SECONDS = 180, RECORDS = 100, REASON_MOST = 500, PROBLEM_MAX = 4096 };

static bool given(const struct gql_value *v) { return v && v->kind != GQL_V_NULL; }

/* ---- what is done after COMMIT ---- */

static bool order(struct gql_call *call, enum tap_order_kind kind, struct id128 id)
{
    struct request_context *x = context_of(call);
    if (x->tap_order_count == sizeof x->tap_orders / sizeof *x->tap_orders) {
        gql_fail(call, "LIMIT_EXCEEDED", "too many live previews in one request");
        return false;
    }
    x->tap_orders[x->tap_order_count++] = (struct tap_order){kind, id};
    return true;
}

static void settle_one(struct taps *taps, const struct tap_order *o, int64_t account, bool committed)
{
    switch (o->kind) {
    case TAP_ORDER_BEGIN: committed ? taps_begin(taps, o->id) : taps_end(taps, o->id, TAP_NEVER_BEGAN); break;
    case TAP_ORDER_REVEAL:
        if (committed) taps_reveal(taps, o->id);
        break;
    case TAP_ORDER_STOP:
        if (committed) taps_end(taps, o->id, TAP_STOPPED);
        break;
    case TAP_ORDER_FORBID:
        if (committed) taps_end_account(taps, account, false);
        break;
    case TAP_ORDER_FORBID_REVEAL:
        if (committed) taps_end_account(taps, account, true);
        break;
    }
}

void tap_settle(struct taps *taps, const struct request_context *x, bool committed)
{
    for (size_t i = 0; taps && i < x->tap_order_count; i++) settle_one(taps, &x->tap_orders[i], x->account_row, committed);
}

/* ---- starting ---- */

struct wish {
    struct tap_options options;
    char policy[CONTENT_ID_MAX + 1], hash[CONTENT_HASH + 1]; /* of the one policy; empty: those in force */
    struct slice reason;
};

static bool refuse(struct gql_call *call, const char *code, const char *why)
{
    gql_fail(call, code, "%s", why);
    return false;
}

static bool read_range(struct gql_call *call, const struct gql_value *input, const char *name, int64_t least, int64_t most, int64_t *value)
{
    const struct gql_value *v = gql_entry(input, name);
    if (given(v)) *value = v->integer;
    if (*value >= least && *value <= most) return true;
    gql_fail(call, "BAD_USER_INPUT", "%s: %lld to %lld", name, (long long)least, (long long)most);
    return false;
}

static bool read_filter(struct gql_call *call, const struct gql_value *input, const char *name, struct id128 *id)
{
    const struct gql_value *v = gql_entry(input, name);
    if (!given(v)) return true;
    if (!id_parse(v->text, id)) return refuse(call, "BAD_USER_INPUT", "serviceID, logEventID: not an id");
    struct request_context *x = context_of(call);
    bool service = name[0] == 's';
    const struct log_event *e = service ? NULL : log_event_by_id(x, *id);
    if (e) *id = e->id;
    return e || (service && service_by_id(x, *id)) || refuse(call, "NOT_FOUND", service ? "no such service" : "no such log event");
}

static bool reason_fits(struct gql_call *call, struct slice reason)
{
    if (!reason.len) return refuse(call, "BAD_USER_INPUT", "reason: values are shown for a reason only; say which");
    return reason.len <= REASON_MOST || refuse(call, "BAD_USER_INPUT", "reason: at most 500 bytes");
}

static bool may_reveal(struct gql_call *call, struct slice reason)
{
    if (tap_permission_of(context_of(call)) < TAP_REVEAL)
        return refuse(call, "FORBIDDEN", "the workspace shows live records masked only (updatePolicyTapSettings)");
    return reason_fits(call, reason);
}

static bool read_limits(struct gql_call *call, const struct gql_value *input, struct wish *w)
{
    int64_t seconds = SECONDS, records = RECORDS;
    if (!read_range(call, input, "seconds", TAP_SECONDS_LEAST, TAP_SECONDS_MOST, &seconds)) return false;
    if (!read_range(call, input, "records", 1, TAP_RECORDS_MOST, &records)) return false;
    w->options.seconds = seconds;
    w->options.records = (size_t)records;
    w->options.reveal = optional_bool(gql_entry(input, "reveal"), false);
    w->reason = optional_text(gql_entry(input, "reason"));
    if (w->reason.len > REASON_MOST) return reason_fits(call, w->reason);
    return !w->options.reveal || may_reveal(call, w->reason);
}

/* ---- its policies ---- */

static bool take_text(struct wish *w, struct slice text)
{
    size_t before = w->options.set->count;
    if (!policy_set_read(w->options.set, text, POLICY_ANY, "policy")) return false;
    for (size_t i = before; i < w->options.set->count; i++) w->options.set->policies[i]->enabled = true;
    return true;
}

static bool take_content(struct gql_call *call, struct wish *w, struct content *c)
{
    if (c->policy.signal != POLICY_LOG) return refuse(call, "BAD_USER_INPUT", "only log records can be previewed live");
    snprintf(w->policy, sizeof w->policy, "%.*s", (int)c->policy.id.len, c->policy.id.ptr);
    memcpy(w->hash, c->hash, sizeof w->hash);
    w->options.single = true;
    return take_text(w, buf_view(&c->text)) || refuse(call, "INTERNAL", "the policy could not be read");
}

static bool read_text(struct gql_call *call, struct wish *w, struct slice text)
{
    struct content c;
    struct buf problem;
    buf_init(&problem, PROBLEM_MAX);
    bool ok = content_read(&c, text, NULL, &problem);
    if (!ok) gql_fail(call, "BAD_USER_INPUT", "%s", buf_view(&problem).ptr);
    ok = ok && take_content(call, w, &c);
    content_free(&c);
    buf_free(&problem);
    return ok;
}

static bool read_version(struct gql_call *call, struct wish *w, struct slice wanted, const struct gql_value *version)
{
    struct request_context *x = context_of(call);
    struct id128 id;
    struct content c;
    struct policy_row *p = policies_id(x->db, x->account_row, wanted, &id) ? policy_by_id(x, id) : NULL;
    if (!p) return refuse(call, "NOT_FOUND", "no such policy");
    if (!policy_version_content(x, p->row, given(version) ? version->integer : p->standing.version, &c))
        return refuse(call, "NOT_FOUND", "no such version of the policy");
    bool ok = take_content(call, w, &c);
    content_free(&c);
    return ok;
}

static bool read_in_force(struct gql_call *call, struct wish *w)
{
    struct db *db = context_of(call)->db;
    sqlite3_stmt *st = db_prepare(db, "SELECT v.text FROM policies p JOIN policy_versions v ON v.policy = p.row AND"
                                      " v.version = p.approved_version WHERE p.account = ?1 AND p.approved_version > 0 AND"
                                      " (p.state = 3 OR (p.state = 1 AND p.resting = 3))");
    enum db_step step;
    bool ok = true;
    db_bind(st, "i", context_of(call)->account_row);
    while ((step = db_step(db, st)) == DB_ROW && ok) ok = take_text(w, db_text(st, 0));
    sqlite3_reset(st);
    return (ok && step == DB_DONE) || refuse(call, "INTERNAL", "the policies in force could not be read");
}

static bool read_policies(struct gql_call *call, const struct gql_value *input, struct wish *w)
{
    const struct gql_value *id = gql_entry(input, "policyID"), *text = gql_entry(input, "text");
    if (given(id) && given(text)) return refuse(call, "BAD_USER_INPUT", "policyID or text, not both");
    if (given(text)) return read_text(call, w, text->text);
    if (given(id)) return read_version(call, w, id->text, gql_entry(input, "version"));
    return read_in_force(call, w);
}

/* ---- the audit row ---- */

static struct slice id_slice(struct id128 id, char text[UUID_TEXT + 1])
{
    if (!(id.hi | id.lo)) return (struct slice){0};
    id_text(id, text);
    return slice_of(text, UUID_TEXT);
}

static bool write_down(struct gql_call *call, const struct wish *w, struct id128 id)
{
    struct change c;
    char service[UUID_TEXT + 1], event[UUID_TEXT + 1];
    if (!change_begin(&c, call)) return false;
    change_field(&c.after, "policyID", w->policy[0] ? slice_str(w->policy) : (struct slice){0});
    change_field(&c.after, "contentHash", w->hash[0] ? slice_str(w->hash) : (struct slice){0});
    change_field(&c.after, "serviceID", id_slice(w->options.service, service));
    change_field(&c.after, "logEventID", id_slice(w->options.event, event));
    change_number(&c.after, "seconds", w->options.seconds);
    change_number(&c.after, "records", (int64_t)w->options.records);
    change_bool(&c.after, "reveal", w->options.reveal);
    c.reason = w->reason;
    return change_end(&c, "policy_tap.start", "PolicyTap", id);
}

static bool prepare(struct gql_call *call, struct taps *taps, struct wish *w, struct id128 id)
{
    enum tap_prepared prepared = taps_prepare(taps, &w->options, id);
    w->options.set = NULL;
    if (prepared == TAP_TOO_MANY) return refuse(call, "LIMIT_EXCEEDED", "four live previews run already");
    return prepared == TAP_READY || refuse(call, "LIMIT_EXCEEDED", "there is no memory for a live preview");
}

static bool permitted(struct gql_call *call)
{
    struct request_context *x = context_of(call);
    if (!policy_may_write(call)) return false;
    return tap_permission_of(x) != TAP_OFF ||
           refuse(call, "FORBIDDEN", "live previews are off in this workspace; an administrator may allow them (updatePolicyTapSettings)");
}

static void start(struct gql_call *call)
{
    const struct gql_value *input = gql_arg(call, "input");
    struct request_context *x = context_of(call);
    struct taps *taps = tap_registry(call);
    struct wish w = {.options.account = x->account_row};
    struct id128 id = store_new_id();
    if (!taps || !permitted(call)) return;
    snprintf(w.options.owner, sizeof w.options.owner, "%s", x->viewer);
    w.options.set = policy_set_new();
    bool ok = read_limits(call, input, &w) && read_filter(call, input, "serviceID", &w.options.service) &&
              read_filter(call, input, "logEventID", &w.options.event) && read_policies(call, input, &w) &&
              order(call, TAP_ORDER_BEGIN, id) && prepare(call, taps, &w, id) && write_down(call, &w, id);
    if (ok) tap_answer(call, id);
    if (w.options.set) policy_set_free(w.options.set);
}

/* ---- the others ---- */

/* The caller's own tap, still running. */
static bool find(struct gql_call *call, struct taps *taps, struct tap_status *s)
{
    struct id128 id;
    if (!taps || !policy_may_write(call)) return false;
    bool found = arg_id(call, "id", &id) && taps_find(taps, id, s) && !strcmp(s->owner, context_of(call)->viewer);
    if (!found) return refuse(call, "NOT_FOUND", "no such live preview of yours");
    return true;
}

static void reveal(struct gql_call *call)
{
    struct tap_status s;
    struct change c;
    struct slice reason = optional_text(gql_arg(call, "reason"));
    if (!find(call, tap_registry(call), &s) || !may_reveal(call, reason)) return;
    if (s.state == TAP_ENDED) {
        gql_fail(call, "CONFLICT", "the live preview has ended");
        return;
    }
    if (!order(call, TAP_ORDER_REVEAL, s.id) || !change_begin(&c, call)) return;
    change_bool(&c.before, "reveal", s.revealed);
    change_bool(&c.after, "reveal", true);
    c.reason = reason;
    if (change_end(&c, "policy_tap.reveal", "PolicyTap", s.id)) tap_answer(call, s.id);
}

static void stop(struct gql_call *call)
{
    struct tap_status s;
    struct change c;
    if (!find(call, tap_registry(call), &s)) return;
    if (s.state == TAP_ENDED) {
        tap_answer(call, s.id);
        return;
    }
    if (!order(call, TAP_ORDER_STOP, s.id) || !change_begin(&c, call)) return;
    change_number(&c.after, "seen", (int64_t)s.counts.seen);
    change_number(&c.after, "matched", (int64_t)s.counts.matched);
    change_number(&c.after, "shown", (int64_t)s.last_sequence);
    if (change_end(&c, "policy_tap.stop", "PolicyTap", s.id)) tap_answer(call, s.id);
}

static void update_settings(struct gql_call *call)
{
    struct request_context *x = context_of(call);
    struct slice wanted = gql_arg(call, "permission")->text;
    enum tap_permission p = slice_is(wanted, "REVEAL") ? TAP_REVEAL : slice_is(wanted, "MASKED") ? TAP_MASKED : TAP_OFF;
    struct change c;
    if (p == TAP_OFF && !order(call, TAP_ORDER_FORBID, (struct id128){0, 0})) return;
    if (p == TAP_MASKED && !order(call, TAP_ORDER_FORBID_REVEAL, (struct id128){0, 0})) return;
    if (!change_begin(&c, call)) return;
    change_field(&c.before, "permission", tap_permission_name(tap_permission_of(x)));
    change_field(&c.after, "permission", wanted);
    sqlite3_stmt *st = db_prepare(x->db, "INSERT INTO policy_tap_settings (account, permission, updated_at) VALUES (?1, ?2, ?3)"
                                         " ON CONFLICT (account) DO UPDATE SET permission = ?2, updated_at = ?3");
    db_bind(st, "iii", x->account_row, (int64_t)p, x->now_ns);
    change_run(&c, st);
    if (change_end(&c, "policy_tap.settings", "Account", x->account)) gql_object(call, request_account(x));
}

const struct gql_binding tap_mutation_bindings[] = {
    {"Mutation", "startPolicyTap", start},
    {"Mutation", "revealPolicyTap", reveal},
    {"Mutation", "stopPolicyTap", stop},
    {"Mutation", "updatePolicyTapSettings", update_settings},
    {NULL, NULL, NULL},
};
