#include "control-plane/api/change.h"

#include "base/json_write.h"
#include "base/utf8.h"
#include "control-plane/store/audit.h"

enum { NAME_MAX_CHARACTERS = 100, AUDIT_MAX = 64 * 1024 };

bool change_begin(struct change *c, struct gql_call *call)
{
    struct request_context *x = gql_user(call);
    *c = (struct change){.x = x, .call = call};
    if (!x->may_write || !x->mutation) {
        gql_fail(call, "FORBIDDEN", "%s may not change anything here", x->viewer);
        return false;
    }
    buf_init(&c->before, AUDIT_MAX);
    buf_init(&c->after, AUDIT_MAX);
    c->ok = db_run(x->db, db_prepare(x->db, "SAVEPOINT change"));
    return true;
}

void change_run(struct change *c, sqlite3_stmt *st)
{
    if (c->ok) c->ok = db_run(c->x->db, st);
}

static void key(struct buf *json, const char *name)
{
    buf_char(json, json->len ? ',' : '{');
    json_write_string(json, slice_str(name));
    buf_char(json, ':');
}

void change_field(struct buf *json, const char *name, struct slice text)
{
    key(json, name);
    if (text.ptr) json_write_string(json, text);
    else buf_str(json, "null");
}

void change_bool(struct buf *json, const char *name, bool value)
{
    key(json, name);
    buf_str(json, value ? "true" : "false");
}

void change_number(struct buf *json, const char *name, int64_t value)
{
    key(json, name);
    buf_i64(json, value);
}

static void write_audit(struct change *c, const char *action, const char *type, struct id128 id)
{
    if (c->before.len) buf_char(&c->before, '}');
    if (c->after.len) buf_char(&c->after, '}');
    c->ok = c->ok && !c->before.full && !c->after.full;
    if (!c->ok) return;
    struct request_context *x = c->x;
    struct audit_entry entry = {.at_ns = x->now_ns,
                                .account = x->account_row,
                                .actor = slice_str(x->viewer),
                                .action = action,
                                .type = type,
                                .object = id,
                                .before = buf_view(&c->before),
                                .after = buf_view(&c->after),
                                .reason = c->reason};
    c->ok = audit_write(x->db, &entry);
}

bool change_end(struct change *c, const char *action, const char *type, struct id128 id)
{
    struct db *db = c->x->db;
    write_audit(c, action, type, id);
    if (!c->ok) {
        c->x->failed = true;
        if (!sqlite3_get_autocommit(db_handle(db))) db_run(db, db_prepare(db, "ROLLBACK TO change"));
        gql_fail(c->call, "INTERNAL", "the change could not be stored");
    }
    if (!sqlite3_get_autocommit(db_handle(db))) db_run(db, db_prepare(db, "RELEASE change"));
    buf_free(&c->before);
    buf_free(&c->after);
    return c->ok;
}

void change_cancel(struct change *c)
{
    db_run(c->x->db, db_prepare(c->x->db, "RELEASE change"));
    buf_free(&c->before);
    buf_free(&c->after);
}

static struct slice trimmed(struct slice s)
{
    while (s.len && strchr(" \t\r\n", s.ptr[0])) s = slice_of(s.ptr + 1, s.len - 1);
    while (s.len && strchr(" \t\r\n", s.ptr[s.len - 1])) s.len--;
    return s;
}

bool change_name(struct gql_call *call, const char *what, const struct gql_value *v, struct slice *name)
{
    *name = trimmed(v->text);
    size_t characters = 0;
    bool fit = name->len > 0 && utf8_valid(*name);
    for (size_t at = 0; fit && at < name->len; characters++) fit = !utf8_unsafe(utf8_next(*name, &at));
    if (fit && characters <= NAME_MAX_CHARACTERS) return true;
    gql_fail(call, "BAD_USER_INPUT", "%s: 1 to %d printable characters", what, NAME_MAX_CHARACTERS);
    return false;
}
