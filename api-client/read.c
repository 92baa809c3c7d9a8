#include "api-client/api.h"
#include "base/clock.h"
#include "base/json_write.h"
#include "base/utf8.h"

#include <stdlib.h>

static const json_t *step(const json_t *value, const char *name, size_t len)
{
    if (json_is_object(value)) return json_object_getn(value, name, len);
    if (!json_is_array(value)) return NULL;
    size_t index = 0;
    for (size_t i = 0; i < len; i++) {
        if (name[i] < '0' || name[i] > '9' || index > 1000000) return NULL;
        index = index * 10 + (size_t)(name[i] - '0');
    }
    return len ? json_array_get(value, index) : NULL;
}

const json_t *api_at(const json_t *value, const char *path)
{
    while (value && *path) {
        size_t len = strcspn(path, ".");
        value = step(value, path, len);
        path += len + (path[len] == '.');
    }
    return json_is_null(value) ? NULL : value;
}

/* Needs no cleaning. */
static bool is_plain(const json_t *text)
{
    struct slice s = slice_of(json_string_value(text), json_string_length(text));
    size_t at = 0;
    while (at < s.len && (unsigned char)(s.ptr[at] - 0x20) < 0x5F) at++;
    return at == s.len && s.len > 0;
}

const char *api_text(struct arena *arena, const json_t *value, const char *path)
{
    const json_t *found = api_at(value, path);
    struct buf text;
    if (json_is_string(found) && is_plain(found)) {
        char *plain = arena_copy(arena, slice_of(json_string_value(found), json_string_length(found)));
        return plain ? plain : "";
    }
    buf_init(&text, 4 << 20);
    if (json_is_string(found)) utf8_clean(&text, slice_of(json_string_value(found), json_string_length(found)));
    else if (json_is_integer(found)) buf_i64(&text, json_integer_value(found));
    else if (json_is_real(found)) json_write_double(&text, json_real_value(found));
    else if (json_is_boolean(found)) buf_str(&text, json_is_true(found) ? "true" : "false");
    char *copy = text.len ? arena_copy(arena, buf_view(&text)) : NULL;
    buf_free(&text);
    return copy ? copy : "";
}

double api_number(const json_t *value, const char *path, double absent)
{
    const json_t *found = api_at(value, path);
    return json_is_number(found) ? json_number_value(found) : absent;
}

int64_t api_integer(const json_t *value, const char *path, int64_t absent)
{
    const json_t *found = api_at(value, path);
    if (json_is_integer(found)) return json_integer_value(found);
    if (!json_is_real(found)) return absent;
    double real = json_real_value(found);
    return real > -9e18 && real < 9e18 ? (int64_t)real : absent;
}

bool api_bool(const json_t *value, const char *path, bool absent)
{
    const json_t *found = api_at(value, path);
    return json_is_boolean(found) ? json_is_true(found) : absent;
}

int64_t api_time(const json_t *value, const char *path)
{
    const json_t *found = api_at(value, path);
    int64_t ns;
    if (!json_is_string(found)) return 0;
    return clock_parse_rfc3339(slice_of(json_string_value(found), json_string_length(found)), &ns) ? ns : 0;
}
