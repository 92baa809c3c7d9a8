#include "control-plane/api/api.h"

#include "base/clock.h"
#include "base/die.h"
#include "base/embedded.h"
#include "control-plane/api/body.h"
#include "control-plane/api/connection.h"
#include "control-plane/api/issue_rows.h"
#include "control-plane/api/edge_rows.h"
#include "control-plane/api/policy_rows.h"
#include "control-plane/api/resolvers.h"
#include "control-plane/api/state.h"
#include "control-plane/api/tap_rows.h"
#include "control-plane/store/catalog_write.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { DOCUMENTS = 128, WORKS_KEPT = 8, BINDINGS_MAX = 1200 };
enum { ANSWER_MAX = 16 * 1024 * 1024, ARENA_MAX = 32 * 1024 * 1024 };

/* What one request needs; kept for the next one. */
struct work {
    struct store_job job;
    struct work *next;
    struct api *api;
    struct arena *arena;
    struct graphql_body body;
    struct gql_document *doc;
    struct request_context context;
    struct api_reply reply;
    struct api_caller caller;
    api_answered *answered;
    void *answer_context;
};

struct api {
    struct api_options options;
    struct gql_schema *schema;
    struct gql_cache *cache;
    pthread_mutex_t mutex;
    struct work *idle;
    unsigned idle_count;
};

/* ---- bindings ---- */

static struct gql_binding all_bindings[BINDINGS_MAX];
static size_t binding_count;

static void add_bindings(const struct gql_binding *list)
{
    for (; list->type; list++) {
        if (binding_count == BINDINGS_MAX) die("api: more than %d bindings", BINDINGS_MAX);
        all_bindings[binding_count++] = *list;
    }
}

static void collect_bindings(void)
{
    const struct gql_binding *const lists[] = {
        query_bindings,           account_bindings,     team_bindings,           service_bindings,
        log_event_bindings,       measure_bindings,     volume_bindings,         facet_bindings,
        connection_bindings,      mutation_bindings,    policy_bindings,         policy_content_bindings,
        policy_mutation_bindings, policy_bulk_bindings, policy_import_bindings,  policy_export_bindings,
        policy_preview_bindings,  edge_bindings,        edge_telemetry_bindings, edge_fleet_bindings,
        edge_mutation_bindings,   issue_bindings,       issue_part_bindings,     issue_facet_bindings,
        issue_mutation_bindings,  tap_bindings,         tap_mutation_bindings,   check_bindings,
        field_bindings,           field_fact_bindings,  audit_bindings,          issue_action_bindings,
        issue_trend_bindings,     issue_impact_bindings};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) add_bindings(lists[i]);
}

const struct gql_binding *api_bindings(size_t *count)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, collect_bindings);
    *count = binding_count;
    return all_bindings;
}

/* ---- the api ---- */

struct api *api_new(const struct api_options *options, char **problem)
{
    size_t count;
    const char *why = NULL;
    const struct gql_binding *bindings = api_bindings(&count);
    struct slice sdl = slice_of(embedded_schema[0].text, embedded_schema[0].len);
    struct gql_schema *schema = gql_schema_new(sdl, bindings, count, &why);
    if (!schema) {
        *problem = xasprintf("schema.graphql: %s", why);
        return NULL;
    }
    struct api *api = xcalloc(1, sizeof *api);
    api->options = *options;
    if (!api->options.started_ns) api->options.started_ns = clock_now();
    if (!api->options.max_answer) api->options.max_answer = ANSWER_MAX;
    if (!api->options.max_arena) api->options.max_arena = ARENA_MAX;
    api->schema = schema;
    api->cache = gql_cache_new(schema, &gql_default_limits, DOCUMENTS);
    pthread_mutex_init(&api->mutex, NULL);
    return api;
}

static void work_free(struct work *w)
{
    arena_free(w->arena);
    free(w);
}

void api_tell_otlp(struct api *api, const char *feature) { atomic_store(&api->options.otlp, feature); }

void api_free(struct api *api)
{
    if (!api) return;
    while (api->idle) {
        struct work *w = api->idle;
        api->idle = w->next;
        work_free(w);
    }
    gql_cache_free(api->cache);
    gql_schema_free(api->schema);
    pthread_mutex_destroy(&api->mutex);
    free(api);
}

const struct api_options *api_settings(const struct api *api) { return &api->options; }

static struct work *work_take(struct api *api)
{
    pthread_mutex_lock(&api->mutex);
    struct work *w = api->idle;
    if (w) {
        api->idle = w->next;
        api->idle_count--;
    }
    pthread_mutex_unlock(&api->mutex);
    if (!w) {
        w = xcalloc(1, sizeof *w);
        w->arena = arena_new(api->options.max_arena);
    }
    w->api = api;
    w->doc = NULL;
    w->reply.status = 200;
    buf_init(&w->reply.body, api->options.max_answer);
    w->reply.body.secret = taps_watch(api->options.taps) != NULL;
    return w;
}

static void work_give(struct work *w)
{
    struct api *api = w->api;
    if (w->doc) gql_document_release(w->doc);
    arena_reset(w->arena);
    pthread_mutex_lock(&api->mutex);
    bool keep = api->idle_count < WORKS_KEPT;
    if (keep) {
        w->next = api->idle;
        api->idle = w;
        api->idle_count++;
    }
    pthread_mutex_unlock(&api->mutex);
    if (!keep) work_free(w);
}

/* ---- one request ---- */

static void refuse(struct work *w, int status, const char *code, const char *message)
{
    w->reply.status = status;
    buf_clear(&w->reply.body);
    gql_error_answer(&w->reply.body, code, slice_str(message));
}

/* The account that was asked for, or the only one. */
static bool find_account(struct work *w)
{
    struct request_context *x = &w->context;
    struct id128 id = {0, 0};
    struct slice wanted = w->caller.account;
    bool chosen = wanted.len > 0;
    if (chosen && !id_parse(wanted, &id)) return false;
    sqlite3_stmt *st = chosen ? db_prepare(x->db, "SELECT row, id FROM accounts WHERE id = ?1")
                              : db_prepare(x->db, "SELECT row, id FROM accounts ORDER BY row LIMIT 1");
    if (chosen) db_bind(st, "u", id);
    bool found = db_step(x->db, st) == DB_ROW;
    if (found) {
        x->account_row = sqlite3_column_int64(st, 0);
        x->account = db_id(st, 1);
    }
    sqlite3_reset(st);
    return found;
}

static void execute(struct work *w, struct db *db, bool mutation)
{
    struct request_context *x = &w->context;
    *x = (struct request_context){.api = w->api,
                                  .store = w->api->options.store,
                                  .db = db,
                                  .arena = w->arena,
                                  .may_write = w->caller.may_write,
                                  .mutation = mutation,
                                  .now_ns = clock_now()};
    memcpy(x->viewer, w->caller.viewer, sizeof x->viewer);
    edge_sync_define(db, w->api->options.edges);
    if (!find_account(w)) {
        refuse(w, 403, "FORBIDDEN", "There is no such account, or it is not yours.");
        return;
    }
    struct gql_request request = {
        .doc = w->doc, .operation = w->body.operation, .variables = w->body.variables, .user = x, .arena = w->arena};
    gql_execute(&request, &w->reply.body);
    tap_forget(x);
}

static void query(struct work *w)
{
    struct db *db = store_reader(w->api->options.store);
    if (!db || !db_read_begin(db)) {
        refuse(w, 503, "UNAVAILABLE", "The store cannot be read.");
        return;
    }
    execute(w, db, false);
    db_read_end(db);
}

static bool mutation_run(struct store_job *job, struct db *db)
{
    struct work *w = (struct work *)job;
    execute(w, db, true);
    return !w->context.failed;
}

static void mutation_done(struct store_job *job, enum store_result result)
{
    struct work *w = (struct work *)job;
    if (result != STORE_OK) refuse(w, 503, "UNAVAILABLE", "The store cannot be written; nothing was changed.");
    bool sweep = result == STORE_OK && w->context.sweep, publish = result == STORE_OK && w->context.publish;
    int64_t account = w->context.account_row;
    tap_settle(w->api->options.taps, &w->context, result == STORE_OK);
    struct publisher *publisher = w->api->options.publisher;
    struct edges *edges = result == STORE_OK && w->context.edge_keys ? w->api->options.edges : NULL;
    struct store *store = w->api->options.store;
    struct api_reply reply = w->reply;
    api_answered *answered = w->answered;
    void *context = w->answer_context;
    work_give(w);
    if (sweep) catalog_roll_submit(store);
    if (publish && publisher) publisher_refresh(publisher, account);
    if (edges) edges_keys_changed(edges);
    answered(context, &reply);
}

static enum api_then answer_now(struct work *w, struct api_reply *reply)
{
    *reply = w->reply;
    work_give(w);
    return API_DONE;
}

enum api_then api_handle(struct api *api, struct slice body, const struct api_caller *caller, struct api_reply *reply,
                         api_answered *answered, void *context)
{
    struct work *w = work_take(api);
    const char *problem;
    char *account = arena_copy(w->arena, caller->account);
    w->caller = *caller;
    w->caller.account = slice_of(account, caller->account.len);
    if (!graphql_body_read(body, w->arena, &w->body, &problem)) {
        refuse(w, 400, "BAD_REQUEST", problem);
        return answer_now(w, reply);
    }
    w->doc = gql_cache_get(api->cache, w->body.query, &w->reply.body);
    if (!w->doc) return answer_now(w, reply);
    if (gql_document_operation(w->doc, w->body.operation) != GQL_MUTATION) {
        query(w);
        return answer_now(w, reply);
    }
    w->job = (struct store_job){.run = mutation_run, .done = mutation_done};
    w->answered = answered;
    w->answer_context = context;
    store_submit(api->options.store, &w->job);
    return API_LATER;
}
