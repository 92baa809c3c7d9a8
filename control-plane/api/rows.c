#include "control-plane/api/rows.h"

static struct slice copied(struct request_context *x, sqlite3_stmt *st, int column)
{
    struct slice text = db_text(st, column);
    if (sqlite3_column_type(st, column) == SQLITE_NULL) return slice_of(NULL, 0);
    char *copy = arena_copy(x->arena, text);
    return slice_of(copy ? copy : "", copy ? text.len : 0);
}

static int64_t number(sqlite3_stmt *st, int column) { return sqlite3_column_int64(st, column); }

static struct counted counted(sqlite3_stmt *st, int column) { return (struct counted){number(st, column), number(st, column + 1)}; }

static struct measured measured(sqlite3_stmt *st, int column)
{
    return (struct measured){
        .total = counted(st, column),
        .day = counted(st, column + 2),
        .week = counted(st, column + 4),
        .month = counted(st, column + 6),
        .rate_events = number(st, column + 8),
        .rate_bytes = number(st, column + 9),
        .cost = number(st, column + 10),
    };
}

void *organization_read(struct request_context *x, sqlite3_stmt *st, int column)
{
    struct organization *o = arena_alloc(x->arena, sizeof *o);
    if (!o) return NULL;
    o->row = number(st, column);
    o->id = db_id(st, column + 1);
    o->created = number(st, column + 2);
    o->updated = number(st, column + 3);
    o->name = copied(x, st, column + 4);
    return o;
}

void *account_read(struct request_context *x, sqlite3_stmt *st, int column)
{
    struct account *a = arena_alloc(x->arena, sizeof *a);
    if (!a) return NULL;
    *a = (struct account){
        .row = number(st, column),
        .id = db_id(st, column + 1),
        .organization = number(st, column + 2),
        .organization_id = db_id(st, column + 3),
        .name = copied(x, st, column + 4),
        .display_key = copied(x, st, column + 5),
        .created = number(st, column + 6),
        .updated = number(st, column + 7),
        .price_gb = number(st, column + 8),
        .price_million = number(st, column + 9),
        .measured = measured(st, column + 10),
        .seen = sqlite3_column_type(st, column + 21) != SQLITE_NULL,
        .first_seen = number(st, column + 21),
        .last_seen = number(st, column + 22),
    };
    return a;
}

void *team_read(struct request_context *x, sqlite3_stmt *st, int column)
{
    struct team *t = arena_alloc(x->arena, sizeof *t);
    if (!t) return NULL;
    *t = (struct team){
        .row = number(st, column),
        .id = db_id(st, column + 1),
        .organization = number(st, column + 2),
        .organization_id = db_id(st, column + 3),
        .name = copied(x, st, column + 4),
        .description = copied(x, st, column + 5),
        .created = number(st, column + 6),
        .updated = number(st, column + 7),
    };
    return t;
}

static void fill_service(struct service *s, sqlite3_stmt *st, int column)
{
    s->row = number(st, column);
    s->id = db_id(st, column + 1);
    s->account = number(st, column + 2);
    s->team = number(st, column + 3);
    s->enabled = number(st, column + 4) != 0;
    s->created = number(st, column + 5);
    s->updated = number(st, column + 6);
    s->log_events = number(st, column + 7);
    s->measured = measured(st, column + 8);
    s->first_seen = number(st, column + 19);
    s->last_seen = number(st, column + 20);
    s->hours = number(st, column + 21);
    for (int i = 0; i < 7; i++) s->week_severity[i] = number(st, column + 22 + i);
    s->complete = true;
}

void *service_read(struct request_context *x, sqlite3_stmt *st, int column)
{
    struct service *s = service_cached(x, number(st, column));
    if (s && s->complete) return s;
    bool new = s == NULL;
    if (new) s = arena_alloc(x->arena, sizeof *s);
    if (!s) return NULL;
    if (new) s->name = copied(x, st, column + 29);
    fill_service(s, st, column);
    if (new) service_cache(x, s);
    return s;
}

void *log_event_read(struct request_context *x, sqlite3_stmt *st, int column)
{
    struct log_event *e = arena_alloc(x->arena, sizeof *e);
    if (!e) return NULL;
    *e = (struct log_event){
        .row = number(st, column),
        .account = number(st, column + 1),
        .service_row = number(st, column + 2),
        .severity = (int)number(st, column + 3),
        .fragment = number(st, column + 4) != 0,
        .withheld = number(st, column + 5) != 0,
        .measured = measured(st, column + 6),
        .first_seen = number(st, column + 17),
        .last_seen = number(st, column + 18),
        .created = number(st, column + 19),
        .updated = number(st, column + 20),
        .id = db_id(st, column + 21),
        .service_id = db_id(st, column + 22),
        .name = copied(x, st, column + 23),
        .service_name = copied(x, st, column + 24),
        .template = copied(x, st, column + 25),
    };
    return e;
}

/* ---- services of the request ---- */

struct row_cache {
    size_t count, capacity; /* a power of two, at least twice the count */
    struct service **slots;
};

static size_t slot_of(const struct row_cache *c, int64_t row)
{
    size_t at = (size_t)hash_mix((uint64_t)row, 0) & (c->capacity - 1);
    while (c->slots[at] && c->slots[at]->row != row) at = (at + 1) & (c->capacity - 1);
    return at;
}

struct service *service_cached(const struct request_context *x, int64_t row)
{
    return x->services && x->services->capacity ? x->services->slots[slot_of(x->services, row)] : NULL;
}

static bool grow(struct request_context *x, struct row_cache *c)
{
    struct row_cache bigger = {.capacity = c->capacity ? c->capacity * 2 : 128};
    bigger.slots = arena_zero(x->arena, bigger.capacity * sizeof *bigger.slots);
    if (!bigger.slots) return false;
    for (size_t i = 0; i < c->capacity; i++)
        if (c->slots[i]) bigger.slots[slot_of(&bigger, c->slots[i]->row)] = c->slots[i];
    bigger.count = c->count;
    *c = bigger;
    return true;
}

void service_cache(struct request_context *x, struct service *s)
{
    if (!x->services) x->services = arena_zero(x->arena, sizeof *x->services);
    struct row_cache *c = x->services;
    if (!c || (c->count * 2 >= c->capacity && !grow(x, c))) return;
    size_t at = slot_of(c, s->row);
    if (!c->slots[at]) c->count++;
    c->slots[at] = s;
}

/* ---- one row ---- */

typedef void *reader(struct request_context *x, sqlite3_stmt *st, int column);

static void *one(struct request_context *x, sqlite3_stmt *st, reader *read)
{
    void *object = db_step(x->db, st) == DB_ROW ? read(x, st, 0) : NULL;
    sqlite3_reset(st);
    return object;
}

struct organization *organization_by_row(struct request_context *x, int64_t row)
{
    sqlite3_stmt *st = db_prepare(x->db, "SELECT " ORGANIZATION_COLUMNS " FROM organizations o WHERE o.row = ?1");
    db_bind(st, "i", row);
    return one(x, st, organization_read);
}

struct organization *organization_by_id(struct request_context *x, struct id128 id)
{
    sqlite3_stmt *st = db_prepare(x->db, "SELECT " ORGANIZATION_COLUMNS " FROM organizations o WHERE o.id = ?1");
    db_bind(st, "u", id);
    return one(x, st, organization_read);
}

#define FROM_ACCOUNTS "SELECT " ACCOUNT_COLUMNS " FROM accounts a JOIN organizations o ON o.row = a.organization"
#define FROM_TEAMS    "SELECT " TEAM_COLUMNS " FROM teams t JOIN organizations o ON o.row = t.organization"

struct account *account_by_row(struct request_context *x, int64_t row)
{
    sqlite3_stmt *st = db_prepare(x->db, FROM_ACCOUNTS " WHERE a.row = ?1");
    db_bind(st, "i", row);
    return one(x, st, account_read);
}

struct account *account_by_id(struct request_context *x, struct id128 id)
{
    sqlite3_stmt *st = db_prepare(x->db, FROM_ACCOUNTS " WHERE a.id = ?1");
    db_bind(st, "u", id);
    return one(x, st, account_read);
}

struct account *request_account(struct request_context *x)
{
    if (!x->account_data) x->account_data = account_by_row(x, x->account_row);
    return x->account_data;
}

struct team *team_by_row(struct request_context *x, int64_t row)
{
    sqlite3_stmt *st = db_prepare(x->db, FROM_TEAMS " WHERE t.row = ?1");
    db_bind(st, "i", row);
    return one(x, st, team_read);
}

struct team *team_by_id(struct request_context *x, struct id128 id)
{
    sqlite3_stmt *st = db_prepare(x->db, FROM_TEAMS " WHERE t.id = ?1");
    db_bind(st, "u", id);
    return one(x, st, team_read);
}

struct service *service_by_row(struct request_context *x, int64_t row)
{
    struct service *s = service_cached(x, row);
    if (s && s->complete) return s;
    sqlite3_stmt *st = db_prepare(x->db, "SELECT " SERVICE_COLUMNS " FROM services s WHERE s.row = ?1");
    db_bind(st, "i", row);
    return one(x, st, service_read);
}

struct service *service_by_id(struct request_context *x, struct id128 id)
{
    sqlite3_stmt *st = db_prepare(x->db, "SELECT " SERVICE_COLUMNS " FROM services s WHERE s.account = ?1 AND s.id = ?2");
    db_bind(st, "iu", x->account_row, id);
    return one(x, st, service_read);
}

bool service_complete(struct request_context *x, struct service *s)
{
    if (s->complete) return true;
    struct service *found = service_by_row(x, s->row);
    if (!found) return false;
    if (found != s) *s = *found;
    return true;
}

static struct log_event *log_event_exact(struct request_context *x, struct id128 id)
{
    sqlite3_stmt *st = db_prepare(x->db, "SELECT " LOG_EVENT_COLUMNS " FROM log_events e WHERE e.account = ?1 AND e.id = ?2");
    db_bind(st, "iu", x->account_row, id);
    return one(x, st, log_event_read);
}

struct log_event *log_event_by_id(struct request_context *x, struct id128 id)
{
    struct log_event *e = log_event_exact(x, id);
    if (e) return e;
    sqlite3_stmt *st = db_prepare(x->db, "SELECT target FROM log_event_aliases WHERE account = ?1 AND id = ?2");
    db_bind(st, "iu", x->account_row, id);
    bool merged = db_step(x->db, st) == DB_ROW;
    struct id128 target = merged ? db_id(st, 0) : id;
    sqlite3_reset(st);
    return merged ? log_event_exact(x, target) : NULL;
}
