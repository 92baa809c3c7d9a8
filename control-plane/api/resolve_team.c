#include "control-plane/api/connection.h"
#include "control-plane/api/leaves.h"
#include "control-plane/api/resolvers.h"

static const struct team *team(struct gql_call *call) { return gql_parent(call); }

static void id(struct gql_call *call) { leaf_id(call, team(call)->id); }
static void organization_id(struct gql_call *call) { leaf_id(call, team(call)->organization_id); }
static void name(struct gql_call *call) { gql_string(call, team(call)->name); }
static void description(struct gql_call *call) { leaf_optional(call, team(call)->description); }
static void created(struct gql_call *call) { gql_time(call, team(call)->created); }
static void updated(struct gql_call *call) { gql_time(call, team(call)->updated); }
static void organization(struct gql_call *call) { gql_object(call, organization_by_row(context_of(call), team(call)->organization)); }

static void services(struct gql_call *call)
{
    connection_answer(call, &entity_service, (struct scope){.account = context_of(call)->account_row, .team = team(call)->row});
}

enum { MEMBERS_MAX = 10000 };

struct members {
    size_t count, capacity;
    struct slice *items;
};

static bool add_member(struct arena *arena, struct members *m, struct slice user)
{
    if (m->count == m->capacity) {
        size_t capacity = m->capacity ? m->capacity * 2 : 16;
        struct slice *items = arena_alloc(arena, capacity * sizeof *items);
        if (!items) return false;
        if (m->count) memcpy(items, m->items, m->count * sizeof *items);
        m->items = items;
        m->capacity = capacity;
    }
    char *copy = arena_copy(arena, user);
    if (copy) m->items[m->count++] = slice_of(copy, user.len);
    return copy != NULL;
}

static void *member_at(void *list, size_t i) { return ((struct members *)list)->items + i; }

static void members(struct gql_call *call)
{
    struct request_context *x = context_of(call);
    struct members *m = arena_zero(x->arena, sizeof *m);
    sqlite3_stmt *st = db_prepare(x->db, "SELECT user_id FROM team_members WHERE team = ?1 ORDER BY user_id LIMIT ?2");
    db_bind(st, "ii", team(call)->row, (int64_t)MEMBERS_MAX);
    bool ok = m != NULL;
    while (ok && db_step(x->db, st) == DB_ROW) ok = add_member(x->arena, m, db_text(st, 0));
    sqlite3_reset(st);
    if (ok) gql_list(call, m->count, member_at, m);
    else gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
}

static void user_id(struct gql_call *call) { gql_string(call, *(const struct slice *)gql_parent(call)); }

const struct gql_binding team_bindings[] = {
    {"Team", "id", id},
    {"Team", "organizationID", organization_id},
    {"Team", "name", name},
    {"Team", "description", description},
    {"Team", "createdAt", created},
    {"Team", "updatedAt", updated},
    {"Team", "organization", organization},
    {"Team", "members", members},
    {"Team", "services", services},
    {"TeamMember", "userID", user_id},
    {NULL, NULL, NULL},
};
