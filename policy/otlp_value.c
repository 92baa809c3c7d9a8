#include "policy/otlp_value.h"

#include "policy/reading.h"

#include <stdlib.h>

static int64_t integer_of(const json_t *n)
{
    return json_is_string(n) ? strtoll(json_string_value(n), NULL, 10)
           : json_is_real(n) ? (int64_t)json_real_value(n)
                             : json_integer_value(n);
}

static double double_of(const json_t *n) { return json_is_string(n) ? strtod(json_string_value(n), NULL) : json_number_value(n); }

static struct slice text_of(const json_t *n) { return slice_of(json_string_value(n) ? json_string_value(n) : "", json_string_length(n)); }

struct datum any_value(const json_t *value, struct arena *a)
{
    const json_t *n;
    struct datum d = {0};
    if ((n = json_object_get(value, "stringValue"))) {
        d.type = DATUM_STRING;
        d.text = text_of(n);
    } else if ((n = json_object_get(value, "intValue"))) {
        d.type = DATUM_INT;
        d.integer = integer_of(n);
    } else if ((n = json_object_get(value, "boolValue"))) {
        d.type = DATUM_BOOL;
        d.boolean = json_is_true(n);
    } else if ((n = json_object_get(value, "doubleValue"))) {
        d.type = DATUM_DOUBLE;
        d.real = double_of(n);
    } else if ((n = json_object_get(value, "bytesValue"))) {
        d.type = DATUM_BYTES;
        (void)read_base64(a, text_of(n), &d.text);
    } else d.type = value ? DATUM_OTHER : DATUM_ABSENT;
    return d;
}

json_t *any_string(struct slice text)
{
    json_t *value = json_object();
    json_object_set_new(value, "stringValue", json_stringn_nocheck(text.ptr ? text.ptr : "", text.len));
    return value;
}

size_t pair_find(const json_t *list, struct slice key)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (slice_eq(text_of(json_object_get(json_array_get(list, i), "key")), key)) return i;
    return SIZE_MAX;
}

json_t *pair_value(const json_t *list, struct slice key)
{
    size_t at = pair_find(list, key);
    return at == SIZE_MAX ? NULL : json_object_get(json_array_get(list, at), "value");
}

static json_t *inner_list(const json_t *value) { return json_object_get(json_object_get(value, "kvlistValue"), "values"); }

json_t *path_value(const json_t *list, const struct slice *path, size_t count)
{
    json_t *value = NULL;
    for (size_t i = 0; i < count; i++) {
        value = pair_value(i ? inner_list(value) : list, path[i]);
        if (!value) return NULL;
    }
    return value;
}

static json_t *pair_append(json_t *list, struct slice key, json_t *value)
{
    json_t *pair = json_object();
    json_object_set_new(pair, "key", json_stringn_nocheck(key.ptr ? key.ptr : "", key.len));
    json_object_set_new(pair, "value", value);
    json_array_append_new(list, pair);
    return value;
}

/* The list under a key, made where it is missing; NULL where something else is there. */
static json_t *inner_list_made(json_t *list, struct slice key)
{
    json_t *value = pair_value(list, key), *made;
    if (!value) value = pair_append(list, key, json_pack("{s:{s:[]}}", "kvlistValue", "values"));
    json_t *map = json_object_get(value, "kvlistValue");
    if (!json_is_object(map)) return NULL;
    if (json_is_array(json_object_get(map, "values"))) return json_object_get(map, "values");
    json_object_set_new(map, "values", made = json_array());
    return made;
}

bool path_set(json_t *list, const struct slice *path, size_t count, json_t *value)
{
    for (size_t i = 0; i + 1 < count && list; i++) list = inner_list_made(list, path[i]);
    size_t at = list ? pair_find(list, path[count - 1]) : SIZE_MAX;
    if (!list) json_decref(value);
    else if (at != SIZE_MAX) json_object_set_new(json_array_get(list, at), "value", value);
    else pair_append(list, path[count - 1], value);
    return at != SIZE_MAX;
}

bool path_remove(json_t *list, const struct slice *path, size_t count)
{
    for (size_t i = 0; i + 1 < count && list; i++) list = inner_list(pair_value(list, path[i]));
    size_t at = list ? pair_find(list, path[count - 1]) : SIZE_MAX;
    return at != SIZE_MAX && json_array_remove(list, at) == 0;
}
