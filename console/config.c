#include "console/config.h"

#include "base/die.h"
#include "base/suggest.h"
#include "console/file_replace.h"
#include "console/tree.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_BYTES = 64 };

static bool absolute(const char *path) { return path && *path == '/'; }

char *config_path(void)
{
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (absolute(config)) return xasprintf("%s/tero/config.yaml", config);
    return xasprintf("%s/.config/tero/config.yaml", absolute(home) ? home : "");
}

/* ---- values ---- */

static const char *keep(struct config *c, const char *text)
{
    const char *copy = arena_copy(c->arena, slice_str(text));
    if (!copy) die("a settings file takes more than %d bytes", TREE_ARENA_MAX);
    return copy;
}

static const char *absolute_path(struct config *c, const char *path)
{
    const char *home = getenv("HOME"), *slash = strrchr(c->path, '/');
    char *made = NULL;
    if (*path == '/') return keep(c, path);
    if (path[0] == '~' && (path[1] == '/' || !path[1])) made = xasprintf("%s%s", absolute(home) ? home : "", path + 1);
    else made = xasprintf("%.*s%s", slash ? (int)(slash - c->path) + 1 : 0, c->path, path);
    const char *kept = keep(c, made);
    free(made);
    return kept;
}

/* A theme is a name, or a path where it looks like one. */
static bool is_path(enum setting_id id, const char *text)
{
    return setting_of(id)->type == SETTING_PATH || (id == SET_THEME && strpbrk(text, "/."));
}

static void add_binding(struct config *c, const struct tree *t)
{
    if (t->kind != TREE_WORD) {
        problems_add(&c->problems, t->at, "the keys of %.60s are a text: \"%% F6\", or \"\" for none", t->key);
    } else if (c->binding_count == CONFIG_BINDINGS) {
        problems_add(&c->problems, t->key_at, "more than %d actions", CONFIG_BINDINGS);
    } else {
        const char *keys = tree_null(t) && *t->word != '~' ? "" : t->word;
        c->bindings = xreallocarray(c->bindings, c->binding_count + 1, sizeof *c->bindings);
        c->bindings[c->binding_count++] = (struct config_binding){t->key, keys, t->key_at, t->at};
    }
}

static void read_keys(struct config *c, const struct tree *t, struct config_value *value)
{
    if (t->kind != TREE_MAP) {
        problems_add(&c->problems, t->at, "%s is %s", t->key, setting_expects(setting_of(SET_BIND)));
        return;
    }
    for (const struct tree *m = t->first; m; m = m->next) add_binding(c, m);
    *value = (struct config_value){"", t->key_at};
}

static void read_value(struct config *c, enum setting_id id, const struct tree *t, struct config_value *value)
{
    char text[SETTING_TEXT_MAX];
    const char *problem;
    const struct setting *s = setting_of(id);
    if (tree_null(t)) return;
    if (s->type == SETTING_KEYS) {
        read_keys(c, t, value);
    } else if (t->kind != TREE_WORD) {
        problems_add(&c->problems, t->at, "%s is %s", s->name, setting_expects(s));
    } else if (!setting_read(s, t->word, t->quoted, text, &problem)) {
        problems_add(&c->problems, t->at, "%s: %s", s->name, problem);
    } else {
        *value = (struct config_value){is_path(id, text) ? absolute_path(c, text) : keep(c, text), t->at};
    }
}

/* ---- names ---- */

static void unknown(struct config *c, const struct tree *t, const char *prefix, const char *best)
{
    const char *name = t->key;
    if (!strcmp(name, "token")) problems_add(&c->problems, t->key_at, "no token in this file: token_file names a file that holds it");
    else if (best) problems_add(&c->problems, t->key_at, "no setting %s%.60s; did you mean %s?", prefix, name, best);
    else problems_add(&c->problems, t->key_at, "no setting %s%.60s; tero-console config schema --markdown lists them", prefix, name);
}

/* What comes after the prefix of a setting's name; NULL: another prefix, or still more of it. */
static const char *rest(enum setting_id id, const char *prefix)
{
    const char *name = setting_of(id)->name;
    size_t n = strlen(prefix);
    return !strncmp(name, prefix, n) && !strchr(name + n, '.') ? name + n : NULL;
}

static const char *nearest(const char *word, const char *prefix, bool profile)
{
    struct suggest s = suggest_for(slice_str(word));
    for (int i = 0; i < SETTINGS; i++) {
        const char *name = rest((enum setting_id)i, prefix);
        if (name && (!profile || setting_of((enum setting_id)i)->per_profile)) suggest_try(&s, name);
    }
    if (!*prefix && !profile) suggest_try(&s, "keys"), suggest_try(&s, "profiles");
    if (!*prefix) suggest_try(&s, "lock");
    return s.best;
}

static enum setting_id find(const char *prefix, const char *word)
{
    for (int i = 0; i < SETTINGS; i++) {
        const char *name = rest((enum setting_id)i, prefix);
        if (name && !strcmp(name, word)) return (enum setting_id)i;
    }
    return SETTINGS;
}

static bool is_map(struct config *c, const struct tree *t)
{
    if (t->kind == TREE_MAP) return true;
    if (!tree_null(t)) problems_add(&c->problems, t->at, "%.60s is a map: names, colons, values", t->key ? t->key : "a settings file");
    return false;
}

static void read_group(struct config *c, const struct tree *map, const char *prefix, struct config_value *values)
{
    for (const struct tree *t = is_map(c, map) ? map->first : NULL; t; t = t->next) {
        enum setting_id id = find(prefix, t->key);
        if (id < SETTINGS) read_value(c, id, t, &values[id]);
        else unknown(c, t, prefix, nearest(t->key, prefix, false));
    }
}

/* ---- profiles ---- */

static bool name_fits(const char *name)
{
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");
    return n > 0 && !name[n] && n <= NAME_MAX_BYTES && *name != '-';
}

static void read_setting_of_profile(struct config *c, struct config_profile *p, const struct tree *t)
{
    enum setting_id id = find("", t->key);
    if (id < SETTINGS && setting_of(id)->per_profile) read_value(c, id, t, &p->values[id]);
    else if (!strcmp(t->key, "lock")) read_group(c, t, "lock.", p->values);
    else if (id < SETTINGS || !strcmp(t->key, "keys")) problems_add(&c->problems, t->key_at, "%s is for all profiles: not in one", t->key);
    else unknown(c, t, "", nearest(t->key, "", true));
}

static void check_profile(struct config *c, const struct config_profile *p)
{
    const struct config_value *data = &p->values[SET_DATA];
    if (p->values[SET_ENDPOINT].text && data->text)
        problems_add(&c->problems, data->at, "data is of the embedded control plane: not beside endpoint");
}

static void read_profile(struct config *c, const struct tree *t)
{
    if (!name_fits(t->key))
        problems_add(&c->problems, t->key_at, "the name of a profile: letters, digits, _ . -, at most %d", NAME_MAX_BYTES);
    if (c->profile_count == CONFIG_PROFILES) {
        problems_add(&c->problems, t->key_at, "more than %d profiles", CONFIG_PROFILES);
        return;
    }
    c->profiles = xreallocarray(c->profiles, c->profile_count + 1, sizeof *c->profiles);
    struct config_profile *p = &c->profiles[c->profile_count++];
    *p = (struct config_profile){.name = t->key, .at = t->key_at};
    for (const struct tree *m = is_map(c, t) ? t->first : NULL; m; m = m->next) read_setting_of_profile(c, p, m);
    check_profile(c, p);
}

static void check_choice(struct config *c)
{
    const struct config_value *v = &c->values[SET_PROFILE];
    if (!v->text || config_profile(c, v->text)) return;
    const char *near = config_profile_near(c, v->text);
    problems_add(&c->problems, v->at, "no profile %.60s%s%s%s", v->text, near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

/* ---- all of it ---- */

static void read_root(struct config *c, const struct tree *root)
{
    for (const struct tree *t = root->first; t; t = t->next) {
        enum setting_id id = find("", t->key);
        if (id < SETTINGS) read_value(c, id, t, &c->values[id]);
        else if (!strcmp(t->key, "keys")) read_group(c, t, "keys.", c->values);
        else if (!strcmp(t->key, "lock")) read_group(c, t, "lock.", c->values);
        else if (strcmp(t->key, "profiles") != 0) unknown(c, t, "", nearest(t->key, "", false));
        else
            for (const struct tree *p = is_map(c, t) ? t->first : NULL; p; p = p->next) read_profile(c, p);
    }
    check_choice(c);
}

static void config_open(struct config *c, const char *path)
{
    *c = (struct config){.path = xstrdup(path), .arena = arena_new(TREE_ARENA_MAX)};
    problems_open(&c->problems, path);
}

static void config_take(struct config *c, struct slice text)
{
    const struct tree *root = tree_read(c->arena, text, &c->problems);
    c->present = true;
    if (root && is_map(c, root)) read_root(c, root);
}

void config_parse(struct config *c, const char *path, struct slice text)
{
    config_open(c, path);
    config_take(c, text);
}

void config_read(struct config *c, const char *path)
{
    struct buf text;
    buf_init(&text, TREE_TEXT_MAX);
    config_open(c, path);
    if (file_text(path, &text)) config_take(c, buf_view(&text));
    else if (errno != ENOENT && errno != ENOTDIR) problems_add(&c->problems, (struct place){0}, "%s", strerror(errno));
    buf_free(&text);
}

void config_close(struct config *c)
{
    free(c->path);
    free(c->profiles);
    free(c->bindings);
    problems_close(&c->problems);
    arena_free(c->arena);
    *c = (struct config){0};
}

const struct config_profile *config_profile(const struct config *c, const char *name)
{
    for (size_t i = 0; i < c->profile_count; i++)
        if (!strcmp(c->profiles[i].name, name)) return &c->profiles[i];
    return NULL;
}

const char *config_profile_near(const struct config *c, const char *name)
{
    struct suggest s = suggest_for(slice_str(name));
    for (size_t i = 0; i < c->profile_count; i++) suggest_try(&s, c->profiles[i].name);
    return s.best;
}
