/* The settings file: what each setting is given, where, globally and in each profile.
 *
 * struct config c; config_read(&c, path); c.problems tells what is wrong; what is right can be used all the same. config_close(&c).
 * A file that is not there holds nothing and is no problem. Texts live as long as the config. */
#ifndef CONSOLE_CONFIG_H
#define CONSOLE_CONFIG_H

#include "base/arena.h"
#include "console/problems.h"
#include "console/settings.h"

struct config_value {
    const char *text; /* NULL: not set; "" for keys */
    struct place at;
};

struct config_profile {
    const char *name;
    struct place at;
    struct config_value values[SETTINGS];
};

struct config_binding {
    const char *action, *keys;
    struct place action_at, at;
};

enum { CONFIG_PROFILES = 100, CONFIG_BINDINGS = 400 };

struct config {
    char *path;
    bool present;
    struct arena *arena;
    struct problems problems;
    struct config_value values[SETTINGS];
    struct config_profile *profiles;
    size_t profile_count;
    struct config_binding *bindings;
    size_t binding_count;
};

/* $XDG_CONFIG_HOME/tero/config.yaml, else ~/.config/tero/config.yaml; xmalloc'd. */
char *config_path(void);
void config_read(struct config *c, const char *path);
/* The same of a text; `path` names it in messages, and relative paths in it begin in its directory. */
void config_parse(struct config *c, const char *path, struct slice text);
void config_close(struct config *c);

/* NULL: there is none of this name. */
const struct config_profile *config_profile(const struct config *c, const char *name);
/* The profile nearest to a mistyped name, or NULL. */
const char *config_profile_near(const struct config *c, const char *name);

#endif
