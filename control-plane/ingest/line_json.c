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

enum role { ROLE_TIME, ROLE_SEVERITY, ROLE_MESSAGE, ROLE_SERVICE, ROLES };

static const struct {
    enum role role;
    const char *name;
} known[] = {
    {ROLE_TIME, "timestamp"},
    {ROLE_TIME, "@timestamp"},
    {ROLE_TIME, "time"},
    {ROLE_TIME, "ts"},
    {ROLE_TIME, "datetime"},
    {ROLE_TIME, "eventTime"},
    {ROLE_TIME, "asctime"},
    {ROLE_TIME, "@t"},
    {ROLE_TIME, "t"},
    {ROLE_TIME, "date"},
    {ROLE_SEVERITY, "severity"},
    {ROLE_SEVERITY, "level"},
    {ROLE_SEVERITY, "log.level"},
    {ROLE_SEVERITY, "severity_text"},
    {ROLE_SEVERITY, "levelname"},
    {ROLE_SEVERITY, "loglevel"},
    {ROLE_SEVERITY, "lvl"},
    {ROLE_SEVERITY, "level_name"},
    {ROLE_SEVERITY, "@l"},
    {ROLE_MESSAGE, "message"},
    {ROLE_MESSAGE, "msg"},
    {ROLE_MESSAGE, "body"},
    {ROLE_MESSAGE, "log"},
    {ROLE_MESSAGE, "short_message"},
    {ROLE_MESSAGE, "@m"},
    {ROLE_MESSAGE, "@mt"},
    {ROLE_MESSAGE, "text"},
    {ROLE_MESSAGE, "event"},
    {ROLE_SERVICE, "service.name"},
    {ROLE_SERVICE, "service"},
    {ROLE_SERVICE, "app"},
    {ROLE_SERVICE, "application"},
    {ROLE_SERVICE, "appname"},
    {ROLE_SERVICE, "app_name"},
    {ROLE_SERVICE, "service_name"},
    {ROLE_SERVICE, "kubernetes.container_name"},
    {ROLE_SERVICE, "container_name"},
    {ROLE_SERVICE, "syslog_identifier"},
    {ROLE_SERVICE, "program"},
    {ROLE_SERVICE, "component"},
    {ROLE_SERVICE, "logger"},
    {ROLE_SERVICE, "logger_name"},
    {ROLE_SERVICE, "name"},
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

static bool take(struct line_reader *l, enum role role, const struct field *f, struct log_record *r)
{
    switch (role) {
    case ROLE_TIME: return read_time(l, f, &r->time_ns);
    case ROLE_SEVERITY: return read_severity(f, r);
    case ROLE_MESSAGE:
        if (f->type == VALUE_STRING) r->body = f->text;
        return f->type == VALUE_STRING;
    case ROLE_SERVICE:
        if (f->type == VALUE_STRING) r->service = f->text;
        return f->type == VALUE_STRING && f->text.len;
    case ROLES: break;
    }
    return false;
}

/* Takes the fields with a meaning out of the list; the logger is a service's name only faute de mieux, and stays. */
static void assign_roles(struct line_reader *l, struct log_record *r)
{
    struct flat *flat = &l->flat;
    size_t best[ROLES] = {NONE, NONE, NONE, NONE}, at[ROLES] = {0};
    for (size_t i = 0; i < flat->count; i++) {
        size_t rank = rank_of(flat->fields[i].path);
        if (rank == NONE) continue;
        enum role role = known[rank].role;
        if (role >= ROLES || rank >= best[role] || !take(l, role, &flat->fields[i], r)) continue;
        best[role] = rank;
        at[role] = i;
    }
    size_t kept = 0;
    for (size_t i = 0; i < flat->count; i++) {
        bool taken = false;
        for (int role = 0; role < ROLES; role++) taken |= best[role] != NONE && at[role] == i;
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
