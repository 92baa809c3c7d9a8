#include "console/config_show.h"

#include "base/clock.h"
#include "base/die.h"
#include "screens/cells.h"
#include "console/headless.h"
#include "screens/output.h"
#include "console/setup.h"

#include <jansson.h>
#include <stdlib.h>

enum { WIDEST = 10000 };

static const struct column columns[] = {
    {.key = "name", .title = "SETTING", .path = "name"},
    {.key = "value", .title = "VALUE", .path = "text"},
    {.key = "from", .title = "FROM", .path = "from"},
    {.key = "origin", .title = "ORIGIN", .path = "origin", .off = true},
    {.key = "profile", .title = "PROFILE", .path = "profile", .off = true},
    {.key = "file", .title = "FILE", .path = "file", .off = true},
    {.key = "line", .title = "LINE", .path = "line", .type = COLUMN_COUNT, .off = true},
};
static const struct resource settings = {
    .name = "settings", .singular = "setting", .columns = columns, .column_count = sizeof columns / sizeof *columns};

static const char *origin_name(enum origin origin)
{
    static const char *const names[] = {[ORIGIN_DEFAULT] = "default",
                                        [ORIGIN_FILE] = "file",
                                        [ORIGIN_PROFILE] = "profile",
                                        [ORIGIN_ENVIRONMENT] = "environment",
                                        [ORIGIN_OPTION] = "option"};
    return names[origin];
}

/* `at`: the place in the file, of what comes from there. */
static void add(json_t *rows, const struct effective *e, const char *name, json_t *value, const char *text, enum origin origin,
                struct place at, const char *from)
{
    bool file = origin == ORIGIN_FILE || origin == ORIGIN_PROFILE;
    json_t *row = json_object();
    json_object_set_new(row, "name", json_string(name));
    json_object_set_new(row, "value", value);
    json_object_set_new(row, "text", text ? json_string(text) : json_null());
    json_object_set_new(row, "from", json_string(from));
    json_object_set_new(row, "origin", *from ? json_string(origin_name(origin)) : json_null());
    json_object_set_new(row, "profile", origin == ORIGIN_PROFILE ? json_string(e->profile->name) : json_null());
    json_object_set_new(row, "file", file ? json_string(e->config->path) : json_null());
    json_object_set_new(row, "line", file ? json_integer(at.line) : json_null());
    json_array_append_new(rows, json_pack("{s:o}", "node", row));
}

static json_t *value_of(const struct setting *s, const char *text)
{
    if (!text) return json_null();
    if (s->type == SETTING_COUNT) return json_integer(strtol(text, NULL, 10));
    if ((s->type == SETTING_BOOL || s->type == SETTING_CHOICE) && !strcmp(text, "true")) return json_true();
    if ((s->type == SETTING_BOOL || s->type == SETTING_CHOICE) && !strcmp(text, "false")) return json_false();
    return json_string(text);
}

static void add_setting(json_t *rows, const struct effective *e, enum setting_id id)
{
    struct buf from;
    const struct effective_value *v = &e->values[id];
    buf_init(&from, 16384);
    effective_origin(e, id, false, &from);
    add(rows, e, setting_of(id)->name, value_of(setting_of(id), v->text), v->text, v->origin, v->at, v->text ? from.data : "");
    buf_free(&from);
}

static void add_bindings(json_t *rows, const struct effective *e)
{
    for (size_t i = 0; i < e->config->binding_count; i++) {
        const struct config_binding *b = &e->config->bindings[i];
        char *name = xasprintf("keys.bind.%s", b->action), *from = xasprintf("%s:%u", e->config->path, b->at.line);
        add(rows, e, name, json_string(b->keys), b->keys, ORIGIN_FILE, b->at, from);
        free(name);
        free(from);
    }
}

/* Whether there is one, never what it is. */
static void add_token(json_t *rows, const struct setup *s)
{
    const char *given = getenv("TERO_API_TOKEN");
    const struct effective_value *file = &s->effective.values[SET_TOKEN_FILE];
    bool remote = s->options.endpoint, typed = remote && given && *given, read = remote && !typed && file->text;
    const char *shown = typed || read ? "(not shown)" : NULL;
    add(rows, &s->effective, "token", shown ? json_string(shown) : json_null(), shown, typed ? ORIGIN_ENVIRONMENT : file->origin, file->at,
        typed  ? "TERO_API_TOKEN"
        : read ? "token_file"
               : "");
}

static json_t *rows_of(const struct setup *s)
{
    json_t *rows = json_array();
    for (int i = 0; i < SETTINGS; i++) {
        if (i == SET_BIND) add_bindings(rows, &s->effective);
        else add_setting(rows, &s->effective, (enum setting_id)i);
        if (i == SET_TOKEN_FILE) add_token(rows, s);
    }
    return rows;
}

/* Booleans and numbers as such; nothing in it can drive a terminal. */
static int show_json(const struct setup *s)
{
    json_t *rows = rows_of(s), *list = json_array();
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_object_get(json_array_get(rows, i), "node");
        json_object_del(row, "text");
        json_array_append(list, row);
    }
    char *text = json_dumps(list, JSON_INDENT(1) | JSON_ENSURE_ASCII);
    if (text) puts(text);
    free(text);
    json_decref(list);
    json_decref(rows);
    return text ? output_end(EXIT_FINE) : complain("the settings cannot be written as JSON");
}

static int show(const struct setup *s)
{
    const char *problem;
    struct writer w = {.out = stdout, .format = s->options.output, .width = WIDEST};
    w.utf8 = cells_begin() && !s->options.ascii;
    bool good = writer_columns(&w, &settings, s->options.columns, &problem);
    json_t *rows = good ? rows_of(s) : NULL;
    if (good) {
        writer_page(&w, rows, clock_now());
        writer_end(&w);
    }
    int code = good ? output_end(EXIT_FINE) : complain("%s", problem);
    json_decref(rows);
    writer_free(&w);
    return code;
}

int config_show(const struct options *typed)
{
    struct setup s;
    char *problem;
    if (setup_open(&s, typed, false, &problem)) {
        int code = typed->output == OUTPUT_JSON ? show_json(&s) : show(&s);
        setup_close(&s);
        return code;
    }
    int code = complain("%s", problem);
    free(problem);
    return code;
}
