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

static void baseline(struct gql_call *call) { leaf_rate(call, event(call)->measured.rate_events, 1e6); }

static void ratio(struct gql_call *call, double part, int64_t whole)
{
    if (whole) gql_float(call, part / (double)whole);
    else gql_null(call);
}

static void average_bytes(struct gql_call *call)
{
    const struct measured *m = &event(call)->measured;
    ratio(call, (double)m->rate_bytes * 1e3, m->rate_events);
}

static void share(struct gql_call *call)
{
    struct log_event *e = event(call);
    if (!e->service) e->service = named_service(context_of(call), e);
    bool known = e->service && service_complete(context_of(call), e->service);
    ratio(call, (double)e->measured.rate_events, known ? e->service->measured.rate_events : 0);
}

static void has_policy(struct gql_call *call, sqlite3_stmt *st)
{
    struct request_context *x = context_of(call);
    db_bind(st, "iu", x->account_row, event(call)->id);
    gql_bool(call, db_step(x->db, st) == DB_ROW);
    sqlite3_reset(st);
}

static void has_preview(struct gql_call *call)
{
    has_policy(call, db_prepare(context_of(call)->db, "SELECT 1 FROM policies WHERE account = ?1 AND log_event = ?2 AND state = 1"));
}

static void has_effective(struct gql_call *call)
{
    has_policy(call, db_prepare(context_of(call)->db, "SELECT 1 FROM policies WHERE account = ?1 AND log_event = ?2 AND in_force_at > 0"));
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
    {"LogEvent", "baselineVolumePerHour", baseline},
    {"LogEvent", "baselineAvgBytes", average_bytes},
    {"LogEvent", "baselineVolumeShareOfService", share},
    {"LogEvent", "windows", windows},
    {"LogEventStatus", "signals", itself},
    {"LogEventStatus", "current", current},
    {"LogEventStatusSignals", "hasVolumes", has_volumes},
    {"LogEventStatusSignals", "hasBeenAnalyzed", analyzed},
    {"LogEventStatusSignals", "hasPreviewPolicy", has_preview},
    {"LogEventStatusSignals", "hasEffectivePolicy", has_effective},
    {NULL, NULL, NULL},
};
