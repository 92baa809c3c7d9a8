#include "base/json_read.h"
#include "control-plane/ingest/line.h"
#include "control-plane/ingest/service_name.h"

struct entry {
    struct slice identifier, unit, user_unit, command;
};

static struct slice text_of(struct line_reader *l, struct json_reader *r)
{
    if (!r->escaped) return r->text;
    struct slice s = json_text(r, &l->scratch);
    char *copy = arena_copy(l->arena, s);
    return copy ? slice_of(copy, s.len) : SLICE("");
}

/* A field with bytes that are no text comes as an array of numbers; one that stands several times as an array of
 * strings: then the first counts. */
static bool array_text(struct line_reader *l, struct json_reader *r, struct slice *text)
{
    bool taken = false;
    struct buf *bytes = &l->scratch;
    buf_clear(bytes);
    while (json_next(r) != JSON_ARRAY_END) {
        int64_t one;
        if (r->token == JSON_ERROR) return false;
        if (r->token == JSON_STRING && !taken) {
            *text = text_of(l, r);
            taken = true;
        } else if (r->token == JSON_NUMBER && !taken && json_int(r, &one) && one >= 0 && one < 256) {
            buf_char(bytes, (char)one);
        } else if (!json_skip(r)) {
            return false;
        }
    }
    if (taken) return true;
    char *copy = arena_copy(l->arena, buf_view(bytes));
    if (copy) *text = slice_of(copy, bytes->len);
    return true;
}

static bool read_text(struct line_reader *l, struct json_reader *r, struct slice *text)
{
    *text = (struct slice){0};
    switch (json_next(r)) {
    case JSON_ERROR: return false;
    case JSON_STRING: *text = text_of(l, r); return true;
    case JSON_ARRAY: return array_text(l, r, text);
    default: return json_skip(r);
    }
}

static void assign(struct line_reader *l, struct log_record *r, struct entry *e, struct slice key, struct slice text)
{
    size_t used;
    if (slice_is(key, "MESSAGE")) r->body = text;
    else if (!text_is_utf8(text)) return;
    else if (slice_is(key, "PRIORITY")) r->severity_number = text.len == 1 ? line_syslog_severity((unsigned)(text.ptr[0] - '0')) : 0;
    else if (slice_is(key, "SYSLOG_IDENTIFIER")) e->identifier = text;
    else if (slice_is(key, "_SYSTEMD_UNIT")) e->unit = text;
    else if (slice_is(key, "_SYSTEMD_USER_UNIT")) e->user_unit = text;
    else if (slice_is(key, "_COMM")) e->command = text;
    else if (slice_is(key, "__REALTIME_TIMESTAMP")) {
        if (!timestamp_read(&l->times, text, &r->time_ns, &used)) r->time_ns = LINE_NO_TIME;
    } else if (key.len && key.ptr[0] != '_' && !slice_starts(key, "SYSLOG_")) {
        flat_add(&l->flat, key, VALUE_STRING, text);
    }
}

static struct slice service_of(const struct entry *e)
{
    struct slice user = service_of_unit(e->user_unit), unit = service_of_unit(e->unit);
    return user.len ? user : unit.len ? unit : e->identifier.len ? e->identifier : e->command;
}

bool line_journald(struct line_reader *l, struct slice line, struct log_record *r, const char **why)
{
    struct json_reader json;
    struct entry e = {0};
    arena_reset(l->arena);
    flat_clear(&l->flat);
    json_begin(&json, line);
    bool ok = json_next(&json) == JSON_OBJECT;
    while (ok && json_next(&json) != JSON_OBJECT_END) {
        struct slice key, text;
        ok = json.token != JSON_ERROR;
        if (!ok) break;
        key = text_of(l, &json);
        ok = read_text(l, &json, &text);
        if (ok) assign(l, r, &e, key, text);
    }
    if (!ok || json_next(&json) != JSON_END) {
        *why = json.error ? json.error : "JSON object expected";
        return false;
    }
    r->service = service_of(&e);
    r->attributes = l->flat.fields;
    r->attribute_count = l->flat.count;
    return true;
}
