#include "control-plane/api/leaves.h"
#include "control-plane/api/resolvers.h"

static struct log_event *event(struct gql_call *call) { return gql_parent(call); }

static void id(struct gql_call *call) { leaf_id(call, event(call)->id); }
static void account_id(struct gql_call *call) { leaf_id(call, context_of(call)->account); }
static void service_id(struct gql_call *call) { leaf_id(call, event(call)->service_id); }
static void name(struct gql_call *call) { gql_string(call, event(call)->name); }
static void fragment(struct gql_call *call) { gql_bool(call, event(call)->fragment); }
static void withheld(struct gql_call *call) { gql_bool(call, event(call)->withheld); }
static void template(struct gql_call *call) { gql_string(call, event(call)->template); }
static void severity(struct gql_call *call) { leaf_severity(call, event(call)->severity); }
static void created(struct gql_call *call) { gql_time(call, event(call)->created); }
static void updated(struct gql_call *call) { gql_time(call, event(call)->updated); }
static void events(struct gql_call *call) { gql_int(call, event(call)->measured.total.events); }
static void bytes(struct gql_call *call) { gql_int(call, event(call)->measured.total.bytes); }
static void first_seen(struct gql_call *call) { gql_time(call, event(call)->first_seen); }
static void last_seen(struct gql_call *call) { gql_time(call, event(call)->last_seen); }
static void windows(struct gql_call *call) { windows_answer(call, &event(call)->measured); }
static void volume(struct gql_call *call) { volume_answer(call, VOLUME_EVENT, event(call)->row, event(call)->first_seen); }

static void display_name(struct gql_call *call)
{
    struct slice n = event(call)->name;
    char *text = arena_copy(gql_arena(call), n);
    for (size_t i = 0; text && i < n.len; i++)
        if (text[i] == '_') text[i] = ' ';
    if (text) gql_string(call, slice_of(text, n.len));
    else gql_null(call);
}

/* Id and name are the event's own; the rest is read when it is asked for. */
static struct service *named_service(struct request_context *x, const struct log_event *e)
{
    struct service *s = service_cached(x, e->service_row);
    if (s) return s;
    s = arena_zero(x->arena, sizeof *s);
    if (!s) return NULL;
    s->row = e->service_row;
    s->id = e->service_id;
    s->name = e->service_name;
    service_cache(x, s);
    return s;
}

static void service(struct gql_call *call)
{
    struct log_event *e = event(call);
    if (!e->service) e->service = named_service(context_of(call), e);
    gql_object(call, e->service);
}

static void itself(struct gql_call *call) { gql_object(call, gql_parent(call)); }
static void current(struct gql_call *call) { measures_answer(call, (struct measures){.measured = &event(call)->measured}); }
static void has_volumes(struct gql_call *call) { gql_bool(call, event(call)->measured.week.events > 0); }

static void analyzed(struct gql_call *call)
{
    struct request_context *x = context_of(call);
    sqlite3_stmt *st = db_prepare(x->db, "SELECT 1 FROM check_marks WHERE service = ?1");
    db_bind(st, "i", event(call)->service_row);
    gql_bool(call, db_step(x->db, st) == DB_ROW && event(call)->measured.week.events > 0);
    sqlite3_reset(st);
}

const struct gql_binding log_event_bindings[] = {
    {"LogEvent", "id", id},
    {"LogEvent", "accountID", account_id},
    {"LogEvent", "serviceID", service_id},
    {"LogEvent", "name", name},
    {"LogEvent", "displayName", display_name},
    {"LogEvent", "isFragment", fragment},
    {"LogEvent", "template", template},
    {"LogEvent", "severity", severity},
    {"LogEvent", "createdAt", created},
    {"LogEvent", "updatedAt", updated},
    {"LogEvent", "service", service},
    {"LogEvent", "status", itself},
    {"LogEvent", "logVolume", volume},
    {"LogEvent", "eventCount", events},
    {"LogEvent", "byteCount", bytes},
    {"LogEvent", "firstSeenAt", first_seen},
    {"LogEvent", "lastSeenAt", last_seen},
    {"LogEvent", "wordsWithheld", withheld},
    {"LogEvent", "windows", windows},
    {"LogEventStatus", "signals", itself},
    {"LogEventStatus", "current", current},
    {"LogEventStatusSignals", "hasVolumes", has_volumes},
    {"LogEventStatusSignals", "hasBeenAnalyzed", analyzed},
    {NULL, NULL, NULL},
};
