#include "control-plane/ingest/otlp.h"

#include "base/die.h"
#include "control-plane/ingest/flatten.h"
#include "control-plane/ingest/otlp_json.h"
#include "control-plane/ingest/otlp_wire.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* Memory of a thread; the buffer holds a JSON request as protobuf. */
struct scratch {
    struct buf transcoded;
    struct flat flat, resource;
};
enum { FOR_BODY = 128 }; /* fields that attributes leave to the body */
enum { KEEP_TRANSCODED = 1024 * 1024, TRANSCODED_MAX = 256 * 1024 * 1024 };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t scratch_key;

static void scratch_free(void *memory)
{
    struct scratch *s = memory;
    buf_free(&s->transcoded);
    free(s);
}

static void make_key(void)
{
    if (pthread_key_create(&scratch_key, scratch_free) != 0) die("no thread key left");
}

static struct scratch *scratch_mine(void)
{
    pthread_once(&once, make_key);
    struct scratch *s = pthread_getspecific(scratch_key);
    if (s) return s;
    s = xmalloc(sizeof *s);
    buf_init(&s->transcoded, TRANSCODED_MAX);
    s->flat.text_used = s->flat.text_most = s->resource.text_used = s->resource.text_most = 0;
    flat_clear(&s->flat);
    flat_clear(&s->resource);
    if (pthread_setspecific(scratch_key, s) != 0) die("no memory for a thread's scratch");
    return s;
}

/* Nothing of a record may stay in memory: a core file would hold it. */
static void scratch_wipe(struct scratch *s)
{
    explicit_bzero(s->flat.text, s->flat.text_most);
    explicit_bzero(s->resource.text, s->resource.text_most);
    s->flat.text_most = s->resource.text_most = 0;
    if (s->transcoded.data) explicit_bzero(s->transcoded.data, s->transcoded.cap);
    buf_clear(&s->transcoded);
    if (s->transcoded.cap > KEEP_TRANSCODED) buf_free(&s->transcoded);
}

struct decoder {
    struct flat *flat, *resource;
    uint64_t resource_serial;
    struct batch *batch;
    struct otlp_outcome *outcome;
    struct slice service;
    bool bad_service;
    int64_t received_ns;
    const struct otlp_watch *watch; /* NULL: nobody looks on */
    struct otlp_sight sight;
};

static void reject(struct decoder *d, const char *why)
{
    struct otlp_outcome *o = d->outcome;
    if (!o->rejected++) snprintf(o->message, sizeof o->message, "record %zu: %s", o->accepted + o->rejected, why);
}

/* A scalar body becomes text, a structured one stays among the fields from `first` on. */
static void take_body(struct flat *f, struct log_record *r, size_t first)
{
    const struct field *one = &f->fields[first];
    size_t n = f->count - first;
    r->body_fields = one;
    r->body_field_count = n;
    if (n != 1 || one->path.len) return;
    bool text = one->type == VALUE_BYTES ? text_is_utf8(one->text) : one->type >= VALUE_STRING && one->type <= VALUE_DOUBLE;
    if (!text && one->type == VALUE_BYTES) return;
    if (text) r->body = one->text;
    r->body_field_count = 0;
}

static struct slice service_attribute(const struct flat *f, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (f->fields[i].type == VALUE_STRING && slice_is(f->fields[i].path, "service.name")) return f->fields[i].text;
    return (struct slice){0};
}

static void show(struct decoder *d, struct slice record, const struct log_record *decoded)
{
    d->sight.record = record;
    d->sight.decoded = decoded;
    d->watch->record(d->watch->context, &d->sight);
}

static void decode_record(struct decoder *d, struct slice bytes)
{
    struct log_record r = {.service = d->service,
                           .bytes = bytes.len,
                           .resource = d->resource->fields,
                           .resource_count = d->resource->count,
                           .resource_serial = d->resource_serial};
    struct flat *flat = d->flat;
    struct slice body = {0};
    uint64_t time = 0, observed = 0;
    struct proto p;
    struct proto_field f;
    flat_clear(flat);
    flat->limit = OTLP_FIELDS - FOR_BODY;
    proto_begin(&p, bytes);
    while (proto_next(&p, &f)) {
        switch (f.number) {
        case RECORD_TIME: time = f.value; break;
        case RECORD_OBSERVED_TIME: observed = f.value; break;
        case RECORD_SEVERITY_NUMBER: r.severity_number = f.value <= 24 ? (int)f.value : 0; break;
        case RECORD_SEVERITY_TEXT: r.severity = f.bytes; break;
        case RECORD_BODY: body = f.bytes; break;
        case RECORD_ATTRIBUTES: flat_pair(flat, (struct slice){0}, f.bytes, 0); break;
        case RECORD_EVENT_NAME: r.event_name = f.bytes; break;
        default: break;
        }
    }
    size_t attributes = flat->count;
    flat->limit = OTLP_FIELDS;
    if (body.ptr) flat_value(flat, (struct slice){0}, body, 0);
    if (flat->bad_text || d->bad_service || !text_is_utf8(r.severity) || !text_is_utf8(r.event_name)) {
        reject(d, "text that is no UTF-8");
        return;
    }
    if (!time) time = observed ? observed : (uint64_t)d->received_ns;
    if (time > INT64_MAX) {
        reject(d, "time after the year 2262");
        return;
    }
    r.time_ns = (int64_t)time;
    r.attributes = flat->fields;
    r.attribute_count = attributes;
    take_body(flat, &r, attributes);
    if (!r.service.len) r.service = service_attribute(flat, attributes);
    batch_add(d->batch, &r);
    d->outcome->accepted++;
    if (d->watch) show(d, bytes, &r);
}

/* The last member with that number; ptr NULL: none. */
static struct slice member(struct slice message, uint32_t number)
{
    struct slice found = {0};
    struct proto p;
    struct proto_field f;
    proto_begin(&p, message);
    while (proto_next(&p, &f))
        if (f.number == number && f.wire == PROTO_BYTES) found = f.bytes;
    return found;
}

static void decode_scope(struct decoder *d, struct slice bytes)
{
    struct proto p;
    struct proto_field f;
    if (d->watch) {
        d->sight.scope = member(bytes, SCOPE_LOGS_SCOPE);
        d->sight.scope_url = member(bytes, SCOPE_LOGS_SCHEMA_URL);
    }
    proto_begin(&p, bytes);
    while (proto_next(&p, &f))
        if (f.number == SCOPE_LOGS_RECORDS) decode_record(d, f.bytes);
}

/* The resource may stand after the records that belong to it. */
static void read_resource(struct decoder *d, struct slice resource_logs)
{
    static _Atomic uint64_t serial;
    struct proto outer, inner;
    struct proto_field f, attribute;
    flat_clear(d->resource);
    proto_begin(&outer, resource_logs);
    while (proto_next(&outer, &f)) {
        if (f.number != RESOURCE_LOGS_RESOURCE) continue;
        proto_begin(&inner, f.bytes);
        while (proto_next(&inner, &attribute))
            if (attribute.number == RESOURCE_ATTRIBUTES) flat_pair(d->resource, (struct slice){0}, attribute.bytes, 0);
    }
    d->service = service_attribute(d->resource, d->resource->count);
    d->bad_service = !text_is_utf8(d->service);
    d->resource_serial = ++serial;
    if (d->watch) {
        d->sight.resource = member(resource_logs, RESOURCE_LOGS_RESOURCE);
        d->sight.resource_url = member(resource_logs, RESOURCE_LOGS_SCHEMA_URL);
    }
    if (d->resource->bad_text) flat_clear(d->resource);
}

static void decode_request(struct decoder *d, struct slice request)
{
    struct proto p, inner;
    struct proto_field f, scope;
    proto_begin(&p, request);
    while (proto_next(&p, &f)) {
        if (f.number != REQUEST_RESOURCE_LOGS) continue;
        read_resource(d, f.bytes);
        proto_begin(&inner, f.bytes);
        while (proto_next(&inner, &scope))
            if (scope.number == RESOURCE_LOGS_SCOPE_LOGS) decode_scope(d, scope.bytes);
    }
}

static bool is_request(struct slice body, struct otlp_outcome *o)
{
    const char *why;
    size_t at;
    if (otlp_check(body, &why, &at)) return true;
    o->ok = false;
    snprintf(o->message, sizeof o->message, "invalid protobuf at byte %zu: %s", at, why);
    return false;
}

void otlp_logs(struct slice body, enum otlp_encoding e, int64_t received_ns, struct batch *b, struct otlp_outcome *o)
{
    otlp_logs_watched(body, e, received_ns, b, o, NULL);
}

void otlp_logs_watched(struct slice body, enum otlp_encoding e, int64_t received_ns, struct batch *b, struct otlp_outcome *o,
                       const struct otlp_watch *watch)
{
    struct scratch *s = scratch_mine();
    struct decoder d = {.flat = &s->flat, .resource = &s->resource, .batch = b, .outcome = o, .received_ns = received_ns};
    d.watch = watch;
    d.sight.batch = b;
    *o = (struct otlp_outcome){.ok = true};
    if (e == OTLP_JSON) {
        buf_reserve(&s->transcoded, body.len);
        if (otlp_from_json(body, &s->transcoded, o)) decode_request(&d, buf_view(&s->transcoded));
    } else if (is_request(body, o)) {
        decode_request(&d, body);
    }
    scratch_wipe(s);
    if (!o->ok) o->accepted = o->rejected = 0;
}
