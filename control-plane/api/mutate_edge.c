#include "control-plane/api/change.h"
#include "control-plane/api/edge_rows.h"
#include "control-plane/api/leaves.h"
#include "control-plane/edges/keys.h"

static void note(struct buf *json, struct slice name, struct slice prefix)
{
    change_field(json, "name", name);
    change_field(json, "keyPrefix", prefix);
}

static bool room_for_key(struct gql_call *call)
{
    struct request_context *x = context_of(call);
    sqlite3_stmt *st = db_prepare(x->db, "SELECT count(*) FROM edge_api_keys WHERE account = ?1 AND revoked_at IS NULL");
    db_bind(st, "i", x->account_row);
    bool room = db_step(x->db, st) == DB_ROW && sqlite3_column_int64(st, 0) < KEYS_MAX;
    sqlite3_reset(st);
    if (!room) gql_fail(call, "LIMIT_EXCEEDED", "there are %d keys already; revoke those that are not used", KEYS_MAX);
    return room;
}

struct made_key {
    struct id128 id;
    struct slice secret;
};

static bool own_account(struct gql_call *call, const struct gql_value *input)
{
    struct id128 id;
    const struct id128 *own = &context_of(call)->account;
    if (id_parse(gql_entry(input, "accountID")->text, &id) && id.hi == own->hi && id.lo == own->lo) return true;
    gql_fail(call, "NOT_FOUND", "no such account");
    return false;
}

static struct made_key *store_key(struct gql_call *call, struct slice name, const struct new_key *key)
{
    struct made_key *made = arena_zero(gql_arena(call), sizeof *made);
    char *secret = arena_copy(gql_arena(call), slice_of(key->secret, KEY_SECRET));
    struct change c;
    if (!made || !secret) {
        gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
        return NULL;
    }
    if (!change_begin(&c, call)) return NULL;
    *made = (struct made_key){store_new_id(), slice_of(secret, KEY_SECRET)};
    sqlite3_stmt *st = db_prepare(c.x->db, "INSERT INTO edge_api_keys (account, id, name, key_prefix, key_hash, created_at)"
                                           " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    db_bind(st, "iuttti", c.x->account_row, made->id, name, slice_str(key->prefix), slice_str(key->hash), c.x->now_ns);
    change_run(&c, st);
    note(&c.after, name, slice_str(key->prefix));
    return change_end(&c, "edge_api_key.create", "EdgeApiKey", made->id) ? made : NULL;
}

static void create(struct gql_call *call)
{
    const struct gql_value *input = gql_arg(call, "input");
    struct slice name;
    struct new_key key;
    if (!own_account(call, input) || !change_name(call, "name", gql_entry(input, "name"), &name) || !room_for_key(call)) return;
    key_make(&key);
    struct made_key *made = store_key(call, name, &key);
    key_forget(&key);
    if (!made) return;
    context_of(call)->edge_keys = true;
    gql_object(call, made);
}

static void made_key(struct gql_call *call)
{
    gql_object(call, edge_key_by_id(context_of(call), ((const struct made_key *)gql_parent(call))->id));
}

static void made_secret(struct gql_call *call) { gql_string(call, ((const struct made_key *)gql_parent(call))->secret); }

static void revoke(struct gql_call *call)
{
    struct request_context *x = context_of(call);
    struct id128 id;
    struct edge_key_row *k = arg_id(call, "id", &id) ? edge_key_by_id(x, id) : NULL;
    struct change c;
    if (!k) {
        gql_fail(call, "NOT_FOUND", "no such key");
        return;
    }
    if (!change_begin(&c, call)) return;
    if (k->revoked) {
        change_cancel(&c);
        gql_object(call, k);
        return;
    }
    sqlite3_stmt *st = db_prepare(x->db, "UPDATE edge_api_keys SET revoked_at = ?1 WHERE row = ?2");
    db_bind(st, "ii", x->now_ns, k->row);
    change_run(&c, st);
    note(&c.before, k->name, k->prefix);
    change_bool(&c.before, "revoked", false);
    note(&c.after, k->name, k->prefix);
    change_bool(&c.after, "revoked", true);
    if (!change_end(&c, "edge_api_key.revoke", "EdgeApiKey", id)) return;
    x->edge_keys = true;
    gql_object(call, edge_key_by_id(x, id));
}

const struct gql_binding edge_mutation_bindings[] = {
    {"Mutation", "createEdgeApiKey", create},
    {"Mutation", "revokeEdgeApiKey", revoke},
    {"CreateEdgeApiKeyResult", "edgeApiKey", made_key},
    {"CreateEdgeApiKeyResult", "plainKey", made_secret},
    {NULL, NULL, NULL},
};
