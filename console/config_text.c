#include "console/config_text.h"

#include "base/die.h"
#include "console/settings.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* "keys." and "lock." are maps in the file; "": not in one. */
static bool in_map(const struct setting *s, const char *prefix)
{
    return *prefix ? !strncmp(s->name, prefix, strlen(prefix)) : !strchr(s->name, '.');
}

static const char *short_name(const struct setting *s)
{
    const char *dot = strchr(s->name, '.');
    return dot ? dot + 1 : s->name;
}

/* ---- JSON Schema ---- */

static json_t *word_value(const char *word, size_t len)
{
    if (len == 4 && !memcmp(word, "true", len)) return json_true();
    if (len == 5 && !memcmp(word, "false", len)) return json_false();
    return json_stringn(word, len);
}

static json_t *choices(const char *words)
{
    json_t *list = json_array();
    for (const char *c = words; *c;) {
        size_t n = strcspn(c, " ");
        json_array_append_new(list, word_value(c, n));
        c += n + strspn(c + n, " ");
    }
    return list;
}

static json_t *type_schema(const struct setting *s)
{
    switch (s->type) {
    case SETTING_BOOL: return json_pack("{s:[s,s]}", "type", "boolean", "null");
    case SETTING_TEXT:
    case SETTING_PATH: return json_pack("{s:[s,s,s]}", "type", "string", "number", "null");
    case SETTING_DURATION:
        if (s->choices)
            return json_pack("{s:[s,s,s,s],s:s,s:i}", "type", "string", "null", "boolean", "integer", "pattern",
                             "^([0-9]+(ms|s|m|h)|off|0)$", "maximum", 0);
        return json_pack("{s:[s,s],s:s}", "type", "string", "null", "pattern", "^[0-9]+(ms|s|m|h)$");
    case SETTING_COUNT:
        return json_pack("{s:[s,s],s:I,s:I}", "type", "integer", "null", "minimum", (json_int_t)s->min, "maximum", (json_int_t)s->max);
    case SETTING_CHOICE: {
        json_t *list = choices(s->choices);
        json_array_append_new(list, json_null());
        return json_pack("{s:o}", "enum", list);
    }
    case SETTING_KEYS: break;
    }
    return json_pack("{s:[s,s],s:{s:[s,s,s]}}", "type", "object", "null", "additionalProperties", "type", "string", "number", "null");
}

static json_t *default_value(const struct setting *s)
{
    if (s->type == SETTING_COUNT) return json_integer(strtol(s->fallback, NULL, 10));
    return word_value(s->fallback, strlen(s->fallback));
}

static void add_property(json_t *properties, const struct setting *s)
{
    json_t *p = type_schema(s);
    json_object_set_new(p, "description", json_string(s->help));
    if (s->fallback) json_object_set_new(p, "default", default_value(s));
    json_object_set_new(properties, short_name(s), p);
}

static json_t *map_schema(json_t *properties)
{
    return json_pack("{s:[s,s],s:b,s:o}", "type", "object", "null", "additionalProperties", 0, "properties", properties);
}

static json_t *properties(const char *prefix, bool profile)
{
    json_t *all = json_object();
    for (int i = 0; i < SETTINGS; i++) {
        const struct setting *s = setting_of((enum setting_id)i);
        if (in_map(s, prefix) && (!profile || s->per_profile)) add_property(all, s);
    }
    return all;
}

static json_t *profiles_schema(void)
{
    json_t *map = properties("", true);
    json_object_set_new(map, "lock", map_schema(properties("lock.", true)));
    return json_pack("{s:[s,s],s:s,s:{s:s,s:i},s:o}", "type", "object", "null", "description", "named settings, of which one is chosen",
                     "propertyNames", "pattern", "^[A-Za-z0-9_.][A-Za-z0-9_.-]*$", "maxLength", 64, "additionalProperties",
                     map_schema(map));
}

void config_schema(struct buf *out)
{
    json_t *root = json_pack("{s:s,s:s,s:s}", "$schema", "https://json-schema.org/draft/2020-12/schema", "title",
                             "Settings of tero-console", "description", "config.yaml, made by tero-console config schema");
    json_t *map = properties("", false);
    json_object_set_new(map, "keys", map_schema(properties("keys.", false)));
    json_object_set_new(map, "lock", map_schema(properties("lock.", false)));
    json_object_set_new(map, "profiles", profiles_schema());
    json_object_update_new(root, map_schema(map));
    char *text = json_dumps(root, JSON_INDENT(2));
    if (!text) die("the schema cannot be written");
    buf_printf(out, "%s\n", text);
    free(text);
    json_decref(root);
}

/* ---- the sample ---- */

static const char *sample_value(const struct setting *s) { return s->fallback ? s->fallback : s->sample; }

static void sample_line(struct buf *out, const struct setting *s, const char *indent, bool help)
{
    if (help) buf_printf(out, "\n# %s%s\n", s->help, s->per_profile ? " (also in a profile)" : "");
    buf_printf(out, "#%s%s: %s\n", indent, short_name(s), sample_value(s));
}

void config_sample(struct buf *out)
{
    buf_str(out, "# Settings of tero-console. Options and environment variables win over this file, a profile over the rest of it.\n"
                 "# Take the # away from what you want to be different. tero-console config check looks for mistakes.\n");
    for (int i = 0; i < SETTINGS; i++)
        if (in_map(setting_of((enum setting_id)i), "")) sample_line(out, setting_of((enum setting_id)i), "", true);
    buf_printf(out, "\n# %s (also in a profile)\n#lock:\n", setting_of(SET_LOCK_AFTER)->help);
    sample_line(out, setting_of(SET_LOCK_AFTER), "  ", false);
    buf_str(out, "\n# Keys: a map to begin with, and single actions on top of it.\n#keys:\n");
    for (int i = 0; i < SETTINGS; i++)
        if (in_map(setting_of((enum setting_id)i), "keys.")) sample_line(out, setting_of((enum setting_id)i), "  ", false);
    buf_str(out, "\n# Named settings, chosen by --profile, TERO_PROFILE or profile above.\n#profiles:\n#  production:\n");
    for (int i = 0; i < SETTINGS; i++) {
        const struct setting *s = setting_of((enum setting_id)i);
        if (s->per_profile && s->connection && i != SET_DATA)
            buf_printf(out, "#    %s: %s\n", s->name, i == SET_READ_ONLY ? "true" : sample_value(s));
    }
}

/* ---- the end of docs/config.md ---- */

static void markdown_default(struct buf *out, const struct setting *s)
{
    if (s->fallback) buf_printf(out, "`%s`", s->fallback);
    else buf_str(out, "none");
}

static void markdown_row(struct buf *out, const struct setting *s)
{
    buf_printf(out, "| `%s` | %s | ", s->name, setting_expects(s));
    markdown_default(out, s);
    buf_printf(out, " | %s%s", s->option ? "`--" : "", s->option ? s->option : "");
    buf_printf(out, "%s%s%s%s", s->option ? "`" : "", s->option && s->environment ? ", " : "", s->environment ? "`" : "",
               s->environment ? s->environment : "");
    buf_printf(out, "%s | %s | %s | %s |\n", s->environment ? "`" : "", s->per_profile ? "yes" : "", s->live ? "at once" : "", s->help);
}

void config_markdown(struct buf *out)
{
    buf_str(out, "## Every setting\n\n| setting | value | default | overridden by | in profiles | changes | what it does "
                 "|\n|---|---|---|---|---|---|---|\n");
    for (int i = 0; i < SETTINGS; i++) markdown_row(out, setting_of((enum setting_id)i));
    buf_str(out, "\n## A file with everything in it\n\n```yaml\n");
    config_sample(out);
    buf_str(out, "```\n");
}
