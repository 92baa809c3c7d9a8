#include "screens/keymaps.h"

#include "base/suggest.h"
#include "screens/actions.h"

#include <stdio.h>

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static const struct binding vim[] = {
    {"first", "gg Home"},           {"down", "j Down ^N ^E"}, {"up", "k Up ^P ^Y"},           {"tab-next", "gt Tab"},
    {"tab-previous", "gT BackTab"}, {"quit", "ZZ ZQ Q"},      {"back", "q Esc Backspace ^O"}, {"copy", "yy"},
};

static const struct binding emacs[] = {
    {"down", "^N Down j"}, {"up", "^P Up k"},        {"page-down", "^V PgDn"},         {"page-up", "Alt-v PgUp"},   {"first", "Alt-< Home"},
    {"last", "Alt-> End"}, {"search", "^S /"},       {"search-next", "Alt-n n"},       {"search-previous", "^R N"}, {"filter", "^S /"},
    {"copy", "Alt-w y"},   {"command", "Alt-x :"},   {"back", "^G q Esc Backspace"},   {"help", "F1 ? ^X?"},        {"refresh", "r ^Xg"},
    {"quit", "^X^C Q"},    {"tab-next", "^X^N Tab"}, {"tab-previous", "^X^P BackTab"},
};

static const struct {
    const char *name, *help;
    const struct binding *bindings;
    size_t count;
} maps[] = {
    {"default", "one key each, with arrows and a few of less and vi", NULL, 0},
    {"vim", "gg, gt, yy, ZZ and the scrolling keys of vim", vim, LENGTH(vim)},
    {"emacs", "Ctrl-N, Ctrl-V, Alt-V, Ctrl-S, Alt-W, Alt-X, Ctrl-X Ctrl-C", emacs, LENGTH(emacs)},
};

const char *keymaps_name(int n) { return n >= 0 && n < (int)LENGTH(maps) ? maps[n].name : NULL; }
const char *keymaps_help(int n) { return maps[n].help; }

static int index_of(const char *name, const char **problem)
{
    static char text[160];
    struct suggest s = suggest_for(slice_str(name));
    for (size_t i = 0; i < LENGTH(maps); i++) {
        if (!strcmp(maps[i].name, name)) return (int)i;
        suggest_try(&s, maps[i].name);
    }
    snprintf(text, sizeof text, "no key map \"%.40s\"; %s%s", name, s.best ? "did you mean " : "there are default, vim and emacs",
             s.best ? s.best : "");
    *problem = text;
    return -1;
}

bool keymap_use(struct keymap *m, const char *name, const char **problem)
{
    int at = index_of(name, problem);
    return at >= 0 && keymap_bind_all(m, maps[at].bindings, maps[at].count, NULL, problem);
}

struct keymap *keymaps_make(const char *name, const struct binding *bindings, size_t count, size_t *failed, const char **problem)
{
    size_t actions, sets;
    const struct action *table = actions_table(&actions);
    const unsigned *together = actions_together(&sets);
    struct keymap *m = keymap_new(table, actions);
    keymap_together(m, together, sets);
    if (failed) *failed = count;
    if (keymap_use(m, name ? name : "default", problem) && keymap_bind_all(m, bindings, count, failed, problem)) return m;
    keymap_free(m);
    return NULL;
}
