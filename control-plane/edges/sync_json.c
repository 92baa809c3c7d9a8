/* The JSON face of a SyncRequest. */
#include "base/hash.h"
#include "base/json_read.h"
#include "control-plane/edges/sync_parts.h"
#include "control-plane/policies/published.h"

#include <stdint.h>

struct json_sync {
    struct json_reader r;
    struct sync_reading s;
    struct slice later; /* the statuses where they came before the metadata */
};

static bool is(struct slice key, const char *camel, const char *snake) { return slice_is(key, camel) || slice_is(key, snake); }

/* Within the body, or unescaped in the arena; empty where it does not fit. */
static struct slice kept_text(struct json_sync *j)
{
    if (!j->r.escaped) return j->r.text;
    struct slice plain = json_text(&j->r, &j->s.scratch);
    char *copy = j->s.scratch.full ? NULL : arena_copy(j->s.arena, plain);
    return copy ? slice_of(copy, plain.len) : SLICE("");
}

static struct slice read_text(struct json_sync *j)
{
    if (json_next(&j->r) == JSON_STRING) return kept_text(j);
    json_skip(&j->r);
    return SLICE("");
}

static int64_t from_double(double value) { return value >= 9.2e18 ? INT64_MAX : value > 0 ? (int64_t)value : 0; }

static int64_t read_number(struct json_sync *j)
{
    int64_t value;
    enum json_token token = json_next(&j->r);
    if (token == JSON_NUMBER || token == JSON_STRING) return json_int(&j->r, &value) ? value : from_double(json_double(&j->r));
    json_skip(&j->r);
    return 0;
}

/* For each member of an object: its key is the reader's text. */
typedef void member(struct json_sync *j, struct slice key, void *context);

static void read_object(struct json_sync *j, member *read, void *context)
{
    if (json_next(&j->r) != JSON_OBJECT) {
        json_skip(&j->r);
        return;
    }
    while (json_next(&j->r) == JSON_KEY) read(j, j->r.text, context);
}

/* ---- the client ---- */

static void set_text(struct sync_attribute *a, struct slice value)
{
    a->text = true;
    a->value = value;
}

static void set_plain(struct sync_attribute *a, struct slice value)
{
    a->text = false;
    a->value = value;
}

/* A string of digits need not be a number of JSON ("007"). */
static struct slice integer_text(struct json_sync *j, int64_t value)
{
    struct buf *b = &j->s.scratch;
    buf_clear(b);
    buf_i64(b, value);
    char *copy = arena_copy(j->s.arena, buf_view(b));
    return copy ? slice_of(copy, b->len) : SLICE("0");
}

static void value_member(struct json_sync *j, struct slice key, void *context)
{
    struct sync_attribute *a = context;
    if (is(key, "stringValue", "string_value")) {
        set_text(a, read_text(j));
        return;
    }
    bool number = is(key, "intValue", "int_value") || is(key, "doubleValue", "double_value");
    if (!number && !is(key, "boolValue", "bool_value")) {
        json_skip(&j->r);
        return;
    }
    enum json_token token = json_next(&j->r);
    int64_t integer;
    if (token == JSON_TRUE || token == JSON_FALSE) set_plain(a, token == JSON_TRUE ? SLICE("true") : SLICE("false"));
    else if (number && token == JSON_NUMBER) set_plain(a, j->r.text);
    else if (number && token == JSON_STRING && json_int(&j->r, &integer)) set_plain(a, integer_text(j, integer));
    else if (token == JSON_STRING) set_text(a, kept_text(j));
    else json_skip(&j->r);
}

static void attribute_member(struct json_sync *j, struct slice key, void *context)
{
    struct sync_attribute *a = context;
    if (slice_is(key, "key")) a->key = read_text(j);
    else if (slice_is(key, "value")) read_object(j, value_member, a);
    else json_skip(&j->r);
}

static void read_attributes(struct json_sync *j, struct sync_attributes *list)
{
    if (json_next(&j->r) != JSON_ARRAY) {
        json_skip(&j->r);
        return;
    }
    enum json_token token;
    while ((token = json_next(&j->r)) != JSON_ARRAY_END && token != JSON_ERROR) {
        struct sync_attribute *a = token == JSON_OBJECT ? sync_attribute_add(&j->s, list) : NULL;
        if (!a) json_skip(&j->r);
        while (a && json_next(&j->r) == JSON_KEY) attribute_member(j, j->r.text, a);
    }
}

static int64_t stage_number(struct json_sync *j, enum json_token token)
{
    static const char *const names[] = {"POLICY_STAGE_UNSPECIFIED", "POLICY_STAGE_LOG_FILTER", "POLICY_STAGE_LOG_TRANSFORM",
                                        "POLICY_STAGE_METRIC_FILTER", "POLICY_STAGE_TRACE_SAMPLING"};
    int64_t number;
    if (token == JSON_NUMBER || token == JSON_STRING)
        if (json_int(&j->r, &number)) return number;
    for (size_t i = 0; token == JSON_STRING && i < sizeof names / sizeof *names; i++)
        if (slice_is(j->r.text, names[i])) return (int64_t)i;
    return 0;
}

static void read_stages(struct json_sync *j)
{
    enum json_token token = json_next(&j->r);
    if (token != JSON_ARRAY) {
        json_skip(&j->r);
        return;
    }
    while ((token = json_next(&j->r)) != JSON_ARRAY_END && token != JSON_ERROR) {
        sync_stage(&j->s, stage_number(j, token));
        json_skip(&j->r);
    }
}

static void client_member(struct json_sync *j, struct slice key, void *context)
{
    (void)context;
    if (is(key, "resourceAttributes", "resource_attributes")) read_attributes(j, &j->s.client.resource);
    else if (slice_is(key, "labels")) read_attributes(j, &j->s.client.labels);
    else if (is(key, "supportedPolicyStages", "supported_policy_stages")) read_stages(j);
    else json_skip(&j->r);
}

static void read_client(struct json_sync *j)
{
    size_t start = j->r.at;
    read_object(j, client_member, NULL);
    j->s.client.fingerprint = hash64(j->r.in.ptr + start, j->r.at - start, 0);
    if (!j->r.error) sync_client_done(&j->s);
}

/* ---- statuses ---- */

static void stage_member(struct json_sync *j, struct slice key, void *context)
{
    int64_t *counts = context; /* hits, misses */
    if (slice_is(key, "hits")) counts[0] = sync_delta(read_number(j));
    else if (slice_is(key, "misses")) counts[1] = sync_delta(read_number(j));
    else json_skip(&j->r);
}

static void read_stage(struct json_sync *j, struct sync_counts *c, int stage)
{
    int64_t counts[2] = {0, 0};
    read_object(j, stage_member, counts);
    c->stage_hits[stage] = counts[0];
    c->stage_misses[stage] = counts[1];
}

static void read_errors(struct json_sync *j)
{
    enum json_token token = json_next(&j->r);
    if (token != JSON_ARRAY) {
        json_skip(&j->r);
        return;
    }
    while ((token = json_next(&j->r)) != JSON_ARRAY_END && token != JSON_ERROR) {
        if (token == JSON_STRING) sync_status_error(&j->s, json_text(&j->r, &j->s.scratch));
        else json_skip(&j->r);
    }
}

static void read_status(struct json_sync *j)
{
    static const char *const stages[SYNC_STAGES] = {"remove", "redact", "rename", "add"};
    struct sync_status *status = sync_status_begin(&j->s);
    while (json_next(&j->r) == JSON_KEY) {
        struct slice key = j->r.text;
        if (slice_is(key, "id")) status->id = read_text(j);
        else if (is(key, "matchHits", "match_hits")) status->counts.hits = sync_delta(read_number(j));
        else if (is(key, "matchMisses", "match_misses")) status->counts.misses = sync_delta(read_number(j));
        else if (slice_is(key, "errors")) read_errors(j);
        else {
            int stage = 0;
            while (stage < SYNC_STAGES && !slice_is(key, stages[stage])) stage++;
            if (stage < SYNC_STAGES) read_stage(j, &status->counts, stage);
            else json_skip(&j->r);
        }
    }
    sync_status_done(&j->s);
}

/* At the value; passes over what is no array of objects. */
static void read_statuses(struct json_sync *j)
{
    enum json_token token = json_next(&j->r);
    if (token != JSON_ARRAY) {
        json_skip(&j->r);
        return;
    }
    while ((token = json_next(&j->r)) != JSON_ARRAY_END && token != JSON_ERROR) {
        if (token == JSON_OBJECT) read_status(j);
        else json_skip(&j->r);
    }
}

/* ---- the whole ---- */

static void put_off_statuses(struct json_sync *j)
{
    size_t start = j->r.at;
    if (json_skip(&j->r)) j->later = slice_of(j->r.in.ptr + start, j->r.at - start);
}

static void read_full_sync(struct json_sync *j)
{
    j->s.request->full_sync = json_next(&j->r) == JSON_TRUE;
    json_skip(&j->r);
}

static void request_member(struct json_sync *j, struct slice key)
{
    if (is(key, "clientMetadata", "client_metadata")) read_client(j);
    else if (is(key, "policyStatuses", "policy_statuses")) j->s.client_given ? read_statuses(j) : put_off_statuses(j);
    else if (is(key, "lastSuccessfulHash", "last_successful_hash")) j->s.request->last_hash = read_text(j);
    else if (is(key, "fullSync", "full_sync")) read_full_sync(j);
    else json_skip(&j->r);
}

static void read_later(struct json_sync *j)
{
    sync_client_done(&j->s);
    json_begin(&j->r, j->later);
    read_statuses(j);
}

bool sync_read_json(struct slice body, struct arena *arena, const struct sync_sink *sink, struct sync_request *request)
{
    struct json_sync j; /* large: the run of statuses stays as it is */
    j.later = slice_of(NULL, 0);
    sync_reading_begin(&j.s, arena, sink, request);
    json_begin(&j.r, body);
    enum json_token token = json_next(&j.r);
    if (token == JSON_OBJECT)
        while ((token = json_next(&j.r)) == JSON_KEY) request_member(&j, j.r.text);
    if (token != JSON_OBJECT_END || json_next(&j.r) != JSON_END) request->problem = "the body is not a SyncRequest in JSON";
    else if (j.later.len) read_later(&j);
    return sync_reading_end(&j.s);
}
