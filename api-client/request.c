#include "api-client/request.h"

#include "base/clock.h"
#include "base/die.h"

#include <stdio.h>
#include <stdlib.h>

enum { MS = 1000000, PAUSE_MS = 500, PAUSE_MAX_MS = 30000, PAUSE_DOUBLES = 6, QUICK_TRIES = 60 };

static void decide(struct request *r) { r->state = REQUEST_DECIDED; }

static void link_last(struct api *api, struct request *r)
{
    struct request **at = &api->first;
    while (*at) at = &(*at)->next;
    *at = r;
}

static void unlink_request(struct api *api, struct request *r)
{
    for (struct request **at = &api->first; *at; at = &(*at)->next)
        if (*at == r) {
            *at = r->next;
            return;
        }
}

struct request *request_find(const struct api *api, uint64_t ticket)
{
    struct request *r = api->first;
    while (r && r->ticket != ticket) r = r->next;
    return r;
}

/* The document as this server understands it; NULL where it lacks what the document is about. */
static const char *text_for(struct api *api, struct request *r)
{
    if (!api->offers || r->learner) return r->document->text;
    r->filtered = true;
    for (size_t i = 0; i < api->filtered_count; i++)
        if (api->filtered[i].document == r->document) return api->filtered[i].text;
    api->filtered = xreallocarray(api->filtered, api->filtered_count + 1, sizeof *api->filtered);
    struct filtered *f = &api->filtered[api->filtered_count++];
    *f = (struct filtered){r->document, document_filter(r->document->text, api->offers)};
    return f->text;
}

static void make_body(struct api *api, struct request *r)
{
    const char *text = text_for(api, r);
    if (!text) {
        answer_say(&r->verdict, API_NOT_OFFERED, "not offered by this control plane");
        decide(r);
        return;
    }
    const char *lacks = r->filtered ? document_lacks(text, r->variables, api->offers) : NULL;
    if (lacks) {
        answer_say(&r->verdict, API_NOT_OFFERED, "not offered by this control plane: %s", lacks);
        decide(r);
        return;
    }
    json_t *body = json_pack("{ss so*}", "query", text, "variables", json_incref(r->variables));
    if (!body) die("request body");
    free(r->body);
    r->body = json_dumps(body, JSON_COMPACT);
    json_decref(body);
    if (!r->body) die("request body");
    r->body_len = strlen(r->body);
}

static void admit(struct api *api, struct request *r, const char *operation)
{
    r->verdict = (struct verdict){.code = ""};
    if (!r->document) {
        answer_say(&r->verdict, API_REFUSED, "this console has no operation %s", operation);
        decide(r);
        return;
    }
    r->query = document_is_query(r->document->text);
    if (r->query || !api->read_only) return;
    answer_say(&r->verdict, API_REFUSED, "read-only: nothing was sent");
    decide(r);
}

struct request *request_new(struct api *api, const char *operation, json_t *variables)
{
    struct request *r = xcalloc(1, sizeof *r);
    r->ticket = ++api->tickets;
    r->document = document_find(operation);
    r->variables = variables ? variables : json_object();
    r->started = r->due = clock_monotonic();
    link_last(api, r);
    struct api_log_entry *e = journal_add(&api->journal, r->ticket, operation);
    journal_variables(e, r->variables);
    admit(api, r, operation);
    e->query = r->query;
    return r;
}

void request_begin(struct api *api, struct request *r)
{
    if (!r->query && api->read_only && !r->attempts) {
        answer_say(&r->verdict, API_REFUSED, "read-only: nothing was sent");
        decide(r);
        return;
    }
    if (!r->body) make_body(api, r);
    if (r->state == REQUEST_DECIDED) return;
    r->attempts++;
    r->state = REQUEST_RUNS;
    r->exchange = (struct exchange){.owner = r};
    api->ops->begin(api->transport, &r->exchange, slice_of(r->body, r->body_len), !r->query);
    struct api_log_entry *e = journal_find(&api->journal, r->ticket);
    if (!e) return;
    e->attempts = r->attempts;
    e->sent = r->body_len;
    snprintf(e->request_id, sizeof e->request_id, "%s", r->exchange.request_id);
}

static void end_exchange(struct api *api, struct request *r)
{
    if (r->exchange.carrier) api->ops->end(api->transport, &r->exchange);
}

void request_hold(struct api *api, struct request *r)
{
    if (r->state != REQUEST_RUNS) return;
    end_exchange(api, r);
    r->state = REQUEST_WAITS;
    r->due = clock_monotonic();
    if (r->query) return;
    answer_say(&r->verdict, API_UNREACHABLE, "no answer, the change may have been made: the console was locked");
    decide(r);
}

static void drop_verdict(struct request *r)
{
    json_decref(r->verdict.root);
    r->verdict = (struct verdict){.code = ""};
}

void request_free(struct api *api, struct request *r)
{
    unlink_request(api, r);
    end_exchange(api, r);
    drop_verdict(r);
    json_decref(r->variables);
    free(r->body);
    free(r);
}

/* Milliseconds while the embedded control plane is on its way. */
static int64_t quick_pause(unsigned n)
{
    if (n <= 40) return 1 + n / 8;
    return n < 50 ? 10 << (n / 8 - 5) : 100;
}

/* Doubles with every failure, up to the most; up to a quarter less by chance, so that many consoles do not come back at once. */
static int64_t long_pause(unsigned failures)
{
    unsigned n = failures ? failures - 1 : 0;
    int64_t base = n >= PAUSE_DOUBLES ? PAUSE_MAX_MS : PAUSE_MS << n;
    return base - (int64_t)((uint64_t)clock_monotonic() / 1000 * 2654435761u % 1024) * base / 4096;
}

/* When to try again: all that failed do so together. */
static int64_t next_try(struct api *api, const struct request *r)
{
    int64_t now = clock_monotonic();
    if (api->kind == API_EMBEDDED && r->attempts < QUICK_TRIES) return now + quick_pause(r->attempts) * MS;
    if (now < api->next_try) return api->next_try;
    unsigned own = api->kind == API_EMBEDDED ? r->attempts - QUICK_TRIES + 1 : r->attempts;
    api->failures = own > api->failures + 1 ? own : api->failures + 1;
    api->next_try = now + long_pause(api->failures) * MS;
    return api->next_try;
}

static bool out_of_patience(const struct api *api, const struct request *r)
{
    return api->patience_ns && clock_monotonic() - r->started >= api->patience_ns;
}

/* An answer that begins and breaks off is tried again only so often. */
static bool broke_off_often(const struct request *r, size_t received) { return received && r->attempts >= 3; }

static void say_trouble(struct api *api, const char *message) { snprintf(api->trouble, sizeof api->trouble, "%s", message); }

static bool try_again(struct api *api, struct request *r, size_t received, int64_t wait_ms)
{
    char *problem = NULL;
    say_trouble(api, r->verdict.message);
    if (!r->query || broke_off_often(r, received)) return false;
    if (api->kind == API_EMBEDDED && !embedded_tend(&problem)) {
        answer_say(&r->verdict, API_UNREACHABLE, "%s", problem);
        say_trouble(api, r->verdict.message);
        free(problem);
        return false;
    }
    if (out_of_patience(api, r)) return false;
    r->due = wait_ms ? clock_monotonic() + wait_ms * MS : next_try(api, r);
    r->held = wait_ms > 0;
    r->state = REQUEST_WAITS;
    drop_verdict(r);
    return true;
}

static void learned(void *context, const struct api_answer *answer)
{
    struct api *api = context;
    api->learned = true;
    if (answer->status == API_OK) api->offers = offered_learn(answer->data);
    for (struct request *r = api->first; r; r = r->next) {
        if (r->state != REQUEST_LEARNS) continue;
        if (!api->offers) {
            decide(r);
            continue;
        }
        free(r->body);
        r->body = NULL;
        drop_verdict(r);
        r->state = REQUEST_WAITS;
        r->due = clock_monotonic();
    }
}

/* The server refused the document: ask once what it knows, then send what it knows. */
static bool learn_first(struct api *api, struct request *r)
{
    if (!r->verdict.refused_document || r->learner || r->filtered) return false;
    r->state = REQUEST_LEARNS;
    if (api->offers) {
        free(r->body);
        r->body = NULL;
        drop_verdict(r);
        r->state = REQUEST_WAITS;
        return true;
    }
    if (api->learned) return false;
    for (struct request *other = api->first; other; other = other->next)
        if (other->learner) return true;
    struct request *learner = request_new(api, "LearnSchema", NULL);
    learner->learner = true;
    learner->done = learned;
    learner->context = api;
    return true;
}

static void note_good_answer(struct api *api)
{
    api->last_answer = clock_monotonic();
    api->next_try = 0;
    api->failures = 0;
    if (!*api->trouble) return;
    *api->trouble = '\0';
    for (struct request *r = api->first; r; r = r->next)
        if (r->state == REQUEST_WAITS && !r->held) r->due = api->last_answer;
}

void request_exchanged(struct api *api, struct request *r)
{
    drop_verdict(r);
    answer_of(&r->verdict, &r->exchange, api->origin.socket != NULL);
    enum outcome outcome = r->exchange.outcome;
    int64_t wait_ms = r->verdict.again ? r->exchange.wait_ms : 0;
    size_t received = r->exchange.answer.len;
    struct api_log_entry *e = journal_find(&api->journal, r->ticket);
    if (e) {
        e->received = received;
        e->http = (int)r->exchange.http;
        snprintf(e->request_id, sizeof e->request_id, "%s", r->exchange.request_id);
        journal_say(e, r->verdict.message);
    }
    end_exchange(api, r);
    if (r->verdict.again && try_again(api, r, outcome == OUTCOME_ANSWERED ? 0 : received, wait_ms)) return;
    if (learn_first(api, r)) return;
    if (r->verdict.status != API_UNREACHABLE) note_good_answer(api);
    if (r->verdict.status == API_UNREACHABLE && !r->query && received == 0 && outcome == OUTCOME_LOST) {
        char reason[sizeof r->verdict.message];
        memcpy(reason, r->verdict.message, sizeof reason);
        answer_say(&r->verdict, API_UNREACHABLE, "no answer, the change may have been made: %s", reason);
    }
    decide(r);
}

void request_finish(struct api *api, struct request *r)
{
    struct api_answer answer = {
        .status = r->verdict.status,
        .data = r->verdict.status == API_OK ? r->verdict.data : NULL,
        .message = r->verdict.message,
        .code = r->verdict.code ? r->verdict.code : "",
        .elapsed_ns = clock_monotonic() - r->started,
    };
    struct api_log_entry *e = journal_find(&api->journal, r->ticket);
    if (e) {
        e->elapsed_ns = answer.elapsed_ns;
        e->status = answer.status;
        journal_say(e, answer.message);
    }
    unlink_request(api, r);
    if (r->done) r->done(r->context, &answer);
    request_free(api, r);
}
