/* The same move for many policies: each succeeds or fails for itself. */
#include "control-plane/api/items.h"
#include "control-plane/api/leaves.h"
#include "control-plane/api/policy_rows.h"

enum { BULK_MAX = 1000 };

struct bulk_item {
    struct slice wanted; /* as it was named */
    struct id128 id;
    struct slice hash; /* that the caller judged; empty: none given */
    bool known;
    enum policy_outcome outcome;
    struct slice message;
};

struct bulk {
    struct items *items;
    size_t done, failed;
};

static bool given(const struct gql_value *v) { return v && v->kind != GQL_V_NULL; }

static bool add_named(struct gql_call *call, struct bulk *b, const struct gql_value *list)
{
    struct request_context *x = context_of(call);
    for (size_t i = 0; i < list->list.count; i++) {
        struct bulk_item *item = items_add(b->items);
        if (!item) return false;
        item->wanted = gql_entry(&list->list.items[i], "id")->text;
        item->hash = optional_text(gql_entry(&list->list.items[i], "contentHash"));
        item->known = policies_id(x->db, x->account_row, item->wanted, &item->id);
    }
    return true;
}

static bool was_seen(const struct gql_value *hashes, struct slice hash)
{
    for (size_t i = 0; given(hashes) && i < hashes->list.count; i++)
        if (slice_eq(hashes->list.items[i].text, hash)) return true;
    return false;
}

static int64_t risk_number(const struct gql_value *risk)
{
    if (!given(risk)) return -1;
    return slice_is(risk->text, "LOW") ? 1 : slice_is(risk->text, "MEDIUM") ? 2 : 3;
}

/* All proposed ones of the category and risk. What the caller has not seen keeps an empty hash. */
static bool add_found(struct gql_call *call, struct bulk *b, const struct gql_value *input)
{
    struct request_context *x = context_of(call);
    const struct gql_value *category = gql_entry(input, "category"), *hashes = gql_entry(input, "contentHashes");
    sqlite3_stmt *st = db_prepare(x->db, "SELECT id, hash FROM policies WHERE account = ?1 AND state = 1 AND (?2 = '' OR category = ?2)"
                                         " AND (?3 < 0 OR risk = ?3) ORDER BY number LIMIT ?4");
    db_bind(st, "itii", x->account_row, optional_text(category), risk_number(gql_entry(input, "risk")), (int64_t)BULK_MAX + 1);
    bool ok = true;
    while (ok && db_step(x->db, st) == DB_ROW) {
        struct bulk_item *item = items_add(b->items);
        ok = item != NULL;
        if (!ok) break;
        struct slice hash = arena_slice(x, db_text(st, 1));
        item->id = db_id(st, 0);
        item->known = true;
        if (was_seen(hashes, hash)) item->hash = hash;
    }
    sqlite3_reset(st);
    return ok;
}

static bool read_selection(struct gql_call *call, struct bulk *b, const struct gql_value *input)
{
    const struct gql_value *named = gql_entry(input, "items");
    bool filtered = given(gql_entry(input, "category")) || given(gql_entry(input, "risk"));
    if (given(named) == filtered) {
        gql_fail(call, "BAD_USER_INPUT", "give items, or a category or risk");
        return false;
    }
    bool ok = filtered ? add_found(call, b, input) : add_named(call, b, named);
    if (!ok) gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
    else if (b->items->count > BULK_MAX) gql_fail(call, "LIMIT_EXCEEDED", "at most %d policies at once", BULK_MAX);
    return ok && b->items->count <= BULK_MAX;
}

static void run_one(struct gql_call *call, struct bulk_item *item, enum policy_move m, bool filtered)
{
    struct policy_actor who = policy_actor_of(call);
    struct policy_order order = {.move = m, .hash = item->hash, .reason = optional_text(gql_arg(call, "reason"))};
    struct policy_answer a = {.outcome = POLICY_NOT_FOUND, .message = "no such policy"};
    bool approval = m == MOVE_APPROVE || m == MOVE_APPROVE_HELD;
    if (filtered && approval && !item->hash.len)
        a = (struct policy_answer){.outcome = POLICY_CONFLICT,
                                   .message = "it is not among the content hashes: new or changed since you looked"};
    else if (item->known) a = policies_move(context_of(call)->db, &who, item->id, &order);
    policy_note(context_of(call), &a);
    item->outcome = a.outcome;
    item->message = arena_slice(context_of(call), slice_str(a.message));
}

static void run(struct gql_call *call, enum policy_move m)
{
    struct bulk *b = arena_zero(gql_arena(call), sizeof *b);
    const struct gql_value *input = gql_arg(call, "input");
    if (!policy_may_write(call)) return;
    if (b) b->items = items_new(call, sizeof(struct bulk_item));
    if (!b || !b->items || !read_selection(call, b, input)) return;
    struct bulk_item *items = (struct bulk_item *)b->items->data;
    for (size_t i = 0; i < b->items->count && !context_of(call)->failed; i++) {
        run_one(call, &items[i], m, !given(gql_entry(input, "items")));
        if (items[i].outcome == POLICY_DONE) b->done++;
        else b->failed++;
    }
    gql_object(call, b);
}

static void approve_all(struct gql_call *call)
{
    run(call, optional_bool(gql_arg(call, "activate"), true) ? MOVE_APPROVE : MOVE_APPROVE_HELD);
}
static void reject_all(struct gql_call *call) { run(call, MOVE_REJECT); }
static void enable_all(struct gql_call *call) { run(call, MOVE_ENABLE); }
static void disable_all(struct gql_call *call) { run(call, MOVE_DISABLE); }

/* ---- results ---- */

static const struct bulk *bulk(struct gql_call *call) { return gql_parent(call); }
static const struct bulk_item *item(struct gql_call *call) { return gql_parent(call); }
static void results(struct gql_call *call) { items_answer(call, bulk(call)->items); }
static void succeeded(struct gql_call *call) { gql_int(call, (int64_t)bulk(call)->done); }
static void failed(struct gql_call *call) { gql_int(call, (int64_t)bulk(call)->failed); }

static void item_id(struct gql_call *call)
{
    if (item(call)->known) leaf_id(call, item(call)->id);
    else gql_string(call, item(call)->wanted);
}

static void item_ok(struct gql_call *call) { gql_bool(call, item(call)->outcome == POLICY_DONE); }
static void item_policy(struct gql_call *call)
{
    gql_object(call, item(call)->known ? policy_by_id(context_of(call), item(call)->id) : NULL);
}

static void item_code(struct gql_call *call)
{
    leaf_optional(call, item(call)->outcome == POLICY_DONE ? slice_of(NULL, 0) : slice_str(policy_outcome_code(item(call)->outcome)));
}

static void item_message(struct gql_call *call)
{
    leaf_optional(call, item(call)->outcome == POLICY_DONE ? slice_of(NULL, 0) : item(call)->message);
}

const struct gql_binding policy_bulk_bindings[] = {
    {"Mutation", "approvePolicies", approve_all},
    {"Mutation", "rejectPolicies", reject_all},
    {"Mutation", "enablePolicies", enable_all},
    {"Mutation", "disablePolicies", disable_all},
    {"PolicyBulkResult", "results", results},
    {"PolicyBulkResult", "succeeded", succeeded},
    {"PolicyBulkResult", "failed", failed},
    {"PolicyBulkItem", "id", item_id},
    {"PolicyBulkItem", "ok", item_ok},
    {"PolicyBulkItem", "policy", item_policy},
    {"PolicyBulkItem", "code", item_code},
    {"PolicyBulkItem", "message", item_message},
    {NULL, NULL, NULL},
};
