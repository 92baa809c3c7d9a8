/* Asks an api as a client would: a document and variables in, a JSON tree out. */
#ifndef TESTS_API_ASK_H
#define TESTS_API_ASK_H

#include "tests/bench/fill.h"
#include "tests/unit/control-plane-store/fixture.h"

#include "control-plane/api/api.h"

#include <jansson.h>
#include <pthread.h>

struct asked {
    struct fixture *f;
    struct api *api;
    struct api_caller caller;
};

enum { SMALL = 2500, SMALL_SERVICES = 12 };

static inline int asked_setup(void **state)
{
    struct asked *a = xcalloc(1, sizeof *a);
    char *problem = NULL;
    if (fixture_setup((void **)&a->f) != 0) return -1;
    if (!fill_store(a->f->store, SMALL, SMALL_SERVICES)) return -1;
    a->api =
        api_new(&(struct api_options){.store = a->f->store, .version = "1.2.3", .embedded = true, .started_ns = NS_PER_SECOND}, &problem);
    if (!a->api) fprintf(stderr, "%s\n", problem);
    a->caller = (struct api_caller){.viewer = "uid:1000", .may_write = true};
    *state = a;
    return a->api ? 0 : -1;
}

static inline int asked_teardown(void **state)
{
    struct asked *a = *state;
    void *fixture = a->f;
    api_free(a->api);
    free(a);
    return fixture_teardown(&fixture);
}

struct awaited {
    pthread_mutex_t mutex;
    pthread_cond_t arrived;
    bool over;
    struct api_reply reply;
};

static inline void awaited_answer(void *context, struct api_reply *reply)
{
    struct awaited *w = context;
    pthread_mutex_lock(&w->mutex);
    w->reply = *reply;
    w->over = true;
    pthread_cond_signal(&w->arrived);
    pthread_mutex_unlock(&w->mutex);
}

static inline int ask_raw(struct asked *a, struct slice body, struct buf *out)
{
    struct awaited w = {.mutex = PTHREAD_MUTEX_INITIALIZER, .arrived = PTHREAD_COND_INITIALIZER};
    struct api_reply reply;
    if (api_handle(a->api, body, &a->caller, &reply, awaited_answer, &w) == API_LATER) {
        pthread_mutex_lock(&w.mutex);
        while (!w.over) pthread_cond_wait(&w.arrived, &w.mutex);
        pthread_mutex_unlock(&w.mutex);
        reply = w.reply;
    }
    *out = reply.body;
    return reply.status;
}

/* The whole answer, a new reference; variables as JSON text or NULL. */
static inline json_t *ask(struct asked *a, const char *query, const char *variables)
{
    json_error_t error;
    json_t *body = json_pack("{s:s}", "query", query);
    if (variables) {
        json_t *v = json_loads(variables, 0, &error);
        if (!v) fail_msg("variables: %s: %s", error.text, variables);
        json_object_set_new(body, "variables", v);
    }
    char *text = json_dumps(body, 0);
    struct buf out;
    ask_raw(a, slice_str(text), &out);
    json_t *answer = json_loadb(out.data, out.len, 0, &error);
    if (!answer) fail_msg("answer: %s: %.200s", error.text, out.data);
    buf_free(&out);
    free(text);
    json_decref(body);
    return answer;
}

/* A value at a path such as "data.logEvents.edges.0.node.name"; NULL where there is none. */
static inline json_t *at(json_t *value, const char *path)
{
    while (value && *path) {
        size_t n = strcspn(path, ".");
        char key[64];
        snprintf(key, sizeof key, "%.*s", (int)n, path);
        value = json_is_array(value) ? json_array_get(value, (size_t)atoi(key)) : json_object_get(value, key);
        path += n + (path[n] == '.');
    }
    return value;
}

static inline const char *text_at(json_t *value, const char *path)
{
    const char *text = json_string_value(at(value, path));
    return text ? text : "";
}

static inline json_t *ask_well(struct asked *a, const char *query, const char *variables)
{
    json_t *answer = ask(a, query, variables);
    if (json_object_get(answer, "errors")) {
        char *text = json_dumps(answer, JSON_COMPACT);
        fail_msg("%s\nvariables %s\n%.600s", query, variables ? variables : "{}", text);
    }
    return answer;
}

static inline void ask_fails(struct asked *a, const char *query, const char *variables, const char *code)
{
    json_t *answer = ask(a, query, variables);
    const char *got = text_at(answer, "errors.0.extensions.code");
    if (strcmp(got, code) != 0) fail_msg("expected %s, got '%s' for %s %s", code, got, query, variables ? variables : "");
    json_decref(answer);
}

#endif
