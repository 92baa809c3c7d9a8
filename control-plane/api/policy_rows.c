#include "control-plane/api/policy_rows.h"

#include "control-plane/api/issue_rows.h"
#include "control-plane/api/leaves.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

struct slice arena_slice(struct request_context *x, struct slice s)
{
    char *copy = arena_copy(x->arena, s);
    return copy ? slice_of(copy, s.len) : SLICE("");
}

struct slice arena_buf(struct request_context *x, const struct buf *b) { return arena_slice(x, buf_view(b)); }

static struct slice text_at(struct request_context *x, sqlite3_stmt *st, int column)
{
    if (sqlite3_column_type(st, column) == SQLITE_NULL) return slice_of(NULL, 0);
    return arena_slice(x, db_text(st, column));
}

void *policy_read(struct request_context *x, sqlite3_stmt *st, int column)
{
    struct policy_row *p = arena_alloc(x->arena, sizeof *p);
    if (!p) return NULL;
    *p = (struct policy_row){
        .row = sqlite3_column_int64(st, column),
        .number = sqlite3_column_int64(st, column + 1),
        .id = db_id(st, column + 2),
        .issue = db_id(st, column + 3),
        .log_event = db_id(st, column + 4),
        .supersedes = db_id(st, column + 5),
        .wire_id = text_at(x, st, column + 6),
        .name = text_at(x, st, column + 7),
        .hash = text_at(x, st, column + 8),
        .action = text_at(x, st, column + 9),
        .category = text_at(x, st, column + 10),
        .requester = text_at(x, st, column + 11),
        .standing = {.state = (enum policy_state)sqlite3_column_int(st, column + 12),
                     .resting = (enum policy_state)sqlite3_column_int(st, column + 13),
                     .version = sqlite3_column_int64(st, column + 14),
                     .last_version = sqlite3_column_int64(st, column + 15),
                     .approved_version = sqlite3_column_int64(st, column + 16)},
        .source = sqlite3_column_int(st, column + 17),
        .risk = sqlite3_column_int(st, column + 18),
        .stages = (unsigned)sqlite3_column_int(st, column + 19),
        .compiled = sqlite3_column_int64(st, column + 20),
        .created = sqlite3_column_int64(st, column + 21),
        .updated = sqlite3_column_int64(st, column + 22),
    };
    return p;
}

struct policy_row *policy_by_id(struct request_context *x, struct id128 id)
{
    sqlite3_stmt *st = db_prepare(x->db, "SELECT " POLICY_COLUMNS " FROM policies p WHERE p.account = ?1 AND p.id = ?2");
    db_bind(st, "iu", x->account_row, id);
    struct policy_row *p = db_step(x->db, st) == DB_ROW ? policy_read(x, st, 0) : NULL;
    sqlite3_reset(st);
    return p;
}

struct policy_row *policy_by_row(struct request_context *x, int64_t row)
{
    sqlite3_stmt *st = db_prepare(x->db, "SELECT " POLICY_COLUMNS " FROM policies p WHERE p.account = ?1 AND p.row = ?2");
    db_bind(st, "ii", x->account_row, row);
    struct policy_row *p = db_step(x->db, st) == DB_ROW ? policy_read(x, st, 0) : NULL;
    sqlite3_reset(st);
    return p;
}

struct policy_row *policy_argument(struct gql_call *call, const char *name)
{
    struct request_context *x = context_of(call);
    const struct gql_value *v = gql_arg(call, name);
    struct id128 id;
    if (!v || v->kind != GQL_V_STRING || !policies_id(x->db, x->account_row, v->text, &id)) return NULL;
    return policy_by_id(x, id);
}

struct slice policy_version_text(struct request_context *x, int64_t row, int64_t version)
{
    sqlite3_stmt *st = db_prepare(x->db, "SELECT text FROM policy_versions WHERE policy = ?1 AND version = ?2");
    db_bind(st, "ii", row, version);
    struct slice text = slice_of(NULL, 0);
    if (db_step(x->db, st) == DB_ROW) text = text_at(x, st, 0);
    sqlite3_reset(st);
    return text;
}

bool policy_version_content(struct request_context *x, int64_t row, int64_t version, struct content *c)
{
    struct slice text = policy_version_text(x, row, version);
    if (!text.ptr) return false;
    if (content_load(c, text)) return true;
    content_free(c);
    return false;
}

struct slice optional_text(const struct gql_value *v) { return v && v->kind != GQL_V_NULL ? v->text : SLICE(""); }
bool optional_bool(const struct gql_value *v, bool otherwise) { return v && v->kind == GQL_V_BOOL ? v->boolean : otherwise; }

/* ---- the list ---- */

#define STATE_TEXT                                                                                                                         \
    "CASE p.state WHEN 0 THEN 'DRAFT' WHEN 1 THEN 'PROPOSED' WHEN 2 THEN 'APPROVED' WHEN 3 THEN 'ACTIVE' WHEN 4 THEN 'DISABLED' ELSE"      \
    " 'SUPERSEDED' END"
#define IN_FORCE    "(p.approved_version > 0 AND (p.state = 3 OR (p.state = 1 AND p.resting = 3)))"
#define STATUS_TEXT "CASE WHEN " IN_FORCE " THEN 'active' ELSE 'disabled' END"
#define SOURCE_TEXT "CASE p.source WHEN 1 THEN 'log_event' WHEN 2 THEN 'datadog_exclusion_filter' ELSE 'manual' END"
#define RISK_TEXT   "CASE p.risk WHEN 1 THEN 'LOW' WHEN 2 THEN 'MEDIUM' WHEN 3 THEN 'HIGH' END"
#define SIGNAL_TEXT "CASE WHEN p.stages & 4 THEN 'METRIC' WHEN p.stages & 8 THEN 'TRACE' ELSE 'LOG' END"

static const struct order policy_orders[] = {
    {"NUMBER", "p.number", SQL_INT},
    {"ID", "p.id", SQL_ID},
    {"NAME", "p.name", SQL_TEXT},
    {"STATE", "p.state", SQL_INT},
    {"STATUS", STATUS_TEXT, SQL_TEXT},
    {"SOURCE_KIND", SOURCE_TEXT, SQL_TEXT},
    {"CATEGORY", "COALESCE(p.category, '')", SQL_TEXT},
    {"RISK", "p.risk", SQL_INT},
    {"COMPILED_AT", "p.compiled_at", SQL_INT},
    {"CREATED_AT", "p.created_at", SQL_INT},
    {"UPDATED_AT", "p.updated_at", SQL_INT},
};
static const struct predicate policy_predicates[] = {
    {.field = "id", .kind = P_ID, .column = "p.id", .unique = true},
    {.field = "policyID", .kind = P_TEXT, .column = "p.wire_id", .unique = true},
    {.field = "number", .kind = P_INT, .column = "p.number", .unique = true},
    {.field = "name", .kind = P_TEXT, .column = "p.name"},
    {.field = "state", .kind = P_TEXT, .expression = STATE_TEXT},
    {.field = "status", .kind = P_TEXT, .expression = STATUS_TEXT},
    {.field = "sourceKind", .kind = P_TEXT, .expression = SOURCE_TEXT},
    {.field = "signal", .kind = P_TEXT, .expression = SIGNAL_TEXT},
    {.field = "action", .kind = P_TEXT, .column = "p.action"},
    {.field = "category", .kind = P_TEXT, .column = "p.category"},
    {.field = "risk", .kind = P_TEXT, .expression = RISK_TEXT},
    {.field = "requester", .kind = P_TEXT, .column = "p.requester"},
    {.field = "contentHash", .kind = P_TEXT, .column = "p.hash"},
    {.field = "issueID", .kind = P_ID, .column = "p.issue"},
    {.field = "logEventID", .kind = P_ID, .column = "p.log_event"},
    {.field = "edgeInstanceID",
     .kind = P_ID,
     .expression = "p.row IN (SELECT h.policy FROM edge_instance_hours h JOIN edge_instances x ON x.row = h.instance WHERE x.id",
     .after = ")"},
    {.field = "compiledAt", .kind = P_TIME, .column = "p.compiled_at"},
    {.field = "createdAt", .kind = P_TIME, .column = "p.created_at"},
    {.field = "updatedAt", .kind = P_TIME, .column = "p.updated_at"},
};
static const struct edge policy_edges[] = {
    {"issue", "hasIssue", &entity_issue, "p.issue IN (SELECT i.id FROM " ISSUE_FROM " WHERE i.account = p.account AND ", ")",
     "p.issue IS NOT NULL", false},
    {"logEvent", "hasLogEvent", &entity_log_event, "p.log_event IN (SELECT e.id FROM log_events e WHERE e.account = p.account AND ", ")",
     "p.log_event IS NOT NULL", false},
};
const struct entity entity_policy = {
    .type = "LogEventPolicy",
    .columns = POLICY_COLUMNS,
    .column_count = POLICY_COUNT,
    .from = "policies p",
    .row = "p.row",
    .account = "p.account",
    .read = policy_read,
    .orders = policy_orders,
    .order_count = LENGTH(policy_orders),
    .predicates = policy_predicates,
    .predicate_count = LENGTH(policy_predicates),
    .edges = policy_edges,
    .edge_count = LENGTH(policy_edges),
};
