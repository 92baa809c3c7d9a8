#include "control-plane/api/edge_rows.h"

#include "control-plane/api/leaves.h"
#include "control-plane/edges/edges.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define ACCOUNT_ROW   "SELECT row FROM accounts WHERE id = ?1"

static struct slice text_at(struct request_context *x, sqlite3_stmt *st, int column)
{
    struct slice text = db_text(st, column);
    char *copy = arena_copy(x->arena, text);
    return slice_of(copy ? copy : "", copy ? text.len : 0);
}

static struct slice optional_at(struct request_context *x, sqlite3_stmt *st, int column)
{
    struct slice text = text_at(x, st, column);
    return text.len ? text : slice_of(NULL, 0);
}

void *edge_key_read(struct request_context *x, sqlite3_stmt *st, int column)
{
    struct edge_key_row *k = arena_alloc(x->arena, sizeof *k);
    if (!k) return NULL;
    *k = (struct edge_key_row){
        .row = sqlite3_column_int64(st, column),
        .account = sqlite3_column_int64(st, column + 1),
        .id = db_id(st, column + 2),
        .name = text_at(x, st, column + 3),
        .prefix = text_at(x, st, column + 4),
        .created = sqlite3_column_int64(st, column + 5),
        .last_used = sqlite3_column_int64(st, column + 6),
        .revoked = sqlite3_column_int64(st, column + 7),
    };
    return k;
}

void *edge_instance_read(struct request_context *x, sqlite3_stmt *st, int column)
{
    struct edge_instance_row *i = arena_alloc(x->arena, sizeof *i);
    if (!i) return NULL;
    *i = (struct edge_instance_row){
        .row = sqlite3_column_int64(st, column),
        .account = sqlite3_column_int64(st, column + 1),
        .id = db_id(st, column + 2),
        .instance_id = text_at(x, st, column + 3),
        .service_name = text_at(x, st, column + 4),
        .service_namespace = optional_at(x, st, column + 5),
        .service_version = optional_at(x, st, column + 6),
        .labels = text_at(x, st, column + 7),
        .resource = text_at(x, st, column + 8),
        .successful_hash = optional_at(x, st, column + 9),
        .response_hash = optional_at(x, st, column + 10),
        .stages = (unsigned)sqlite3_column_int(st, column + 11),
        .first_seen = sqlite3_column_int64(st, column + 12),
        .last_sync = sqlite3_column_int64(st, column + 13),
        .created = sqlite3_column_int64(st, column + 14),
        .updated = sqlite3_column_int64(st, column + 15),
    };
    return i;
}

static void *one(struct request_context *x, sqlite3_stmt *st, struct id128 id, const struct entity *entity)
{
    db_bind(st, "iu", x->account_row, id);
    void *row = db_step(x->db, st) == DB_ROW ? entity->read(x, st, 0) : NULL;
    sqlite3_reset(st);
    return row;
}

struct edge_key_row *edge_key_by_id(struct request_context *x, struct id128 id)
{
    sqlite3_stmt *st = db_prepare(x->db, "SELECT " EDGE_KEY_COLUMNS " FROM edge_api_keys k WHERE k.account = ?1 AND k.id = ?2");
    return one(x, st, id, &entity_edge_key);
}

struct edge_instance_row *edge_instance_by_id(struct request_context *x, struct id128 id)
{
    sqlite3_stmt *st = db_prepare(x->db, "SELECT " EDGE_INSTANCE_COLUMNS " FROM edge_instances i WHERE i.account = ?1 AND i.id = ?2");
    return one(x, st, id, &entity_edge_instance);
}

/* ---- whether an instance has what is published ---- */

const struct slice edge_sync_names[EDGE_SYNCS] = {{"IN_SYNC", 7}, {"SENT", 4}, {"BEHIND", 6}, {"NEVER", 5}};

enum edge_sync edge_sync_of(struct edges *edges, int64_t account, unsigned stages, struct slice successful, struct slice response)
{
    char text[65] = "";
    if (edges) edges_published_hash(edges, account, stages, text);
    struct slice published = slice_str(text);
    if (slice_eq(successful, published)) return EDGE_IN_SYNC;
    if (successful.len == 0) return EDGE_NEVER;
    return slice_eq(response, published) ? EDGE_SENT : EDGE_BEHIND;
}

static struct slice value_text(sqlite3_value *v)
{
    const char *text = (const char *)sqlite3_value_text(v);
    return slice_of(text ? text : "", text ? (size_t)sqlite3_value_bytes(v) : 0);
}

static void edge_sync_state(sqlite3_context *call, int count, sqlite3_value **v)
{
    (void)count;
    sqlite3_result_int(call, (int)edge_sync_of(sqlite3_user_data(call), sqlite3_value_int64(v[0]), (unsigned)sqlite3_value_int(v[1]),
                                               value_text(v[2]), value_text(v[3])));
}

void edge_sync_define(struct db *db, struct edges *edges) { db_define(db, "edge_sync_state", 4, edge_sync_state, edges); }

#define SYNC_STATE "edge_sync_state(i.account, i.stages, i.successful_hash, i.response_hash)"
#define SYNC_TEXT  "CASE " SYNC_STATE " WHEN 0 THEN 'IN_SYNC' WHEN 1 THEN 'SENT' WHEN 2 THEN 'BEHIND' ELSE 'NEVER' END"

/* ---- the lists ---- */

static const struct order key_orders[] = {
    {"NAME", "k.name", SQL_TEXT},
    {"ID", "k.id", SQL_ID},
    {"LAST_USED_AT", "COALESCE(k.last_used_at, 0)", SQL_INT},
    {"REVOKED_AT", "COALESCE(k.revoked_at, 0)", SQL_INT},
    {"CREATED_AT", "k.created_at", SQL_INT},
};
static const struct predicate key_predicates[] = {
    {.field = "id", .kind = P_ID, .column = "k.id", .unique = true},
    {.field = "accountID", .kind = P_REFERENCE, .column = "k.account", .rows = ACCOUNT_ROW},
    {.field = "name", .kind = P_TEXT, .column = "k.name"},
    {.field = "keyPrefix", .kind = P_TEXT, .column = "k.key_prefix"},
    {.field = "lastUsedAt", .kind = P_TIME, .column = "k.last_used_at"},
    {.field = "revokedAt", .kind = P_TIME, .column = "k.revoked_at"},
    {.field = "createdAt", .kind = P_TIME, .column = "k.created_at"},
};
static const struct edge key_edges[] = {
    {"account", "hasAccount", &entity_account, "k.account IN (SELECT a.row FROM accounts a WHERE ", ")", "1 = 1", false},
};
const struct entity entity_edge_key = {
    .type = "EdgeApiKey",
    .columns = EDGE_KEY_COLUMNS,
    .column_count = EDGE_KEY_COUNT,
    .from = "edge_api_keys k",
    .row = "k.row",
    .account = "k.account",
    .read = edge_key_read,
    .orders = key_orders,
    .order_count = LENGTH(key_orders),
    .predicates = key_predicates,
    .predicate_count = LENGTH(key_predicates),
    .edges = key_edges,
    .edge_count = LENGTH(key_edges),
};

static const struct order instance_orders[] = {
    {"LAST_SYNC_AT", "i.last_sync_at", SQL_INT},
    {"ID", "i.id", SQL_ID},
    {"INSTANCE_ID", "i.instance_id", SQL_TEXT},
    {"SERVICE_NAME", "i.service_name", SQL_TEXT},
    {"SERVICE_NAMESPACE", "i.service_namespace", SQL_TEXT},
    {"SERVICE_VERSION", "i.service_version", SQL_TEXT},
    {"FIRST_SEEN_AT", "i.first_seen_at", SQL_INT},
    {"CREATED_AT", "i.created_at", SQL_INT},
    {"UPDATED_AT", "i.updated_at", SQL_INT},
    {"SYNC_STATE", SYNC_STATE, SQL_INT},
};
static const struct predicate instance_predicates[] = {
    {.field = "id", .kind = P_ID, .column = "i.id", .unique = true},
    {.field = "accountID", .kind = P_REFERENCE, .column = "i.account", .rows = ACCOUNT_ROW},
    {.field = "instanceID", .kind = P_TEXT, .column = "i.instance_id"},
    {.field = "serviceName", .kind = P_TEXT, .column = "i.service_name"},
    {.field = "serviceNamespace", .kind = P_TEXT, .expression = "NULLIF(i.service_namespace, '')"},
    {.field = "serviceVersion", .kind = P_TEXT, .expression = "NULLIF(i.service_version, '')"},
    {.field = "firstSeenAt", .kind = P_TIME, .column = "i.first_seen_at"},
    {.field = "lastSyncAt", .kind = P_TIME, .column = "i.last_sync_at"},
    {.field = "syncState", .kind = P_TEXT, .expression = SYNC_TEXT},
    {.field = "createdAt", .kind = P_TIME, .column = "i.created_at"},
    {.field = "updatedAt", .kind = P_TIME, .column = "i.updated_at"},
};
static const struct edge instance_edges[] = {
    {"account", "hasAccount", &entity_account, "i.account IN (SELECT a.row FROM accounts a WHERE ", ")", "1 = 1", false},
};
const struct entity entity_edge_instance = {
    .type = "EdgeInstance",
    .columns = EDGE_INSTANCE_COLUMNS,
    .column_count = EDGE_INSTANCE_COUNT,
    .from = "edge_instances i",
    .row = "i.row",
    .account = "i.account",
    .read = edge_instance_read,
    .orders = instance_orders,
    .order_count = LENGTH(instance_orders),
    .predicates = instance_predicates,
    .predicate_count = LENGTH(instance_predicates),
    .edges = instance_edges,
    .edge_count = LENGTH(instance_edges),
};
