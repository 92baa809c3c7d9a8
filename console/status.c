#include "base/clock.h"
#include "screens/cells.h"
#include "console/headless.h"
#include "screens/output.h"
#include "console/session.h"

#include <stdlib.h>

#include <string.h>

#define YEAR 8766.0

/* The answer is put below "account"; "profile" and "kind" are this console's. */
/* clang-format off */
static const struct column columns[] = {
    {.key = "profile", .path = "profile", .help = "name of the connection"},
    {.key = "kind", .path = "kind", .help = "embedded, self-hosted or hosted"},
    {.key = "version", .path = "serverInfo.version"},
    {.key = "startedAt", .type = COLUMN_TIME, .path = "serverInfo.startedAt"},
    {.key = "viewer", .path = "viewer.id"},
    {.key = "role", .path = "viewer.role"},
    {.key = "workspace", .path = "account.name"},
    {.key = "health", .path = "account.status.health"},
    {.key = "services", .type = COLUMN_COUNT, .path = "services.totalCount"},
    {.key = "activeServices", .type = COLUMN_COUNT, .path = "account.status.coverage.logActiveServices"},
    {.key = "disabledServices", .type = COLUMN_COUNT, .path = "account.status.coverage.disabledServices"},
    {.key = "logEvents", .type = COLUMN_COUNT, .path = "logEvents.totalCount"},
    {.key = "records", .type = COLUMN_COUNT, .path = "account.status.eventCount"},
    {.key = "bytes", .type = COLUMN_BYTES, .path = "account.status.byteCount"},
    {.key = "firstSeen", .type = COLUMN_TIME, .path = "account.status.firstSeenAt"},
    {.key = "lastSeen", .type = COLUMN_TIME, .path = "account.status.lastSeenAt"},
    {.key = "rate", .type = COLUMN_RATE, .path = "account.status.current.totals.eventsPerHour", .suffix = "/h"},
    {.key = "volume", .type = COLUMN_BYTES, .path = "account.status.current.totals.bytesPerHour", .factor = 730.5, .suffix = "/mo"},
    {.key = "cost", .type = COLUMN_MONEY, .path = "account.status.current.totals.totalUsdPerHour", .factor = YEAR, .suffix = "/yr"},
};
/* clang-format on */
static const struct resource status = {.name = "status", .columns = columns, .column_count = sizeof columns / sizeof *columns};

struct reply {
    json_t *data;
    int code;
};

static void got_status(void *context, const struct api_answer *answer)
{
    struct reply *r = context;
    if (answer->status == API_OK) r->data = json_copy((json_t *)answer->data);
    else r->code = complain("%s", answer->message);
}

static void ask(struct session *s, const struct options *o, struct reply *r)
{
    char *problem = NULL;
    if (session_open(s, o, o->patience_ms, &problem)) api_wait(s->api, api_send(s->api, "Status", NULL, got_status, r));
    else complain("%s", problem), r->code = s->code;
    free(problem);
}

static int write_status(struct writer *w, const struct session *s, json_t *data)
{
    const json_t *account = api_at(data, "accounts.edges.0.node");
    const char *health = json_string_value(api_at(account, "status.health"));
    json_object_set_new(data, "account", account ? json_incref((json_t *)account) : json_null());
    json_object_set_new(data, "profile", json_string(s->name));
    json_object_set_new(data, "kind", json_string(session_kind(s)));
    writer_object(w, data, clock_now());
    return output_end(health && !strcmp(health, "ERROR") ? EXIT_FAILING : EXIT_FINE);
}

int headless_status(const struct options *o)
{
    struct reply r = {0};
    struct session s = {0};
    const char *problem;
    struct writer w = {.out = stdout, .format = o->output, .width = cells_line()};
    w.utf8 = cells_begin() && !o->ascii;
    if (writer_columns(&w, &status, o->columns ? o->columns : "all", &problem)) ask(&s, o, &r);
    else r.code = complain("%s", problem);
    if (r.data) r.code = write_status(&w, &s, r.data);
    json_decref(r.data);
    session_close(&s);
    writer_free(&w);
    return r.code;
}
