#include "screens/object_text.h"

#include "screens/plain.h"

#include <string.h>

static bool nested(const json_t *v) { return (json_is_object(v) && json_object_size(v)) || (json_is_array(v) && json_array_size(v)); }

/* Fits a line: no object in it. */
static bool flat(const json_t *v)
{
    size_t i;
    json_t *item;
    if (json_is_object(v)) return json_object_size(v) == 0;
    json_array_foreach((json_t *)v, i, item) if (json_is_object(item) || json_is_array(item)) return false;
    return true;
}

static void scalar(struct buf *out, const json_t *v)
{
    if (json_is_object(v)) buf_str(out, "{}");
    else plain_json(out, v);
}

/* ---- JSON ---- */

static void json_members(struct buf *out, const json_t *v, int indent)
{
    const char *key, *between = "";
    json_t *item;
    json_object_foreach((json_t *)v, key, item)
    {
        buf_printf(out, "%s\n%*s", between, indent, "");
        plain_json_string(out, key, strlen(key));
        buf_str(out, ": ");
        object_json(out, item, indent + 1);
        between = ",";
    }
}

static void json_items(struct buf *out, const json_t *v, int indent)
{
    size_t i;
    json_t *item;
    json_array_foreach((json_t *)v, i, item)
    {
        buf_printf(out, "%s\n%*s", i ? "," : "", indent, "");
        object_json(out, item, indent + 1);
    }
}

void object_json(struct buf *out, const json_t *v, int indent)
{
    bool object = json_is_object(v);
    if (flat(v)) {
        scalar(out, v);
        return;
    }
    buf_char(out, object ? '{' : '[');
    if (object) json_members(out, v, indent);
    else json_items(out, v, indent);
    buf_printf(out, "\n%*s%c", indent - 1, "", object ? '}' : ']');
}

/* ---- YAML ---- */

static bool plain_key(const char *key)
{
    static const char *const words[] = {"null", "true", "false", "yes", "no", "on", "off", "y", "n", "Y", "N"};
    size_t n = strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(key, words[i])) return false;
    return n && !key[n] && (*key < '0' || *key > '9');
}

static void yaml_members(struct buf *out, const json_t *v, int indent, bool first_in_line)
{
    const char *key;
    json_t *item;
    json_object_foreach((json_t *)v, key, item)
    {
        buf_printf(out, "%*s", first_in_line ? indent : 0, "");
        first_in_line = true;
        if (plain_key(key)) buf_str(out, key);
        else plain_json_string(out, key, strlen(key));
        buf_char(out, ':');
        if (flat(item)) {
            buf_char(out, ' ');
            scalar(out, item);
            buf_char(out, '\n');
        } else {
            buf_char(out, '\n');
            object_yaml(out, item, indent + 2);
        }
    }
}

static void yaml_items(struct buf *out, const json_t *v, int indent)
{
    size_t i;
    json_t *item;
    json_array_foreach((json_t *)v, i, item)
    {
        buf_printf(out, "%*s- ", indent, "");
        if (json_is_object(item) && nested(item)) {
            yaml_members(out, item, indent + 2, false);
        } else {
            object_json(out, item, indent + 3);
            buf_char(out, '\n');
        }
    }
}

void object_yaml(struct buf *out, const json_t *v, int indent)
{
    if (json_is_object(v) && nested(v)) {
        yaml_members(out, v, indent, true);
    } else if (!flat(v)) {
        yaml_items(out, v, indent);
    } else {
        buf_printf(out, "%*s", indent, "");
        scalar(out, v);
        buf_char(out, '\n');
    }
}
