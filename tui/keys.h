/* Keys by name, and the one action table from which key map, help, hints, palette, man page and docs come. */
#ifndef TUI_KEYS_H
#define TUI_KEYS_H

#include <stdbool.h>
#include <stddef.h>

enum danger { DANGER_NONE, DANGER_CONFIRM /* y/N */, DANGER_TYPE_NAME };

struct action {
    int id;            /* the program's */
    const char *name;  /* "sort", for the config file and the palette */
    const char *keys;  /* default: "j Down", see struct binding */
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
/* The table must outlive the map; a key in it that is none ends the program. */
struct keymap *keymap_new(const struct action *actions, size_t count);
void keymap_free(struct keymap *m);
/* The sets of contexts that a screen can have at once; borrowed. Two actions that share a set must not share a key.
 * Without them only contexts that overlap are looked at. */
void keymap_together(struct keymap *m, const unsigned *sets, size_t count);

/* Keys are names separated by blanks, "" for none; two keys one after the other are written as one word: "gg", "^X^S",
 * "gHome". */
struct binding {
    const char *action, *keys;
};
/* Binds these actions to these keys instead. All of them or none: false, *problem (static) says why, *failed (unless
 * NULL) is the one that is wrong or in the way of another action. */
bool keymap_bind_all(struct keymap *m, const struct binding *bindings, size_t count, size_t *failed, const char **problem);
bool keymap_bind(struct keymap *m, const char *action, const char *keys, const char **problem);
/* False: two actions have one key on one screen, or one key begins what another one is; *problem (static) names them. */
bool keymap_check(const struct keymap *m, const char **problem);

/* The action of a key in the context (a more special one wins over contexts == 0), or NULL. `before`: the key that was
 * pressed just before and waits for this one, 0: none does. */
const struct action *keymap_find(const struct keymap *m, int before, int key, unsigned context);
/* Whether the key is the first of two in the context. */
bool keymap_begins(const struct keymap *m, int key, unsigned context);
/* Calls `visit` for each action in the context that goes on after the key `before`. */
void keymap_after(const struct keymap *m, int before, unsigned context, void (*visit)(void *context, int key, const struct action *a),
                  void *visit_context);
/* The current keys of an action, as text ("j, Down"); static. */
const char *keymap_keys(const struct keymap *m, int id);
/* Only those that reach the action in this context. */
const char *keymap_keys_in(const struct keymap *m, int id, unsigned context);
const struct action *keymap_actions(const struct keymap *m, size_t *count);

#endif
