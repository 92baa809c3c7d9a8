#include "console/generate.h"

#include "base/arena.h"
#include "base/die.h"
#include "console/headless.h"
#include "screens/resource.h"
#include "tui/theme.h"

#include <string.h>

enum { OPTIONS_MAX = 64, COMMANDS_MAX = 40, WORDS_MAX = 16384 };

struct tables {
    struct arena *texts;
    struct usage_option options[OPTIONS_MAX];
    struct usage_command commands[COMMANDS_MAX];
    size_t option_count, command_count;
};

static void *must(void *memory)
{
    if (!memory) die("out of memory");
    return memory;
}

static const char *kept(struct tables *t, struct buf *words)
{
    const char *text = must(arena_copy(t->texts, buf_view(words)));
    buf_free(words);
    return text;
}

static const char *themes(struct tables *t)
{
    struct buf words;
    struct theme_entry e;
    buf_init(&words, WORDS_MAX);
    for (int i = 0; theme_entry(i, &e); i++)
        if (!e.path) buf_printf(&words, "%s%s", words.len ? " " : "", e.name);
    return kept(t, &words);
}

static const char *formats(struct tables *t)
{
    struct buf words;
    buf_init(&words, WORDS_MAX);
    for (int i = 0; output_name(i); i++) buf_printf(&words, "%s%s", i ? " " : "", output_name(i));
    return kept(t, &words);
}

static void add_values(struct buf *words, const struct filter_term *term)
{
    const char *values = term->type == FILTER_BOOL ? "yes no" : term->values ? term->values : "";
    for (size_t n; *values; values += n + strspn(values + n, " ")) {
        n = strcspn(values, " ");
        buf_printf(words, " %s:%.*s", term->name, (int)n, values);
    }
}

static const char *terms(struct tables *t, const struct resource *r)
{
    struct buf words;
    buf_init(&words, WORDS_MAX);
    for (size_t i = 0; i < r->filter_count; i++) {
        buf_printf(&words, "%s%s:", i ? " " : "", r->filters[i].name);
        add_values(&words, &r->filters[i]);
    }
    return kept(t, &words);
}

static const char *columns(struct tables *t, const struct resource *r, bool sortable)
{
    struct buf words;
    buf_init(&words, WORDS_MAX);
    if (!sortable) buf_str(&words, "all");
    for (size_t i = 0; i < r->column_count; i++)
        if (!sortable || r->columns[i].order) buf_printf(&words, "%s%s", words.len ? " " : "", r->columns[i].key);
    return kept(t, &words);
}

static const struct usage_option *option_named(const struct tables *t, const char *name)
{
    for (size_t i = 0; i < t->option_count; i++)
        if (!strcmp(t->options[i].name, name)) return &t->options[i];
    die("no option %s", name);
}

/* The columns of --sort and --columns are those of the list. */
static void add_list(struct tables *t, struct usage_command *c)
{
    const struct resource *r = resource_find(c->name);
    struct usage_option *own = must(arena_alloc(t->texts, 2 * sizeof *own));
    own[0] = *option_named(t, "sort");
    own[1] = *option_named(t, "columns");
    own[0].words = columns(t, r, true);
    own[1].words = columns(t, r, false);
    c->words = terms(t, r);
    c->options = own;
    c->option_count = 2;
}

static void add_command(struct tables *t, struct usage_command c, enum command kind)
{
    switch (kind) {
    case COMMAND_LIST: add_list(t, &c); break;
    case COMMAND_POLICY: c.words = "lint diff print eval preview import"; break;
    case COMMAND_CONFIG: c.words = "show check edit path schema"; break;
    case COMMAND_GENERATE: c.words = "man bash zsh fish"; break;
    default: break;
    }
    t->commands[t->command_count++] = c;
}

static const char *command_names(struct tables *t)
{
    struct buf words;
    buf_init(&words, WORDS_MAX);
    for (size_t i = 0; i < t->command_count; i++) buf_printf(&words, "%s%s", i ? " " : "", t->commands[i].name);
    return kept(t, &words);
}

static void fill(struct tables *t)
{
    struct usage_option option;
    struct usage_command command;
    enum command kind;
    for (size_t n = 0; n < OPTIONS_MAX && options_option(n, &option); n++) {
        if (!strcmp(option.name, "theme")) option.words = themes(t);
        if (!strcmp(option.name, "output")) option.words = formats(t);
        t->options[t->option_count++] = option;
    }
    for (size_t n = 0; n < COMMANDS_MAX && options_command(n, &command, &kind); n++) add_command(t, command, kind);
    for (size_t i = 0; i < t->command_count; i++)
        if (!strcmp(t->commands[i].name, "help")) t->commands[i].words = command_names(t);
}

/* What each list can be filtered by and shows. */
static const char *lists(struct tables *t)
{
    struct buf text;
    size_t count;
    const struct resource *const *all = resources_all(&count);
    buf_init(&text, 1 << 16);
    for (size_t n = 0; n < count; n++) {
        const struct resource *r = all[n];
        buf_printf(&text, "%s%s, sorted by %s unless --sort says otherwise. Filters:\n", n ? "\n" : "", r->name, r->sort);
        for (size_t i = 0; i < r->filter_count; i++) buf_printf(&text, "  %-12s %s\n", r->filters[i].name, r->filters[i].help);
        buf_str(&text, "Columns (* can be sorted by):\n");
        for (size_t i = 0; i < r->column_count; i++)
            buf_printf(&text, "  %-11s%c %s\n", r->columns[i].key, r->columns[i].order ? '*' : ' ', r->columns[i].help);
    }
    return kept(t, &text);
}

int generate(const struct options *o)
{
    struct tables t = {.texts = arena_new(1 << 20)};
    fill(&t);
    const struct usage_section sections[] = {
        {"FILTERS", "A filter is terms with blanks between them, all of which must hold.\n"
                    "  payment              a word that the name holds; \"two words\" in quotes\n"
                    "  service:api          a field that holds it; api-* begins with it, *-api ends with it, =api is exactly that\n"
                    "  severity:debug,info  one of them\n"
                    "  cost:>100            numbers with K M G T; also >= < <= and 1M..1G\n"
                    "  -payment             not that\n"},
        {"LISTS", lists(&t)},
        {"FILES", "  ~/.config/tero/config.yaml   the settings; tero-console config schema tells all of them\n"
                  "  ~/.config/tero/themes        own themes; tero-console themes tells how to write one\n"
                  "  ~/.local/state/tero          what was typed before\n"
                  "  ~/.local/share/tero          the data of the control plane of this machine\n"},
        {"EXIT STATUS", "  0  fine\n  1  usage, I/O or no answer\n  2  the control plane says that it is failing\n"},
        {"SEE ALSO", "tero-control-plane(8)\n"},
    };
    const struct usage u = {
        .program = "tero-console",
        .manual = 1,
        .summary = "console of the Tero control plane",
        .synopsis = "  tero-console [OPTION...]\n  tero-console [OPTION...] COMMAND ...\n",
        .description = "Without a command: the console in the terminal, for the control plane of this machine, which it starts where none "
                       "runs, or for another one. The question mark lists the keys.\n\nWith a command: one answer on standard output.\n",
        .options = t.options,
        .option_count = t.option_count,
        .commands = t.commands,
        .command_count = t.command_count,
        .sections = sections,
        .section_count = sizeof sections / sizeof *sections,
    };
    int code = usage_generate(&u, o->action);
    arena_free(t.texts);
    return code ? EXIT_USAGE : output_end(EXIT_FINE);
}
