/* Keys by name, and the one action table from which key map, help, hints, palette, man page and docs come. */
#ifndef TUI_KEYS_H
#define TUI_KEYS_H

#include <stdbool.h>
#include <stddef.h>

enum danger { DANGER_NONE, DANGER_CONFIRM /* y/N */, DANGER_TYPE_NAME };

struct action {
    int id;            /* the program's */
    const char *name;  /* "sort", for the config file and the palette */
    const char *keys;  /* default: "j Down", names separated by blanks */
    unsigned contexts; /* bits of the program's; 0: everywhere */
    bool needs_write;
    enum danger danger;
    const char *hint; /* one or two words for the bottom line; NULL: not hinted */
    const char *help; /* one line */
};

/* Reads "j", "Ctrl-F", "^F", "PgDn", "Alt-x", "Shift-Up", "F5", "Space", "Comma" into a term key; -1: no such key. */
int key_parse(const char *name);
/* Static buffer of four, so that a few may stand in one call. */
const char *key_name(int key);

struct keymap;
/* The table must outlive the map; a key in it that key_parse does not know ends the program. */
struct keymap *keymap_new(const struct action *actions, size_t count);
void keymap_free(struct keymap *m);
/* Binds the action to these keys instead ("x F5"; "" for none). False: *problem (static), the map is unchanged. */
bool keymap_bind(struct keymap *m, const char *action, const char *keys, const char **problem);
/* False: two actions of the table have one key in the same context; *problem (static) names them. */
bool keymap_check(const struct keymap *m, const char **problem);
/* The action of a key in the context (a more special one wins over contexts == 0), or NULL. */
const struct action *keymap_find(const struct keymap *m, int key, unsigned context);
/* The current keys of an action, as text ("j, Down"); static. */
const char *keymap_keys(const struct keymap *m, int id);
const struct action *keymap_actions(const struct keymap *m, size_t *count);

#endif
