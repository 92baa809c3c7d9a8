#include "console/effective.h"

#include "base/die.h"

#include <stdlib.h>

/* What was typed; NULL: nothing. */
static const char *typed(const struct options *o, const struct setting *s)
{
    const char *at = (const char *)o + s->at;
    if (!s->option) return NULL;
    if (s == setting_of(SET_READ_ONLY)) return o->read_only ? "true" : o->read_write ? "false" : NULL;
    if (s == setting_of(SET_SESSION)) return o->fresh ? "fresh" : NULL;
    if (s->type == SETTING_BOOL) return *(const bool *)at ? s->inverse ? "false" : "true" : NULL;
    return *(const char *const *)at;
}

static const char *environment(const struct setting *s)
{
    const char *value = s->environment ? getenv(s->environment) : NULL;
    if (!value || !*value) return NULL;
    return s->inverse ? "false" : value;
}

static bool choose_profile(struct effective *e, const struct options *o, char **problem)
{
    const struct setting *s = setting_of(SET_PROFILE);
    const char *option = typed(o, s), *given = option ? option : environment(s),
               *name = given ? given : e->config->values[SET_PROFILE].text;
    if (!name || o->demo) return true;
    e->profile = config_profile(e->config, name);
    if (e->profile) return true;
    const char *near = config_profile_near(e->config, name);
    if (!e->config->present) *problem = xasprintf("no profile %.60s: there is no %s", name, e->config->path);
    else if (near) *problem = xasprintf("no profile %.60s; did you mean %s? (%s)", name, near, e->config->path);
    else *problem = xasprintf("no profile %.60s (%s)", name, e->config->path);
    return false;
}

/* TERO_DATA only says where an embedded one would be, not that it is meant; but it is not the profile's directory then. */
static enum origin place(const struct effective *e, const struct options *o)
{
    const struct config_value *p = e->profile ? e->profile->values : NULL;
    if (o->endpoint || o->data || o->demo) return ORIGIN_OPTION;
    if (environment(setting_of(SET_ENDPOINT))) return ORIGIN_ENVIRONMENT;
    if (p && p[SET_ENDPOINT].text) return ORIGIN_PROFILE;
    if (p && p[SET_DATA].text) return environment(setting_of(SET_DATA)) ? ORIGIN_ENVIRONMENT : ORIGIN_PROFILE;
    return e->config->values[SET_ENDPOINT].text ? ORIGIN_FILE : ORIGIN_DEFAULT;
}

static bool offered(const struct effective *e, const struct options *o, enum setting_id id, enum origin from)
{
    if (!setting_of(id)->connection) return true;
    if (o->demo) return from == ORIGIN_OPTION;
    if (id == SET_READ_ONLY || id == SET_DATA) return true;
    if (id == SET_ENDPOINT && o->data && !o->endpoint) return false;
    if (e->place >= ORIGIN_ENVIRONMENT) return from >= ORIGIN_ENVIRONMENT;
    return from >= e->place;
}

static struct effective_value of_file(const struct config_value *v, enum origin origin)
{
    return (struct effective_value){v->text, origin, v->at};
}

static struct effective_value decide(const struct effective *e, const struct options *o, enum setting_id id)
{
    const struct setting *s = setting_of(id);
    const char *option = typed(o, s), *variable = environment(s);
    if (option && offered(e, o, id, ORIGIN_OPTION)) return (struct effective_value){.text = option, .origin = ORIGIN_OPTION};
    if (variable && offered(e, o, id, ORIGIN_ENVIRONMENT)) return (struct effective_value){.text = variable, .origin = ORIGIN_ENVIRONMENT};
    if (e->profile && e->profile->values[id].text && offered(e, o, id, ORIGIN_PROFILE))
        return of_file(&e->profile->values[id], ORIGIN_PROFILE);
    if (e->config->values[id].text && offered(e, o, id, ORIGIN_FILE)) return of_file(&e->config->values[id], ORIGIN_FILE);
    return (struct effective_value){.text = s->fallback};
}

bool effective_make(struct effective *e, const struct config *c, const struct options *o, char **problem)
{
    *e = (struct effective){.config = c};
    if (!choose_profile(e, o, problem)) return false;
    e->place = place(e, o);
    for (int i = 0; i < SETTINGS; i++) e->values[i] = decide(e, o, (enum setting_id)i);
    if (!e->profile) e->values[SET_PROFILE] = (struct effective_value){0};
    return true;
}

static bool is_true(const struct effective *e, enum setting_id id) { return !strcmp(e->values[id].text, "true"); }

void effective_apply(const struct effective *e, struct options *o)
{
    const struct effective_value *v = e->values;
    o->profile = v[SET_PROFILE].text;
    o->endpoint = v[SET_ENDPOINT].text;
    o->ca = v[SET_CA].text;
    o->account = v[SET_ACCOUNT].text;
    o->data = v[SET_DATA].text;
    o->trust = v[SET_TRUST].text;
    o->theme = v[SET_THEME].text;
    o->no_color = !is_true(e, SET_COLOR);
    o->ascii = is_true(e, SET_ASCII);
    o->plain = is_true(e, SET_PLAIN);
    o->mouse = is_true(e, SET_MOUSE);
    o->fresh = !strcmp(v[SET_SESSION].text, "fresh");
    o->read_only = is_true(e, SET_READ_ONLY);
    o->read_only_soft = !strcmp(v[SET_READ_ONLY].text, "soft");
    o->token_file = v[SET_TOKEN_FILE].text;
    o->name = e->profile && e->place <= ORIGIN_PROFILE ? e->profile->name : NULL;
    o->stale_ms = (unsigned)setting_milliseconds(v[SET_STALE_AFTER].text);
    o->patience_ms = (unsigned)setting_milliseconds(v[SET_PATIENCE].text);
    long lock = setting_milliseconds(v[SET_LOCK_AFTER].text);
    o->lock_ms = lock > 0 ? (unsigned)lock : 0;
    o->history = (unsigned)strtoul(v[SET_HISTORY].text, NULL, 10);
    o->keymap = v[SET_KEYMAP].text;
}

void effective_origin(const struct effective *e, enum setting_id id, bool brief, struct buf *out)
{
    const char *path = e->config->path, *slash = strrchr(path, '/'), *file = brief && slash ? slash + 1 : path;
    const struct effective_value *v = &e->values[id];
    const struct setting *s = setting_of(id);
    switch (v->origin) {
    case ORIGIN_OPTION: buf_printf(out, "--%s", id == SET_READ_ONLY && !strcmp(v->text, "false") ? "read-write" : s->option); break;
    case ORIGIN_ENVIRONMENT: buf_str(out, s->environment); break;
    case ORIGIN_PROFILE: buf_printf(out, "profile %s, %s:%u", e->profile->name, file, v->at.line); break;
    case ORIGIN_FILE: buf_printf(out, "%s:%u", file, v->at.line); break;
    case ORIGIN_DEFAULT: buf_str(out, "default"); break;
    }
}
