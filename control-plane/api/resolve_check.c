/* Checks: the table of control-plane/checks with what the account set and what was found. */
#include "control-plane/api/connection.h"
#include "control-plane/api/issue_rows.h"
#include "control-plane/api/items.h"
#include "control-plane/api/leaves.h"
#include "control-plane/api/resolvers.h"

#include <stdlib.h>
#include <strings.h>

struct posture {
    int64_t open, pending, escalated, issues, services, observed;
    struct measured now, saved;
};

/* ---- posture ---- */

static bool read_findings(struct request_context *x, const struct check *c, struct posture *p)
{
    sqlite3_stmt *st = db_prepare(x->db, "SELECT COUNT(*), COUNT(CASE WHEN status = 'pending' THEN 1 END),"
                                         " COUNT(CASE WHEN status = 'escalated' THEN 1 END), COUNT(DISTINCT service), MAX(observed_at),"
                                         " SUM(rate_events), SUM(rate_bytes), SUM(cost), SUM(save_events), SUM(save_bytes), SUM(save_cost)"
                                         " FROM findings WHERE account = ?1 AND check_id = ?2 AND status IN ('pending', 'escalated')");
    db_bind(st, "it", x->account_row, slice_str(c->id));
    int64_t *const to[] = {
        &p->open,           &p->pending,  &p->escalated,         &p->services,         &p->observed,  &p->now.rate_events,
        &p->now.rate_bytes, &p->now.cost, &p->saved.rate_events, &p->saved.rate_bytes, &p->saved.cost};
    enum db_step step = db_step(x->db, st);
    for (int i = 0; step == DB_ROW && i < 11; i++) *to[i] = sqlite3_column_int64(st, i);
    sqlite3_reset(st);
    return step == DB_ROW;
}

static struct posture *posture_of(struct request_context *x, const struct check *c)
{
    struct posture *p = arena_zero(x->arena, sizeof *p);
    if (!p || !read_findings(x, c, p)) return NULL;
    sqlite3_stmt *st = db_prepare(x->db, "SELECT COUNT(*) FROM issues WHERE account = ?1 AND check_id = ?2 AND closed_at IS NULL"
                                         " AND ignored_at IS NULL");
    db_bind(st, "it", x->account_row, slice_str(c->id));
    if (db_step(x->db, st) == DB_ROW) p->issues = sqlite3_column_int64(st, 0);
    sqlite3_reset(st);
    return p;
}

static void posture(struct gql_call *call)
{
    struct posture *p = posture_of(context_of(call), gql_parent(call));
    if (p) gql_object(call, p);
    else gql_fail(call, "INTERNAL", "the store could not be read");
}

static const struct posture *of(struct gql_call *call) { return gql_parent(call); }
static void open_findings(struct gql_call *call) { gql_int(call, of(call)->open); }
static void pending(struct gql_call *call) { gql_int(call, of(call)->pending); }
static void escalated(struct gql_call *call) { gql_int(call, of(call)->escalated); }
static void active_issues(struct gql_call *call) { gql_int(call, of(call)->issues); }
static void services(struct gql_call *call) { gql_int(call, of(call)->services); }
static void current(struct gql_call *call) { measures_answer(call, (struct measures){.measured = &of(call)->now}); }
static void savings(struct gql_call *call) { measures_answer(call, (struct measures){.measured = &of(call)->saved}); }

static void observed(struct gql_call *call)
{
    if (of(call)->observed) gql_time(call, of(call)->observed);
    else gql_null(call);
}

/* ---- fields ---- */

static const struct check *check(struct gql_call *call) { return gql_parent(call); }
static void id(struct gql_call *call) { gql_string(call, slice_str(check(call)->id)); }
static void domain(struct gql_call *call) { gql_string(call, slice_str(check(call)->domain)); }
static void type(struct gql_call *call) { gql_string(call, slice_str(check(call)->type)); }
static void name(struct gql_call *call) { gql_string(call, slice_str(check(call)->name)); }
static void description(struct gql_call *call) { gql_string(call, slice_str(check(call)->description)); }
static void version(struct gql_call *call) { gql_int(call, check(call)->version); }
static void available(struct gql_call *call) { gql_bool(call, check(call)->unavailable == NULL); }
static void unavailable(struct gql_call *call) { leaf_optional(call, slice_str(check(call)->unavailable)); }

static void category(struct gql_call *call)
{
    struct slice c = slice_str(check(call)->category);
    leaf_optional(call, c.len ? c : slice_of(NULL, 0));
}

static void enabled(struct gql_call *call)
{
    struct request_context *x = context_of(call);
    gql_bool(call, check_value(x->db, x->account_row, check(call), "enabled") > 0);
}

static void last_run(struct gql_call *call)
{
    struct request_context *x = context_of(call);
    const struct check *c = check(call);
    bool runs = !c->unavailable && check_value(x->db, x->account_row, c, "enabled") > 0;
    sqlite3_stmt *st = db_prepare(x->db, "SELECT MAX(looked_at) FROM check_marks WHERE account = ?1");
    db_bind(st, "i", x->account_row);
    int64_t at = runs && db_step(x->db, st) == DB_ROW ? sqlite3_column_int64(st, 0) : 0;
    sqlite3_reset(st);
    if (at) gql_time(call, at);
    else gql_null(call);
}

struct limit {
    const struct check_threshold *threshold;
    double value;
};

static void thresholds(struct gql_call *call)
{
    struct request_context *x = context_of(call);
    struct items *l = items_new(call, sizeof(struct limit));
    const struct check *c = check(call);
    for (size_t i = 0; l && i < CHECK_THRESHOLDS && c->thresholds[i].name; i++) {
        struct limit *t = items_add(l);
        if (t) *t = (struct limit){&c->thresholds[i], check_value(x->db, x->account_row, c, c->thresholds[i].name)};
    }
    if (l) items_answer(call, l);
}

static const struct limit *limit(struct gql_call *call) { return gql_parent(call); }
static void limit_name(struct gql_call *call) { gql_string(call, slice_str(limit(call)->threshold->name)); }
static void limit_meaning(struct gql_call *call) { gql_string(call, slice_str(limit(call)->threshold->meaning)); }
static void limit_value(struct gql_call *call) { gql_float(call, limit(call)->value); }
static void limit_default(struct gql_call *call) { gql_float(call, limit(call)->threshold->value); }
static void limit_least(struct gql_call *call) { gql_float(call, limit(call)->threshold->least); }
static void limit_most(struct gql_call *call) { gql_float(call, limit(call)->threshold->most); }

/* ---- one ---- */

static void one(struct gql_call *call)
{
    const struct gql_value *v = gql_arg(call, "id");
    gql_object(call, (void *)(uintptr_t)check_find(v->text));
}

/* ---- the list: short, in memory ---- */

static const struct order orders[] = {
    {"NAME", "", SQL_TEXT},
    {"DOMAIN", "", SQL_TEXT},
    {"OPEN_FINDING_COUNT", "", SQL_INT},
    {"ACTIVE_ISSUE_COUNT", "", SQL_INT},
    {"AFFECTED_SERVICE_COUNT", "", SQL_INT},
    {"LATEST_OBSERVED_AT", "", SQL_INT},
    {"CURRENT_COST", "", SQL_INT},
};
const struct entity entity_check = {.type = "Kind", .orders = orders, .order_count = sizeof orders / sizeof *orders};

struct entry {
    const struct check *check;
    struct place place;
};

static struct sql_value value_of(struct request_context *x, const struct check *c, size_t order)
{
    if (order == 0) return (struct sql_value){.type = SQL_TEXT, .text = slice_str(c->name)};
    if (order == 1) return (struct sql_value){.type = SQL_TEXT, .text = slice_str(c->domain)};
    const struct posture *p = posture_of(x, c);
    int64_t n = 0;
    if (p) n = order == 2 ? p->open : order == 3 ? p->issues : order == 4 ? p->services : order == 5 ? p->observed : p->now.cost;
    return (struct sql_value){.type = SQL_INT, .integer = n};
}

static int compare_places(const struct place *a, const struct place *b)
{
    int order = 0;
    if (a->value.type == SQL_INT) order = a->value.integer < b->value.integer ? -1 : a->value.integer > b->value.integer;
    else {
        size_t n = a->value.text.len < b->value.text.len ? a->value.text.len : b->value.text.len;
        order = memcmp(a->value.text.ptr, b->value.text.ptr, n);
        if (order == 0 && a->value.text.len != b->value.text.len) order = a->value.text.len < b->value.text.len ? -1 : 1;
    }
    return order ? order : a->row < b->row ? -1 : a->row > b->row;
}

static int ascending(const void *a, const void *b)
{
    return compare_places(&((const struct entry *)a)->place, &((const struct entry *)b)->place);
}
static int descending(const void *a, const void *b) { return ascending(b, a); }

static bool given(const struct gql_value *v) { return v && v->kind != GQL_V_NULL; }

static bool contains_fold(const char *text, struct slice wanted)
{
    for (; *text; text++)
        if (strncasecmp(text, wanted.ptr, wanted.len) == 0) return true;
    return wanted.len == 0;
}

static bool passes(const struct check *c, const struct gql_value *where);

static bool passes_list(const struct check *c, const struct gql_value *list, bool all)
{
    for (size_t i = 0; i < list->list.count; i++)
        if (passes(c, &list->list.items[i]) != all) return !all;
    return all || list->list.count == 0;
}

static bool passes_id(const struct check *c, const struct gql_value *list)
{
    for (size_t i = 0; i < list->list.count; i++)
        if (slice_is(list->list.items[i].text, c->id)) return true;
    return false;
}

static bool passes_entry(const struct check *c, const struct gql_entry *e)
{
    const struct gql_value *v = &e->value;
    if (v->kind == GQL_V_NULL) return true;
    if (slice_is(e->name, "and") || slice_is(e->name, "or")) return passes_list(c, v, slice_is(e->name, "and"));
    if (slice_is(e->name, "not")) return !passes(c, v);
    if (slice_is(e->name, "id")) return slice_is(v->text, c->id);
    if (slice_is(e->name, "idIn")) return passes_id(c, v);
    if (slice_is(e->name, "domain")) return slice_is(v->text, c->domain);
    if (slice_is(e->name, "type")) return slice_is(v->text, c->type);
    if (slice_is(e->name, "category")) return slice_is(v->text, c->category);
    return contains_fold(c->name, v->text) || contains_fold(c->description, v->text) || contains_fold(c->id, v->text);
}

static bool passes(const struct check *c, const struct gql_value *where)
{
    for (size_t i = 0; given(where) && i < where->object.count; i++)
        if (!passes_entry(c, &where->object.entries[i])) return false;
    return true;
}

struct check_page {
    size_t size, count;
    bool backward, down;
    struct place after, before;
    bool has_after, has_before;
    struct entry *entries;
};

static bool read_cursor(struct gql_call *call, const struct order *order, const char *name, struct place *place, bool *has)
{
    const struct gql_value *v = gql_arg(call, name);
    *has = given(v);
    if (!*has || cursor_read(gql_arena(call), &entity_check, order, NULL, v->text, place)) return true;
    return gql_fail(call, "BAD_USER_INPUT", "%s: not a cursor of this list and order", name), false;
}

static bool read_page(struct gql_call *call, const struct order **order, struct check_page *p)
{
    const struct gql_value *first = gql_arg(call, "first"), *last = gql_arg(call, "last"), *by = gql_arg(call, "orderBy");
    const struct gql_value *size = given(first) ? first : last;
    int64_t n = given(size) ? size->integer : PAGE_DEFAULT;
    if ((given(first) && given(last)) || n < 0 || n > PAGE_MAX)
        return gql_fail(call, "BAD_USER_INPUT", "a page has 0 to %d rows, by first or by last", PAGE_MAX), false;
    p->size = (size_t)n;
    p->backward = given(last) || (!given(first) && given(gql_arg(call, "before")));
    *order = &orders[0];
    if (given(by)) {
        const struct gql_value *field = gql_entry(by, "field"), *direction = gql_entry(by, "direction");
        for (size_t i = 0; given(field) && i < entity_check.order_count; i++)
            if (slice_is(field->text, orders[i].name)) *order = &orders[i];
        p->down = given(direction) && slice_is(direction->text, "DESC");
    }
    return read_cursor(call, *order, "after", &p->after, &p->has_after) && read_cursor(call, *order, "before", &p->before, &p->has_before);
}

static bool within(const struct check_page *p, const struct place *at)
{
    int sign = p->down ? -1 : 1;
    return (!p->has_after || sign * compare_places(at, &p->after) > 0) && (!p->has_before || sign * compare_places(at, &p->before) < 0);
}

static void cut_page(struct connection *c, struct check_page *p)
{
    size_t from = 0, to = p->count;
    while (from < to && !within(p, &p->entries[from].place)) from++;
    while (to > from && !within(p, &p->entries[to - 1].place)) to--;
    if (to - from > p->size) *(p->backward ? &from : &to) = p->backward ? to - p->size : from + p->size;
    c->has_previous = from > 0;
    c->has_next = to < p->count;
    for (size_t i = from; i < to; i++, c->count++) {
        c->rows[c->count] = (void *)(uintptr_t)p->entries[i].check;
        c->places[c->count] = p->entries[i].place;
    }
}

static void list(struct gql_call *call)
{
    struct request_context *x = context_of(call);
    struct check_page p = {.size = 0};
    struct connection *c = arena_zero(x->arena, sizeof *c);
    const struct order *order;
    if (!read_page(call, &order, &p)) return;
    p.entries = arena_zero(x->arena, check_count * sizeof *p.entries);
    if (c) c->rows = arena_alloc(x->arena, check_count * sizeof *c->rows);
    if (c) c->places = arena_alloc(x->arena, check_count * sizeof *c->places);
    if (!c || !p.entries || !c->rows || !c->places) {
        gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
        return;
    }
    for (size_t i = 0; i < check_count; i++) {
        if (!passes(&checks[i], gql_arg(call, "where"))) continue;
        struct place place = {.value = value_of(x, &checks[i], (size_t)(order - orders)), .row = (int64_t)i + 1};
        p.entries[p.count++] = (struct entry){&checks[i], place};
    }
    qsort(p.entries, p.count, sizeof *p.entries, p.down ? descending : ascending);
    c->x = x;
    c->entity = &entity_check;
    c->order = order;
    c->total = (int64_t)p.count;
    cut_page(c, &p);
    gql_object(call, c);
}

/* ---- facets ---- */

static void itself(struct gql_call *call) { gql_object(call, gql_parent(call)); }

struct domain_bucket {
    const char *value;
    int64_t count;
};

static void domains(struct gql_call *call)
{
    struct items *l = items_new(call, sizeof(struct domain_bucket));
    static const char *const names[] = {"cost", "compliance"};
    for (size_t i = 0; l && i < 2; i++) {
        struct domain_bucket *b = items_add(l);
        if (!b) break;
        b->value = names[i];
        for (size_t k = 0; k < check_count; k++) b->count += strcmp(checks[k].domain, names[i]) == 0;
    }
    if (l) gql_object(call, l);
}

static void buckets(struct gql_call *call) { items_answer(call, gql_parent(call)); }
static void bucket_value(struct gql_call *call) { gql_string(call, slice_str(((struct domain_bucket *)gql_parent(call))->value)); }
static void bucket_count(struct gql_call *call) { gql_int(call, ((struct domain_bucket *)gql_parent(call))->count); }

const struct gql_binding check_bindings[] = {
    {"Query", "check", one},
    {"Query", "checks", list},
    {"Check", "id", id},
    {"Check", "domain", domain},
    {"Check", "type", type},
    {"Check", "name", name},
    {"Check", "description", description},
    {"Check", "posture", posture},
    {"Check", "category", category},
    {"Check", "version", version},
    {"Check", "enabled", enabled},
    {"Check", "available", available},
    {"Check", "unavailableReason", unavailable},
    {"Check", "thresholds", thresholds},
    {"Check", "lastRunAt", last_run},
    {"CheckThreshold", "name", limit_name},
    {"CheckThreshold", "meaning", limit_meaning},
    {"CheckThreshold", "value", limit_value},
    {"CheckThreshold", "default", limit_default},
    {"CheckThreshold", "least", limit_least},
    {"CheckThreshold", "most", limit_most},
    {"CheckPosture", "openFindingCount", open_findings},
    {"CheckPosture", "pendingFindingCount", pending},
    {"CheckPosture", "escalatedFindingCount", escalated},
    {"CheckPosture", "activeIssueCount", active_issues},
    {"CheckPosture", "affectedServiceCount", services},
    {"CheckPosture", "latestObservedAt", observed},
    {"CheckPosture", "current", current},
    {"CheckPosture", "previewSavings", savings},
    {"CheckConnection", "facets", itself},
    {"CheckFacets", "domains", domains},
    {"CheckDomainFacet", "buckets", buckets},
    {"CheckDomainFacetBucket", "value", bucket_value},
    {"CheckDomainFacetBucket", "count", bucket_count},
    {NULL, NULL, NULL},
};
