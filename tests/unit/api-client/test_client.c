/* The client against a server that behaves, and against ones that do not: over a Unix socket, then over TCP with libcurl. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api-client/api.h"
#include "base/clock.h"
#include "tests/unit/api-client/server.h"

#include <sys/resource.h>

#define JSON(text)                                                                                                                         \
    {                                                                                                                                      \
        .json = (text)                                                                                                                     \
    }
#define RAW(text)                                                                                                                          \
    {                                                                                                                                      \
        .raw = (text), .close = true                                                                                                       \
    }
#define COUNT(a) (sizeof(a) / sizeof *(a))

struct got {
    unsigned calls;
    enum api_status status;
    char message[256], code[64], text[64];
    bool data;
};

static void note(void *context, const struct api_answer *answer)
{
    struct got *g = context;
    struct arena *arena = arena_new(1 << 20);
    g->calls++;
    g->status = answer->status;
    g->data = answer->data != NULL;
    snprintf(g->message, sizeof g->message, "%s", answer->message);
    snprintf(g->code, sizeof g->code, "%s", answer->code);
    snprintf(g->text, sizeof g->text, "%s", api_text(arena, answer->data, "viewer.id"));
    arena_free(arena);
}

static struct api *client(const struct server *s, unsigned patience_ms, bool read_only)
{
    char *problem = NULL;
    struct api *api = api_open(&(struct api_profile){.name = "test",
                                                     .kind = API_SELF_HOSTED,
                                                     .socket = *s->path ? s->path : NULL,
                                                     .endpoint = *s->endpoint ? s->endpoint : NULL,
                                                     .patience_ms = patience_ms,
                                                     .read_only = read_only},
                               &problem);
    assert_non_null(api);
    return api;
}

static struct got ask(const struct step *steps, size_t count, const char *operation, unsigned patience_ms, struct server *s)
{
    struct got got = {0};
    server_start(s, steps, count);
    struct api *api = client(s, patience_ms, false);
    api_wait(api, api_send(api, operation, NULL, note, &got));
    assert_int_equal(got.calls, 1);
    api_close(api);
    server_stop(s);
    return got;
}

static struct got ask_one(struct step step, const char *operation, unsigned patience_ms)
{
    struct server s;
    struct got got = ask(&step, 1, operation, patience_ms, &s);
    server_free(&s);
    return got;
}

static void good_answer(void **state)
{
    (void)state;
    struct server s;
    struct step steps[] = {JSON("{\"data\":{\"viewer\":{\"id\":\"uid:1\\u001b[31m\\u202e\"}}}")};
    struct got got = ask(steps, 1, "ServerInfo", 2000, &s);
    assert_int_equal(got.status, API_OK);
    assert_string_equal(got.message, "");
    assert_string_equal(got.text, "uid:1\xEF\xBF\xBD[31m\xEF\xBF\xBD");
    assert_non_null(strstr(s.heads[0].data, "POST /graphql HTTP/1.1\r\n"));
    assert_non_null(strstr(s.heads[0].data, "\r\nContent-Type: application/json\r\n"));
    assert_non_null(strstr(s.heads[0].data, "\r\nX-Request-Id: "));
    json_t *body = json_loads(s.bodies[0].data, 0, NULL);
    assert_non_null(strstr(json_string_value(json_object_get(body, "query")), "query ServerInfo"));
    assert_true(json_is_object(json_object_get(body, "variables")));
    json_decref(body);
    server_free(&s);
}

static void connection_is_kept(void **state)
{
    (void)state;
    struct server s;
    struct step steps[] = {JSON("{\"data\":{\"viewer\":{\"id\":\"a\"}}}")};
    struct got got = {0};
    server_start(&s, steps, 1);
    struct api *api = client(&s, 2000, false);
    for (int i = 0; i < 5; i++) api_wait(api, api_send(api, "ServerInfo", NULL, note, &got));
    assert_int_equal(got.calls, 5);
    assert_true(api_last_answer(api) > 0);
    const struct api_log_entry *entries;
    assert_int_equal(api_log(api, &entries), 5);
    assert_string_equal(entries[0].operation, "ServerInfo");
    assert_int_equal(strlen(entries[0].request_id), 32);
    assert_true(entries[0].elapsed_ns > 0 && entries[0].sent > 100 && entries[0].received > 20);
    api_close(api);
    server_stop(&s);
    assert_int_equal(s.connections, 1);
    server_free(&s);
}

static void errors_have_classes(void **state)
{
    (void)state;
    static const struct {
        struct step step;
        enum api_status status;
        const char *message, *code;
    } cases[] = {
        {JSON("{\"errors\":[{\"message\":\"who?\",\"extensions\":{\"code\":\"UNAUTHENTICATED\"}}]}"), API_DENIED, "who?",
         "UNAUTHENTICATED"},
        {JSON("{\"errors\":[{\"message\":\"no\",\"extensions\":{\"code\":\"FORBIDDEN\"}}],\"data\":{\"viewer\":null}}"), API_DENIED, "no",
         "FORBIDDEN"},
        {JSON("{\"errors\":[{\"message\":\"a\\u001b]0;x\\u0007b\\nc\"}],\"data\":null}"), API_REFUSED,
         "a\xEF\xBF\xBD]0;x\xEF\xBF\xBD"
         "b c",
         ""},
        {JSON("{\"errors\":[7]}"), API_REFUSED, "the control plane gives no reason", ""},
        {JSON("{\"errors\":[]}"), API_BROKEN, "the answer is not a GraphQL answer", ""},
        {JSON("[]"), API_BROKEN, "the answer is not a GraphQL answer", ""},
        {JSON("{\"data\":[1]}"), API_BROKEN, "the answer is not a GraphQL answer", ""},
        {JSON("{\"data\":{\"a\":1},\"data\":{\"a\":2}}"), API_BROKEN, "the answer is not a GraphQL answer", ""},
        {JSON("<html>"), API_BROKEN, "the answer is not a GraphQL answer", ""},
        {JSON(""), API_BROKEN, "the answer is not a GraphQL answer", ""},
        {RAW("HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\nno"), API_DENIED, "not signed in (HTTP 401)", ""},
        {RAW("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"), API_BROKEN, "no control plane at this address (HTTP 404)", ""},
        {RAW("HTTP/1.1 302 Go\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"), API_BROKEN,
         "the endpoint redirects (HTTP 302), which is not followed", ""},
        {RAW("HTTP/1.1 403 No\r\nContent-Length: 43\r\n\r\n{\"errors\":[{\"message\":\"not this account\"}]}"), API_DENIED,
         "not this account", ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct got got = ask_one(cases[i].step, "ServerInfo", 2000);
        if (got.status != cases[i].status) print_error("case %zu: status %d: %s\n", i, (int)got.status, got.message);
        assert_int_equal(got.status, cases[i].status);
        assert_string_equal(got.message, cases[i].message);
        assert_string_equal(got.code, cases[i].code);
        assert_false(got.data);
    }
}

static void partial_data_comes_with_its_error(void **state)
{
    (void)state;
    struct got got =
        ask_one((struct step)JSON("{\"data\":{\"viewer\":{\"id\":\"x\"},\"serverInfo\":null},\"errors\":[{\"message\":\"half\"}]}"),
                "ServerInfo", 2000);
    assert_int_equal(got.status, API_OK);
    assert_true(got.data);
    assert_string_equal(got.message, "half");
}

static void hostile_answers_are_bounded(void **state)
{
    (void)state;
    struct got got =
        ask_one((struct step){.raw = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"data\":\"", .flood = 64 << 20, .close = true},
                "ServerInfo", 10000);
    assert_int_equal(got.status, API_BROKEN);
    assert_non_null(strstr(got.message, "larger than 16 MiB"));
    got = ask_one((struct step)RAW("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"), "ServerInfo", 10000);
    assert_int_equal(got.status, API_BROKEN);
    got = ask_one((struct step){.raw = "HTTP/1.1 200 OK\r\nX-Fill: ", .flood = 1 << 20, .close = true}, "ServerInfo", 10000);
    assert_int_not_equal(got.status, API_OK);
    got = ask_one((struct step)RAW("SSH-2.0-OpenSSH_9.2\r\n"), "ServerInfo", 10000);
    assert_int_equal(got.status, API_BROKEN);
}

static void truncated_answer_is_tried_three_times(void **state)
{
    (void)state;
    struct server s;
    struct step steps[] = {RAW("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"data\":")};
    struct got got = ask(steps, 1, "ServerInfo", 20000, &s);
    assert_int_equal(got.status, API_UNREACHABLE);
    assert_int_equal(s.requests, 3);
    server_free(&s);
}

static void busy_server_is_asked_again(void **state)
{
    (void)state;
    struct server s;
    struct step steps[] = {RAW("HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"),
                           JSON("{\"data\":{\"viewer\":{\"id\":\"x\"}}}")};
    int64_t begin = clock_monotonic();
    struct got got = ask(steps, 2, "ServerInfo", 20000, &s);
    assert_int_equal(got.status, API_OK);
    assert_int_equal(s.requests, 2);
    assert_true(clock_monotonic() - begin >= NS_PER_SECOND);
    server_free(&s);
}

static void mutation_is_sent_once(void **state)
{
    (void)state;
    struct server s;
    struct step busy[] = {RAW("HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n")};
    struct got got = ask(busy, 1, "SetServiceEnabled", 20000, &s);
    assert_int_equal(got.status, API_UNREACHABLE);
    assert_int_equal(s.requests, 1);
    server_free(&s);
    struct step cut[] = {RAW("")};
    got = ask(cut, 1, "SetServiceEnabled", 20000, &s);
    assert_int_equal(got.status, API_UNREACHABLE);
    assert_non_null(strstr(got.message, "the change may have been made"));
    assert_int_equal(s.requests, 1);
    server_free(&s);
}

static void mutation_is_sent_once_on_a_kept_connection(void **state)
{
    (void)state;
    struct server s;
    struct step steps[] = {JSON("{\"data\":{\"viewer\":{\"id\":\"x\"}}}"), RAW(""),
                           JSON("{\"data\":{\"setServiceEnabled\":{\"id\":\"x\"}}}")};
    struct got got = {0};
    server_start(&s, steps, COUNT(steps));
    struct api *api = client(&s, 2000, false);
    api_wait(api, api_send(api, "ServerInfo", NULL, note, &got));
    assert_int_equal(got.status, API_OK);
    uint64_t ticket = api_send(api, "SetServiceEnabled", NULL, note, &got);
    api_wait(api, ticket);
    assert_int_equal(got.status, API_UNREACHABLE);
    assert_int_equal(s.requests, 2);
    api_close(api);
    server_stop(&s);
    server_free(&s);
}

static void learns_what_a_server_lacks(void **state)
{
    (void)state;
    struct server s;
    struct step steps[] = {
        JSON("{\"errors\":[{\"message\":\"Cannot query field \\\"serverInfo\\\" on type "
             "\\\"Query\\\".\",\"extensions\":{\"code\":\"GRAPHQL_VALIDATION_FAILED\"}}]}"),
        JSON(
            "{\"data\":{\"__schema\":{\"queryType\":{\"name\":\"Query\"},\"mutationType\":null,\"types\":["
            "{\"name\":\"Query\",\"fields\":[{\"name\":\"viewer\",\"args\":[],\"type\":{\"name\":null,\"ofType\":{\"name\":\"Viewer\"}}}]},"
            "{\"name\":\"Viewer\",\"fields\":[{\"name\":\"id\",\"args\":[],\"type\":{\"name\":null,\"ofType\":{\"name\":\"String\"}}}]},"
            "{\"name\":\"Order\",\"fields\":null,\"enumValues\":[{\"name\":\"NAME\"}]}]}}}"),
        JSON("{\"data\":{\"viewer\":{\"id\":\"user_1\"}}}"),
    };
    struct got got = {0}, list = {0};
    server_start(&s, steps, COUNT(steps));
    struct api *api = client(&s, 2000, false);
    assert_true(api_offers(api, "Viewer", "email"));
    api_wait(api, api_send(api, "ServerInfo", NULL, note, &got));
    assert_int_equal(got.status, API_OK);
    assert_string_equal(got.text, "user_1");
    assert_false(api_offers(api, "Viewer", "email"));
    assert_true(api_offers(api, "Order", "NAME"));
    assert_false(api_offers(api, "Order", "COST"));
    api_wait(api, api_send(api, "ListLogEvents", NULL, note, &list));
    assert_int_equal(list.status, API_NOT_OFFERED);
    api_close(api);
    server_stop(&s);
    assert_int_equal(s.requests, 3);
    assert_non_null(strstr(s.bodies[1].data, "query LearnSchema"));
    assert_string_equal(s.bodies[2].data, "{\"query\":\"query ServerInfo{viewer{id}}\",\"variables\":{}}");
    server_free(&s);
}

static void read_only_sends_no_mutation(void **state)
{
    (void)state;
    static const char *const mutations[] = {"SetServiceEnabled", "AssignServiceToTeam", "RemoveServiceTeamMapping", "CreateTeam"};
    struct server s;
    struct step steps[] = {JSON("{\"data\":{\"viewer\":{\"id\":\"x\"}}}")};
    struct got got = {0};
    server_start(&s, steps, 1);
    struct api *api = client(&s, 2000, true);
    api_set_read_only(api, false);
    assert_true(api_read_only(api));
    for (size_t i = 0; i < COUNT(mutations); i++) {
        api_wait(api, api_send(api, mutations[i], NULL, note, &got));
        assert_int_equal(got.status, API_REFUSED);
        assert_string_equal(got.message, "read-only: nothing was sent");
    }
    assert_int_equal(s.requests, 0);
    api_wait(api, api_send(api, "ServerInfo", NULL, note, &got));
    assert_int_equal(got.status, API_OK);
    api_close(api);
    server_stop(&s);
    assert_int_equal(s.requests, 1);
    server_free(&s);
}

static void cancelled_request_calls_nobody(void **state)
{
    (void)state;
    struct server s;
    struct step steps[] = {{.hang = true}, JSON("{\"data\":{\"viewer\":{\"id\":\"x\"}}}")};
    struct got first = {0}, second = {0};
    server_start(&s, steps, 2);
    struct api *api = client(&s, 5000, false);
    uint64_t ticket = api_send(api, "ServerInfo", NULL, note, &first);
    int64_t deadline = clock_monotonic() + 5 * NS_PER_SECOND;
    while (s.requests < 1 && clock_monotonic() < deadline) api_poll(api, NULL, NULL, 0, 10);
    assert_int_equal(api_in_flight(api), 1);
    api_cancel(api, ticket);
    assert_int_equal(api_in_flight(api), 0);
    api_wait(api, api_send(api, "ServerInfo", NULL, note, &second));
    assert_int_equal(second.status, API_OK);
    assert_int_equal(first.calls, 0);
    api_close(api);
    server_stop(&s);
    server_free(&s);
}

static void nobody_there_runs_out_of_patience(void **state)
{
    (void)state;
    char *problem = NULL;
    struct got got = {0};
    struct api *api = api_open(&(struct api_profile){.socket = "/tmp/tero-nothing-here", .patience_ms = 120}, &problem);
    int64_t begin = clock_monotonic();
    uint64_t ticket = api_send(api, "ServerInfo", NULL, note, &got);
    api_poll(api, NULL, NULL, 0, 20);
    api_poll(api, NULL, NULL, 0, 20);
    assert_string_not_equal(api_trouble(api), "");
    api_wait(api, ticket);
    assert_int_equal(got.status, API_UNREACHABLE);
    assert_true(clock_monotonic() - begin < 5 * NS_PER_SECOND);
    api_close(api);
}

static void poll_watches_the_callers_descriptors(void **state)
{
    (void)state;
    int ends[2];
    bool ready[1] = {false};
    char *problem = NULL;
    assert_int_equal(pipe(ends), 0);
    struct api *api = api_open(&(struct api_profile){.socket = "/tmp/tero-nothing-here"}, &problem);
    api_poll(api, ends, ready, 1, 0);
    assert_false(ready[0]);
    assert_int_equal(write(ends[1], "x", 1), 1);
    api_poll(api, ends, ready, 1, -1);
    assert_true(ready[0]);
    api_close(api);
    close(ends[0]);
    close(ends[1]);
}

/* With a kept connection and nothing to do, api_poll sleeps: the thread gives up the processor once. */
static void idle_costs_nothing(void **state)
{
    (void)state;
    struct server s;
    struct step steps[] = {JSON("{\"data\":{\"viewer\":{\"id\":\"a\"}}}")};
    struct got got = {0};
    struct rusage before, after;
    server_start(&s, steps, 1);
    struct api *api = client(&s, 2000, false);
    api_wait(api, api_send(api, "ServerInfo", NULL, note, &got));
    int64_t begin = clock_monotonic();
    getrusage(RUSAGE_THREAD, &before);
    api_poll(api, NULL, NULL, 0, 300);
    getrusage(RUSAGE_THREAD, &after);
    assert_true(clock_monotonic() - begin >= 290 * 1000000);
    assert_true(after.ru_nvcsw - before.ru_nvcsw <= 2);
    api_close(api);
    server_stop(&s);
    server_free(&s);
}

static void wrong_profiles_are_refused(void **state)
{
    (void)state;
    static const struct api_profile profiles[] = {
        {.endpoint = "http://example.org"},
        {.endpoint = "ftp://x"},
        {.endpoint = "example.org"},
        {.endpoint = "https://"},
        {.endpoint = "http://127.0.0.1@evil.example"},
        {.endpoint = "http://localhost.evil.example"},
        {.endpoint = "https://h", .token = "a\r\nX: y"},
        {.endpoint = "https://h", .account = "a b"},
        {.name = "none"},
    };
    for (size_t i = 0; i < COUNT(profiles); i++) {
        char *problem = NULL;
        assert_null(api_open(&profiles[i], &problem));
        assert_non_null(problem);
        free(problem);
    }
}

static void forms_of_a_good_answer(void **state)
{
    (void)state;
    static const char *const forms[] = {
        "HTTP/1.1 200 OK\r\nContent-Length: 28\r\n\r\n{\"data\":{\"viewer\":{\"id\":1}}}",
        "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{\"data\":{\"viewer\":{\"id\":1}}}",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        "8\r\n{\"data\":\r\n14;x=y\r\n{\"viewer\":{\"id\":1}}}\r\n0\r\nX-End: 1\r\n\r\n",
    };
    for (size_t i = 0; i < COUNT(forms); i++)
        for (int drip = 0; drip < 2; drip++) {
            struct got got = ask_one((struct step){.raw = forms[i], .drip = drip, .close = true}, "ServerInfo", 5000);
            if (got.status != API_OK) print_error("form %zu: %s\n", i, got.message);
            assert_int_equal(got.status, API_OK);
        }
}

static void endless_chunks_are_bounded(void **state)
{
    (void)state;
    struct got got = ask_one((struct step){.raw = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n", .flood = 64 << 20},
                             "ServerInfo", 10000);
    assert_int_equal(got.status, API_BROKEN);
    got = ask_one((struct step){.raw = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", .flood = 1 << 20, .close = true},
                  "ServerInfo", 10000);
    assert_int_not_equal(got.status, API_OK);
}

/* The server hangs up between two requests: the client notices, and a query goes out again on a fresh connection. */
static void a_kept_connection_that_ended_is_replaced(void **state)
{
    (void)state;
    struct server s;
    struct step steps[] = {RAW("HTTP/1.1 200 OK\r\nContent-Length: 28\r\n\r\n{\"data\":{\"viewer\":{\"id\":1}}}")};
    struct got got = {0};
    server_start(&s, steps, 1);
    struct api *api = client(&s, 2000, false);
    for (int i = 0; i < 4; i++) api_wait(api, api_send(api, "ServerInfo", NULL, note, &got));
    assert_int_equal(got.calls, 4);
    assert_int_equal(got.status, API_OK);
    api_close(api);
    server_stop(&s);
    assert_int_equal(s.requests, 4);
    assert_int_equal(s.connections, 4);
    server_free(&s);
}

static void many_at_once_share_the_connections(void **state)
{
    (void)state;
    struct server s;
    struct step steps[] = {JSON("{\"data\":{\"viewer\":{\"id\":\"a\"}}}")};
    struct got got = {0};
    server_start(&s, steps, 1);
    struct api *api = client(&s, 5000, false);
    for (int i = 0; i < 40; i++) api_send(api, "ServerInfo", NULL, note, &got);
    api_flush(api);
    while (api_in_flight(api)) api_poll(api, NULL, NULL, 0, 1000);
    assert_int_equal(got.calls, 40);
    assert_int_equal(got.status, API_OK);
    api_close(api);
    server_stop(&s);
    assert_true(s.connections >= 1 && s.connections <= 6);
    server_free(&s);
}

static bool curl_is_loaded(void)
{
    char line[512];
    bool found = false;
    FILE *maps = fopen("/proc/self/maps", "r");
    assert_non_null(maps);
    while (fgets(line, sizeof line, maps)) found = found || strstr(line, "libcurl");
    fclose(maps);
    return found;
}

static void curl_comes_with_an_endpoint_only(void **state)
{
    (void)state;
    assert_int_equal(curl_is_loaded(), server_tcp);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_answer),
        cmocka_unit_test(connection_is_kept),
        cmocka_unit_test(errors_have_classes),
        cmocka_unit_test(partial_data_comes_with_its_error),
        cmocka_unit_test(hostile_answers_are_bounded),
        cmocka_unit_test(truncated_answer_is_tried_three_times),
        cmocka_unit_test(busy_server_is_asked_again),
        cmocka_unit_test(mutation_is_sent_once),
        cmocka_unit_test(mutation_is_sent_once_on_a_kept_connection),
        cmocka_unit_test(learns_what_a_server_lacks),
        cmocka_unit_test(read_only_sends_no_mutation),
        cmocka_unit_test(cancelled_request_calls_nobody),
        cmocka_unit_test(nobody_there_runs_out_of_patience),
        cmocka_unit_test(poll_watches_the_callers_descriptors),
        cmocka_unit_test(idle_costs_nothing),
        cmocka_unit_test(wrong_profiles_are_refused),
        cmocka_unit_test(forms_of_a_good_answer),
        cmocka_unit_test(endless_chunks_are_bounded),
        cmocka_unit_test(a_kept_connection_that_ended_is_replaced),
        cmocka_unit_test(many_at_once_share_the_connections),
        cmocka_unit_test(curl_comes_with_an_endpoint_only),
    };
    int failed = cmocka_run_group_tests_name("Unix socket", tests, NULL, NULL);
    server_tcp = true;
    return failed + cmocka_run_group_tests_name("libcurl", tests, NULL, NULL);
}
