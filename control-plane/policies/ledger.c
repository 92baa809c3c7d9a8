#include "control-plane/policies/ledger.h"

#include "control-plane/store/audit.h"

#include <stdio.h>

enum { AUDIT_MAX = 1024 };

static bool is_zero(struct id128 id) { return !id.hi && !id.lo; }

static void copy(char *out, size_t size, struct slice text)
{
    size_t n = text.len < size - 1 ? text.len : size - 1;
    memcpy(out, text.ptr, n);
    out[n] = '\0';
}

static void bind_optional_text(sqlite3_stmt *st, int at, struct slice text)
{
    if (text.len == 0) sqlite3_bind_null(st, at);
}

static void bind_optional_id(sqlite3_stmt *st, int at, struct id128 id)
{
    if (is_zero(id)) sqlite3_bind_null(st, at);
}

/* ---- reading ---- */

static void read_record(sqlite3_stmt *st, struct policy_record *r)
{
    *r = (struct policy_record){
        .row = sqlite3_column_int64(st, 0),
        .id = db_id(st, 1),
        .number = sqlite3_column_int64(st, 2),
        .standing = {.state = (enum policy_state)sqlite3_column_int(st, 3),
                     .resting = (enum policy_state)sqlite3_column_int(st, 4),
                     .version = sqlite3_column_int64(st, 5),
                     .last_version = sqlite3_column_int64(st, 6),
                     .approved_version = sqlite3_column_int64(st, 7)},
        .supersedes = db_id(st, 10),
        .issue = db_id(st, 11),
        .log_event = db_id(st, 12),
        .risk = (enum policy_risk)sqlite3_column_int(st, 14),
    };
    copy(r->category, sizeof r->category, db_text(st, 13));
    copy(r->hash, sizeof r->hash, db_text(st, 8));
    copy(r->requester, sizeof r->requester, db_text(st, 9));
}

bool ledger_find(struct db *db, int64_t account, struct id128 id, struct policy_record *r)
{
    sqlite3_stmt *st = db_prepare(db, "SELECT row, id, number, state, resting, version, last_version, approved_version, hash, requester,"
                                      " supersedes, issue, log_event, category, risk FROM policies WHERE account = ?1 AND id = ?2");
    db_bind(st, "iu", account, id);
    bool found = db_step(db, st) == DB_ROW;
    if (found) read_record(st, r);
    sqlite3_reset(st);
    return found;
}

int64_t ledger_wire_id(struct db *db, int64_t account, struct slice wire_id)
{
    sqlite3_stmt *st = db_prepare(db, "SELECT row FROM policies WHERE account = ?1 AND wire_id = ?2");
    db_bind(st, "it", account, wire_id);
    int64_t row = db_step(db, st) == DB_ROW ? sqlite3_column_int64(st, 0) : 0;
    sqlite3_reset(st);
    return row;
}

bool ledger_version_text(struct db *db, int64_t policy, int64_t version, struct buf *text, char hash[CONTENT_HASH + 1])
{
    sqlite3_stmt *st = db_prepare(db, "SELECT text, hash FROM policy_versions WHERE policy = ?1 AND version = ?2");
    db_bind(st, "ii", policy, version);
    bool found = db_step(db, st) == DB_ROW;
    if (found) {
        buf_slice(text, db_text(st, 0));
        copy(hash, CONTENT_HASH + 1, db_text(st, 1));
    }
    sqlite3_reset(st);
    return found;
}

bool ledger_version_author(struct db *db, int64_t policy, int64_t version, char author[LEDGER_ACTOR])
{
    sqlite3_stmt *st = db_prepare(db, "SELECT author FROM policy_versions WHERE policy = ?1 AND version = ?2");
    db_bind(st, "ii", policy, version);
    bool found = db_step(db, st) == DB_ROW;
    if (found) copy(author, LEDGER_ACTOR, db_text(st, 0));
    sqlite3_reset(st);
    return found;
}

bool ledger_was_approved(struct db *db, int64_t policy, const char *hash)
{
    sqlite3_stmt *st = db_prepare(db, "SELECT 1 FROM policy_decisions WHERE policy = ?1 AND hash = ?2 AND approved = 1 LIMIT 1");
    db_bind(st, "it", policy, slice_str(hash));
    bool found = db_step(db, st) == DB_ROW;
    sqlite3_reset(st);
    return found;
}

/* ---- writing ---- */

static bool next_number(struct db *db, int64_t account, int64_t *number)
{
    sqlite3_stmt *st = db_prepare(db, "INSERT INTO policy_settings (account, next_number) VALUES (?1, 2)"
                                      " ON CONFLICT (account) DO UPDATE SET next_number = next_number + 1 RETURNING next_number - 1");
    db_bind(st, "i", account);
    enum db_step step = db_step(db, st);
    if (step == DB_ROW) *number = sqlite3_column_int64(st, 0);
    bool ok = step == DB_ROW && db_step(db, st) == DB_DONE;
    sqlite3_reset(st);
    return ok;
}

bool ledger_insert(struct db *db, const struct policy_actor *who, const struct content *c, const struct policy_origin *origin,
                   struct policy_record *r)
{
    if (!next_number(db, who->account, &r->number)) return false;
    sqlite3_stmt *st = db_prepare(db, "INSERT INTO policies (account, id, number, wire_id, name, state, resting, version, last_version,"
                                      " hash, stages, action, source, category, risk, issue, log_event, supersedes, requester,"
                                      " compiled_at, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"
                                      " ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)");
    const struct standing *g = &r->standing;
    db_bind(st,
            "iuitt"
            "iiii"
            "tititi"
            "uuu"
            "tiii",
            who->account, r->id, r->number, c->policy.id, c->policy.name, (int64_t)g->state, (int64_t)g->resting, g->version,
            g->last_version, slice_str(c->hash), (int64_t)c->stages, slice_str(c->action), (int64_t)origin->source, c->category,
            (int64_t)c->risk, c->issue, c->log_event, origin->supersedes, who->name, who->now_ns, who->now_ns, who->now_ns);
    bind_optional_text(st, 14, c->category);
    bind_optional_id(st, 16, c->issue);
    bind_optional_id(st, 17, c->log_event);
    bind_optional_id(st, 18, origin->supersedes);
    if (!db_run(db, st)) return false;
    r->row = db_last_row(db);
    copy(r->hash, sizeof r->hash, slice_str(c->hash));
    copy(r->requester, sizeof r->requester, who->name);
    return true;
}

bool ledger_add_version(struct db *db, const struct policy_actor *who, const struct content *c, const struct policy_record *r,
                        struct slice reason)
{
    sqlite3_stmt *st = db_prepare(db, "INSERT INTO policy_versions (policy, version, text, hash, author, reason, created_at)"
                                      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    db_bind(st, "iitttti", r->row, r->standing.version, buf_view(&c->text), slice_str(c->hash), who->name, reason, who->now_ns);
    bind_optional_text(st, 6, reason);
    return db_run(db, st);
}

bool ledger_save(struct db *db, const struct policy_actor *who, const struct policy_record *r)
{
    sqlite3_stmt *st = db_prepare(db, "UPDATE policies SET state = ?1, resting = ?2, version = ?3, last_version = ?4,"
                                      " approved_version = ?5, hash = ?6, requester = ?7, updated_at = ?8,"
                                      " in_force_at = CASE WHEN ?9 THEN COALESCE(in_force_at, ?8) END,"
                                      " published_at = CASE WHEN NOT ?9 THEN NULL WHEN published_at IS NULL OR approved_version <> ?5"
                                      " THEN ?8 ELSE published_at END,"
                                      " carried_at = CASE WHEN ?9 AND published_at IS NOT NULL AND approved_version = ?5 THEN carried_at"
                                      " END WHERE row = ?10");
    const struct standing *g = &r->standing;
    db_bind(st, "iiiiittibi", (int64_t)g->state, (int64_t)g->resting, g->version, g->last_version, g->approved_version, slice_str(r->hash),
            slice_str(r->requester), who->now_ns, lifecycle_in_force(g), r->row);
    return db_run(db, st);
}

bool ledger_save_content(struct db *db, const struct policy_actor *who, const struct content *c, const struct policy_record *r)
{
    sqlite3_stmt *st = db_prepare(db, "UPDATE policies SET name = ?1, stages = ?2, action = ?3, category = ?4, risk = ?5, issue = ?6,"
                                      " log_event = ?7, compiled_at = ?8 WHERE row = ?9");
    db_bind(st, "tittiuuii", c->policy.name, (int64_t)c->stages, slice_str(c->action), c->category, (int64_t)c->risk, c->issue,
            c->log_event, who->now_ns, r->row);
    bind_optional_text(st, 4, c->category);
    bind_optional_id(st, 6, c->issue);
    bind_optional_id(st, 7, c->log_event);
    return db_run(db, st);
}

bool ledger_delete(struct db *db, const struct policy_record *r)
{
    sqlite3_stmt *st = db_prepare(db, "DELETE FROM policies WHERE row = ?1");
    db_bind(st, "i", r->row);
    return db_run(db, st);
}

bool ledger_decide(struct db *db, const struct policy_actor *who, const struct policy_record *r, bool approved, struct slice reason)
{
    sqlite3_stmt *st = db_prepare(db, "INSERT INTO policy_decisions (policy, version, hash, approved, actor, reason, at)"
                                      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    db_bind(st, "iitbtti", r->row, r->standing.version, slice_str(r->hash), approved, who->name, reason, who->now_ns);
    bind_optional_text(st, 6, reason);
    return db_run(db, st);
}

/* ---- audit ---- */

static void describe(struct buf *json, const struct policy_record *r)
{
    if (!r) return;
    buf_printf(json, "{\"policy\":\"POL-%lld\",\"state\":\"%s\",\"version\":%lld,\"approvedVersion\":%lld,\"contentHash\":\"%s\"}",
               (long long)r->number, policy_state_name(r->standing.state), (long long)r->standing.version,
               (long long)r->standing.approved_version, r->hash);
}

bool ledger_audit(struct db *db, const struct policy_actor *who, const char *action, const struct policy_record *before,
                  const struct policy_record *after, struct slice reason)
{
    char name[64];
    struct buf old, new;
    buf_init(&old, AUDIT_MAX);
    buf_init(&new, AUDIT_MAX);
    snprintf(name, sizeof name, "policy.%s", action);
    describe(&old, before);
    describe(&new, after);
    struct audit_entry entry = {.at_ns = who->now_ns,
                                .account = who->account,
                                .actor = who->name,
                                .action = name,
                                .type = "LogEventPolicy",
                                .object = (after ? after : before)->id,
                                .before = buf_view(&old),
                                .after = buf_view(&new),
                                .reason = reason};
    bool ok = audit_write(db, &entry);
    buf_free(&old);
    buf_free(&new);
    return ok;
}
