#include "control-plane/policies/event_shape.h"

enum { SCOPE_ATTRIBUTE = 1, SCOPE_RESOURCE = 2 };

static enum presence field(void *context, enum policy_scope scope, struct slice path)
{
    const struct event_shape *s = context;
    if (scope != POLICY_RECORD && scope != POLICY_RESOURCE) return PRESENCE_UNKNOWN;
    sqlite3_stmt *st = db_prepare(s->db, "SELECT records FROM event_fields WHERE event = ?1 AND scope = ?2 AND path = ?3");
    db_bind(st, "iit", s->event, (int64_t)(scope == POLICY_RECORD ? SCOPE_ATTRIBUTE : SCOPE_RESOURCE), path);
    enum db_step step = db_step(s->db, st);
    int64_t having = step == DB_ROW ? sqlite3_column_int64(st, 0) : 0;
    sqlite3_reset(st);
    if (step == DB_ERROR || (having == 0 && s->dropped > 0)) return PRESENCE_UNKNOWN;
    if (having == 0) return PRESENCE_NEVER;
    return having >= s->examined && s->examined >= s->records ? PRESENCE_ALWAYS : PRESENCE_SOMETIMES;
}

static void load(struct event_facts *f)
{
    struct event_shape *s = f->context;
    sqlite3_stmt *st = db_prepare(s->db, "SELECT records, fields_dropped, body_structured FROM event_shapes WHERE event = ?1");
    db_bind(st, "i", s->event);
    if (db_step(s->db, st) == DB_ROW) {
        s->examined = sqlite3_column_int64(st, 0);
        s->dropped = sqlite3_column_int64(st, 1);
        f->structured_body = sqlite3_column_int64(st, 2) > 0;
        if (s->examined > 0) f->field = field;
    }
    sqlite3_reset(st);
}

void event_shape_attach(struct event_shape *s, struct event_facts *f)
{
    f->load = load;
    f->context = s;
}
