#include "control-plane/ingest/export.h"

#include "base/proto_write.h"
#include "control-plane/ingest/otlp_wire.h"
#include "control-plane/ingest/text_codec.h"

#include <stdlib.h>

/* A record is at most a line of a MiB, its JSON fields again, and the last one may come on a nearly full buffer. */
enum { OUT_MAX = 16 * 1024 * 1024 };

void export_init(struct export *e)
{
    *e = (struct export){0};
    buf_init(&e->out, OUT_MAX);
}

void export_free(struct export *e) { buf_free(&e->out); }

static void put_string_value(struct buf *out, uint32_t number, struct slice s)
{
    size_t any = proto_open(out, number);
    proto_put_bytes(out, ANY_STRING, s);
    proto_close(out, any);
}

static void put_string_pair(struct buf *out, uint32_t number, struct slice key, struct slice value)
{
    size_t pair = proto_open(out, number);
    proto_put_bytes(out, KEY_VALUE_KEY, key);
    put_string_value(out, KEY_VALUE_VALUE, value);
    proto_close(out, pair);
}

static void put_double(struct buf *out, struct slice text)
{
    char copy[64];
    uint64_t bits;
    size_t n = text.len < sizeof copy ? text.len : sizeof copy - 1;
    memcpy(copy, text.ptr, n);
    copy[n] = '\0';
    double value = strtod(copy, NULL);
    memcpy(&bits, &value, 8);
    proto_put_fixed64(out, ANY_DOUBLE, bits);
}

static void put_int(struct buf *out, struct slice text)
{
    uint64_t value;
    bool negative = text.len && text.ptr[0] == '-';
    struct slice digits = negative ? slice_of(text.ptr + 1, text.len - 1) : text;
    if (u64_parse(digits, &value)) proto_put_varint(out, ANY_INT, negative ? 0 - value : value);
    else put_double(out, text);
}

static void put_any(struct buf *out, const struct field *f)
{
    switch (f->type) {
    case VALUE_STRING: proto_put_bytes(out, ANY_STRING, f->text); break;
    case VALUE_BOOL: proto_put_varint(out, ANY_BOOL, slice_is(f->text, "true")); break;
    case VALUE_INT: put_int(out, f->text); break;
    case VALUE_DOUBLE: put_double(out, f->text); break;
    case VALUE_BYTES: proto_put_bytes(out, ANY_BYTES, f->text); break;
    case VALUE_ARRAY: proto_put_bytes(out, ANY_ARRAY, (struct slice){0}); break;
    case VALUE_MAP: proto_put_bytes(out, ANY_MAP, (struct slice){0}); break;
    case VALUE_EMPTY: break;
    }
}

static void put_field(struct buf *out, uint32_t number, const struct field *f)
{
    size_t pair = proto_open(out, number);
    proto_put_bytes(out, KEY_VALUE_KEY, f->path);
    size_t any = proto_open(out, KEY_VALUE_VALUE);
    put_any(out, f);
    proto_close(out, any);
    proto_close(out, pair);
}

static void put_body(struct buf *out, const struct log_record *r)
{
    if (r->body.len || !r->body_field_count) {
        put_string_value(out, RECORD_BODY, r->body);
        return;
    }
    size_t body = proto_open(out, RECORD_BODY), map = proto_open(out, ANY_MAP);
    for (size_t i = 0; i < r->body_field_count; i++) put_field(out, VALUES, &r->body_fields[i]);
    proto_close(out, map);
    proto_close(out, body);
}

static void end_service(struct export *e)
{
    if (!e->open) return;
    proto_close_wide(&e->out, e->scope_mark);
    proto_close_wide(&e->out, e->resource_mark);
    e->open = false;
}

static void begin_service(struct export *e, struct slice service)
{
    size_t n = service.len < EXPORT_SERVICE ? service.len : EXPORT_SERVICE - 1;
    while (n && n < service.len && ((unsigned char)service.ptr[n] & 0xC0) == 0x80) n--;
    service.len = n;
    if (e->open && slice_is(service, e->service)) return;
    end_service(e);
    if (n) memcpy(e->service, service.ptr, n);
    e->service[n] = '\0';
    e->resource_mark = proto_open_wide(&e->out, REQUEST_RESOURCE_LOGS);
    if (n) {
        size_t resource = proto_open(&e->out, RESOURCE_LOGS_RESOURCE);
        put_string_pair(&e->out, RESOURCE_ATTRIBUTES, SLICE("service.name"), service);
        proto_close(&e->out, resource);
    }
    e->scope_mark = proto_open_wide(&e->out, RESOURCE_LOGS_SCOPE_LOGS);
    e->open = true;
}

void export_add(struct export *e, const struct log_record *r)
{
    begin_service(e, r->service);
    size_t record = proto_open(&e->out, SCOPE_LOGS_RECORDS);
    proto_put_fixed64(&e->out, RECORD_TIME, (uint64_t)r->time_ns);
    if (r->severity_number) proto_put_varint(&e->out, RECORD_SEVERITY_NUMBER, (uint64_t)r->severity_number);
    if (r->severity.len) proto_put_bytes(&e->out, RECORD_SEVERITY_TEXT, r->severity);
    put_body(&e->out, r);
    for (size_t i = 0; i < r->attribute_count; i++) put_field(&e->out, RECORD_ATTRIBUTES, &r->attributes[i]);
    if (r->event_name.len) proto_put_bytes(&e->out, RECORD_EVENT_NAME, r->event_name);
    proto_close(&e->out, record);
    e->records++;
}

bool export_full(const struct export *e) { return e->records >= EXPORT_RECORDS || e->out.len >= EXPORT_BYTES; }

struct slice export_bytes(struct export *e)
{
    end_service(e);
    return buf_view(&e->out);
}

void export_clear(struct export *e)
{
    buf_clear(&e->out);
    e->records = 0;
    e->open = false;
}
