#include "control-plane/api/change.h"
#include "control-plane/api/leaves.h"
#include "control-plane/api/mutations.h"
#include "control-plane/store/catalog_write.h"

static bool given(const struct gql_value *v) { return v && v->kind != GQL_V_NULL; }

/* ---- services ---- */

static struct service *find_service(struct gql_call *call, const char *argument)
{
    struct id128 id;
    struct service *s = arg_id(call, argument, &id) ? service_by_id(context_of(call), id) : NULL;
    if (!s) gql_fail(call, "NOT_FOUND", "no such service");
    return s;
}

static void set_enabled(struct gql_call *call)
{
    struct service *s = find_service(call, "id");
    bool enabled = gql_arg(call, "enabled")->boolean;
    struct change c;
    if (!s || !change_begin(&c, call)) return;
    if (s->enabled == enabled) {
        change_cancel(&c);
        gql_object(call, s);
        return;
    }
    sqlite3_stmt *st = db_prepare(c.x->db, "UPDATE services SET enabled = ?1, updated_at = ?2 WHERE row = ?3");
    db_bind(st, "bii", enabled, c.x->now_ns, s->row);
    change_run(&c, st);
    st = db_prepare(c.x->db, "UPDATE accounts SET services_disabled = services_disabled + ?1 WHERE row = ?2");
    db_bind(st, "ii", (int64_t)(enabled ? -1 : 1), s->account);
    change_run(&c, st);
    change_bool(&c.before, "enabled", s->enabled);
    change_bool(&c.after, "enabled", enabled);
    if (!change_end(&c, enabled ? "service.enable" : "service.disable", "Service", s->id)) return;
    s->enabled = enabled;
    s->updated = c.x->now_ns;
    gql_object(call, s);
}

static void note_team(struct request_context *x, struct buf *json, int64_t row)
{
    struct team *t = row ? team_by_row(x, row) : NULL;
    change_field(json, "team", t ? t->name : slice_of(NULL, 0));
}

/* team NULL: none. */
static void set_team(struct gql_call *call, struct service *s, const struct team *team)
{
    struct change c;
    if (!change_begin(&c, call)) return;
    int64_t row = team ? team->row : 0;
    if (s->team == row) {
        change_cancel(&c);
        gql_object(call, s);
        return;
    }
    sqlite3_stmt *st = db_prepare(c.x->db, "UPDATE services SET team = ?1, team_name = ?2, updated_at = ?3 WHERE row = ?4");
    db_bind(st, "itii", row, team ? team->name : SLICE(""), c.x->now_ns, s->row);
    if (!team) sqlite3_bind_null(st, 1);
    change_run(&c, st);
    note_team(c.x, &c.before, s->team);
    note_team(c.x, &c.after, row);
    if (!change_end(&c, team ? "service.team.assign" : "service.team.remove", "Service", s->id)) return;
    s->team = row;
    s->updated = c.x->now_ns;
    gql_object(call, s);
}

static void assign_team(struct gql_call *call)
{
    struct service *s = find_service(call, "serviceID");
    struct id128 id;
    if (!s) return;
    struct team *t = arg_id(call, "teamID", &id) ? team_by_id(context_of(call), id) : NULL;
    if (t) set_team(call, s, t);
    else gql_fail(call, "NOT_FOUND", "no such team");
}

static void remove_team(struct gql_call *call)
{
    struct service *s = find_service(call, "serviceID");
    if (s) set_team(call, s, NULL);
}

/* ---- accounts ---- */

static struct account *find_account(struct gql_call *call)
{
    struct id128 id;
    struct account *a = arg_id(call, "id", &id) ? account_by_id(context_of(call), id) : NULL;
    if (!a) gql_fail(call, "NOT_FOUND", "no such account");
    return a;
}

static void answer_account(struct gql_call *call, int64_t row)
{
    struct request_context *x = context_of(call);
    x->account_data = NULL;
    gql_object(call, account_by_row(x, row));
}

static bool account_name_free(struct gql_call *call, const struct account *a, struct slice name)
{
    struct db *db = context_of(call)->db;
    sqlite3_stmt *st = db_prepare(db, "SELECT 1 FROM accounts WHERE organization = ?1 AND name = ?2 AND row <> ?3");
    db_bind(st, "iti", a->organization, name, a->row);
    bool taken = db_step(db, st) == DB_ROW;
    sqlite3_reset(st);
    if (taken) gql_fail(call, "CONFLICT", "there is an account of that name already");
    return !taken;
}

static bool read_account(struct gql_call *call, struct account *a)
{
    const struct gql_value *input = gql_arg(call, "input"), *name = gql_entry(input, "name");
    const struct gql_value *display_key = gql_entry(input, "displayKey"), *clear = gql_entry(input, "clearDisplayKey");
    if (given(name) && (!change_name(call, "name", name, &a->name) || !account_name_free(call, a, a->name))) return false;
    if (given(display_key) && !change_name(call, "displayKey", display_key, &a->display_key)) return false;
    if (given(clear) && clear->boolean) a->display_key = slice_of(NULL, 0);
    return true;
}

static void update_account(struct gql_call *call)
{
    struct account *old = find_account(call);
    if (!old) return;
    struct account a = *old;
    struct change c;
    if (!read_account(call, &a) || !change_begin(&c, call)) return;
    sqlite3_stmt *st = db_prepare(c.x->db, "UPDATE accounts SET name = ?1, display_key = ?2, updated_at = ?3 WHERE row = ?4");
    db_bind(st, "ttii", a.name, a.display_key, c.x->now_ns, a.row);
    if (!a.display_key.ptr) sqlite3_bind_null(st, 2);
    change_run(&c, st);
    change_field(&c.before, "name", old->name);
    change_field(&c.before, "displayKey", old->display_key);
    change_field(&c.after, "name", a.name);
    change_field(&c.after, "displayKey", a.display_key);
    if (change_end(&c, "account.update", "Account", a.id)) answer_account(call, a.row);
}

static bool read_price(struct gql_call *call, const char *name, int64_t *micro)
{
    const struct gql_value *v = gql_entry(gql_arg(call, "input"), name);
    if (!given(v)) return true;
    double usd = v->kind == GQL_V_INT ? (double)v->integer : v->real;
    if (!(usd >= 0) || usd > 1e6) return gql_fail(call, "BAD_USER_INPUT", "%s is 0 to 1000000", name), false;
    *micro = (int64_t)(usd * 1e6 + 0.5);
    return true;
}

static void update_pricing(struct gql_call *call)
{
    struct account *old = find_account(call);
    if (!old) return;
    struct account a = *old;
    struct change c;
    if (!read_price(call, "usdPerGB", &a.price_gb) || !read_price(call, "usdPerMillionEvents", &a.price_million) || !change_begin(&c, call))
        return;
    sqlite3_stmt *st = db_prepare(c.x->db, "UPDATE accounts SET price_gb = ?1, price_million = ?2, updated_at = ?3 WHERE row = ?4");
    db_bind(st, "iiii", a.price_gb, a.price_million, c.x->now_ns, a.row);
    change_run(&c, st);
    if (c.ok) c.ok = catalog_reprice(c.x->db, a.row);
    change_number(&c.before, "microUsdPerGB", old->price_gb);
    change_number(&c.before, "microUsdPerMillionEvents", old->price_million);
    change_number(&c.after, "microUsdPerGB", a.price_gb);
    change_number(&c.after, "microUsdPerMillionEvents", a.price_million);
    if (!change_end(&c, "account.pricing.update", "Account", a.id)) return;
    c.x->sweep = true;
    answer_account(call, a.row);
}

const struct gql_binding mutation_bindings[] = {
    {"Mutation", "createTeam", mutate_create_team},
    {"Mutation", "updateTeam", mutate_update_team},
    {"Mutation", "deleteTeam", mutate_delete_team},
    {"Mutation", "addTeamMember", mutate_add_member},
    {"Mutation", "removeTeamMember", mutate_remove_member},
    {"Mutation", "setServiceEnabled", set_enabled},
    {"Mutation", "assignServiceToTeam", assign_team},
    {"Mutation", "removeServiceTeamMapping", remove_team},
    {"Mutation", "updateAccount", update_account},
    {"Mutation", "updateAccountPricing", update_pricing},
    {NULL, NULL, NULL},
};
