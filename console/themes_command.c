#include "console/themes_command.h"

#include "console/headless.h"
#include "tui/theme.h"

#include <stdio.h>
#include <stdlib.h>

static const char format_help[] =
    "A theme is a text file, one role a line: `role = [colour] [on colour] [attribute...]`; a line that begins with # is a\n"
    "comment, and the first one says what the theme is. Colours: default, black, red, green, yellow, blue, magenta, cyan,\n"
    "white, bright-... of them, 0 to 255, #rrggbb. Attributes: bold, dim, underline, reverse, italic. `base = NAME` before\n"
    "the first role names the theme that the file begins with; without it that is `default`. What a role leaves open is that\n"
    "of the role `text`. Where a terminal has 256, 16 or 8 colours, the one that looks most alike is taken, and text stays as\n"
    "readable on its background as it was; where it has none, the theme is `mono`.\n";

static void put_themes(struct buf *out, bool markdown)
{
    struct theme_entry e;
    if (markdown) buf_str(out, "| theme | what it is |\n|---|---|\n");
    else buf_str(out, "Themes\n");
    for (int i = 0; theme_entry(i, &e); i++) {
        if (markdown && e.path) continue;
        if (markdown) buf_printf(out, "| `%s` | %s |\n", e.name, e.about);
        else buf_printf(out, "  %-20s %s%s%s\n", e.name, e.about, e.path ? *e.about ? ", " : "" : "", e.path ? e.path : "");
    }
}

static void put_roles(struct buf *out, bool markdown)
{
    if (markdown) buf_str(out, "\n## Roles\n\n| role | what it is for |\n|---|---|\n");
    else buf_str(out, "\nRoles\n");
    for (int i = 0; i < ROLES; i++)
        buf_printf(out, markdown ? "| `%s` | %s |\n" : "  %-20s %s\n", theme_role_name((enum role)i), theme_role_help((enum role)i));
}

void themes_text(struct buf *out, bool markdown)
{
    if (markdown)
        buf_str(out, "# Themes\n\n`T` in the console shows the themes as one moves; `--theme NAME`, `TERO_THEME` and the setting `theme` "
                     "choose one.\n\n");
    put_themes(out, markdown);
    if (markdown)
        buf_printf(out,
                   "\nA meaning is never told by colour alone. The contrast of every role (WCAG 2) is 4.5 at least, of `high-contrast` 7, "
                   "of bars 3.\nIn both `colour-blind` themes good, attention, bad and neutral stay apart with protanopia, deuteranopia "
                   "and tritanopia.\n\n## Your own\n\n`$XDG_CONFIG_HOME/tero/themes/NAME.theme` (`~/.config/tero/themes`); the console "
                   "takes over what changes in it while it runs.\n\n%s\n```\n# Dark, with a quieter selection\nbase = dark\nselected = "
                   "#ffffff on #303030\n```\n",
                   format_help);
    put_roles(out, markdown);
    if (!markdown) buf_printf(out, "\nYour own: %s/NAME.theme\n%s", theme_directory(), format_help);
}

int themes_command(const struct options *o)
{
    struct buf out;
    buf_init(&out, 1 << 16);
    themes_text(&out, o->markdown);
    fputs(out.data ? out.data : "", stdout);
    buf_free(&out);
    return output_end(EXIT_FINE);
}
