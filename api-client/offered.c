#include "api-client/internal.h"

static const char *named(const json_t *type)
{
    while (type && !json_is_string(json_object_get(type, "name"))) type = json_object_get(type, "ofType");
    return json_string_value(json_object_get(type, "name"));
}

static json_t *learn_field(const json_t *field)
{
    json_t *args = json_object(), *arg;
    size_t i;
    json_array_foreach(json_object_get(field, "args"), i, arg)
    {
        const char *name = json_string_value(json_object_get(arg, "name"));
        const char *type = named(json_object_get(arg, "type"));
        if (name) json_object_set_new(args, name, json_string(type ? type : ""));
    }
    const char *type = named(json_object_get(field, "type"));
    return json_pack("{ss so}", "type", type ? type : "", "args", args);
}

/* Enum values are known by name alone. */
static void learn_names(json_t *fields, const json_t *list)
{
    const json_t *item;
    size_t i;
    json_array_foreach((json_t *)list, i, item)
    {
        const char *name = json_string_value(json_object_get(item, "name"));
        if (name) json_object_set_new(fields, name, json_object());
    }
}

static json_t *learn_type(const json_t *type)
{
    json_t *fields = json_object(), *field;
    size_t i;
    learn_names(fields, json_object_get(type, "enumValues"));
    for (const char *const *list = (const char *const[]){"fields", "inputFields", NULL}; *list; list++) {
        json_array_foreach(json_object_get(type, *list), i, field)
        {
            const char *name = json_string_value(json_object_get(field, "name"));
            if (name) json_object_set_new(fields, name, learn_field(field));
        }
    }
    return json_pack("{so}", "fields", fields);
}

json_t *offered_learn(const json_t *data)
{
    const json_t *schema = json_object_get(data, "__schema"), *types = json_object_get(schema, "types");
    const char *query = named(json_object_get(schema, "queryType")), *mutation = named(json_object_get(schema, "mutationType"));
    if (!query || !json_is_array(types)) return NULL;
    json_t *offers = json_object(), *type;
    size_t i;
    json_array_foreach(types, i, type)
    {
        const char *name = json_string_value(json_object_get(type, "name"));
        if (name) json_object_set_new(offers, name, learn_type(type));
    }
    json_object_set_new(offers, "query", json_string(query));
    json_object_set_new(offers, "mutation", json_string(mutation ? mutation : ""));
    return offers;
}

const json_t *offered_field(const json_t *offers, const char *type, const char *field)
{
    return json_object_get(json_object_get(json_object_get(offers, type), "fields"), field);
}

const char *offered_lacks(const json_t *offers, const char *type, const json_t *value)
{
    const json_t *fields = json_object_get(json_object_get(offers, type), "fields"), *item;
    const char *name, *found = NULL;
    size_t i;
    if (json_object_size(fields) == 0) return NULL;
    if (json_is_string(value)) return json_object_get(fields, json_string_value(value)) ? NULL : json_string_value(value);
    json_array_foreach((json_t *)(uintptr_t)value, i, item)
    {
        if (!found) found = offered_lacks(offers, type, item);
    }
    json_object_foreach((json_t *)(uintptr_t)value, name, item)
    {
        if (found) break;
        const json_t *field = json_object_get(fields, name);
        const char *inner = json_string_value(json_object_get(field, "type"));
        found = !field ? name : inner ? offered_lacks(offers, inner, item) : NULL;
    }
    return found;
}
