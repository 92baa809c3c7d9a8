#include "control-plane/api/where.h"

#include "base/clock.h"

enum operation { EQ, NEQ, IN, NOT_IN, GT, GTE, LT, LTE, CONTAINS, PREFIX, SUFFIX, EQUAL_FOLD, CONTAINS_FOLD, IS_NIL, NOT_NIL };

static const struct {
    const char *suffix;
    enum operation operation;
} suffixes[] = {
    {"", EQ},
    {"NEQ", NEQ},
    {"In", IN},
    {"NotIn", NOT_IN},
    {"GT", GT},
    {"GTE", GTE},
    {"LT", LT},
    {"LTE", LTE},
    {"Contains", CONTAINS},
    {"HasPrefix", PREFIX},
    {"HasSuffix", SUFFIX},
    {"EqualFold", EQUAL_FOLD},
    {"ContainsFold", CONTAINS_FOLD},
    {"IsNil", IS_NIL},
    {"NotNil", NOT_NIL},
};

static const char *const comparisons[] = {
    [EQ] = " = ", [NEQ] = " <> ", [IN] = " IN (", [NOT_IN] = " NOT IN (", [GT] = " > ", [GTE] = " >= ", [LT] = " < ", [LTE] = " <= "};

static const char *const severities[] = {"other", "debug", "info", "warn", "error"};

void where_init(struct where *w, struct request_context *x, struct sql *out)
{
    *w = (struct where){.x = x, .out = out, .facts = {.counted = true, .enabled = -1}};
}

static void refuse(struct where *w, const char *problem)
{
    if (!w->problem) w->problem = problem;
}

static const struct predicate *find_predicate(const struct entity *entity, struct slice name, enum operation *operation)
{
    for (size_t i = 0; i < entity->predicate_count; i++) {
        const struct predicate *p = &entity->predicates[i];
        if (!slice_starts(name, p->field)) continue;
        struct slice rest = slice_of(name.ptr + strlen(p->field), name.len - strlen(p->field));
        for (size_t k = 0; k < sizeof suffixes / sizeof *suffixes; k++) {
            if (!slice_is(rest, suffixes[k].suffix)) continue;
            *operation = suffixes[k].operation;
            return p;
        }
    }
    return NULL;
}

/* ---- values ---- */

static int64_t row_of(struct where *w, const char *select, struct id128 id)
{
    sqlite3_stmt *st = db_prepare(w->x->db, select);
    db_bind(st, "u", id);
    int64_t row = db_step(w->x->db, st) == DB_ROW ? sqlite3_column_int64(st, 0) : -1;
    sqlite3_reset(st);
    return row;
}

static struct sql_value integer(int64_t value) { return (struct sql_value){.type = SQL_INT, .integer = value}; }

static struct sql_value time_value(struct where *w, struct slice text)
{
    int64_t ns = 0;
    if (!clock_parse_rfc3339(text, &ns)) refuse(w, "a Time is RFC 3339 text");
    return integer(ns);
}

static struct sql_value severity_value(struct slice text)
{
    int64_t at = 0;
    while (at < 4 && !slice_is(text, severities[at])) at++;
    return integer(at);
}

static double real_of(const struct gql_value *v) { return v->kind == GQL_V_INT ? (double)v->integer : v->real; }

static struct sql_value convert(struct where *w, const struct predicate *p, const struct gql_value *v)
{
    struct id128 id = {0, 0};
    switch (p->kind) {
    case P_ID:
    case P_REFERENCE:
        if (!id_parse(v->text, &id)) id = (struct id128){0, 0};
        if (p->kind == P_ID) return (struct sql_value){.type = SQL_ID, .id = id};
        return integer(row_of(w, p->rows, id));
    case P_TEXT:
        if (v->text.len > WHERE_TEXT) refuse(w, "a text to compare with has at most 1024 bytes");
        return (struct sql_value){.type = SQL_TEXT, .text = v->text};
    case P_INT: return integer(v->integer);
    case P_FLOAT: return (struct sql_value){.type = SQL_DOUBLE, .real = real_of(v) * (p->factor != 0 ? p->factor : 1)};
    case P_TIME: return time_value(w, v->text);
    case P_BOOL: return integer(v->boolean);
    case P_SEVERITY: return severity_value(v->text);
    }
    return integer(0);
}

/* ---- one predicate ---- */

static void put_column(struct where *w, const struct predicate *p)
{
    if (p->column) sql_text(w->out, SQL_MARK);
    sql_text(w->out, p->column ? p->column : p->expression);
}

/* The text as a LIKE pattern: in the arena, its own wildcards escaped. */
static struct slice like_pattern(struct where *w, struct slice text, bool open_start, bool open_end)
{
    char *out = arena_alloc(w->x->arena, text.len * 2 + 3);
    if (!out) {
        refuse(w, "the filter is too large");
        return SLICE("");
    }
    size_t n = 0;
    if (open_start) out[n++] = '%';
    for (size_t i = 0; i < text.len; i++) {
        if (strchr("%_\\", text.ptr[i]) && text.ptr[i]) out[n++] = '\\';
        out[n++] = text.ptr[i];
    }
    if (open_end) out[n++] = '%';
    return slice_of(out, n);
}

static void put_text_value(struct where *w, struct slice text) { sql_value(w->out, (struct sql_value){.type = SQL_TEXT, .text = text}); }

static void put_like(struct where *w, const struct predicate *p, struct slice pattern)
{
    put_column(w, p);
    sql_text(w->out, " LIKE ");
    put_text_value(w, pattern);
    sql_text(w->out, " ESCAPE '\\'");
}

static void put_substring(struct where *w, const struct predicate *p, const char *range, struct slice text)
{
    sql_text(w->out, "substr(");
    put_column(w, p);
    sql_text(w->out, range);
    put_text_value(w, text);
    sql_text(w->out, ")) = ");
    put_text_value(w, text);
}

static void put_text(struct where *w, const struct predicate *p, enum operation operation, struct slice text)
{
    if (text.len > WHERE_TEXT) refuse(w, "a text to compare with has at most 1024 bytes");
    if (w->problem) return;
    switch (operation) {
    case CONTAINS:
        sql_text(w->out, "instr(");
        put_column(w, p);
        sql_text(w->out, ", ");
        put_text_value(w, text);
        sql_text(w->out, ") > 0");
        break;
    case PREFIX: put_substring(w, p, ", 1, length(", text); break;
    case SUFFIX: text.len ? put_substring(w, p, ", -length(", text) : sql_text(w->out, "1 = 1"); break;
    case EQUAL_FOLD: put_like(w, p, like_pattern(w, text, false, false)); break;
    default: put_like(w, p, like_pattern(w, text, true, true)); break;
    }
}

static void put_list(struct where *w, const struct predicate *p, enum operation operation, const struct gql_value *list)
{
    if (list->list.count == 0) {
        sql_text(w->out, operation == IN ? "1 = 0" : "1 = 1");
        return;
    }
    put_column(w, p);
    sql_text(w->out, comparisons[operation]);
    for (size_t i = 0; i < list->list.count && !w->problem && !w->out->full; i++) {
        if (i) sql_text(w->out, ", ");
        sql_value(w->out, convert(w, p, &list->list.items[i]));
    }
    sql_text(w->out, ")");
    if (p->after) sql_text(w->out, p->after);
}

static void put_predicate(struct where *w, const struct predicate *p, enum operation operation, const struct gql_value *v)
{
    switch (operation) {
    case IS_NIL:
    case NOT_NIL:
        put_column(w, p);
        sql_text(w->out, (operation == IS_NIL) == v->boolean ? " IS NULL" : " IS NOT NULL");
        break;
    case CONTAINS:
    case PREFIX:
    case SUFFIX:
    case EQUAL_FOLD:
    case CONTAINS_FOLD: put_text(w, p, operation, v->text); break;
    case IN:
    case NOT_IN: put_list(w, p, operation, v); break;
    default:
        put_column(w, p);
        sql_text(w->out, p->comparison ? p->comparison : comparisons[operation]);
        sql_value(w->out, convert(w, p, v));
        if (p->after) sql_text(w->out, p->after);
    }
}

/* ---- the tree ---- */

struct level {
    const struct entity *entity;
    unsigned depth;
    bool conjunct; /* what is written here must hold */
    bool inside;   /* a related type's predicates: not about the listed rows */
};

/* ---- facts ---- */

static void learn_service(struct where *w, const struct level *level, enum operation operation)
{
    struct filter_facts *f = &w->facts;
    f->by_service = true;
    if (!level->conjunct || operation != EQ || w->out->count == 0) return;
    int64_t row = w->out->values[w->out->count - 1].integer;
    f->service = f->service == 0 || f->service == row ? row : -1;
}

static void learn_enabled(struct where *w, const struct level *level, enum operation operation, bool value)
{
    int enabled = value == (operation == EQ);
    if (!level->conjunct || (w->facts.enabled >= 0 && w->facts.enabled != enabled)) w->facts.other = true;
    else w->facts.enabled = enabled;
}

/* After the predicate was written. */
static void learn(struct where *w, const struct level *level, const struct predicate *p, enum operation operation,
                  const struct gql_value *v)
{
    if (level->inside) return;
    if (!p->counted) w->facts.counted = false;
    if (p->kind == P_REFERENCE && p->counted) learn_service(w, level, operation);
    if (p->unique && level->conjunct && (operation == EQ || operation == IN)) w->facts.selective = true;
    if (strcmp(p->field, "enabled") == 0) learn_enabled(w, level, operation, v->boolean);
    else w->facts.other = true;
}

static void learn_edge(struct where *w, const struct level *level, const struct edge *edge)
{
    w->facts.any = true;
    if (level->inside) return;
    w->facts.other = true;
    if (edge->counted) w->facts.by_service = true;
    else w->facts.counted = false;
}

/* ---- writing ---- */

static void put_input(struct where *w, struct level level, const struct gql_value *input);

static void put_group(struct where *w, struct level level, const struct gql_value *list, bool all)
{
    if (list->list.count == 0) return;
    w->facts.any = true;
    sql_text(w->out, " AND (");
    level.conjunct = level.conjunct && (all || list->list.count == 1);
    for (size_t i = 0; i < list->list.count; i++) {
        sql_text(w->out, i == 0 ? "(1 = 1" : all ? " AND (1 = 1" : " OR (1 = 1");
        put_input(w, level, &list->list.items[i]);
        sql_text(w->out, ")");
    }
    sql_text(w->out, ")");
}

static void put_not(struct where *w, struct level level, const struct gql_value *input)
{
    level.conjunct = false;
    w->facts.any = true;
    sql_text(w->out, " AND NOT (1 = 1");
    put_input(w, level, input);
    sql_text(w->out, ")");
}

static void put_edge(struct where *w, struct level level, const struct edge *edge, const struct gql_value *input)
{
    learn_edge(w, &level, edge);
    level.entity = edge->entity;
    level.conjunct = false;
    level.inside = true;
    sql_text(w->out, " AND ");
    sql_text(w->out, edge->before);
    sql_text(w->out, "(1 = 1");
    put_input(w, level, input);
    sql_text(w->out, ")");
    sql_text(w->out, edge->after);
}

static bool put_edges(struct where *w, struct level level, const struct gql_entry *entry)
{
    for (size_t i = 0; i < level.entity->edge_count; i++) {
        const struct edge *edge = &level.entity->edges[i];
        if (slice_is(entry->name, edge->field)) {
            put_edge(w, level, edge, &entry->value);
            return true;
        }
        if (edge->has && slice_is(entry->name, edge->has)) {
            learn_edge(w, &level, edge);
            sql_text(w->out, entry->value.boolean ? " AND (" : " AND NOT (");
            sql_text(w->out, edge->present);
            sql_text(w->out, ")");
            return true;
        }
    }
    return false;
}

static void put_entry(struct where *w, struct level level, const struct gql_entry *entry)
{
    enum operation operation;
    const struct gql_value *v = &entry->value;
    if (v->kind == GQL_V_NULL) return;
    if (slice_is(entry->name, "and") || slice_is(entry->name, "or")) {
        put_group(w, level, v, slice_is(entry->name, "and"));
        return;
    }
    if (slice_is(entry->name, "not")) {
        put_not(w, level, v);
        return;
    }
    if (put_edges(w, level, entry)) return;
    const struct predicate *p = find_predicate(level.entity, entry->name, &operation);
    if (!p) {
        refuse(w, "this predicate is not available");
        return;
    }
    w->facts.any = true;
    sql_text(w->out, " AND ");
    put_predicate(w, p, operation, v);
    learn(w, &level, p, operation, v);
}

static void put_input(struct where *w, struct level level, const struct gql_value *input)
{
    if (++level.depth > WHERE_DEPTH) {
        refuse(w, "a filter nests at most 8 levels");
        return;
    }
    if (input->kind != GQL_V_OBJECT) return;
    for (size_t i = 0; i < input->object.count && !w->problem && !w->out->full; i++) put_entry(w, level, &input->object.entries[i]);
}

void where_add(struct where *w, const struct entity *entity, const struct gql_value *input)
{
    if (!input || input->kind == GQL_V_NULL) return;
    put_input(w, (struct level){.entity = entity, .conjunct = true}, input);
    if (w->out->full) refuse(w, "the filter is too large");
}
