/* Every setting of the console, in one table: the settings file, its check, `config show`, the JSON Schema, the sample file and
 * docs/config.md are made from it, and so is what the help of an option says of its environment variable.
 *
 * A value is kept as text in one form: "true", "soft", "15s", "500", an absolute path. */
#ifndef CONSOLE_SETTINGS_H
#define CONSOLE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

enum setting_id {
    SET_PROFILE,
    SET_ENDPOINT,
    SET_CA,
    SET_ACCOUNT,
    SET_DATA,
    SET_TRUST,
    SET_TOKEN_FILE,
    SET_READ_ONLY,
    SET_LOCK_AFTER,
    SET_PATIENCE,
    SET_STALE_AFTER,
    SET_THEME,
    SET_COLOR,
    SET_ASCII,
    SET_PLAIN,
    SET_MOUSE,
    SET_HISTORY,
    SET_SESSION,
    SET_KEYMAP,
    SET_BIND,
    SETTINGS
};

enum setting_type {
    SETTING_BOOL,
    SETTING_TEXT,
    SETTING_CHOICE,
    SETTING_DURATION /* "1500ms", "15s", "5m", "2h" */,
    SETTING_COUNT,
    SETTING_PATH,
    SETTING_KEYS /* a map of action names to keys */
};

enum { SETTING_TEXT_MAX = 4096 };

struct setting {
    const char *name; /* "theme"; "keys.bind" is bind in the map keys */
    enum setting_type type;
    const char *choices; /* SETTING_CHOICE: words between blanks; "true" and "false" among them are YAML's booleans; SETTING_DURATION: words
                            that stand for none, or NULL */
    const char *fallback; /* the default, as text; NULL: there is none */
    long min, max;        /* SETTING_COUNT; SETTING_DURATION in milliseconds */
    const char *option;   /* the long option that wins over it, and where that leaves its value in struct options; NULL */
    size_t at;
    bool inverse;            /* the option says the opposite: --no-color */
    const char *environment; /* wins over the file, gives way to the option; NULL */
    bool per_profile;
    bool connection; /* of one control plane: see effective.h */
    bool live;       /* a change of the file is taken over at once */
    const char *help;
    const char *sample; /* of the commented sample where there is no default */
};

const struct setting *setting_of(enum setting_id id);
/* SETTINGS: no such name. */
enum setting_id setting_named(const char *name);
/* The setting that `option` overrides, or NULL. */
const struct setting *setting_of_option(const char *option);

/* Checks one word and writes its one form. False: *problem (static) without the name. Paths are not made absolute here. */
bool setting_read(const struct setting *s, const char *word, bool quoted, char out[SETTING_TEXT_MAX], const char **problem);
/* Of a duration that setting_read accepted; -1: none. */
long setting_milliseconds(const char *text);
/* "a duration such as 15s, from 1s to 10m", "one of false, soft, true"; static. */
const char *setting_expects(const struct setting *s);

#endif
