/* Named key maps: what differs from the default keys of the action table, by the names of the actions. */
#ifndef SCREENS_KEYMAPS_H
#define SCREENS_KEYMAPS_H

#include "tui/keys.h"

#include <stdbool.h>
#include <stddef.h>

/* "default", "vim", "emacs"; NULL beyond the last. */
const char *keymaps_name(int n);
/* One line about it. */
const char *keymaps_help(int n);

/* A map of all actions with the keys of the named map (NULL: "default"), then `bindings` on top of it. NULL: *problem (static)
 * is one line; *failed (unless NULL) is the binding that is wrong, `count` where it is the name. */
struct keymap *keymaps_make(const char *name, const struct binding *bindings, size_t count, size_t *failed, const char **problem);
/* Puts the keys of the named map over those of `m`; false: *problem, nothing changed. */
bool keymap_use(struct keymap *m, const char *name, const char **problem);

#endif
