#include "control-plane/ingest/otlp_json.h"

#include "base/json_read.h"
#include "base/proto_write.h"
#include "control-plane/ingest/otlp_wire.h"
#include "control-plane/ingest/text_codec.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum message { REQUEST, RESOURCE_LOGS, RESOURCE, SCOPE_LOGS, SCOPE, RECORD, KEY_VALUE, ANY, LIST, MAP, MESSAGES };
enum kind { MESSAGE, REPEATED, TEXT, BASE64, HEX, TIME, UINT, FLAGS, SEVERITY, INT, BOOL, DOUBLE };

struct key {
    const char *name;
    unsigned char len, number, kind, child;
};
#define KEY(name, number, kind, child)                                                                                                     \
    {                                                                                                                                      \
        name, sizeof(name) - 1, number, kind, child                                                                                        \
    }
enum { KEYS = 12 };

static const struct key keys[MESSAGES][KEYS] = {
    [REQUEST] = {KEY("resourceLogs", REQUEST_RESOURCE_LOGS, REPEATED, RESOURCE_LOGS)},
    [RESOURCE_LOGS] = {KEY("resource", RESOURCE_LOGS_RESOURCE, MESSAGE, RESOURCE),
                       KEY("scopeLogs", RESOURCE_LOGS_SCOPE_LOGS, REPEATED, SCOPE_LOGS),
                       KEY("schemaUrl", RESOURCE_LOGS_SCHEMA_URL, TEXT, 0)},
    [RESOURCE] = {KEY("attributes", RESOURCE_ATTRIBUTES, REPEATED, KEY_VALUE)},
    [SCOPE_LOGS] = {KEY("logRecords", SCOPE_LOGS_RECORDS, REPEATED, RECORD), KEY("scope", SCOPE_LOGS_SCOPE, MESSAGE, SCOPE),
                    KEY("schemaUrl", SCOPE_LOGS_SCHEMA_URL, TEXT, 0)},
    [SCOPE] = {KEY("name", SCOPE_NAME, TEXT, 0), KEY("version", SCOPE_VERSION, TEXT, 0),
               KEY("attributes", SCOPE_ATTRIBUTES, REPEATED, KEY_VALUE)},
    [RECORD] = {KEY("timeUnixNano", RECORD_TIME, TIME, 0), KEY("observedTimeUnixNano", RECORD_OBSERVED_TIME, TIME, 0),
                KEY("severityNumber", RECORD_SEVERITY_NUMBER, SEVERITY, 0), KEY("severityText", RECORD_SEVERITY_TEXT, TEXT, 0),
                KEY("body", RECORD_BODY, MESSAGE, ANY), KEY("attributes", RECORD_ATTRIBUTES, REPEATED, KEY_VALUE),
                KEY("droppedAttributesCount", RECORD_DROPPED, UINT, 0), KEY("flags", RECORD_FLAGS, FLAGS, 0),
                KEY("traceId", RECORD_TRACE_ID, HEX, 0), KEY("spanId", RECORD_SPAN_ID, HEX, 0),
                KEY("eventName", RECORD_EVENT_NAME, TEXT, 0)},
    [KEY_VALUE] = {KEY("key", KEY_VALUE_KEY, TEXT, 0), KEY("value", KEY_VALUE_VALUE, MESSAGE, ANY)},
    [ANY] = {KEY("stringValue", ANY_STRING, TEXT, 0), KEY("intValue", ANY_INT, INT, 0), KEY("boolValue", ANY_BOOL, BOOL, 0),
             KEY("doubleValue", ANY_DOUBLE, DOUBLE, 0), KEY("arrayValue", ANY_ARRAY, MESSAGE, LIST),
             KEY("kvlistValue", ANY_MAP, MESSAGE, MAP), KEY("bytesValue", ANY_BYTES, BASE64, 0)},
    [LIST] = {KEY("values", VALUES, REPEATED, ANY)},
    [MAP] = {KEY("values", VALUES, REPEATED, KEY_VALUE)},
};

struct transcoder {
    struct json_reader r;
    struct buf *out;
    struct otlp_outcome *outcome;
    struct buf scratch; /* unescaped keys and numbers that came as strings */
    const char *why;    /* a value of the wrong type */
    size_t records;
};

static bool message(struct transcoder *t, enum message m);

static bool wrong(struct transcoder *t, const char *why)
{
    t->why = why;
    return false;
}

static const struct key *find_key(struct transcoder *t, enum message m)
{
    struct slice name = json_text(&t->r, &t->scratch);
    for (const struct key *k = keys[m]; k < keys[m] + KEYS && k->name; k++)
        if (k->len == name.len && memcmp(k->name, name.ptr, name.len) == 0) return k;
    return NULL;
}

static bool put_text(struct transcoder *t, const struct key *k, bool always)
{
    if (t->r.token != JSON_STRING) return wrong(t, "string expected");
    if (!t->r.text.len && !always) return true;
    if (!t->r.escaped) {
        proto_put_bytes(t->out, k->number, t->r.text);
        return true;
    }
    size_t mark = proto_open(t->out, k->number);
    json_unescape(t->out, t->r.text);
    proto_close(t->out, mark);
    return true;
}

static bool put_base64(struct transcoder *t, const struct key *k)
{
    if (t->r.token != JSON_STRING) return wrong(t, "base64 string expected");
    struct slice text = json_text(&t->r, &t->scratch);
    size_t mark = proto_open(t->out, k->number);
    if (!base64_decode(t->out, text)) return wrong(t, "wrong base64");
    proto_close(t->out, mark);
    return true;
}

static bool put_hex(struct transcoder *t, const struct key *k)
{
    if (t->r.token != JSON_STRING) return wrong(t, "hexadecimal string expected");
    if (!t->r.text.len) return true;
    size_t mark = proto_open(t->out, k->number);
    if (!hex_decode(t->out, t->r.text)) return wrong(t, "wrong hexadecimal id");
    proto_close(t->out, mark);
    return true;
}

/* Integers come as numbers or as strings that hold one; 1e3 and 5.0 are integers too. */
static bool read_int(struct transcoder *t, int64_t *value)
{
    struct json_reader *r = &t->r;
    if (r->token != JSON_NUMBER && r->token != JSON_STRING) return wrong(t, "integer expected");
    if (json_int(r, value)) return true;
    if (!number_shaped(r->text)) return wrong(t, "integer expected");
    double d = json_double(r);
    if (!(fabs(d) <= 0x1p53) || d != floor(d)) return wrong(t, "integer expected");
    *value = (int64_t)d;
    return true;
}

/* Unsigned 64 bits: beyond the signed range the greatest value stands for all (no such time can be kept). */
static bool read_time(struct transcoder *t, uint64_t *value)
{
    int64_t v;
    if (t->r.text.len >= 19 && t->r.token != JSON_OBJECT && u64_parse(t->r.text, value)) return true;
    if (!read_int(t, &v)) return false;
    if (v < 0) return wrong(t, "time before 1970");
    *value = (uint64_t)v;
    return true;
}

static bool put_number(struct transcoder *t, const struct key *k)
{
    int64_t v = 0;
    uint64_t time = 0;
    if (k->kind == TIME) {
        if (!read_time(t, &time)) return false;
        if (time) proto_put_fixed64(t->out, k->number, time);
        return true;
    }
    if (!read_int(t, &v)) return false;
    if (k->kind == INT) {
        proto_put_varint(t->out, k->number, (uint64_t)v);
        return true;
    }
    if (v < 0 || v > UINT32_MAX) return wrong(t, "number beyond 32 bits");
    if (v && k->kind == FLAGS) proto_put_fixed32(t->out, k->number, (uint32_t)v);
    else if (v) proto_put_varint(t->out, k->number, (uint64_t)v);
    return true;
}

static bool put_severity(struct transcoder *t, const struct key *k)
{
    static const char *const names[] = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"};
    if (t->r.token == JSON_STRING && slice_starts(t->r.text, "SEVERITY_NUMBER_")) {
        struct slice s = {t->r.text.ptr + 16, t->r.text.len - 16};
        for (unsigned i = 0; i < 6; i++) {
            size_t n = strlen(names[i]);
            if (!slice_starts(s, names[i]) || s.len > n + 1) continue;
            unsigned step = s.len == n ? 0 : (unsigned)(s.ptr[n] - '1');
            if (step < 4) proto_put_varint(t->out, k->number, i * 4 + step + 1);
        }
        return true;
    }
    return put_number(t, k);
}

static bool read_double(const struct json_reader *r, double *d)
{
    bool text = r->token == JSON_STRING;
    if (r->token == JSON_NUMBER || (text && number_shaped(r->text))) *d = json_double(r);
    else if (text && slice_is(r->text, "NaN")) *d = (double)NAN;
    else if (text && slice_is(r->text, "Infinity")) *d = (double)INFINITY;
    else if (text && slice_is(r->text, "-Infinity")) *d = -(double)INFINITY;
    else return false;
    return true;
}

static bool put_double(struct transcoder *t, const struct key *k)
{
    double d;
    if (!read_double(&t->r, &d)) return wrong(t, "number expected");
    uint64_t bits;
    memcpy(&bits, &d, 8);
    proto_put_fixed64(t->out, k->number, bits);
    return true;
}

static bool put_bool(struct transcoder *t, const struct key *k)
{
    if (t->r.token != JSON_TRUE && t->r.token != JSON_FALSE) return wrong(t, "true or false expected");
    proto_put_varint(t->out, k->number, t->r.token == JSON_TRUE);
    return true;
}

static bool put_message(struct transcoder *t, const struct key *k)
{
    if (t->r.token != JSON_OBJECT) return wrong(t, "object expected");
    bool large = k->child == RESOURCE_LOGS || k->child == SCOPE_LOGS;
    size_t mark = large ? proto_open_wide(t->out, k->number) : proto_open(t->out, k->number);
    if (!message(t, (enum message)k->child)) return false;
    if (large) proto_close_wide(t->out, mark);
    else proto_close(t->out, mark);
    return true;
}

/* A record that failed only by the types of its values is taken back; reading goes on after it. */
static bool put_record(struct transcoder *t, const struct key *k)
{
    size_t mark = t->out->len, at = t->r.at;
    unsigned level = t->r.depth;
    bool object = t->r.token == JSON_OBJECT;
    t->records++;
    if (put_message(t, k)) return true;
    if (t->r.error) return false;
    if (!t->outcome->rejected++)
        snprintf(t->outcome->message, sizeof t->outcome->message, "record %zu (byte %zu): %s", t->records, at, t->why);
    buf_cut(t->out, mark);
    t->why = NULL;
    if (!object) return json_skip(&t->r);
    while (t->r.depth >= level)
        if (json_next(&t->r) == JSON_ERROR) return false;
    return true;
}

static bool put_repeated(struct transcoder *t, const struct key *k)
{
    if (t->r.token != JSON_ARRAY) return wrong(t, "array expected");
    while (json_next(&t->r) != JSON_ARRAY_END) {
        if (t->r.token == JSON_ERROR) return false;
        if (t->r.token == JSON_NULL) continue;
        if (!(k->child == RECORD ? put_record(t, k) : put_message(t, k))) return false;
    }
    return true;
}

static bool put_value(struct transcoder *t, enum message m, const struct key *k)
{
    switch ((enum kind)k->kind) {
    case MESSAGE: return put_message(t, k);
    case REPEATED: return put_repeated(t, k);
    case TEXT: return put_text(t, k, m == ANY);
    case BASE64: return put_base64(t, k);
    case HEX: return put_hex(t, k);
    case TIME:
    case UINT:
    case FLAGS:
    case INT: return put_number(t, k);
    case SEVERITY: return put_severity(t, k);
    case BOOL: return put_bool(t, k);
    case DOUBLE: return put_double(t, k);
    }
    return false;
}

static bool message(struct transcoder *t, enum message m)
{
    while (json_next(&t->r) != JSON_OBJECT_END) {
        if (t->r.token == JSON_ERROR) return false;
        const struct key *k = find_key(t, m);
        if (!k) {
            if (!json_skip(&t->r)) return false;
            continue;
        }
        if (json_next(&t->r) == JSON_ERROR) return false;
        if (t->r.token != JSON_NULL && !put_value(t, m, k)) return false;
    }
    return true;
}

static bool transcode(struct transcoder *t)
{
    if (json_next(&t->r) != JSON_OBJECT) return t->r.error ? false : wrong(t, "object expected");
    return message(t, REQUEST) && json_next(&t->r) == JSON_END;
}

bool otlp_from_json(struct slice json, struct buf *out, struct otlp_outcome *o)
{
    struct transcoder t = {.out = out, .outcome = o};
    json_begin(&t.r, json);
    buf_init(&t.scratch, json.len);
    bool ok = transcode(&t);
    if (ok && out->full) {
        ok = false;
        t.why = "too large";
    }
    if (!ok) snprintf(o->message, sizeof o->message, "invalid OTLP/JSON at byte %zu: %s", t.r.at, t.r.error ? t.r.error : t.why);
    o->ok = ok;
    buf_free(&t.scratch);
    return ok;
}
