/* The protobuf face of a SyncRequest, by the field numbers of tero.policy.v1. */
#include "base/hash.h"
#include "base/proto_read.h"
#include "base/utf8.h"
#include "control-plane/edges/sync_parts.h"

#include <inttypes.h>
#include <stdio.h>

enum { REQUEST_CLIENT = 1, REQUEST_FULL_SYNC = 2, REQUEST_LAST_HASH = 4, REQUEST_STATUSES = 5 };
enum { CLIENT_STAGES = 1, CLIENT_LABELS = 2, CLIENT_RESOURCE = 3 };
enum { STATUS_ID = 1, STATUS_HITS = 2, STATUS_MISSES = 3, STATUS_ERRORS = 4, STATUS_FIRST_STAGE = 10 };
enum { VALUE_STRING = 1, VALUE_BOOL = 2, VALUE_INT = 3, VALUE_DOUBLE = 4, NUMBER_MAX = 32 };

static struct slice text_of(const struct proto_field *f) { return f->wire == PROTO_BYTES && utf8_valid(f->bytes) ? f->bytes : SLICE(""); }

/* ---- the client ---- */

static void set_number(struct sync_reading *s, struct sync_attribute *a, const char *text)
{
    char *copy = arena_copy(s->arena, slice_str(text));
    a->text = copy == NULL;
    a->value = slice_str(copy ? copy : "");
}

static void read_value(struct sync_reading *s, struct slice bytes, struct sync_attribute *a)
{
    struct proto p;
    struct proto_field f;
    char text[NUMBER_MAX];
    proto_begin(&p, bytes);
    while (proto_next(&p, &f)) {
        if (f.number == VALUE_STRING) {
            a->text = true;
            a->value = text_of(&f);
        }
        if (f.number == VALUE_BOOL && f.wire == PROTO_VARINT) set_number(s, a, f.value ? "true" : "false");
        if (f.number == VALUE_INT && f.wire == PROTO_VARINT) {
            snprintf(text, sizeof text, "%" PRId64, (int64_t)f.value);
            set_number(s, a, text);
        }
        if (f.number == VALUE_DOUBLE && f.wire == PROTO_FIXED64) {
            double d;
            memcpy(&d, &f.value, sizeof d);
            snprintf(text, sizeof text, "%.17g", d);
            set_number(s, a, strspn(text, "+-.0123456789e") == strlen(text) ? text : "null");
        }
    }
}

static void read_attribute(struct sync_reading *s, struct slice bytes, struct sync_attributes *list)
{
    struct sync_attribute *a = sync_attribute_add(s, list);
    struct proto p;
    struct proto_field f;
    proto_begin(&p, bytes);
    while (a && proto_next(&p, &f)) {
        if (f.number == 1) a->key = text_of(&f);
        if (f.number == 2 && f.wire == PROTO_BYTES) read_value(s, f.bytes, a);
    }
}

/* Packed or one by one. */
static void read_stages(struct sync_reading *s, const struct proto_field *f)
{
    if (f->wire == PROTO_VARINT) sync_stage(s, (int64_t)f->value);
    if (f->wire != PROTO_BYTES) return;
    uint64_t number = 0;
    unsigned shift = 0;
    for (size_t i = 0; i < f->bytes.len; i++) {
        unsigned char c = (unsigned char)f->bytes.ptr[i];
        if (shift < 63) number |= (uint64_t)(c & 0x7F) << shift;
        shift += 7;
        if (c & 0x80) continue;
        sync_stage(s, (int64_t)number);
        number = 0;
        shift = 0;
    }
}

static void read_client(struct sync_reading *s, struct slice bytes)
{
    struct proto p;
    struct proto_field f;
    proto_begin(&p, bytes);
    while (proto_next(&p, &f)) {
        if (f.number == CLIENT_STAGES) read_stages(s, &f);
        else if (f.number == CLIENT_LABELS && f.wire == PROTO_BYTES) read_attribute(s, f.bytes, &s->client.labels);
        else if (f.number == CLIENT_RESOURCE && f.wire == PROTO_BYTES) read_attribute(s, f.bytes, &s->client.resource);
    }
    s->client.fingerprint = hash_mix(s->client.fingerprint, hash64(bytes.ptr, bytes.len, 1));
}

/* ---- statuses ---- */

static void read_stage(struct slice bytes, struct sync_counts *c, size_t stage)
{
    struct proto p;
    struct proto_field f;
    proto_begin(&p, bytes);
    while (proto_next(&p, &f)) {
        if (f.wire != PROTO_VARINT) continue;
        if (f.number == 1) c->stage_hits[stage] = sync_delta((int64_t)f.value);
        if (f.number == 2) c->stage_misses[stage] = sync_delta((int64_t)f.value);
    }
}

static void status_field(struct sync_reading *s, struct sync_status *status, const struct proto_field *f)
{
    bool number = f->wire == PROTO_VARINT;
    if (f->number == STATUS_ID) status->id = text_of(f);
    else if (f->number == STATUS_HITS && number) status->counts.hits = sync_delta((int64_t)f->value);
    else if (f->number == STATUS_MISSES && number) status->counts.misses = sync_delta((int64_t)f->value);
    else if (f->number == STATUS_ERRORS && f->wire == PROTO_BYTES) sync_status_error(s, f->bytes);
    else if (f->number >= STATUS_FIRST_STAGE && f->number < STATUS_FIRST_STAGE + SYNC_STAGES && f->wire == PROTO_BYTES)
        read_stage(f->bytes, &status->counts, f->number - STATUS_FIRST_STAGE);
}

static void read_status(struct sync_reading *s, struct slice bytes)
{
    struct sync_status *status = sync_status_begin(s);
    struct proto p;
    struct proto_field f;
    proto_begin(&p, bytes);
    while (proto_next(&p, &f)) status_field(s, status, &f);
    if (!p.error) sync_status_done(s);
}

/* ---- the whole: everything but the statuses, then the statuses ---- */

static void request_field(struct sync_reading *s, const struct proto_field *f)
{
    if (f->number == REQUEST_CLIENT && f->wire == PROTO_BYTES) read_client(s, f->bytes);
    else if (f->number == REQUEST_FULL_SYNC && f->wire == PROTO_VARINT) s->request->full_sync = f->value != 0;
    else if (f->number == REQUEST_LAST_HASH) s->request->last_hash = text_of(f);
}

bool sync_read_protobuf(struct slice body, struct arena *arena, const struct sync_sink *sink, struct sync_request *request)
{
    struct sync_reading s;
    struct proto p;
    struct proto_field f;
    sync_reading_begin(&s, arena, sink, request);
    proto_begin(&p, body);
    while (proto_next(&p, &f)) request_field(&s, &f);
    if (p.error) {
        request->problem = "the body is not a SyncRequest in protobuf";
        return sync_reading_end(&s);
    }
    sync_client_done(&s);
    proto_begin(&p, body);
    while (proto_next(&p, &f))
        if (f.number == REQUEST_STATUSES && f.wire == PROTO_BYTES) read_status(&s, f.bytes);
    return sync_reading_end(&s);
}
