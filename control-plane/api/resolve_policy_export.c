/* Policies as files: one YAML or JSON file, or the folder ".tero" with a file a policy. */
#include "control-plane/api/items.h"
#include "control-plane/api/leaves.h"
#include "control-plane/api/policy_rows.h"
#include "control-plane/api/where.h"

#include <stdlib.h>

enum { EXPORT_MAX = 10000, EXPORT_TEXT = 12 * 1024 * 1024, FILE_TEXT = 512 * 1024 };

struct file {
    struct slice path, text;
};

/* One policy that is exported; the content keeps pointers into itself. */
struct exported {
    struct content content;
    bool in_force;
};

struct export
{
    struct request_context *x;
    struct exported **all;
    size_t count;
};

/* ---- which ---- */

static bool put_filter(struct gql_call *call, struct sql *q)
{
    struct where w;
    where_init(&w, context_of(call), q);
    where_add(&w, &entity_policy, gql_arg(call, "where"));
    if (w.problem) gql_fail(call, "BAD_USER_INPUT", "where: %s", w.problem);
    return !w.problem;
}

static void add(struct export *e, struct slice text, bool in_force)
{
    struct exported *one = calloc(1, sizeof *one);
    if (!one) return;
    if (content_load(&one->content, text)) {
        one->in_force = in_force;
        one->content.policy.enabled = in_force;
        e->all[e->count++] = one;
        return;
    }
    content_free(&one->content);
    free(one);
}

/* The version in force where there is one, else the one shown; without a filter only what is in force. */
static bool read(struct gql_call *call, struct export *e)
{
    struct sql q;
    const struct gql_value *where = gql_arg(call, "where");
    bool all = where && where->kind != GQL_V_NULL;
    sql_init(&q);
    sql_text(&q, "SELECT v.text, p.approved_version > 0 AND (p.state = 3 OR (p.state = 1 AND p.resting = 3)) AS force FROM policies p"
                 " JOIN policy_versions v ON v.policy = p.row AND v.version = CASE WHEN p.approved_version > 0 AND (p.state = 3 OR"
                 " (p.state = 1 AND p.resting = 3)) THEN p.approved_version ELSE p.version END WHERE p.account = ");
    sql_int(&q, e->x->account_row);
    if (!all) sql_text(&q, " AND p.approved_version > 0 AND (p.state = 3 OR (p.state = 1 AND p.resting = 3))");
    bool ok = put_filter(call, &q);
    sql_text(&q, " ORDER BY p.wire_id LIMIT ");
    sql_int(&q, EXPORT_MAX);
    sql_mark(&q, false);
    e->all = arena_alloc(e->x->arena, EXPORT_MAX * sizeof(struct exported *));
    if (ok && (!e->all || q.full)) ok = (gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory"), false);
    sqlite3_stmt *st = ok ? sql_prepare(e->x->db, &q) : NULL;
    while (st && db_step(e->x->db, st) == DB_ROW) add(e, db_text(st, 0), sqlite3_column_int(st, 1) != 0);
    if (st) sqlite3_reset(st);
    sql_free(&q);
    return ok;
}

static void export_free(struct export *e)
{
    for (size_t i = 0; i < e->count; i++) {
        content_free(&e->all[i]->content);
        free(e->all[i]);
    }
}

/* ---- as what ---- */

static void put_file(struct export *e, struct items *files, struct slice path, const struct buf *text)
{
    struct file *f = text->full ? NULL : items_add(files);
    if (f) *f = (struct file){arena_slice(e->x, path), arena_buf(e->x, text)};
    else files->full = true;
}

static void write_whole(struct export *e, struct items *files, bool json)
{
    struct buf text;
    const struct policy **policies = arena_alloc(e->x->arena, (e->count + 1) * sizeof *policies);
    if (!policies) {
        files->full = true;
        return;
    }
    for (size_t i = 0; i < e->count; i++) policies[i] = &e->all[i]->content.policy;
    buf_init(&text, EXPORT_TEXT);
    if (json) policy_write_authoring_json(&text, policies, e->count);
    else policy_write_yaml(&text, policies, e->count);
    put_file(e, files, json ? SLICE("policies.json") : SLICE("policies.yaml"), &text);
    buf_free(&text);
}

static void write_path(struct buf *path, const struct policy *p)
{
    buf_printf(path, ".tero/policies/%s/", policy_signal_name(p->signal));
    for (size_t i = 0; i < p->id.len; i++) {
        char c = p->id.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        bool dot = c == '.' && i > 0;
        if (plain || dot) buf_char(path, c);
        else buf_printf(path, "%%%02X", (unsigned char)c);
    }
    buf_str(path, ".yaml");
}

static void write_folder(struct export *e, struct items *files)
{
    struct buf path, text;
    buf_init(&path, 4096);
    buf_init(&text, FILE_TEXT);
    for (size_t i = 0; i < e->count; i++) {
        const struct policy *p = &e->all[i]->content.policy;
        buf_clear(&path);
        buf_clear(&text);
        write_path(&path, p);
        policy_write_yaml(&text, &p, 1);
        put_file(e, files, buf_view(&path), &text);
    }
    buf_free(&path);
    buf_free(&text);
}

static void export_policies(struct gql_call *call)
{
    struct export e = {.x = context_of(call)};
    struct slice format = optional_text(gql_arg(call, "format"));
    struct items *files = items_new(call, sizeof(struct file));
    if (!files) return;
    if (read(call, &e)) {
        if (slice_is(format, "TERO_FOLDER")) write_folder(&e, files);
        else write_whole(&e, files, slice_is(format, "JSON"));
        items_answer(call, files);
    }
    export_free(&e);
}

static void path(struct gql_call *call) { gql_string(call, ((const struct file *)gql_parent(call))->path); }
static void text(struct gql_call *call) { gql_string(call, ((const struct file *)gql_parent(call))->text); }

const struct gql_binding policy_export_bindings[] = {
    {"Query", "exportPolicies", export_policies},
    {"PolicyFile", "path", path},
    {"PolicyFile", "text", text},
    {NULL, NULL, NULL},
};
