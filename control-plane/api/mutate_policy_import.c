/* Policy files, as new policies or new versions of those that are there. */
#include "control-plane/api/items.h"
#include "control-plane/api/leaves.h"
#include "control-plane/api/policy_rows.h"

enum { IMPORT_MAX = 5000 };

enum import_result { IMPORT_CREATED, IMPORT_CHANGED, IMPORT_UNCHANGED, IMPORT_FAILED, IMPORT_RESULTS };

struct import_item {
    struct slice wire_id, message;
    enum import_result result;
    unsigned line;
    struct id128 id;
};

struct import {
    struct gql_call *call;
    struct request_context *x;
    struct items *items;
    size_t counts[IMPORT_RESULTS];
    enum policy_source source;
    bool draft;
    struct slice reason;
};

static struct import_item *note(struct import *in, struct slice wire_id, unsigned line, enum import_result result, struct slice message)
{
    struct import_item *item = items_add(in->items);
    if (!item) return NULL;
    *item = (struct import_item){
        .wire_id = arena_slice(in->x, wire_id), .message = arena_slice(in->x, message), .result = result, .line = line};
    in->counts[result]++;
    return item;
}

static enum import_result outcome(const struct policy_answer *a, bool there)
{
    if (a->outcome == POLICY_SAME) return IMPORT_UNCHANGED;
    if (a->outcome != POLICY_DONE) return IMPORT_FAILED;
    return there ? IMPORT_CHANGED : IMPORT_CREATED;
}

static void take(struct import *in, const struct policy *p)
{
    struct policy_actor who = policy_actor_of(in->call);
    struct policy_origin origin = {.source = in->source, .draft = in->draft || !p->enabled, .reason = in->reason};
    struct id128 id;
    bool there = policies_by_wire_id(in->x->db, in->x->account_row, p->id, &id);
    struct policy_answer a = there ? policies_edit_of(in->x->db, &who, id, p, in->reason) : policies_create_of(in->x->db, &who, p, &origin);
    policy_note(in->x, &a);
    bool said = a.outcome != POLICY_DONE && a.outcome != POLICY_SAME;
    struct import_item *item = note(in, p->id, p->line, outcome(&a, there), said ? slice_str(a.message) : SLICE(""));
    if (item && (there || a.outcome == POLICY_DONE)) item->id = there ? id : a.id;
}

static void import_policies(struct import *in, struct slice text, const char *source)
{
    struct policy_set *set = policy_set_new();
    policy_set_read(set, text, POLICY_ANY, source);
    for (size_t i = 0; i < set->error_count; i++) note(in, SLICE(""), set->errors[i].line, IMPORT_FAILED, set->errors[i].message);
    for (size_t i = 0; i < set->count && i < IMPORT_MAX && !in->x->failed; i++) take(in, set->policies[i]);
    if (set->count > IMPORT_MAX) note(in, SLICE(""), 0, IMPORT_FAILED, SLICE("too many policies in one import"));
    policy_set_free(set);
}

/* ---- resolvers ---- */

static void import(struct gql_call *call)
{
    const struct gql_value *input = gql_arg(call, "input");
    struct import *in = arena_zero(gql_arena(call), sizeof *in);
    if (!policy_may_write(call)) return;
    if (in) in->items = items_new(call, sizeof(struct import_item));
    if (!in || !in->items) return;
    in->call = call;
    in->x = context_of(call);
    in->source = SOURCE_MANUAL;
    in->draft = optional_bool(gql_entry(input, "draft"), false);
    in->reason = optional_text(gql_entry(input, "reason"));
    import_policies(in, gql_entry(input, "text")->text, "import");
    gql_object(call, in);
}

static const struct import *result(struct gql_call *call) { return gql_parent(call); }
static const struct import_item *item(struct gql_call *call) { return gql_parent(call); }
static void results(struct gql_call *call) { items_answer(call, result(call)->items); }
static void created(struct gql_call *call) { gql_int(call, (int64_t)result(call)->counts[IMPORT_CREATED]); }
static void changed(struct gql_call *call) { gql_int(call, (int64_t)result(call)->counts[IMPORT_CHANGED]); }
static void same(struct gql_call *call) { gql_int(call, (int64_t)result(call)->counts[IMPORT_UNCHANGED]); }
static void failed(struct gql_call *call) { gql_int(call, (int64_t)result(call)->counts[IMPORT_FAILED]); }
static void item_wire_id(struct gql_call *call) { leaf_optional(call, item(call)->wire_id.len ? item(call)->wire_id : slice_of(NULL, 0)); }

static void item_outcome(struct gql_call *call)
{
    static const struct slice names[IMPORT_RESULTS] = {{"CREATED", 7}, {"CHANGED", 7}, {"UNCHANGED", 9}, {"FAILED", 6}};
    gql_string(call, names[item(call)->result]);
}

static void item_message(struct gql_call *call) { leaf_optional(call, item(call)->message.len ? item(call)->message : slice_of(NULL, 0)); }

static void item_line(struct gql_call *call)
{
    if (item(call)->line) gql_int(call, item(call)->line);
    else gql_null(call);
}

static void item_policy(struct gql_call *call)
{
    bool there = item(call)->id.hi || item(call)->id.lo;
    gql_object(call, there ? policy_by_id(context_of(call), item(call)->id) : NULL);
}

const struct gql_binding policy_import_bindings[] = {
    {"Mutation", "importPolicies", import},         {"PolicyImportResult", "results", results},
    {"PolicyImportResult", "created", created},     {"PolicyImportResult", "changed", changed},
    {"PolicyImportResult", "unchanged", same},      {"PolicyImportResult", "failed", failed},
    {"PolicyImportItem", "policyID", item_wire_id}, {"PolicyImportItem", "outcome", item_outcome},
    {"PolicyImportItem", "message", item_message},  {"PolicyImportItem", "line", item_line},
    {"PolicyImportItem", "policy", item_policy},    {NULL, NULL, NULL},
};
