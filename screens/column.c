#include "api-client/api.h"
#include "base/clock.h"
#include "screens/format.h"
#include "screens/resource.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The value at "a|b": the first that is there. */
static const json_t *found(const struct column *c, const json_t *node)
{
    char path[128];
    for (const char *at = c->path; *at;) {
        size_t n = strcspn(at, "|");
        if (at[n]) snprintf(path, sizeof path, "%.*s", (int)n, at);
        const json_t *value = api_at(node, at[n] ? path : at);
        if (value && !(json_is_string(value) && json_string_length(value) == 0)) return value;
        at += n + (at[n] == '|');
    }
    return NULL;
}

static double scaled(const struct column *c, const json_t *value) { return json_number_value(value) * (c->factor != 0 ? c->factor : 1); }

static void number_text(const struct column *c, const json_t *value, char out[FORMAT_SIZE])
{
    double v = scaled(c, value);
    if (c->type == COLUMN_BYTES) format_bytes(out, v);
    else if (c->type == COLUMN_MONEY) format_money(out, v);
    else format_count(out, v);
}

static const char *with_suffix(struct arena *a, const char *text, const char *suffix)
{
    char whole[FORMAT_SIZE + 16];
    int n = snprintf(whole, sizeof whole, "%s%s", text, suffix ? suffix : "");
    const char *copy = arena_copy(a, slice_of(whole, (size_t)n));
    return copy ? copy : "";
}

static const char *upper(struct arena *a, const char *text)
{
    char *copy = arena_copy(a, slice_str(text));
    for (char *at = copy; at && *at; at++)
        if (*at >= 'a' && *at <= 'z') *at = (char)(*at - 'a' + 'A');
    return copy ? copy : "";
}

static const char *lower(struct arena *a, const char *text)
{
    char *copy = arena_copy(a, slice_str(text));
    for (char *at = copy; at && *at; at++) {
        if (*at >= 'A' && *at <= 'Z') *at = (char)(*at - 'A' + 'a');
        if (*at == '_') *at = ' ';
    }
    return copy ? copy : "";
}

static const char *time_text(struct arena *a, const json_t *value, int64_t now_ns)
{
    char text[FORMAT_SIZE];
    int64_t then = api_time(value, "");
    if (!then) return "";
    format_age(text, then, now_ns);
    return with_suffix(a, text, NULL);
}

/* A text stands for neither: why it cannot be said. */
static const char *bool_text(struct arena *a, const json_t *value)
{
    char whole[200];
    if (json_is_boolean(value)) return json_is_true(value) ? "yes" : "no";
    int n = snprintf(whole, sizeof whole, "n/a: %s", api_text(a, value, ""));
    const char *copy = arena_copy(a, slice_of(whole, (size_t)n < sizeof whole ? (size_t)n : sizeof whole - 1));
    return copy ? copy : "";
}

const char *column_text(struct arena *a, const struct column *c, const json_t *node, int64_t now_ns)
{
    char text[FORMAT_SIZE];
    if (c->type == COLUMN_SERIES) return "";
    const json_t *value = found(c, node);
    if (!value) return "";
    switch (c->type) {
    case COLUMN_TIME: return time_text(a, value, now_ns);
    case COLUMN_BOOL: return bool_text(a, value);
    case COLUMN_SEVERITY: return upper(a, api_text(a, value, ""));
    case COLUMN_STATE: return lower(a, api_text(a, value, ""));
    case COLUMN_COUNT:
    case COLUMN_BYTES:
    case COLUMN_RATE:
    case COLUMN_MONEY:
        if (!json_is_number(value)) return "";
        number_text(c, value, text);
        return with_suffix(a, text, c->suffix);
    default: return api_text(a, value, "");
    }
}

static json_t *number_value(const struct column *c, const json_t *value)
{
    if (!json_is_number(value)) return json_null();
    if (json_is_integer(value) && c->factor == 0) return json_integer(json_integer_value(value));
    double v = scaled(c, value);
    if (c->type == COLUMN_BYTES) v = round(v);
    if (c->type == COLUMN_MONEY) v = round(v * 1e6) / 1e6;
    if (v == floor(v) && fabs(v) < 9007199254740992.0) return json_integer((json_int_t)v);
    return json_real(v);
}

static json_t *series_value(const struct column *c, const json_t *node)
{
    double values[1024];
    size_t n = column_series(c, node, values, sizeof values / sizeof *values);
    if (!n) return json_null();
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) json_array_append_new(list, isnan(values[i]) ? json_null() : json_real(values[i]));
    return list;
}

json_t *column_value(const struct column *c, const json_t *node)
{
    if (c->type == COLUMN_SERIES) return series_value(c, node);
    const json_t *value = found(c, node);
    switch (c->type) {
    case COLUMN_COUNT:
    case COLUMN_BYTES:
    case COLUMN_RATE:
    case COLUMN_MONEY: return number_value(c, value);
    case COLUMN_BOOL:
        if (json_is_boolean(value)) return json_boolean(json_is_true(value));
        return json_is_string(value) ? json_incref((json_t *)value) : json_null();
    default: return json_is_string(value) ? json_incref((json_t *)value) : json_null();
    }
}

size_t column_series(const struct column *c, const json_t *node, double *values, size_t max)
{
    char path[128];
    const char *colon = strchr(c->path, ':');
    if (c->type != COLUMN_SERIES || !colon) return 0;
    snprintf(path, sizeof path, "%.*s", (int)(colon - c->path), c->path);
    const json_t *list = api_at(node, path), *item;
    size_t i, n = 0;
    json_array_foreach((json_t *)list, i, item)
    {
        if (n < max) values[n++] = api_number(item, colon + 1, NAN);
    }
    return n;
}
