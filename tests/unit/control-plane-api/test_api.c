/* Objects, series, changes with their audit rows, who may do what, and requests that are none. */
#include "tests/unit/control-plane-api/ask.h"

#include "base/log.h"
#include "control-plane/store/merge.h"

#include <signal.h>
#include <sys/resource.h>

static int64_t count(struct asked *a, const char *sql) { return number(a->f->store, sql); }

static char *first_id(struct asked *a, const char *list)
{
    char *query = xasprintf("{ %s(first: 1) { edges { node { id } } } }", list), *path = xasprintf("data.%s.edges.0.node.id", list);
    json_t *answer = ask_well(a, query, NULL);
    char *id = xstrdup(text_at(answer, path));
    assert_int_equal(strlen(id), 36);
    json_decref(answer);
    free(path);
    free(query);
    return id;
}

static void who_and_where(void **state)
{
    json_t *answer = ask_well(*state,
                              "{ viewer { id email role organizationId teams { name } } serverInfo { version deployment startedAt"
                              " rawTelemetryStored features } organizations { totalCount edges { node { id name workosOrganizationID"
                              " accounts { totalCount edges { node { name organization { name } datadogAccount { name } } } } } } } }",
                              NULL);
    assert_string_equal(text_at(answer, "data.viewer.id"), "uid:1000");
    assert_string_equal(text_at(answer, "data.viewer.role"), "ADMIN");
    assert_string_equal(text_at(answer, "data.viewer.organizationId"), text_at(answer, "data.organizations.edges.0.node.id"));
    assert_string_equal(text_at(answer, "data.serverInfo.version"), "1.2.3");
    assert_string_equal(text_at(answer, "data.serverInfo.deployment"), "EMBEDDED");
    assert_string_equal(text_at(answer, "data.serverInfo.startedAt"), "1970-01-01T00:00:01Z");
    assert_true(json_is_false(at(answer, "data.serverInfo.rawTelemetryStored")));
    assert_string_equal(text_at(answer, "data.organizations.edges.0.node.accounts.edges.0.node.name"), "local");
    assert_true(json_is_null(at(answer, "data.organizations.edges.0.node.accounts.edges.0.node.datadogAccount")));
    json_decref(answer);
}

static void near(double a, double b) { assert_true(a - b < 1e-6 * (a + b) + 1e-9 && b - a < 1e-6 * (a + b) + 1e-9); }

static double real(json_t *answer, const char *path) { return json_number_value(at(answer, path)); }

static void statuses_add_up(void **state)
{
    struct asked *a = *state;
    json_t *answer =
        ask_well(a,
                 "{ accounts { edges { node { pricing { usdPerGB usdPerMillionEvents } status { health readiness { readyForUse }"
                 " eventCount byteCount coverage { logEventCount logServiceCount okServices inactiveServices disabledServices }"
                 " current { totals { eventsPerHour bytesPerHour bytesUsdPerHour volumeUsdPerHour totalUsdPerHour }"
                 " severity { debugEventsPerHour infoEventsPerHour warnEventsPerHour errorEventsPerHour otherEventsPerHour } }"
                 " windows { weekEventCount } } } } }"
                 " services(first: 1000) { edges { node { eventCount logEventCount windows { weekEventCount }"
                 " status { health coverage { logEventCount } current { serviceTotals { volumeUsdPerHour } totals { eventsPerHour"
                 " bytesPerHour totalUsdPerHour } } } statusSummary { current { eventsPerHour totalUsdPerHour severity {"
                 " debugEventsPerHour infoEventsPerHour warnEventsPerHour errorEventsPerHour otherEventsPerHour } } } } } } }",
                 NULL);
    const char *account = "data.accounts.edges.0.node";
    json_t *totals = at(at(answer, account), "status.current.totals"), *severity = at(at(answer, account), "status.current.severity");
    double events = 0, bytes = 0, usd = 0, by_severity = 0, records = 0;
    size_t i;
    json_t *edge;
    static const char *const names[] = {"debugEventsPerHour", "infoEventsPerHour", "warnEventsPerHour", "errorEventsPerHour",
                                        "otherEventsPerHour"};
    json_array_foreach(at(answer, "data.services.edges"), i, edge)
    {
        double own = 0;
        for (size_t k = 0; k < 5; k++) own += real(at(edge, "node.statusSummary.current.severity"), names[k]);
        near(own, real(edge, "node.status.current.totals.eventsPerHour"));
        near(real(edge, "node.statusSummary.current.eventsPerHour"), real(edge, "node.status.current.totals.eventsPerHour"));
        events += real(edge, "node.status.current.totals.eventsPerHour");
        bytes += real(edge, "node.status.current.totals.bytesPerHour");
        usd += real(edge, "node.status.current.totals.totalUsdPerHour");
        records += real(edge, "node.eventCount");
    }
    near(events, real(totals, "eventsPerHour"));
    near(bytes, real(totals, "bytesPerHour"));
    near(usd, real(totals, "totalUsdPerHour"));
    near(events * 1.7 / 1e6, real(totals, "volumeUsdPerHour"));
    near(bytes * 0.1 / 1e9, real(totals, "bytesUsdPerHour"));
    near(real(totals, "volumeUsdPerHour") + real(totals, "bytesUsdPerHour"), usd);
    for (size_t k = 0; k < 5; k++) by_severity += real(severity, names[k]);
    near(by_severity, events);
    near(records, real(at(answer, account), "status.eventCount"));
    assert_int_equal(json_integer_value(at(at(answer, account), "status.coverage.logEventCount")), SMALL);
    json_decref(answer);
}

static void details_of_an_event(void **state)
{
    struct asked *a = *state;
    char *id = first_id(a, "logEvents"), *variables = xasprintf("{\"id\": \"%s\"}", id);
    json_t *answer = ask_well(a,
                              "query E($id: ID!) { logEvent(id: $id) { id accountID serviceID name displayName isFragment template severity"
                              " createdAt updatedAt eventCount byteCount firstSeenAt lastSeenAt wordsWithheld service { id name enabled"
                              " logEventCount account { id } } status { signals { hasVolumes hasBeenAnalyzed } current { eventsPerHour"
                              " bytesPerHour totalUsdPerHour } } windows { dayEventCount weekEventCount monthEventCount } } }",
                              variables);
    json_t *e = at(answer, "data.logEvent");
    assert_string_equal(text_at(e, "id"), id);
    assert_string_equal(text_at(e, "serviceID"), text_at(e, "service.id"));
    assert_string_equal(text_at(e, "accountID"), text_at(e, "service.account.id"));
    assert_non_null(strchr(text_at(e, "name"), '_'));
    assert_null(strchr(text_at(e, "displayName"), '_'));
    assert_true(json_is_true(at(e, "status.signals.hasVolumes")));
    near(real(e, "windows.weekEventCount"), real(e, "eventCount"));
    json_decref(answer);
    free(variables);
    free(id);
}

static void unknown_ids_are_null(void **state)
{
    static const char *const types[] = {"logEvent", "service", "team", "account", "organization"};
    for (size_t i = 0; i < 5; i++) {
        char *query =
            xasprintf("{ a: %s(id: \"00000000-0000-4000-8000-000000000000\") { id } b: %s(id: \"' OR 1=1\") { id } }", types[i], types[i]);
        json_t *answer = ask_well(*state, query, NULL);
        assert_true(json_is_null(at(answer, "data.a")));
        assert_true(json_is_null(at(answer, "data.b")));
        json_decref(answer);
        free(query);
    }
}

struct pair {
    struct id128 from, to;
};

static bool merge_pair(struct db *db, void *context)
{
    const struct pair *p = context;
    return merge_events(db, 1, p->from, p->to, clock_now());
}

static void merged_ids_resolve(void **state)
{
    struct asked *a = *state;
    json_t *list = ask_well(a,
                            "{ services(first: 1) { edges { node { logEvents(first: 2, orderBy: {field: EVENT_COUNT}) { totalCount edges {"
                            " node { id } } } } } } }",
                            NULL);
    json_t *events = at(list, "data.services.edges.0.node.logEvents");
    const char *from = text_at(events, "edges.0.node.id"), *to = text_at(events, "edges.1.node.id");
    struct pair p;
    assert_true(id_parse(slice_str(from), &p.from) && id_parse(slice_str(to), &p.to));
    assert_int_equal(in_writer(a->f->store, merge_pair, &p), STORE_OK);
    char *query = xasprintf("{ logEvent(id: \"%s\") { id } }", from);
    json_t *answer = ask_well(a, query, NULL);
    assert_string_equal(text_at(answer, "data.logEvent.id"), to);
    json_decref(answer);
    free(query);
    json_decref(list);
}

/* ---- series ---- */

static void volumes_are_whole(void **state)
{
    struct asked *a = *state;
    int64_t now = clock_now();
    struct buf start, end;
    buf_init(&start, 64);
    buf_init(&end, 64);
    clock_rfc3339(&start, now - 200 * NS_PER_HOUR);
    clock_rfc3339(&end, now + NS_PER_HOUR);
    for (int day = 0; day < 2; day++) {
        char *variables = xasprintf("{\"i\": {\"granularity\": \"%s\", \"range\": {\"start\": \"%s\", \"end\": \"%s\"}}}",
                                    day ? "DAY" : "HOUR", start.data, end.data);
        json_t *answer =
            ask_well(a,
                     "query V($i: LogVolumeInput!) { accounts { edges { node { status { eventCount byteCount } logVolume(input: $i) {"
                     " granularity totals { logCount estimatedBytes } points { start end logCount quality } } } } }"
                     " services(first: 1) { edges { node { eventCount logVolume(input: $i) { totals { logCount } } } } }"
                     " logEvents(first: 1) { edges { node { eventCount logVolume(input: $i) { totals { logCount } } } } } }",
                     variables);
        json_t *account = at(answer, "data.accounts.edges.0.node"), *points = at(account, "logVolume.points");
        near(real(account, "status.eventCount"), real(account, "logVolume.totals.logCount"));
        near(real(answer, "data.services.edges.0.node.eventCount"), real(answer, "data.services.edges.0.node.logVolume.totals.logCount"));
        near(real(answer, "data.logEvents.edges.0.node.eventCount"), real(answer, "data.logEvents.edges.0.node.logVolume.totals.logCount"));
        assert_in_range(json_array_size(points), day ? 9 : 201, day ? 11 : 203);
        double sum = 0;
        size_t i, partial = 0;
        json_t *point;
        json_array_foreach(points, i, point)
        {
            sum += real(point, "logCount");
            partial += strcmp(text_at(point, "quality"), "PARTIAL") == 0;
            if (i) assert_string_equal(text_at(point, "start"), text_at(json_array_get(points, i - 1), "end"));
        }
        near(sum, real(account, "logVolume.totals.logCount"));
        assert_int_equal(partial, 1);
        json_decref(answer);
        free(variables);
    }
    buf_free(&start);
    buf_free(&end);
}

static void wrong_ranges_are_refused(void **state)
{
    const char *query = "query V($i: LogVolumeInput!) { services(first: 1) { edges { node { logVolume(input: $i) { granularity } } } } }";
#define RANGE(from, to) "{\"i\": {\"granularity\": \"HOUR\", \"range\": {\"start\": \"" from "\", \"end\": \"" to "\"}}}"
    ask_fails(*state, query, RANGE("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"), "BAD_USER_INPUT");
    ask_fails(*state, query, RANGE("tomorrow", "2026-01-01T00:00:00Z"), "BAD_USER_INPUT");
    ask_fails(*state, query, RANGE("2000-01-01T00:00:00Z", "2026-01-01T00:00:00Z"), "LIMIT_EXCEEDED");
    ask_fails(*state, query, RANGE("2262-04-11T00:00:00Z", "2262-04-11T23:00:00Z"), "BAD_USER_INPUT");
}

/* ---- changes ---- */

static void services_are_switched(void **state)
{
    struct asked *a = *state;
    char *id = first_id(a, "services"), *variables = xasprintf("{\"id\": \"%s\"}", id);
    int64_t audits = count(a, "SELECT count(*) FROM audit_log");
    for (int i = 0; i < 2; i++) {
        json_t *answer =
            ask_well(a, "mutation D($id: ID!) { setServiceEnabled(id: $id, enabled: false) { id enabled status { health } } }", variables);
        assert_true(json_is_false(at(answer, "data.setServiceEnabled.enabled")));
        assert_string_equal(text_at(answer, "data.setServiceEnabled.status.health"), "DISABLED");
        json_decref(answer);
    }
    assert_int_equal(count(a, "SELECT count(*) FROM audit_log"), audits + 1);
    assert_int_equal(count(a, "SELECT count(*) FROM audit_log WHERE action = 'service.disable' AND actor = 'uid:1000' AND"
                              " before = '{\"enabled\":true}' AND after = '{\"enabled\":false}'"),
                     1);
    assert_int_equal(count(a, "SELECT services_disabled FROM accounts"), 1);
    json_t *lists =
        ask_well(a, "{ on: services(where: {enabled: true}) { totalCount } off: services(where: {enabled: false}) { totalCount } }", NULL);
    assert_int_equal(json_integer_value(at(lists, "data.on.totalCount")), SMALL_SERVICES - 1);
    assert_int_equal(json_integer_value(at(lists, "data.off.totalCount")), 1);
    json_decref(lists);
    json_decref(ask_well(a, "mutation E($id: ID!) { setServiceEnabled(id: $id, enabled: true) { id } }", variables));
    assert_int_equal(count(a, "SELECT services_disabled FROM accounts"), 0);
    assert_invariants(a->f->store);
    free(variables);
    free(id);
}

static void teams_own_services(void **state)
{
    struct asked *a = *state;
    char *organization = first_id(a, "organizations"), *service = first_id(a, "services");
    char *variables =
        xasprintf("{\"i\": {\"organizationID\": \"%s\", \"name\": \"  Platform \\u00e9 \", \"description\": \"owns\"}}", organization);
    const char *create =
        "mutation C($i: TeamCreateInput!) { createTeam(input: $i) { id name description organization { id } members { userID } } }";
    json_t *created = ask_well(a, create, variables);
    assert_string_equal(text_at(created, "data.createTeam.name"), "Platform é");
    ask_fails(a, create, variables, "CONFLICT");
    char *team = xstrdup(text_at(created, "data.createTeam.id")), *both = xasprintf("{\"t\": \"%s\", \"s\": \"%s\"}", team, service);
    json_decref(created);

    json_t *answer =
        ask_well(a,
                 "mutation A($t: ID!, $s: ID!) { addTeamMember(teamID: $t, userID: \"uid:1000\") { members { userID } }"
                 " again: addTeamMember(teamID: $t, userID: \"uid:1000\") { members { userID } }"
                 " assignServiceToTeam(serviceID: $s, teamID: $t) { team { name services { totalCount edges { node { id } } } } } }",
                 both);
    assert_int_equal(json_array_size(at(answer, "data.again.members")), 1);
    assert_int_equal(json_integer_value(at(answer, "data.assignServiceToTeam.team.services.totalCount")), 1);
    assert_string_equal(text_at(answer, "data.assignServiceToTeam.team.services.edges.0.node.id"), service);
    json_decref(answer);

    answer = ask_well(
        a,
        "query Q($t: ID!) { viewer { teams { id } } services(where: {team: {id: $t}}) { totalCount } teams(where: {hasServices: true}) {"
        " totalCount } logEvents(where: {service: {team: {id: $t}}}) { totalCount }"
        " last: services(last: 1, orderBy: {field: TEAM_NAME}) { edges { node { team { id } } } } }",
        both);
    assert_string_equal(text_at(answer, "data.viewer.teams.0.id"), team);
    assert_int_equal(json_integer_value(at(answer, "data.services.totalCount")), 1);
    assert_int_equal(json_integer_value(at(answer, "data.teams.totalCount")), 1);
    assert_true(json_integer_value(at(answer, "data.logEvents.totalCount")) > 10);
    assert_string_equal(text_at(answer, "data.last.edges.0.node.team.id"), team);
    json_decref(answer);

    answer = ask_well(a, "mutation U($t: ID!) { updateTeam(id: $t, input: {name: \"Core\", clearDescription: true}) { name description } }",
                      both);
    assert_true(json_is_null(at(answer, "data.updateTeam.description")));
    json_decref(answer);
    assert_int_equal(count(a, "SELECT count(*) FROM services WHERE team_name = 'Core'"), 1);
    json_decref(ask_well(a, "mutation R($t: ID!) { removeTeamMember(teamID: $t, userID: \"uid:1000\") { id } }", both));
    answer = ask_well(a, "mutation X($t: ID!) { deleteTeam(id: $t) again: deleteTeam(id: $t) }", both);
    assert_true(json_is_true(at(answer, "data.deleteTeam")));
    assert_true(json_is_false(at(answer, "data.again")));
    json_decref(answer);
    assert_int_equal(count(a, "SELECT count(*) FROM services WHERE team IS NOT NULL OR team_name <> ''"), 0);
    assert_int_equal(count(a, "SELECT count(*) FROM audit_log WHERE object_type = 'Team'"), 5);
    ask_fails(a, "mutation N($t: ID!, $s: ID!) { assignServiceToTeam(serviceID: $s, teamID: $t) { id } }", both, "NOT_FOUND");
    free(both);
    free(team);
    free(variables);
    free(service);
    free(organization);
}

static void names_are_checked(void **state)
{
    struct asked *a = *state;
    char *organization = first_id(a, "organizations");
    static const char *const bad[] = {"", "   ", "a\\u0007b", "a\\u202eb", "a\\nb"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char *variables = xasprintf("{\"i\": {\"organizationID\": \"%s\", \"name\": \"%s\"}}", organization, bad[i]);
        ask_fails(a, "mutation C($i: TeamCreateInput!) { createTeam(input: $i) { id } }", variables, "BAD_USER_INPUT");
        free(variables);
    }
    assert_int_equal(count(a, "SELECT count(*) FROM teams"), 0);
    free(organization);
}

static void prices_reach_every_cost(void **state)
{
    struct asked *a = *state;
    char *id = first_id(a, "accounts"), *variables = xasprintf("{\"id\": \"%s\"}", id);
    json_t *answer = ask_well(a,
                              "mutation P($id: ID!) { updateAccountPricing(id: $id, input: {usdPerGB: 2, usdPerMillionEvents: 0.5}) {"
                              " pricing { usdPerGB usdPerMillionEvents } } }",
                              variables);
    assert_true(real(answer, "data.updateAccountPricing.pricing.usdPerGB") == 2);
    assert_true(real(answer, "data.updateAccountPricing.pricing.usdPerMillionEvents") == 0.5);
    json_decref(answer);
    int64_t deadline = clock_monotonic() + 20 * NS_PER_SECOND;
    while (count(a, "SELECT count(*) FROM accounts WHERE reprice IS NOT NULL") && clock_monotonic() < deadline)
        assert_int_equal(in_writer(a->f->store, exec_sql, "SELECT 1"), STORE_OK);
    assert_int_equal(count(a, rate_of_events), 0);
    assert_invariants(a->f->store);
    ask_fails(a, "mutation P($id: ID!) { updateAccountPricing(id: $id, input: {usdPerGB: -1}) { id } }", variables, "BAD_USER_INPUT");
    json_decref(
        ask_well(a, "mutation U($id: ID!) { updateAccount(id: $id, input: {name: \"main\", displayKey: \"MAIN\"}) { name displayKey } }",
                 variables));
    answer = ask_well(a, "mutation U($id: ID!) { updateAccount(id: $id, input: {clearDisplayKey: true}) { name displayKey } }", variables);
    assert_true(json_is_null(at(answer, "data.updateAccount.displayKey")));
    assert_string_equal(text_at(answer, "data.updateAccount.name"), "main");
    json_decref(answer);
    free(variables);
    free(id);
}

/* ---- who may ---- */

static void readers_may_not_write(void **state)
{
    struct asked *a = *state;
    char *id = first_id(a, "services"), *variables = xasprintf("{\"id\": \"%s\"}", id);
    int64_t audits = count(a, "SELECT count(*) FROM audit_log");
    a->caller.may_write = false;
    ask_fails(a, "mutation D($id: ID!) { setServiceEnabled(id: $id, enabled: false) { id } }", variables, "FORBIDDEN");
    json_decref(ask_well(a, "{ viewer { id } }", NULL));
    a->caller.may_write = true;
    assert_int_equal(count(a, "SELECT count(*) FROM audit_log"), audits);
    assert_int_equal(count(a, "SELECT count(*) FROM services WHERE enabled = 0"), 0);
    free(variables);
    free(id);
}

static void account_header_selects(void **state)
{
    struct asked *a = *state;
    char *id = first_id(a, "accounts");
    a->caller.account = slice_str(id);
    json_decref(ask_well(a, "{ services { totalCount } }", NULL));
    a->caller.account = SLICE("00000000-0000-4000-8000-000000000000");
    ask_fails(a, "{ services { totalCount } }", NULL, "FORBIDDEN");
    a->caller.account = SLICE("rubbish");
    ask_fails(a, "{ services { totalCount } }", NULL, "FORBIDDEN");
    a->caller.account = SLICE("");
    free(id);
}

/* ---- requests that are none ---- */

static void bodies_are_checked(void **state)
{
    struct asked *a = *state;
    static const struct {
        const char *body;
        int status;
    } bodies[] = {
        {"", 400},
        {"null", 400},
        {"[]", 400},
        {"{", 400},
        {"{}", 400},
        {"{\"query\": 1}", 400},
        {"{\"query\": \"\"}", 400},
        {"{\"query\": \"{ viewer { id } }\", \"variables\": []}", 400},
        {"{\"query\": \"{ viewer { id } }\"} x", 400},
        {"{\"query\": \"{ viewer { id } }\", \"variables\": null, \"operationName\": null, \"extensions\": {\"a\": [1, {}]}}", 200},
        {"{\"variables\": {}, \"query\": \"query A { viewer { id } } query B { serverInfo { version } }\", \"operationName\": \"B\"}", 200},
        {"{\"query\": \"{ nonsense }\"}", 200},
        {"{\"query\": \"{ \\u0076iewer\\n { id } }\"}", 200},
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct buf out;
        int status = ask_raw(a, slice_str(bodies[i].body), &out);
        if (status != bodies[i].status) fail_msg("%s: %d", bodies[i].body, status);
        json_error_t error;
        json_t *answer = json_loadb(out.data, out.len, 0, &error);
        assert_non_null(answer);
        assert_true((status == 200 && i != 11) == (json_object_get(answer, "errors") == NULL));
        json_decref(answer);
        buf_free(&out);
    }
}

static void full_disk_refuses_changes(void **state)
{
    struct asked *a = *state;
    char *id = first_id(a, "services"), *variables = xasprintf("{\"id\": \"%s\"}", id);
    const char *disable = "mutation D($id: ID!) { setServiceEnabled(id: $id, enabled: false) { id } }";
    struct rlimit old, small;
    log_threshold(LOG_OFF);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old);
    small = old;
    small.rlim_cur = 1;
    setrlimit(RLIMIT_FSIZE, &small);
    json_t *answer = ask(a, disable, variables);
    setrlimit(RLIMIT_FSIZE, &old);
    log_threshold(LOG_INFO);
    assert_string_equal(text_at(answer, "errors.0.extensions.code"), "UNAVAILABLE");
    assert_null(json_object_get(answer, "data"));
    assert_int_equal(count(a, "SELECT count(*) FROM services WHERE enabled = 0"), 0);
    json_decref(answer);
    json_decref(ask_well(a, disable, variables));
    json_decref(ask_well(a, "mutation D($id: ID!) { setServiceEnabled(id: $id, enabled: true) { id } }", variables));
    free(variables);
    free(id);
}

/* ---- many at once ---- */

enum { THREADS = 4, ROUNDS = 60 };

struct crowd {
    struct asked *a;
    const char *service;
    int number, bad;
};

static void *crowd_main(void *context)
{
    struct crowd *c = context;
    for (int i = 0; i < ROUNDS; i++) {
        char *body =
            i % 5 == c->number
                ? xasprintf("{\"query\": \"mutation { setServiceEnabled(id: \\\"%s\\\", enabled: %s) { id } }\"}", c->service,
                            i % 2 ? "true" : "false")
                : xasprintf("{\"query\": \"{ logEvents(first: %d, orderBy: {field: CURRENT_TOTAL_USD_PER_HOUR}) { totalCount edges {"
                            " node { id service { name enabled } } } } }\"}",
                            i + 1);
        struct buf out;
        c->bad += ask_raw(c->a, slice_str(body), &out) != 200 || strstr(out.data, "\"errors\"") != NULL;
        buf_free(&out);
        free(body);
    }
    store_reader_end(c->a->f->store);
    return NULL;
}

static void many_ask_at_once(void **state)
{
    struct asked *a = *state;
    char *service = first_id(a, "services");
    struct crowd crowd[THREADS];
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        crowd[i] = (struct crowd){a, service, i, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, crowd_main, &crowd[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(crowd[i].bad, 0);
    }
    assert_invariants(a->f->store);
    free(service);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_and_where),
        cmocka_unit_test(statuses_add_up),
        cmocka_unit_test(details_of_an_event),
        cmocka_unit_test(unknown_ids_are_null),
        cmocka_unit_test(volumes_are_whole),
        cmocka_unit_test(wrong_ranges_are_refused),
        cmocka_unit_test(services_are_switched),
        cmocka_unit_test(teams_own_services),
        cmocka_unit_test(names_are_checked),
        cmocka_unit_test(readers_may_not_write),
        cmocka_unit_test(account_header_selects),
        cmocka_unit_test(bodies_are_checked),
        cmocka_unit_test(full_disk_refuses_changes),
        cmocka_unit_test(many_ask_at_once),
        cmocka_unit_test(merged_ids_resolve),
        cmocka_unit_test(prices_reach_every_cost),
    };
    return cmocka_run_group_tests_name("api", tests, asked_setup, asked_teardown);
}
