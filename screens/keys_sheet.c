/* The sheet of keys: every action by the screen that it belongs to, with its keys in each named map. */
#include "screens/actions.h"
#include "screens/keymaps.h"
#include "screens/screens.h"

#include "base/die.h"

#include <stdio.h>

enum { MAPS_MAX = 8 };

struct sheet_maps {
    struct keymap *maps[MAPS_MAX];
    int count;
};

static void open_maps(struct sheet_maps *m)
{
    const char *problem;
    for (m->count = 0; m->count < MAPS_MAX && keymaps_name(m->count); m->count++)
        if (!(m->maps[m->count] = keymaps_make(keymaps_name(m->count), NULL, 0, NULL, &problem))) die("%s", problem);
}

/* A bar would end the cell. */
static void put_keys(struct buf *out, const char *keys)
{
    if (!*keys) return;
    buf_char(out, '`');
    for (const char *c = keys; *c; c++) buf_printf(out, *c == '|' ? "\\|" : "%c", *c);
    buf_char(out, '`');
}

static void put_action(struct buf *out, const struct sheet_maps *m, const struct action *a, bool markdown)
{
    const char *warning = action_warning(a), *common = keymap_keys(m->maps[0], a->id);
    char usual[200];
    if (!markdown) {
        buf_printf(out, "  %-18s %-18s %s%s%s%s\n", common, a->name, a->help, *warning ? " (" : "", warning, *warning ? ")" : "");
        return;
    }
    snprintf(usual, sizeof usual, "%s", common);
    buf_str(out, "| ");
    put_keys(out, usual);
    for (int i = 1; i < m->count; i++) {
        const char *keys = keymap_keys(m->maps[i], a->id);
        buf_str(out, " | ");
        if (strcmp(keys, usual) != 0) put_keys(out, keys);
    }
    buf_printf(out, " | %s | %s | %s |\n", a->name, a->help, warning);
}

static void put_heading(struct buf *out, const struct sheet_maps *m, const char *name, bool markdown)
{
    if (!markdown) {
        buf_printf(out, "%s\n", name);
        return;
    }
    buf_printf(out, "\n## %s\n\n|", name);
    for (int i = 0; i < m->count; i++) buf_printf(out, " %s |", keymaps_name(i));
    buf_str(out, " action | what it does | careful |\n|");
    for (int i = 0; i < m->count + 3; i++) buf_str(out, "---|");
    buf_char(out, '\n');
}

static void put_context(struct buf *out, const struct sheet_maps *m, unsigned bit, const char *name, bool markdown)
{
    size_t count;
    const struct action *table = actions_table(&count);
    put_heading(out, m, name, markdown);
    for (size_t i = 0; i < count; i++)
        if (bit ? (table[i].contexts & bit) != 0 : table[i].contexts == 0) put_action(out, m, &table[i], markdown);
}

static void put_top(struct buf *out)
{
    buf_str(out, "# Keys\n\nMade by `tero-console keys --markdown`. The columns `vim` and `emacs` say what is different in these key maps; "
                 "the setting `keys.keymap` chooses one, `keys.bind` gives any action other keys by its name. Two keys of one word are "
                 "pressed one after the other. Every action can be typed by its name after `:`, too.\n\n");
    for (int i = 0; keymaps_name(i); i++) buf_printf(out, "* `%s`: %s\n", keymaps_name(i), keymaps_help(i));
}

char *screens_keys(bool markdown)
{
    struct buf out;
    struct sheet_maps m = {0};
    unsigned bit;
    const char *name;
    buf_init(&out, 1 << 17);
    open_maps(&m);
    if (markdown) put_top(&out);
    put_context(&out, &m, 0, "everywhere", markdown);
    for (size_t n = 0; actions_context(n, &bit, &name); n++) put_context(&out, &m, bit, name, markdown);
    for (int i = 0; i < m.count; i++) keymap_free(m.maps[i]);
    return out.data;
}
