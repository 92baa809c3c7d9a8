#include "base/json_write.h"
#include "control-plane/api/policy_spec.h"

#include <ctype.h>
#include <stdio.h>

enum { LETTERS_LEAST = 3 };

static bool given(const struct gql_value *v) { return v && v->kind != GQL_V_NULL; }
static bool enabled(const struct gql_value *v) { return given(v) && optional_bool(gql_entry(v, "enabled"), false); }

static bool refuse(const char **problem, const char *why)
{
    *problem = why;
    return false;
}

/* ---- the event's records ---- */

static size_t hole_at(struct slice t, size_t i)
{
    struct slice rest = slice_of(t.ptr + i, t.len - i);
    return slice_starts(rest, "<*>") || slice_starts(rest, "<?>") ? 3 : 0;
}

static void quote(struct buf *out, char c)
{
    if (strchr("\\.+*?()|[]{}^$", c) && c) buf_char(out, '\\');
    buf_char(out, c);
}

static bool is_sign(char c) { return c > ' ' && c < 0x7F && !isalnum((unsigned char)c); }

/* Blanks and doubled signs stand for several (catalog/template.h). */
static void write_pattern(struct buf *out, struct slice t)
{
    bool after_hole = true;
    if (!hole_at(t, 0)) buf_str(out, "^\\s*");
    for (size_t i = 0; i < t.len; i++) {
        size_t hole = hole_at(t, i);
        bool edge = i == 0 || i + hole >= t.len;
        if (hole && !edge) buf_str(out, ".*");
        else if (!hole && t.ptr[i] == ' ') buf_str(out, "\\s+");
        else if (!after_hole && !hole && is_sign(t.ptr[i]) && t.ptr[i - 1] == t.ptr[i]) buf_char(out, '+');
        else if (!hole) quote(out, t.ptr[i]);
        after_hole = hole > 0;
        if (hole) i += hole - 1;
    }
    if (t.len < 3 || !hole_at(t, t.len - 3)) buf_str(out, "\\s*$");
}

static bool is_one_word(struct slice t)
{
    for (size_t i = 0; i < t.len; i++)
        if (hole_at(t, i) || t.ptr[i] == ' ' || is_sign(t.ptr[i])) return false;
    return t.len > 0;
}

static size_t letters_of(struct slice t)
{
    size_t n = 0;
    for (size_t i = 0; i < t.len; i++) {
        if (hole_at(t, i)) i += 2;
        else n += isalnum((unsigned char)t.ptr[i]) || (unsigned char)t.ptr[i] >= 0x80;
    }
    return n;
}

/* The narrowest condition that the template gives. */
static void write_body(struct buf *json, struct slice t)
{
    struct buf pattern;
    buf_init(&pattern, 4 * t.len + 64);
    if (!is_one_word(t)) write_pattern(&pattern, t);
    buf_printf(json, "{\"log_field\":\"body\",\"%s\":", pattern.len ? "regex" : "exact");
    json_write_string(json, pattern.len ? buf_view(&pattern) : t);
    buf_char(json, '}');
    buf_free(&pattern);
}

static void write_match(struct buf *json, const struct log_event *e)
{
    buf_str(json, "\"match\":[{\"resource_attribute\":\"service.name\",\"exact\":");
    json_write_string(json, e->service_name);
    buf_str(json, "},");
    write_body(json, e->template);
    buf_char(json, ']');
}

/* ---- what to do ---- */

static void write_segments(struct buf *json, const struct gql_value *path)
{
    buf_char(json, '[');
    for (size_t i = 1; i < path->list.count; i++) {
        if (i > 1) buf_char(json, ',');
        json_write_string(json, path->list.items[i].text);
    }
    buf_char(json, ']');
}

/* Writes the member that selects the path: "log_field", ..., with `prefix` before it. False: no such place. */
static bool write_selector(struct buf *json, const char *prefix, const struct gql_value *path)
{
    static const struct {
        const char *first, *member;
    } scopes[] = {{"attributes", "log_attribute"}, {"resource", "resource_attribute"}, {"scope", "scope_attribute"}};
    if (path->kind != GQL_V_LIST || path->list.count == 0) return false;
    struct slice first = path->list.items[0].text;
    if (path->list.count == 1) {
        buf_printf(json, "\"%slog_field\":", prefix);
        json_write_string(json, first);
        return true;
    }
    for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++) {
        if (!slice_is(first, scopes[i].first)) continue;
        buf_printf(json, "\"%s%s\":", prefix, scopes[i].member);
        write_segments(json, path);
        return true;
    }
    return false;
}

static const char wrong_path[] = "a path is [\"body\"], [\"attributes\", key], [\"resource\", key] or [\"scope\", key]";

static bool write_removes(struct buf *json, const struct gql_value *trim, const char **problem)
{
    const struct gql_value *paths = gql_entry(trim, "targetPaths");
    if (!given(paths) || paths->list.count == 0) return refuse(problem, "trim: targetPaths are needed");
    buf_str(json, "\"remove\":[");
    for (size_t i = 0; i < paths->list.count; i++) {
        buf_str(json, i ? ",{" : "{");
        if (!write_selector(json, "", &paths->list.items[i])) return refuse(problem, wrong_path);
        buf_char(json, '}');
    }
    buf_char(json, ']');
    return true;
}

static bool write_redact(struct buf *json, const struct gql_value *entry, const struct gql_value *path, bool first)
{
    const struct gql_value *regex = gql_entry(entry, "regex"), *replacement = gql_entry(entry, "replacement");
    buf_str(json, first ? "{" : ",{");
    if (!write_selector(json, "", path)) return false;
    if (given(regex)) {
        buf_str(json, ",\"regex\":");
        json_write_string(json, regex->text);
    }
    buf_str(json, ",\"replacement\":");
    json_write_string(json, given(replacement) ? replacement->text : SLICE("[REDACTED]"));
    buf_char(json, '}');
    return true;
}

static bool write_redacts(struct buf *json, const struct gql_value *entries, const char **problem)
{
    bool first = true;
    buf_str(json, "\"redact\":[");
    for (size_t i = 0; i < entries->list.count; i++) {
        const struct gql_value *entry = &entries->list.items[i], *paths = gql_entry(entry, "targetPaths");
        for (size_t k = 0; given(paths) && k < paths->list.count; k++, first = false)
            if (!write_redact(json, entry, &paths->list.items[k], first)) return refuse(problem, wrong_path);
    }
    buf_char(json, ']');
    return !first || refuse(problem, "redact: targetPaths are needed");
}

static bool write_renames(struct buf *json, const struct gql_value *fields, const char **problem)
{
    buf_str(json, "\"rename\":[");
    for (size_t i = 0; i < fields->list.count; i++) {
        const struct gql_value *from = gql_entry(&fields->list.items[i], "from"), *to = gql_entry(&fields->list.items[i], "to");
        if (to->list.count == 0) return refuse(problem, "rewrite: a field has a new name");
        buf_str(json, i ? ",{" : "{");
        if (!write_selector(json, "from_", from)) return refuse(problem, wrong_path);
        buf_str(json, ",\"to\":");
        json_write_string(json, to->list.items[to->list.count - 1].text);
        buf_str(json, ",\"upsert\":true}");
    }
    buf_char(json, ']');
    return true;
}

static bool write_severity(struct buf *json, const struct gql_value *severity)
{
    buf_str(json, "\"add\":[{\"log_field\":\"severity_text\",\"value\":");
    json_write_string(json, gql_entry(severity, "value")->text);
    buf_str(json, ",\"upsert\":true}]");
    return true;
}

static bool has_items(const struct gql_value *v) { return given(v) && v->list.count > 0; }

/* ,"transform":{...} where there is anything to transform. */
static bool write_transform(struct buf *json, const struct gql_value *spec, const char **problem)
{
    const struct gql_value *trim = gql_entry(spec, "trim"), *redact = gql_entry(spec, "redact"), *rewrite = gql_entry(spec, "rewrite");
    const struct gql_value *entries = given(redact) ? gql_entry(redact, "entries") : NULL;
    const struct gql_value *fields = given(rewrite) ? gql_entry(rewrite, "fields") : NULL;
    const struct gql_value *severity = given(rewrite) ? gql_entry(rewrite, "severity") : NULL;
    size_t start = json->len;
    bool ok = true;
    buf_str(json, ",\"transform\":{");
    size_t empty = json->len;
#define STAGE(wanted, write)                                                                                                               \
    if (ok && (wanted)) {                                                                                                                  \
        if (json->len > empty) buf_char(json, ',');                                                                                        \
        ok = write;                                                                                                                        \
    }
    STAGE(enabled(trim), write_removes(json, trim, problem))
    STAGE(has_items(entries), write_redacts(json, entries, problem))
    STAGE(has_items(fields), write_renames(json, fields, problem))
    STAGE(given(severity), write_severity(json, severity))
#undef STAGE
    if (json->len == empty) buf_cut(json, start);
    else buf_char(json, '}');
    return ok;
}

static bool write_keep(struct buf *json, const struct gql_value *spec, const char **problem)
{
    const struct gql_value *drop = gql_entry(spec, "drop"), *sample = gql_entry(spec, "sample");
    if (enabled(drop) && enabled(sample)) return refuse(problem, "drop and sample exclude each other");
    if (enabled(drop)) buf_str(json, ",\"keep\":\"none\"");
    if (!enabled(sample)) return true;
    int64_t seconds = gql_entry(sample, "intervalSeconds")->integer;
    if (seconds < 1) return refuse(problem, "sample: intervalSeconds is 1 at least");
    buf_printf(json, ",\"keep\":\"1/%llds\"", (long long)seconds);
    return true;
}

static void write_id(struct buf *json, const struct log_event *e)
{
    struct buf id;
    buf_init(&id, CONTENT_ID_MAX);
    for (size_t i = 0; i < e->service_name.len && i < 80; i++) {
        char c = e->service_name.ptr[i];
        buf_char(&id, (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : '-');
    }
    buf_char(&id, '-');
    for (size_t i = 0; i < e->name.len && i < 80; i++) buf_char(&id, e->name.ptr[i] == '_' ? '-' : e->name.ptr[i]);
    json_write_string(json, buf_view(&id));
    buf_free(&id);
}

bool policy_from_spec(const struct log_event *e, const struct gql_value *spec, struct buf *json, const char **problem)
{
    char name[CONTENT_NAME_MAX];
    int n = snprintf(name, sizeof name, "%.*s: %.*s", (int)(e->service_name.len < 80 ? e->service_name.len : 80), e->service_name.ptr,
                     (int)(e->name.len < 100 ? e->name.len : 100), e->name.ptr);
    if (letters_of(e->template) < LETTERS_LEAST)
        return refuse(problem, "the event's template has too few constant words to tell its records from others: propose a text instead");
    buf_str(json, "{\"id\":");
    write_id(json, e);
    buf_str(json, ",\"name\":");
    json_write_string(json, slice_of(name, (size_t)n));
    buf_str(json, ",\"log\":{");
    write_match(json, e);
    size_t before = json->len;
    if (!write_keep(json, spec, problem) || !write_transform(json, spec, problem)) return false;
    if (json->len == before) return refuse(problem, "the spec asks for nothing");
    buf_str(json, "}}");
    return !json->full || refuse(problem, "the policy is too large");
}
