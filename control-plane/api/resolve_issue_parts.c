/* What hangs on an issue: its finding, log events, evidence, proposals, history, leaks. */
#include "control-plane/api/issue_rows.h"
#include "control-plane/api/items.h"
#include "control-plane/api/leaves.h"
#include "control-plane/api/policy_spec.h"
#include "control-plane/catalog/sensitive.h"
#include "policy/policy.h"

enum { JSON_MAX = 256 * 1024 };

static const struct issue *issue(struct gql_call *call) { return gql_parent(call); }

static struct slice text_of(struct request_context *x, sqlite3_stmt *st, int column)
{
    struct slice text = db_text(st, column);
    char *copy = arena_copy(x->arena, text);
    return slice_of(copy ? copy : "", copy ? text.len : 0);
}

/* ---- log events ---- */

struct event_list {
    size_t count;
    struct log_event **items;
};

static void *event_at(void *list, size_t i) { return ((struct event_list *)list)->items[i]; }

static void log_events(struct gql_call *call)
{
    struct request_context *x = context_of(call);
    struct items *ids = items_new(call, sizeof(struct id128));
    if (!ids) return;
    sqlite3_stmt *st = db_prepare(x->db, "SELECT event_id FROM finding_events WHERE finding = ?1 ORDER BY position");
    db_bind(st, "i", issue(call)->finding);
    while (db_step(x->db, st) == DB_ROW) {
        struct id128 *id = items_add(ids);
        if (id) *id = db_id(st, 0);
    }
    sqlite3_reset(st);
    struct event_list *l = arena_zero(x->arena, sizeof *l);
    if (l) l->items = arena_alloc(x->arena, (ids->count + 1) * sizeof *l->items);
    if (!l || !l->items) {
        gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
        return;
    }
    for (size_t i = 0; i < ids->count; i++) {
        struct log_event *e = log_event_by_id(x, ((struct id128 *)(void *)ids->data)[i]);
        if (e) l->items[l->count++] = e;
    }
    gql_list(call, l->count, event_at, l);
}

static struct log_event *first_event(struct request_context *x, const struct issue *i)
{
    sqlite3_stmt *st = db_prepare(x->db, "SELECT event_id FROM finding_events WHERE finding = ?1 ORDER BY position LIMIT 1");
    db_bind(st, "i", i->finding);
    bool found = db_step(x->db, st) == DB_ROW;
    struct id128 id = found ? db_id(st, 0) : (struct id128){0, 0};
    sqlite3_reset(st);
    return found ? log_event_by_id(x, id) : NULL;
}

/* ---- the finding ---- */

static void itself(struct gql_call *call) { gql_object(call, gql_parent(call)); }
static void finding_id(struct gql_call *call) { leaf_id(call, issue(call)->finding_id); }
static void finding_service(struct gql_call *call) { leaf_id(call, issue(call)->service_id); }
static void finding_version(struct gql_call *call) { gql_int(call, issue(call)->check_version); }
static void finding_status(struct gql_call *call) { gql_string(call, issue(call)->status); }
static void finding_created(struct gql_call *call) { gql_time(call, issue(call)->finding_created); }
static void finding_updated(struct gql_call *call) { gql_time(call, issue(call)->finding_updated); }
static void finding_observed(struct gql_call *call) { gql_time(call, issue(call)->observed); }

static void finding_closed(struct gql_call *call)
{
    if (issue(call)->finding_closed) gql_time(call, issue(call)->finding_closed);
    else gql_null(call);
}

static void finding_domain(struct gql_call *call)
{
    const struct check *c = issue(call)->check;
    gql_string(call, c ? slice_str(c->domain) : SLICE("cost"));
}

static void finding_type(struct gql_call *call)
{
    const struct check *c = issue(call)->check;
    gql_string(call, c ? slice_str(c->type) : SLICE("dead_weight"));
}

/* Only the member of the finding's own type is there. */
static void details(struct gql_call *call, const char *type)
{
    const struct check *c = issue(call)->check;
    gql_object(call, c && strcmp(c->type, type) == 0 ? gql_parent(call) : NULL);
}

#define DETAILS(name, type)                                                                                                                \
    static void name(struct gql_call *call) { details(call, type); }
DETAILS(background_noise, "background_noise")
DETAILS(commodity_traffic, "commodity_traffic")
DETAILS(dead_weight, "dead_weight")
DETAILS(debug_artifacts, "debug_artifacts")
DETAILS(debug_marker, "debug_marker")
DETAILS(debug_noise, "debug_noise")
DETAILS(configuration_noise, "configuration_noise")
DETAILS(hot_path, "hot_path")
DETAILS(reactive_flood, "reactive_flood")
DETAILS(system_chatter, "routine_system_chatter")
DETAILS(secrets, "secret_exposure")
DETAILS(payment_data, "payment_data_exposure")
DETAILS(personal_data, "pii_exposure")
DETAILS(health_data, "phi_exposure")

static void event_name(struct gql_call *call)
{
    const struct log_event *e = first_event(context_of(call), issue(call));
    gql_string(call, e ? e->name : SLICE(""));
}

static void event_template(struct gql_call *call)
{
    const struct log_event *e = first_event(context_of(call), issue(call));
    gql_string(call, e ? e->template : SLICE(""));
}

static void service_name(struct gql_call *call)
{
    const struct service *s = service_by_row(context_of(call), issue(call)->service);
    gql_string(call, s ? s->name : SLICE(""));
}

static void subject(struct gql_call *call) { gql_string(call, issue(call)->subject); }
static void failed(struct gql_call *call) { gql_string(call, SLICE("failed")); }
static void dependency(struct gql_call *call) { gql_string(call, SLICE("dependency")); }
static void unknown(struct gql_call *call) { gql_null(call); }

static void peer(struct gql_call *call)
{
    if (issue(call)->subject.len) gql_string(call, issue(call)->subject);
    else gql_null(call);
}

/* ---- exposures ---- */

struct exposure {
    struct slice element, path;
    int scope;
    int64_t records;
    struct id128 event;
};

static struct items *read_exposures(struct gql_call *call)
{
    struct request_context *x = context_of(call);
    struct items *l = items_new(call, sizeof(struct exposure));
    if (!l) return NULL;
    sqlite3_stmt *st =
        db_prepare(x->db, "SELECT element, path, scope, records, event_id FROM finding_fields WHERE finding = ?1 ORDER BY position");
    db_bind(st, "i", issue(call)->finding);
    while (db_step(x->db, st) == DB_ROW) {
        struct exposure *e = items_add(l);
        if (!e) break;
        int detector = sensitive_find(db_text(st, 0));
        *e = (struct exposure){.element = detector >= 0 ? slice_str(sensitive_detectors[detector].element) : text_of(x, st, 0),
                               .path = text_of(x, st, 1),
                               .scope = sqlite3_column_int(st, 2),
                               .records = sqlite3_column_int64(st, 3),
                               .event = db_id(st, 4)};
    }
    sqlite3_reset(st);
    return l;
}

static void exposures(struct gql_call *call)
{
    struct items *l = read_exposures(call);
    if (l) items_answer(call, l);
}

static const struct exposure *exposure(struct gql_call *call) { return gql_parent(call); }
static void element(struct gql_call *call) { gql_string(call, exposure(call)->element); }
static void field_path(struct gql_call *call) { gql_string(call, exposure(call)->path); }
static void field_records(struct gql_call *call) { gql_int(call, exposure(call)->records); }
static void field_event(struct gql_call *call) { gql_object(call, log_event_by_id(context_of(call), exposure(call)->event)); }

static const struct slice scopes[] = {{"body", 4}, {"attributes", 10}, {"resource", 8}, {"record", 6}};

static void field_scope(struct gql_call *call)
{
    int s = exposure(call)->scope;
    gql_string(call, scopes[s >= 0 && s < 4 ? s : 0]);
}

static void path(struct gql_call *call)
{
    const struct exposure *e = exposure(call);
    struct slice parts[2] = {scopes[e->scope >= 0 && e->scope < 4 ? e->scope : 0], e->path};
    gql_strings(call, e->path.len ? 2 : 1, parts);
}

static void family(struct gql_call *call)
{
    struct items *l = read_exposures(call);
    if (!l) return;
    const struct exposure *e = l->count ? (const struct exposure *)(void *)l->data : NULL;
    struct slice part = e ? (e->path.len ? e->path : scopes[e->scope >= 0 && e->scope < 4 ? e->scope : 0]) : SLICE("");
    gql_strings(call, e ? 1 : 0, &part);
}

/* ---- leaks: exposures under the API's own name; there is no value to show ---- */

struct leak_list {
    size_t count;
    struct leak {
        struct exposure exposure;
        const struct log_event *event;
        const struct check *check;
    } * items;
};

static void *leak_at(void *list, size_t i) { return &((struct leak_list *)list)->items[i]; }

static void leaks(struct gql_call *call)
{
    struct items *l = read_exposures(call);
    struct leak_list *out = arena_zero(gql_arena(call), sizeof *out);
    const struct check *c = issue(call)->check;
    if (!l) return;
    if (out) out->items = arena_alloc(gql_arena(call), (l->count + 1) * sizeof *out->items);
    if (!out || !out->items) {
        gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
        return;
    }
    for (size_t i = 0; c && strcmp(c->domain, "compliance") == 0 && i < l->count; i++) {
        const struct exposure *e = (const struct exposure *)(void *)l->data + i;
        const struct log_event *event = log_event_by_id(context_of(call), e->event);
        if (event) out->items[out->count++] = (struct leak){*e, event, c};
    }
    gql_list(call, out->count, leak_at, out);
}

static const struct leak *leak(struct gql_call *call) { return gql_parent(call); }
static void leak_event(struct gql_call *call) { leaf_id(call, leak(call)->event->id); }
static void leak_name(struct gql_call *call) { gql_string(call, leak(call)->event->name); }
static void leak_kind(struct gql_call *call) { gql_string(call, slice_str(leak(call)->check->type)); }
static void leak_template(struct gql_call *call) { gql_string(call, leak(call)->event->template); }
static void leak_ranges(struct gql_call *call) { gql_list(call, 0, leak_at, NULL); }

static void leak_family(struct gql_call *call)
{
    const struct exposure *e = exposure(call);
    struct slice part = e->path.len ? e->path : scopes[e->scope >= 0 && e->scope < 4 ? e->scope : 0];
    gql_strings(call, 1, &part);
}

/* ---- evidence, history ---- */

struct line {
    struct slice texts[4];
    int64_t at;
};

static void lines(struct gql_call *call, sqlite3_stmt *st, int count)
{
    struct request_context *x = context_of(call);
    struct items *l = items_new(call, sizeof(struct line));
    if (!l) return;
    db_bind(st, "i", count == 4 ? issue(call)->finding : issue(call)->row);
    while (db_step(x->db, st) == DB_ROW) {
        struct line *e = items_add(l);
        if (!e) break;
        for (int i = 0; i < count; i++) e->texts[i] = text_of(x, st, i);
        e->at = count == 3 ? sqlite3_column_int64(st, 3) : 0;
    }
    sqlite3_reset(st);
    items_answer(call, l);
}

static void evidence(struct gql_call *call)
{
    lines(call,
          db_prepare(context_of(call)->db,
                     "SELECT kind, label, value, provenance FROM finding_evidence WHERE finding = ?1 ORDER BY position"),
          4);
}

static void history(struct gql_call *call)
{
    lines(call,
          db_prepare(context_of(call)->db, "SELECT actor, action, note, at FROM issue_history WHERE issue = ?1 ORDER BY row LIMIT 1000"),
          3);
}

static const struct line *line(struct gql_call *call) { return gql_parent(call); }
static void first(struct gql_call *call) { gql_string(call, line(call)->texts[0]); }
static void second(struct gql_call *call) { gql_string(call, line(call)->texts[1]); }
static void third(struct gql_call *call) { gql_string(call, line(call)->texts[2]); }
static void fourth(struct gql_call *call) { gql_string(call, line(call)->texts[3]); }
static void line_at(struct gql_call *call) { gql_time(call, line(call)->at); }

/* ---- proposals ---- */

struct suggestion {
    struct slice kind, key, title, action, risk, text, reason;
    struct id128 event; /* zero: none, or several */
    const struct issue *issue;
};

static void suggestions(struct gql_call *call, bool policies)
{
    struct request_context *x = context_of(call);
    struct items *l = items_new(call, sizeof(struct suggestion));
    if (!l) return;
    sqlite3_stmt *st = db_prepare(x->db, "SELECT kind, key, title, action, risk, text, reason, event_id FROM finding_proposals"
                                         " WHERE finding = ?1 AND (kind = 'policy') = ?2 ORDER BY position");
    db_bind(st, "ib", issue(call)->finding, policies);
    while (db_step(x->db, st) == DB_ROW) {
        struct suggestion *s = items_add(l);
        if (!s) break;
        struct slice *const texts[] = {&s->kind, &s->key, &s->title, &s->action, &s->risk, &s->text, &s->reason};
        for (int i = 0; i < 7; i++) *texts[i] = text_of(x, st, i);
        if (sqlite3_column_type(st, 7) != SQLITE_NULL) s->event = db_id(st, 7);
        s->issue = issue(call);
    }
    sqlite3_reset(st);
    items_answer(call, l);
}

static void proposals(struct gql_call *call) { suggestions(call, true); }
static void tasks(struct gql_call *call) { suggestions(call, false); }

static const struct suggestion *suggestion(struct gql_call *call) { return gql_parent(call); }
static void s_kind(struct gql_call *call) { gql_string(call, suggestion(call)->kind); }
static void s_key(struct gql_call *call) { gql_string(call, suggestion(call)->key); }
static void s_title(struct gql_call *call) { gql_string(call, suggestion(call)->title); }
static void s_action(struct gql_call *call) { gql_string(call, suggestion(call)->action); }
static void s_risk(struct gql_call *call) { gql_string(call, suggestion(call)->risk); }
static void s_text(struct gql_call *call) { gql_string(call, suggestion(call)->text); }
static void s_reason(struct gql_call *call) { gql_string(call, suggestion(call)->reason); }
static void s_issue(struct gql_call *call) { leaf_id(call, suggestion(call)->issue->id); }
static void s_source(struct gql_call *call) { gql_string(call, SLICE("issue")); }

static void s_event(struct gql_call *call)
{
    struct id128 id = suggestion(call)->event;
    if (id.hi || id.lo) leaf_id(call, id);
    else gql_null(call);
}

static void s_category(struct gql_call *call)
{
    const struct check *c = suggestion(call)->issue->check;
    gql_string(call, c ? slice_str(c->category) : SLICE(""));
}

static struct policy_set *parsed(struct gql_call *call)
{
    struct policy_set *set = policy_set_new();
    if (policy_set_read(set, suggestion(call)->text, POLICY_YAML, "proposal") && set->count == 1) return set;
    policy_set_free(set);
    return NULL;
}

/* The slices of a spec borrow from the set: both are read from a copy that lives as long as the answer. */
static void s_spec(struct gql_call *call)
{
    struct policy_set *set = parsed(call);
    struct policy_spec *spec = set ? policy_spec_of(context_of(call), set->policies[0]) : NULL;
    gql_object(call, spec);
    if (set) policy_set_free(set);
}

static void s_compiled(struct gql_call *call)
{
    struct policy_set *set = parsed(call);
    struct buf out;
    buf_init(&out, JSON_MAX);
    buf_char(&out, '[');
    if (set) policy_write_json(&out, set->policies[0], &(struct policy_print){.hide_times = true});
    buf_char(&out, ']');
    if (set && !out.full) gql_json(call, buf_view(&out));
    else gql_null(call);
    buf_free(&out);
    if (set) policy_set_free(set);
}

#define EXPOSURE(type)                                                                                                                     \
    {type, "pathFamily", family}, {type, "emissionTemplate", event_template}, {type, "exposures", exposures},                              \
        {type "Exposures", "element", element}, {type "Exposures", "path", itself}, {type "ExposuresPath", "path", path},                  \
    {                                                                                                                                      \
        type "ExposuresPath", "pathFamily", path                                                                                           \
    }

const struct gql_binding issue_part_bindings[] = {
    {"Issue", "logEvents", log_events},
    {"Issue", "fields", exposures},
    {"IssueField", "scope", field_scope},
    {"IssueField", "path", field_path},
    {"IssueField", "element", element},
    {"IssueField", "recordCount", field_records},
    {"IssueField", "logEvent", field_event},
    {"Issue", "complianceLeakPreviews", leaks},
    {"ComplianceLeakPreview", "logEventID", leak_event},
    {"ComplianceLeakPreview", "logEventName", leak_name},
    {"ComplianceLeakPreview", "exposureKind", leak_kind},
    {"ComplianceLeakPreview", "element", element},
    {"ComplianceLeakPreview", "path", path},
    {"ComplianceLeakPreview", "pathFamily", leak_family},
    {"ComplianceLeakPreview", "emissionTemplate", leak_template},
    {"ComplianceLeakPreview", "displayValue", unknown},
    {"ComplianceLeakPreview", "highlightRanges", leak_ranges},
    {"ComplianceLeakHighlightRange", "startOffset", unknown},
    {"ComplianceLeakHighlightRange", "endOffset", unknown},
    {"Issue", "evidence", evidence},
    {"IssueEvidence", "kind", first},
    {"IssueEvidence", "label", second},
    {"IssueEvidence", "value", third},
    {"IssueEvidence", "provenance", fourth},
    {"Issue", "history", history},
    {"IssueHistoryEntry", "actor", first},
    {"IssueHistoryEntry", "action", second},
    {"IssueHistoryEntry", "note", third},
    {"IssueHistoryEntry", "at", line_at},
    {"Issue", "logEventPolicyProposals", proposals},
    {"LogEventPolicyProposal", "key", s_key},
    {"LogEventPolicyProposal", "sourceKind", s_source},
    {"LogEventPolicyProposal", "issueID", s_issue},
    {"LogEventPolicyProposal", "logEventID", s_event},
    {"LogEventPolicyProposal", "spec", s_spec},
    {"LogEventPolicyProposal", "compiledPolicies", s_compiled},
    {"LogEventPolicyProposal", "title", s_title},
    {"LogEventPolicyProposal", "text", s_text},
    {"LogEventPolicyProposal", "action", s_action},
    {"LogEventPolicyProposal", "risk", s_risk},
    {"LogEventPolicyProposal", "category", s_category},
    {"Issue", "tasks", tasks},
    {"IssueTask", "kind", s_kind},
    {"IssueTask", "title", s_title},
    {"IssueTask", "text", s_text},
    {"IssueTask", "reason", s_reason},
    {"Finding", "id", finding_id},
    {"Finding", "serviceID", finding_service},
    {"Finding", "checkDomain", finding_domain},
    {"Finding", "checkType", finding_type},
    {"Finding", "checkVersion", finding_version},
    {"Finding", "status", finding_status},
    {"Finding", "closedAt", finding_closed},
    {"Finding", "createdAt", finding_created},
    {"Finding", "updatedAt", finding_updated},
    {"Finding", "observedAt", finding_observed},
    {"Finding", "details", itself},
    {"FindingDetails", "costBackgroundNoise", background_noise},
    {"FindingDetails", "costCommodityTraffic", commodity_traffic},
    {"FindingDetails", "costDeadWeight", dead_weight},
    {"FindingDetails", "costDebugArtifacts", debug_artifacts},
    {"FindingDetails", "costDebugMarker", debug_marker},
    {"FindingDetails", "costDebugNoise", debug_noise},
    {"FindingDetails", "costConfigurationNoise", configuration_noise},
    {"FindingDetails", "costHotPath", hot_path},
    {"FindingDetails", "costReactiveFlood", reactive_flood},
    {"FindingDetails", "costRoutineSystemChatter", system_chatter},
    {"FindingDetails", "complianceSecretExposure", secrets},
    {"FindingDetails", "compliancePaymentDataExposure", payment_data},
    {"FindingDetails", "compliancePIIExposure", personal_data},
    {"FindingDetails", "compliancePHIExposure", health_data},
    {"CostBackgroundNoise", "peerLabel", peer},
    {"CostBackgroundNoise", "peerRole", dependency},
    {"CostBackgroundNoise", "peerKind", unknown},
    {"CostCommodityTraffic", "eventName", event_name},
    {"CostDeadWeight", "eventName", event_name},
    {"CostDebugArtifacts", "eventName", event_name},
    {"CostDebugMarker", "eventName", event_name},
    {"CostDebugNoise", "serviceName", service_name},
    {"CostDebugNoise", "eventName", event_name},
    {"CostConfigurationNoise", "eventName", event_name},
    {"CostConfigurationNoise", "failureKind", subject},
    {"CostHotPath", "emissionTemplate", event_template},
    {"CostReactiveFlood", "operation", event_name},
    {"CostReactiveFlood", "outcome", failed},
    {"CostReactiveFlood", "peerLabel", peer},
    {"CostRoutineSystemChatter", "serviceName", service_name},
    {"CostRoutineSystemChatter", "eventName", event_name},
    EXPOSURE("ComplianceSecretExposure"),
    EXPOSURE("CompliancePaymentDataExposure"),
    EXPOSURE("CompliancePIIExposure"),
    EXPOSURE("CompliancePHIExposure"),
    {NULL, NULL, NULL},
};
