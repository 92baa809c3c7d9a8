#include "control-plane/ingest/line.h"

#include "base/json_read.h"

#include <stdlib.h>
#include <strings.h>

enum { LINE_ARENA = 8 * 1024 * 1024, NONE = 1000 };

void line_reader_init(struct line_reader *l)
{
    l->times = (struct timestamps){0};
    l->arena = arena_new(LINE_ARENA);
    buf_init(&l->scratch, LINE_ARENA);
    l->flat.text_used = l->flat.text_most = 0;
    flat_clear(&l->flat);
}

void line_reader_free(struct line_reader *l)
{
    arena_free(l->arena);
    buf_free(&l->scratch);
}

int line_syslog_severity(unsigned priority)
{
    static const int numbers[] = {21, 19, 18, 17, 13, 10, 9, 5};
    return priority < 8 ? numbers[priority] : 0;
}

/* ---- any JSON object as a flat list ---- */

struct walk {
    struct line_reader *l;
    struct json_reader r;
};

/* The text of the current key or string; a copy of the reader's where it holds escapes. */
static struct slice text_of(struct walk *w)
{
    if (!w->r.escaped) return w->r.text;
    struct slice s = json_text(&w->r, &w->l->scratch);
    char *copy = arena_copy(w->l->arena, s);
    return copy ? slice_of(copy, s.len) : SLICE("");
}

static bool object(struct walk *w, struct slice prefix);

static bool array(struct walk *w, struct slice path);

static bool value(struct walk *w, struct slice path)
{
    struct flat *f = &w->l->flat;
    int64_t integer;
    switch (w->r.token) {
    case JSON_STRING: flat_add(f, path, VALUE_STRING, text_of(w)); return true;
    case JSON_NUMBER: flat_add(f, path, json_int(&w->r, &integer) ? VALUE_INT : VALUE_DOUBLE, w->r.text); return true;
    case JSON_TRUE: flat_add(f, path, VALUE_BOOL, SLICE("true")); return true;
    case JSON_FALSE: flat_add(f, path, VALUE_BOOL, SLICE("false")); return true;
    case JSON_NULL: flat_add(f, path, VALUE_EMPTY, (struct slice){0}); return true;
    case JSON_OBJECT: return object(w, path);
    case JSON_ARRAY: return array(w, path);
    default: return false;
    }
}

static bool array(struct walk *w, struct slice path)
{
    struct slice element = {0};
    while (json_next(&w->r) != JSON_ARRAY_END) {
        if (w->r.token == JSON_ERROR) return false;
        bool fits = element.ptr || flat_join(&w->l->flat, path, (struct slice){0}, &element);
        if (fits ? !value(w, element) : !json_skip(&w->r)) return false;
    }
    if (!element.ptr) flat_add(&w->l->flat, path, VALUE_ARRAY, (struct slice){0});
    return true;
}

static bool object(struct walk *w, struct slice prefix)
{
    struct flat *f = &w->l->flat;
    size_t before = f->count;
    while (json_next(&w->r) != JSON_OBJECT_END) {
        if (w->r.token == JSON_ERROR) return false;
        struct slice path;
        if (!flat_join(f, prefix, text_of(w), &path)) {
            if (!json_skip(&w->r)) return false;
            continue;
        }
        if (json_next(&w->r) == JSON_ERROR || !value(w, path)) return false;
    }
    if (f->count == before && prefix.len) flat_add(f, prefix, VALUE_MAP, (struct slice){0});
    return true;
}

static bool start(struct walk *w, struct line_reader *l, struct slice line)
{
    w->l = l;
    arena_reset(l->arena);
    flat_clear(&l->flat);
    json_begin(&w->r, line);
    return json_next(&w->r) == JSON_OBJECT;
}

static bool finish(struct walk *w, const char **why)
{
    if (!w->r.error && json_next(&w->r) == JSON_END) return true;
    *why = w->r.error ? w->r.error : "JSON object expected";
    return false;
}

/* ---- what the usual keys mean; among several the first of the table wins ---- */

enum key_role { KEY_TIME, KEY_SEVERITY, KEY_MESSAGE, KEY_SERVICE, KEY_ROLES };

static const struct {
    enum key_role role;
    const char *name;
} known[] = {
    {KEY_TIME, "timestamp"},
    {KEY_TIME, "@timestamp"},
    {KEY_TIME, "time"},
    {KEY_TIME, "ts"},
    {KEY_TIME, "datetime"},
    {KEY_TIME, "eventTime"},
    {KEY_TIME, "asctime"},
    {KEY_TIME, "@t"},
    {KEY_TIME, "t"},
    {KEY_TIME, "date"},
    {KEY_SEVERITY, "severity"},
    {KEY_SEVERITY, "level"},
    {KEY_SEVERITY, "log.level"},
    {KEY_SEVERITY, "severity_text"},
    {KEY_SEVERITY, "levelname"},
    {KEY_SEVERITY, "loglevel"},
    {KEY_SEVERITY, "lvl"},
    {KEY_SEVERITY, "level_name"},
    {KEY_SEVERITY, "@l"},
    {KEY_MESSAGE, "message"},
    {KEY_MESSAGE, "msg"},
    {KEY_MESSAGE, "body"},
    {KEY_MESSAGE, "log"},
    {KEY_MESSAGE, "short_message"},
    {KEY_MESSAGE, "@m"},
    {KEY_MESSAGE, "@mt"},
    {KEY_MESSAGE, "text"},
    {KEY_MESSAGE, "event"},
    {KEY_SERVICE, "service.name"},
    {KEY_SERVICE, "service"},
    {KEY_SERVICE, "app"},
    {KEY_SERVICE, "application"},
    {KEY_SERVICE, "appname"},
    {KEY_SERVICE, "app_name"},
    {KEY_SERVICE, "service_name"},
    {KEY_SERVICE, "kubernetes.container_name"},
    {KEY_SERVICE, "container_name"},
    {KEY_SERVICE, "syslog_identifier"},
    {KEY_SERVICE, "program"},
    {KEY_SERVICE, "component"},
    {KEY_SERVICE, "logger"},
    {KEY_SERVICE, "logger_name"},
    {KEY_SERVICE, "name"},
};
enum { KNOWN = sizeof known / sizeof known[0] };

static size_t rank_of(struct slice path)
{
    for (size_t i = 0; i < KNOWN; i++)
        if (strlen(known[i].name) == path.len && strncasecmp(known[i].name, path.ptr, path.len) == 0) return i;
    return NONE;
}

static bool read_time(struct line_reader *l, const struct field *f, int64_t *ns)
{
    size_t used;
    char text[40];
    if (f->type == VALUE_STRING) return timestamp_read(&l->times, f->text, ns, &used);
    if ((f->type != VALUE_INT && f->type != VALUE_DOUBLE) || f->text.len >= sizeof text) return false;
    if (f->type == VALUE_INT && timestamp_read(&l->times, f->text, ns, &used)) return true;
    memcpy(text, f->text.ptr, f->text.len);
    text[f->text.len] = '\0';
    return timestamp_epoch(strtod(text, NULL), ns);
}

/* Levels as numbers: 10 to 60 in steps (bunyan, pino), 0 to 7 (syslog). */
static bool read_severity(const struct field *f, struct log_record *r)
{
    if (f->type == VALUE_STRING) {
        r->severity = f->text;
        return true;
    }
    if (f->type != VALUE_INT || f->text.len > 2 || f->text.ptr[0] == '-') return false;
    unsigned level = (unsigned)(f->text.ptr[0] - '0');
    if (f->text.len == 2) level = level * 10 + (unsigned)(f->text.ptr[1] - '0');
    if (level < 8) r->severity_number = line_syslog_severity(level);
    else if (level >= 10 && level <= 60) r->severity_number = (int)(level / 10 - 1) * 4 + 1;
    return r->severity_number != 0;
}

static bool take(struct line_reader *l, enum key_role role, const struct field *f, struct log_record *r)
{
    switch (role) {
    case KEY_TIME: return read_time(l, f, &r->time_ns);
    case KEY_SEVERITY: return read_severity(f, r);
    case KEY_MESSAGE:
        if (f->type == VALUE_STRING) r->body = f->text;
        return f->type == VALUE_STRING;
    case KEY_SERVICE:
        if (f->type == VALUE_STRING) r->service = f->text;
        return f->type == VALUE_STRING && f->text.len;
    case KEY_ROLES: break;
    }
    return false;
}

/* Takes the fields with a meaning out of the list; the logger is a service's name only faute de mieux, and stays. */
static void assign_roles(struct line_reader *l, struct log_record *r)
{
    struct flat *flat = &l->flat;
    size_t best[KEY_ROLES] = {NONE, NONE, NONE, NONE}, at[KEY_ROLES] = {0};
    for (size_t i = 0; i < flat->count; i++) {
        size_t rank = rank_of(flat->fields[i].path);
        if (rank == NONE) continue;
        enum key_role role = known[rank].role;
        if (role >= KEY_ROLES || rank >= best[role] || !take(l, role, &flat->fields[i], r)) continue;
        best[role] = rank;
        at[role] = i;
    }
    size_t kept = 0;
    for (size_t i = 0; i < flat->count; i++) {
        bool taken = false;
        for (int role = 0; role < KEY_ROLES; role++) taken |= best[role] != NONE && at[role] == i;
        if (!taken) flat->fields[kept++] = flat->fields[i];
    }
    flat->count = kept;
}

bool line_json(struct line_reader *l, struct slice line, struct log_record *r, const char **why)
{
    struct walk w;
    if (!start(&w, l, line) || !object(&w, (struct slice){0})) return finish(&w, why), false;
    if (!finish(&w, why)) return false;
    assign_roles(l, r);
    while (r->body.len && strchr("\r\n", r->body.ptr[r->body.len - 1])) r->body.len--;
    if (r->body.len) {
        r->attributes = l->flat.fields;
        r->attribute_count = l->flat.count;
    } else {
        r->body_fields = l->flat.fields;
        r->body_field_count = l->flat.count;
    }
    return true;
}
