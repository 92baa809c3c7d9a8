#include "control-plane/api/change.h"
#include "control-plane/api/leaves.h"
#include "control-plane/api/mutations.h"

static bool given(const struct gql_value *v) { return v && v->kind != GQL_V_NULL; }

static struct team *find_team(struct gql_call *call, const char *argument)
{
    struct id128 id;
    struct team *t = arg_id(call, argument, &id) ? team_by_id(context_of(call), id) : NULL;
    if (!t) gql_fail(call, "NOT_FOUND", "no such team");
    return t;
}

static bool name_free(struct gql_call *call, int64_t organization, struct slice name, int64_t own_row)
{
    struct db *db = context_of(call)->db;
    sqlite3_stmt *st = db_prepare(db, "SELECT 1 FROM teams WHERE organization = ?1 AND name = ?2 AND row <> ?3");
    db_bind(st, "iti", organization, name, own_row);
    bool taken = db_step(db, st) == DB_ROW;
    sqlite3_reset(st);
    if (taken) gql_fail(call, "CONFLICT", "there is a team of that name already");
    return !taken;
}

static void note(struct buf *json, const struct team *t)
{
    change_field(json, "name", t->name);
    change_field(json, "description", t->description);
}

static void bind_description(sqlite3_stmt *st, int at, struct slice description)
{
    if (!description.ptr) sqlite3_bind_null(st, at);
}

static void answer(struct gql_call *call, struct id128 id) { gql_object(call, team_by_id(context_of(call), id)); }

void mutate_create_team(struct gql_call *call)
{
    const struct gql_value *input = gql_arg(call, "input"), *description = gql_entry(input, "description");
    struct id128 organization_id;
    struct team t = {.id = store_new_id()};
    struct organization *o =
        id_parse(gql_entry(input, "organizationID")->text, &organization_id) ? organization_by_id(context_of(call), organization_id) : NULL;
    if (!o) {
        gql_fail(call, "NOT_FOUND", "no such organization");
        return;
    }
    if (!change_name(call, "name", gql_entry(input, "name"), &t.name)) return;
    if (given(description) && !change_name(call, "description", description, &t.description)) return;
    struct change c;
    if (!name_free(call, o->row, t.name, 0) || !change_begin(&c, call)) return;
    sqlite3_stmt *st = db_prepare(c.x->db, "INSERT INTO teams (id, organization, name, description, created_at, updated_at)"
                                           " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    db_bind(st, "uittii", t.id, o->row, t.name, t.description, c.x->now_ns, c.x->now_ns);
    bind_description(st, 4, t.description);
    change_run(&c, st);
    note(&c.after, &t);
    if (change_end(&c, "team.create", "Team", t.id)) answer(call, t.id);
}

static bool read_update(struct gql_call *call, struct team *t)
{
    const struct gql_value *input = gql_arg(call, "input"), *name = gql_entry(input, "name");
    const struct gql_value *description = gql_entry(input, "description"), *clear = gql_entry(input, "clearDescription");
    if (given(name) && (!change_name(call, "name", name, &t->name) || !name_free(call, t->organization, t->name, t->row))) return false;
    if (given(description) && !change_name(call, "description", description, &t->description)) return false;
    if (given(clear) && clear->boolean) t->description = slice_of(NULL, 0);
    return true;
}

void mutate_update_team(struct gql_call *call)
{
    struct team *old = find_team(call, "id");
    if (!old) return;
    struct team t = *old;
    struct change c;
    if (!read_update(call, &t) || !change_begin(&c, call)) return;
    sqlite3_stmt *st = db_prepare(c.x->db, "UPDATE teams SET name = ?1, description = ?2, updated_at = ?3 WHERE row = ?4");
    db_bind(st, "ttii", t.name, t.description, c.x->now_ns, t.row);
    bind_description(st, 2, t.description);
    change_run(&c, st);
    st = db_prepare(c.x->db, "UPDATE services SET team_name = ?1 WHERE team = ?2");
    db_bind(st, "ti", t.name, t.row);
    change_run(&c, st);
    note(&c.before, old);
    note(&c.after, &t);
    if (change_end(&c, "team.update", "Team", t.id)) answer(call, t.id);
}

void mutate_delete_team(struct gql_call *call)
{
    struct id128 id;
    struct team *t = arg_id(call, "id", &id) ? team_by_id(context_of(call), id) : NULL;
    struct change c;
    if (!change_begin(&c, call)) return;
    if (!t) {
        change_cancel(&c);
        gql_bool(call, false);
        return;
    }
    sqlite3_stmt *st = db_prepare(c.x->db, "UPDATE services SET team = NULL, team_name = '', updated_at = ?1 WHERE team = ?2");
    db_bind(st, "ii", c.x->now_ns, t->row);
    change_run(&c, st);
    st = db_prepare(c.x->db, "DELETE FROM teams WHERE row = ?1");
    db_bind(st, "i", t->row);
    change_run(&c, st);
    note(&c.before, t);
    if (change_end(&c, "team.delete", "Team", t->id)) gql_bool(call, true);
}

static void change_member(struct gql_call *call, const char *action, bool add)
{
    struct team *t = find_team(call, "teamID");
    struct slice user;
    struct change c;
    if (!t || !change_name(call, "userID", gql_arg(call, "userID"), &user) || !change_begin(&c, call)) return;
    sqlite3_stmt *st = add ? db_prepare(c.x->db, "INSERT INTO team_members (team, user_id, created_at) VALUES (?1, ?2, ?3)"
                                                 " ON CONFLICT (team, user_id) DO NOTHING")
                           : db_prepare(c.x->db, "DELETE FROM team_members WHERE team = ?1 AND user_id = ?2");
    if (add) db_bind(st, "iti", t->row, user, c.x->now_ns);
    else db_bind(st, "it", t->row, user);
    change_run(&c, st);
    if (c.ok && db_changes(c.x->db) == 0) {
        change_cancel(&c);
        answer(call, t->id);
        return;
    }
    change_field(add ? &c.after : &c.before, "userID", user);
    if (change_end(&c, action, "Team", t->id)) answer(call, t->id);
}

void mutate_add_member(struct gql_call *call) { change_member(call, "team.member.add", true); }
void mutate_remove_member(struct gql_call *call) { change_member(call, "team.member.remove", false); }
