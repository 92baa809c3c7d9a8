#include "control-plane/api/issue_rows.h"

#include "control-plane/api/leaves.h"
#include "control-plane/api/policy_rows.h"

#include <stdlib.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define USD_PER_HOUR  (8766.0 * 1e6)

/* Approved or active policies make an issue in progress; proposed ones make it wait for an approval. */
#define POLICY_OF_ISSUE "EXISTS (SELECT 1 FROM policies p WHERE p.issue = i.id AND "
#define STAGE                                                                                                                              \
    "(CASE WHEN i.ignored_at IS NOT NULL THEN 'ignored' WHEN i.closed_at IS NOT NULL THEN 'resolved'"                                      \
    " WHEN " POLICY_OF_ISSUE "(p.state IN (2, 3) OR (p.state = 1 AND p.resting IN (2, 3)))) THEN 'in_progress'"                            \
    " WHEN " POLICY_OF_ISSUE "p.state = 1) THEN 'waiting' ELSE 'open' END)"
#define PRIORITY "(CASE i.priority WHEN 3 THEN 'high' WHEN 2 THEN 'medium' ELSE 'low' END)"

#define ISSUE_COLUMNS                                                                                                                      \
    "i.row, i.number, i.finding, i.service, COALESCE(i.team, s.team), i.id, f.id, s.id, i.check_id, i.priority, i.title, i.summary,"       \
    " i.cause, i.resolution, i.note, f.subject, f.status, " STAGE ", i.actionable, i.created_at, i.updated_at, i.closed_at,"               \
    " i.ignored_at, f.check_version, f.created_at, f.updated_at, f.closed_at, f.observed_at, f.rate_events, f.rate_bytes, f.cost,"         \
    " f.save_events, f.save_bytes, f.save_cost"
enum { ISSUE_COUNT = 34 };

static struct slice copied(struct request_context *x, sqlite3_stmt *st, int column)
{
    if (sqlite3_column_type(st, column) == SQLITE_NULL) return slice_of(NULL, 0);
    struct slice text = db_text(st, column);
    char *copy = arena_copy(x->arena, text);
    return slice_of(copy ? copy : "", copy ? text.len : 0);
}

void *issue_read(struct request_context *x, sqlite3_stmt *st, int column)
{
    struct issue *i = arena_zero(x->arena, sizeof *i);
    if (!i) return NULL;
    int64_t *const front[] = {&i->row, &i->number, &i->finding, &i->service, &i->team};
    for (int k = 0; k < 5; k++) *front[k] = sqlite3_column_int64(st, column + k);
    i->id = db_id(st, column + 5);
    i->finding_id = db_id(st, column + 6);
    i->service_id = db_id(st, column + 7);
    i->check_id = copied(x, st, column + 8);
    i->check = check_find(i->check_id);
    i->priority = sqlite3_column_int(st, column + 9);
    struct slice *const texts[] = {&i->title, &i->summary, &i->cause, &i->resolution, &i->note, &i->subject, &i->status, &i->stage};
    for (int k = 0; k < 8; k++) *texts[k] = copied(x, st, column + 10 + k);
    i->actionable = sqlite3_column_int(st, column + 18) != 0;
    int64_t *const back[] = {&i->created,           &i->updated,          &i->closed,          &i->ignored,
                             &i->check_version,     &i->finding_created,  &i->finding_updated, &i->finding_closed,
                             &i->observed,          &i->now.rate_events,  &i->now.rate_bytes,  &i->now.cost,
                             &i->saved.rate_events, &i->saved.rate_bytes, &i->saved.cost};
    for (int k = 0; k < 15; k++) *back[k] = sqlite3_column_int64(st, column + 19 + k);
    return i;
}

/* ---- one ---- */

static struct issue *one(struct request_context *x, sqlite3_stmt *st)
{
    struct issue *i = db_step(x->db, st) == DB_ROW ? issue_read(x, st, 0) : NULL;
    sqlite3_reset(st);
    return i;
}

struct issue *issue_by_row(struct request_context *x, int64_t row)
{
    sqlite3_stmt *st = db_prepare(x->db, "SELECT " ISSUE_COLUMNS " FROM " ISSUE_FROM " WHERE i.row = ?1 AND i.account = ?2");
    db_bind(st, "ii", row, x->account_row);
    return one(x, st);
}

static struct issue *by_number(struct request_context *x, struct slice text)
{
    if (!slice_starts(text, "ISS-") || text.len > 16) return NULL;
    char digits[16] = {0};
    memcpy(digits, text.ptr + 4, text.len - 4);
    sqlite3_stmt *st = db_prepare(x->db, "SELECT " ISSUE_COLUMNS " FROM " ISSUE_FROM " WHERE i.account = ?1 AND i.number = ?2");
    db_bind(st, "ii", x->account_row, (int64_t)strtoll(digits, NULL, 10));
    return one(x, st);
}

struct issue *issue_by_id(struct request_context *x, struct id128 id)
{
    sqlite3_stmt *st = db_prepare(x->db, "SELECT " ISSUE_COLUMNS " FROM " ISSUE_FROM " WHERE i.account = ?1 AND i.id = ?2");
    db_bind(st, "iu", x->account_row, id);
    return one(x, st);
}

struct issue *issue_argument(struct gql_call *call, const char *name)
{
    struct request_context *x = context_of(call);
    const struct gql_value *v = gql_arg(call, name);
    struct id128 id;
    if (!v || v->kind != GQL_V_STRING) return NULL;
    return id_parse(v->text, &id) ? issue_by_id(x, id) : by_number(x, v->text);
}

/* ---- lists ---- */

/* The first error that an edge reports of a policy now, without the list's brackets. */
#define ACTION_FROM                                                                                                                        \
    "(SELECT c.row, c.number, c.account, c.id, c.issue, c.created_at, c.updated_at, c.error, CASE WHEN c.error IS NOT NULL THEN 'failed'"  \
    " WHEN c.force THEN 'succeeded' WHEN c.state >= 4 THEN 'cancelled' ELSE 'pending' END AS status FROM"                                  \
    " (SELECT x.row, x.number, x.account, x.id, x.issue, x.created_at, x.updated_at, x.state,"                                             \
    " x.approved_version > 0 AND (x.state = 3 OR (x.state = 1 AND x.resting = 3)) AS force,"                                               \
    " (SELECT json_extract(z.errors, '$[0]') FROM edge_policy_errors z WHERE z.policy = x.row ORDER BY z.since LIMIT 1) AS error"          \
    " FROM policies x WHERE x.issue IS NOT NULL) c) n"

static const struct order orders[] = {
    {"CREATED_AT", "i.created_at", SQL_INT},
    {"ID", "i.id", SQL_ID},
    {"PRIORITY", "i.priority", SQL_INT},
    {"TITLE", "i.title", SQL_TEXT},
    {"CLOSED_AT", "COALESCE(i.closed_at, 0)", SQL_INT},
    {"IGNORED_AT", "COALESCE(i.ignored_at, 0)", SQL_INT},
    {"UPDATED_AT", "i.updated_at", SQL_INT},
    {"SERVICE_NAME", "s.name", SQL_TEXT},
    {"TEAM_NAME", "COALESCE((SELECT name FROM teams WHERE row = COALESCE(i.team, s.team)), '')", SQL_TEXT},
    {"EVENTS_PER_HOUR", "i.rate_events", SQL_INT},
    {"SAVINGS", "i.save_cost", SQL_INT},
    {"NUMBER", "i.number", SQL_INT},
};

static const struct predicate predicates[] = {
    {.field = "id", .kind = P_ID, .column = "i.id", .unique = true},
    {.field = "priority", .kind = P_TEXT, .expression = PRIORITY},
    {.field = "severity", .kind = P_TEXT, .expression = PRIORITY},
    {.field = "title", .kind = P_TEXT, .column = "i.title"},
    {.field = "closedAt", .kind = P_TIME, .column = "i.closed_at"},
    {.field = "ignoredAt", .kind = P_TIME, .column = "i.ignored_at"},
    {.field = "createdAt", .kind = P_TIME, .column = "i.created_at"},
    {.field = "updatedAt", .kind = P_TIME, .column = "i.updated_at"},
    {.field = "stage", .kind = P_TEXT, .expression = STAGE},
    {.field = "serviceID", .kind = P_REFERENCE, .column = "i.service", .rows = "SELECT row FROM services WHERE id = ?1"},
    {.field = "serviceName", .kind = P_TEXT, .column = "s.name"},
    {.field = "teamID", .kind = P_REFERENCE, .expression = "COALESCE(i.team, s.team)", .rows = "SELECT row FROM teams WHERE id = ?1"},
    {.field = "logEventID",
     .kind = P_ID,
     .expression = "i.finding IN (SELECT fe.finding FROM finding_events fe WHERE fe.event_id",
     .after = ")"},
    {.field = "findingID", .kind = P_ID, .column = "f.id"},
    {.field = "edgeInstanceID",
     .kind = P_ID,
     .expression = "i.id IN (SELECT x.issue FROM policies x JOIN edge_instance_hours h ON h.policy = x.row"
                   " JOIN edge_instances y ON y.row = h.instance WHERE y.id",
     .after = ")"},
    {.field = "actionable", .kind = P_BOOL, .column = "i.actionable"},
    {.field = "domain", .kind = P_TEXT, .column = "i.domain"},
    {.field = "checkType", .kind = P_TEXT, .column = "i.type"},
    {.field = "checkID", .kind = P_TEXT, .column = "i.check_id"},
};

static const struct predicate cost_predicates[] = {
    {.field = "minUsdPerHour", .kind = P_FLOAT, .expression = "f.cost", .factor = USD_PER_HOUR, .comparison = " >= "},
    {.field = "maxUsdPerHour", .kind = P_FLOAT, .expression = "f.cost", .factor = USD_PER_HOUR, .comparison = " <= "},
};
static const struct entity cost_group = {.predicates = cost_predicates, .predicate_count = LENGTH(cost_predicates)};

static const struct predicate savings_predicates[] = {
    {.field = "minUsdPerHour", .kind = P_FLOAT, .expression = "i.save_cost", .factor = USD_PER_HOUR, .comparison = " >= "},
    {.field = "maxUsdPerHour", .kind = P_FLOAT, .expression = "i.save_cost", .factor = USD_PER_HOUR, .comparison = " <= "},
};
static const struct entity savings_group = {.predicates = savings_predicates, .predicate_count = LENGTH(savings_predicates)};

static const struct predicate finding_predicates[] = {
    {.field = "id", .kind = P_ID, .column = "f.id"},
    {.field = "serviceID", .kind = P_REFERENCE, .column = "f.service", .rows = "SELECT row FROM services WHERE id = ?1"},
    {.field = "checkDomain", .kind = P_TEXT, .column = "i.domain"},
    {.field = "checkType", .kind = P_TEXT, .column = "i.type"},
    {.field = "checkVersion", .kind = P_INT, .column = "f.check_version"},
    {.field = "fingerprint", .kind = P_TEXT, .column = "f.fingerprint"},
    {.field = "status", .kind = P_TEXT, .column = "f.status"},
    {.field = "currentBasis", .kind = P_TEXT, .column = "f.basis"},
    {.field = "closedAt", .kind = P_TIME, .column = "f.closed_at"},
    {.field = "createdAt", .kind = P_TIME, .column = "f.created_at"},
    {.field = "updatedAt", .kind = P_TIME, .column = "f.updated_at"},
};
static const struct entity finding_group = {.predicates = finding_predicates, .predicate_count = LENGTH(finding_predicates)};

static const struct edge issue_edges[] = {
    {"finding", "hasFinding", &finding_group, "(", ")", "1 = 1", false},
    {"issueActions", "hasIssueActions", &entity_issue_action, "EXISTS (SELECT 1 FROM " ACTION_FROM " WHERE n.issue = i.id AND ", ")",
     "EXISTS (SELECT 1 FROM policies x WHERE x.issue = i.id)", false},
    {"logEventPolicies", "hasLogEventPolicies", &entity_policy, "EXISTS (SELECT 1 FROM policies p WHERE p.issue = i.id AND ", ")",
     "EXISTS (SELECT 1 FROM policies x WHERE x.issue = i.id)", false},
    {"cost", NULL, &cost_group, "(", ")", NULL, false},
    {"savings", NULL, &savings_group, "(", ")", NULL, false},
};

const struct entity entity_issue = {
    .type = "Issue",
    .columns = ISSUE_COLUMNS,
    .column_count = ISSUE_COUNT,
    .from = ISSUE_FROM,
    .row = "i.row",
    .account = "i.account",
    .read = issue_read,
    .orders = orders,
    .order_count = LENGTH(orders),
    .predicates = predicates,
    .predicate_count = LENGTH(predicates),
    .edges = issue_edges,
    .edge_count = LENGTH(issue_edges),
};

/* ---- actions ---- */

static void *action_read(struct request_context *x, sqlite3_stmt *st, int column)
{
    struct issue_action *a = arena_alloc(x->arena, sizeof *a);
    if (!a) return NULL;
    *a = (struct issue_action){.row = sqlite3_column_int64(st, column),
                               .number = sqlite3_column_int64(st, column + 1),
                               .id = db_id(st, column + 2),
                               .issue = db_id(st, column + 3),
                               .status = copied(x, st, column + 4),
                               .error = copied(x, st, column + 5),
                               .created = sqlite3_column_int64(st, column + 6),
                               .updated = sqlite3_column_int64(st, column + 7)};
    return a;
}

static const struct order action_orders[] = {{"ID", "n.id", SQL_ID}};
static const struct predicate action_predicates[] = {
    {.field = "id", .kind = P_ID, .column = "n.id", .unique = true},
    {.field = "accountID", .kind = P_ID, .expression = "(SELECT x.id FROM accounts x WHERE x.row = n.account)"},
    {.field = "issueID", .kind = P_ID, .column = "n.issue"},
    {.field = "kind", .kind = P_TEXT, .expression = "'apply_log_event_policy'"},
    {.field = "status", .kind = P_TEXT, .column = "n.status"},
    {.field = "error", .kind = P_TEXT, .column = "n.error"},
    {.field = "createdAt", .kind = P_TIME, .column = "n.created_at"},
    {.field = "updatedAt", .kind = P_TIME, .column = "n.updated_at"},
};
static const struct edge action_edges[] = {
    {"issue", "hasIssue", &entity_issue, "n.issue IN (SELECT i.id FROM " ISSUE_FROM " WHERE i.account = n.account AND ", ")", "1 = 1",
     false},
};
const struct entity entity_issue_action = {
    .type = "IssueAction",
    .columns = "n.row, n.number, n.id, n.issue, n.status, n.error, n.created_at, n.updated_at",
    .column_count = 8,
    .from = ACTION_FROM,
    .row = "n.row",
    .account = "n.account",
    .read = action_read,
    .orders = action_orders,
    .order_count = LENGTH(action_orders),
    .predicates = action_predicates,
    .predicate_count = LENGTH(action_predicates),
    .edges = action_edges,
    .edge_count = LENGTH(action_edges),
};
