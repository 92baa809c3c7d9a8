/* The audit log: of the account, or of one object. */
#include "control-plane/api/connection.h"
#include "control-plane/api/issue_rows.h"
#include "control-plane/api/leaves.h"
#include "control-plane/api/policy_rows.h"
#include "control-plane/api/resolvers.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

struct audit_row {
    int64_t at;
    struct slice actor, action, type, before, after, reason; /* the last three: ptr NULL: none */
    struct id128 object;
};

static struct slice text_at(struct request_context *x, sqlite3_stmt *st, int column)
{
    return sqlite3_column_type(st, column) == SQLITE_NULL ? slice_of(NULL, 0) : arena_slice(x, db_text(st, column));
}

static void *audit_read(struct request_context *x, sqlite3_stmt *st, int column)
{
    struct audit_row *a = arena_alloc(x->arena, sizeof *a);
    if (!a) return NULL;
    *a = (struct audit_row){.at = sqlite3_column_int64(st, column + 1),
                            .actor = text_at(x, st, column + 2),
                            .action = text_at(x, st, column + 3),
                            .type = text_at(x, st, column + 4),
                            .object = db_id(st, column + 5),
                            .before = text_at(x, st, column + 6),
                            .after = text_at(x, st, column + 7),
                            .reason = text_at(x, st, column + 8)};
    return a;
}

static const struct order orders[] = {{"AT", "l.at", SQL_INT}};
static const struct predicate predicates[] = {
    {.field = "at", .kind = P_TIME, .column = "l.at"},
    {.field = "actor", .kind = P_TEXT, .column = "l.actor"},
    {.field = "action", .kind = P_TEXT, .column = "l.action"},
    {.field = "objectType", .kind = P_TEXT, .column = "l.object_type"},
    {.field = "objectID", .kind = P_ID, .column = "l.object_id", .unique = true},
};
const struct entity entity_audit = {
    .type = "AuditEntry",
    .columns = "l.row, l.at, l.actor, l.action, l.object_type, l.object_id, l.before, l.after, l.reason",
    .column_count = 9,
    .from = "audit_log l",
    .row = "l.row",
    .account = "l.account",
    .read = audit_read,
    .orders = orders,
    .order_count = LENGTH(orders),
    .predicates = predicates,
    .predicate_count = LENGTH(predicates),
};

static void of_object(struct gql_call *call, struct id128 object)
{
    connection_answer(call, &entity_audit, (struct scope){.account = context_of(call)->account_row, .object = object});
}

static void all(struct gql_call *call) { of_object(call, (struct id128){0, 0}); }
static void of_policy(struct gql_call *call) { of_object(call, ((const struct policy_row *)gql_parent(call))->id); }
static void of_issue(struct gql_call *call) { of_object(call, ((const struct issue *)gql_parent(call))->id); }
static void of_service(struct gql_call *call) { of_object(call, ((const struct service *)gql_parent(call))->id); }
static void of_check(struct gql_call *call) { of_object(call, check_object(gql_parent(call))); }

static const struct audit_row *entry(struct gql_call *call) { return gql_parent(call); }
static void at(struct gql_call *call) { gql_time(call, entry(call)->at); }
static void actor(struct gql_call *call) { gql_string(call, entry(call)->actor); }
static void action(struct gql_call *call) { gql_string(call, entry(call)->action); }
static void type(struct gql_call *call) { gql_string(call, entry(call)->type); }
static void object(struct gql_call *call) { leaf_id(call, entry(call)->object); }
static void reason(struct gql_call *call) { leaf_optional(call, entry(call)->reason); }

static void map(struct gql_call *call, struct slice json)
{
    if (json.len) gql_json(call, json);
    else gql_null(call);
}

static void before(struct gql_call *call) { map(call, entry(call)->before); }
static void after(struct gql_call *call) { map(call, entry(call)->after); }

const struct gql_binding audit_bindings[] = {
    {"Query", "auditEntries", all},      {"LogEventPolicy", "auditEntries", of_policy},
    {"Issue", "auditEntries", of_issue}, {"Service", "auditEntries", of_service},
    {"Check", "auditEntries", of_check}, {"AuditEntry", "at", at},
    {"AuditEntry", "actor", actor},      {"AuditEntry", "action", action},
    {"AuditEntry", "objectType", type},  {"AuditEntry", "objectID", object},
    {"AuditEntry", "before", before},    {"AuditEntry", "after", after},
    {"AuditEntry", "reason", reason},    {NULL, NULL, NULL},
};
