/* Edge instances and keys. */
#include "base/json_read.h"
#include "control-plane/api/connection.h"
#include "control-plane/api/edge_rows.h"
#include "control-plane/api/leaves.h"
#include "control-plane/api/state.h"
#include "control-plane/edges/edges.h"

/* ---- lookups and lists ---- */

static void one_key(struct gql_call *call)
{
    struct id128 id;
    gql_object(call, arg_id(call, "id", &id) ? edge_key_by_id(context_of(call), id) : NULL);
}

static void one_instance(struct gql_call *call)
{
    struct id128 id;
    gql_object(call, arg_id(call, "id", &id) ? edge_instance_by_id(context_of(call), id) : NULL);
}

static void keys(struct gql_call *call)
{
    connection_answer(call, &entity_edge_key, (struct scope){.account = context_of(call)->account_row});
}

static void instances(struct gql_call *call)
{
    connection_answer(call, &entity_edge_instance, (struct scope){.account = context_of(call)->account_row});
}

static void of_account(struct gql_call *call, const struct entity *entity)
{
    connection_answer(call, entity, (struct scope){.account = ((const struct account *)gql_parent(call))->row});
}

static void account_keys(struct gql_call *call) { of_account(call, &entity_edge_key); }
static void account_instances(struct gql_call *call) { of_account(call, &entity_edge_instance); }

static void optional_time(struct gql_call *call, int64_t ns)
{
    if (ns) gql_time(call, ns);
    else gql_null(call);
}

/* ---- a key ---- */

static const struct edge_key_row *key(struct gql_call *call) { return gql_parent(call); }
static void key_id(struct gql_call *call) { leaf_id(call, key(call)->id); }
static void key_account_id(struct gql_call *call) { leaf_id(call, context_of(call)->account); }
static void key_name(struct gql_call *call) { gql_string(call, key(call)->name); }
static void key_prefix(struct gql_call *call) { gql_string(call, key(call)->prefix); }
static void key_last_used(struct gql_call *call) { optional_time(call, key(call)->last_used); }
static void key_revoked(struct gql_call *call) { optional_time(call, key(call)->revoked); }
static void key_created(struct gql_call *call) { gql_time(call, key(call)->created); }
static void own_account(struct gql_call *call) { gql_object(call, request_account(context_of(call))); }

/* ---- an instance ---- */

static const struct edge_instance_row *instance(struct gql_call *call) { return gql_parent(call); }
static void id(struct gql_call *call) { leaf_id(call, instance(call)->id); }
static void account_id(struct gql_call *call) { leaf_id(call, context_of(call)->account); }
static void instance_id(struct gql_call *call) { gql_string(call, instance(call)->instance_id); }
static void service_name(struct gql_call *call) { gql_string(call, instance(call)->service_name); }
static void service_namespace(struct gql_call *call) { leaf_optional(call, instance(call)->service_namespace); }
static void service_version(struct gql_call *call) { leaf_optional(call, instance(call)->service_version); }
static void labels(struct gql_call *call) { gql_json(call, instance(call)->labels); }
static void resource(struct gql_call *call) { gql_json(call, instance(call)->resource); }
static void successful_hash(struct gql_call *call) { leaf_optional(call, instance(call)->successful_hash); }
static void response_hash(struct gql_call *call) { leaf_optional(call, instance(call)->response_hash); }
static void first_seen(struct gql_call *call) { gql_time(call, instance(call)->first_seen); }
static void last_sync(struct gql_call *call) { gql_time(call, instance(call)->last_sync); }
static void created(struct gql_call *call) { gql_time(call, instance(call)->created); }
static void updated(struct gql_call *call) { gql_time(call, instance(call)->updated); }

/* ---- drift ---- */

/* Empty where no edges are served. */
static struct slice published_hash(const struct gql_call *call, char out[65])
{
    struct request_context *x = context_of(call);
    const struct edge_instance_row *i = gql_parent(call);
    struct edges *edges = api_settings(x->api)->edges;
    out[0] = '\0';
    if (edges) edges_published_hash(edges, i->account, i->stages, out);
    return slice_str(out);
}

static void published(struct gql_call *call)
{
    char hash[65];
    gql_string(call, published_hash(call, hash));
}

static void sync_state(struct gql_call *call)
{
    const struct edge_instance_row *i = instance(call);
    struct edges *edges = api_settings(context_of(call)->api)->edges;
    gql_string(call, edge_sync_names[edge_sync_of(edges, i->account, i->stages, i->successful_hash, i->response_hash)]);
}

static void stages(struct gql_call *call)
{
    static const struct slice names[] = {{"LOG_FILTER", 10}, {"LOG_TRANSFORM", 13}, {"METRIC_FILTER", 13}, {"TRACE_SAMPLING", 14}};
    struct slice have[4];
    size_t n = 0;
    for (size_t bit = 0; bit < 4; bit++)
        if (instance(call)->stages & 1U << bit) have[n++] = names[bit];
    gql_strings(call, n, have);
}

/* ---- errors that the instance reports ---- */

enum { ERRORS_MAX = 200, MESSAGES_MAX = 64, MESSAGE_BYTES = 64 * 1024 };

struct policy_error_row {
    struct id128 policy;
    struct slice wire_id, name, errors;
    int64_t count, since;
};

struct policy_errors {
    size_t count;
    struct policy_error_row rows[ERRORS_MAX];
};

static void *error_at(void *list, size_t i) { return &((struct policy_errors *)list)->rows[i]; }

static struct slice copied(struct request_context *x, sqlite3_stmt *st, int column)
{
    struct slice text = db_text(st, column);
    char *copy = arena_copy(x->arena, text);
    return slice_of(copy ? copy : "", copy ? text.len : 0);
}

static void policy_errors(struct gql_call *call)
{
    struct request_context *x = context_of(call);
    struct policy_errors *list = arena_zero(x->arena, sizeof *list);
    if (!list) {
        gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
        return;
    }
    sqlite3_stmt *st = db_prepare(x->db, "SELECT p.id, p.wire_id, p.name, e.errors, e.error_count, e.since FROM edge_policy_errors e"
                                         " JOIN policies p ON p.row = e.policy WHERE e.instance = ?1 ORDER BY e.since DESC LIMIT ?2");
    db_bind(st, "ii", instance(call)->row, (int64_t)ERRORS_MAX);
    while (db_step(x->db, st) == DB_ROW)
        list->rows[list->count++] = (struct policy_error_row){
            db_id(st, 0), copied(x, st, 1), copied(x, st, 2), copied(x, st, 3), sqlite3_column_int64(st, 4), sqlite3_column_int64(st, 5)};
    sqlite3_reset(st);
    gql_list(call, list->count, error_at, list);
}

static const struct policy_error_row *broken(struct gql_call *call) { return gql_parent(call); }
static void error_policy(struct gql_call *call) { leaf_id(call, broken(call)->policy); }
static void error_wire_id(struct gql_call *call) { gql_string(call, broken(call)->wire_id); }
static void error_name(struct gql_call *call) { gql_string(call, broken(call)->name); }

/* The store holds a JSON array of strings. */
static void error_messages(struct gql_call *call)
{
    struct json_reader r;
    struct slice messages[MESSAGES_MAX];
    struct buf scratch;
    size_t n = 0;
    buf_init(&scratch, MESSAGE_BYTES);
    json_begin(&r, broken(call)->errors);
    json_next(&r);
    while (n < MESSAGES_MAX && json_next(&r) == JSON_STRING) {
        struct slice text = json_text(&r, &scratch);
        char *copy = arena_copy(gql_arena(call), text);
        if (copy) messages[n++] = slice_of(copy, text.len);
    }
    buf_free(&scratch);
    gql_strings(call, n, messages);
}

static void error_count(struct gql_call *call) { gql_int(call, broken(call)->count); }
static void error_since(struct gql_call *call) { gql_time(call, broken(call)->since); }

const struct gql_binding edge_bindings[] = {
    {"Query", "edgeAPIKey", one_key},
    {"Query", "edgeAPIKeys", keys},
    {"Query", "edgeInstance", one_instance},
    {"Query", "edgeInstances", instances},
    {"Account", "edgeAPIKeys", account_keys},
    {"Account", "edgeInstances", account_instances},
    {"EdgeApiKey", "id", key_id},
    {"EdgeApiKey", "accountID", key_account_id},
    {"EdgeApiKey", "name", key_name},
    {"EdgeApiKey", "keyPrefix", key_prefix},
    {"EdgeApiKey", "lastUsedAt", key_last_used},
    {"EdgeApiKey", "revokedAt", key_revoked},
    {"EdgeApiKey", "createdAt", key_created},
    {"EdgeApiKey", "account", own_account},
    {"EdgeInstance", "id", id},
    {"EdgeInstance", "accountID", account_id},
    {"EdgeInstance", "instanceID", instance_id},
    {"EdgeInstance", "serviceName", service_name},
    {"EdgeInstance", "serviceNamespace", service_namespace},
    {"EdgeInstance", "serviceVersion", service_version},
    {"EdgeInstance", "labels", labels},
    {"EdgeInstance", "resourceAttributes", resource},
    {"EdgeInstance", "lastSuccessfulHash", successful_hash},
    {"EdgeInstance", "lastResponseHash", response_hash},
    {"EdgeInstance", "firstSeenAt", first_seen},
    {"EdgeInstance", "lastSyncAt", last_sync},
    {"EdgeInstance", "createdAt", created},
    {"EdgeInstance", "updatedAt", updated},
    {"EdgeInstance", "account", own_account},
    {"EdgeInstance", "publishedHash", published},
    {"EdgeInstance", "syncState", sync_state},
    {"EdgeInstance", "supportedStages", stages},
    {"EdgeInstance", "policyErrors", policy_errors},
    {"EdgePolicyError", "logEventPolicyID", error_policy},
    {"EdgePolicyError", "policyID", error_wire_id},
    {"EdgePolicyError", "policyName", error_name},
    {"EdgePolicyError", "messages", error_messages},
    {"EdgePolicyError", "messageCount", error_count},
    {"EdgePolicyError", "since", error_since},
    {NULL, NULL, NULL},
};
