#include "control-plane/generate.h"

#include "base/arena.h"
#include "base/die.h"
#include "base/usage.h"
#include "control-plane/options.h"

#include <string.h>

enum { COMMANDS_MAX = 16 };

struct tables {
    struct arena *texts;
    struct usage_command commands[COMMANDS_MAX];
    size_t count;
};

static const char *kept(struct tables *t, const char *text)
{
    const char *copy = text ? arena_copy(t->texts, slice_str(text)) : NULL;
    if (text && !copy) die("out of memory");
    return copy;
}

static const char *values_of(const char *argument)
{
    return argument && strchr(argument, '|') && !strstr(argument, "FILE") ? argument : NULL;
}

/* "auto|text|json" as words. */
static const char *words_of(struct tables *t, const char *argument)
{
    char *words = (char *)(uintptr_t)kept(t, values_of(argument));
    for (char *c = words; c && *c; c++)
        if (*c == '|') *c = ' ';
    return words;
}

/* The specifications are gone when the command is back. */
static void add(void *context, const struct command_spec *spec)
{
    struct tables *t = context;
    struct usage_command *c = &t->commands[t->count];
    struct usage_option *options = arena_alloc(t->texts, (spec->option_count + 1) * sizeof *options);
    if (!options) die("out of memory");
    for (size_t i = 0; i < spec->option_count; i++) {
        const struct option_spec *o = &spec->options[i];
        options[i] = (struct usage_option){.name = kept(t, o->name), .argument = kept(t, o->argument), .help = kept(t, o->help)};
        options[i].words = words_of(t, o->argument);
    }
    c->arguments = kept(t, spec->usage);
    c->help = kept(t, spec->summary);
    c->files = strstr(spec->usage, "FILE") != NULL;
    c->options = options;
    c->option_count = spec->option_count;
}

int generate(const struct program_command *commands, size_t count, size_t with_options, const char *what)
{
    struct tables t = {.texts = arena_new(1 << 18)};
    static const struct usage_section sections[] = {
        {"FILES", "  ~/.local/share/tero   the data directory: catalog, policies, socket, log\n"},
        {"EXIT STATUS", "  0  fine\n  1  usage or I/O\n  2  failing\n"},
        {"SEE ALSO", "tero-console(1)\n"},
    };
    options_describe(add, &t);
    for (size_t i = 0; i < count && i < COMMANDS_MAX; i++, t.count++) {
        char *argv[] = {(char *)(uintptr_t)commands[i].name, NULL};
        t.commands[i] = (struct usage_command){.arguments = "", .help = commands[i].summary};
        if (i < with_options) commands[i].run(1, argv);
        t.commands[i].name = commands[i].name;
        if (!strcmp(commands[i].name, "generate")) t.commands[i].words = "man bash zsh fish";
    }
    options_describe(NULL, NULL);
    const struct usage u = {
        .program = "tero-control-plane",
        .manual = 8,
        .summary = "self-hosted control plane of Tero: ingest, catalog, checks, policies, API",
        .synopsis = "  tero-control-plane COMMAND [OPTION...]\n",
        .description =
            "Reads logs, keeps patterns and counters and never the logs themselves, finds what is wasteful or exposed, and serves "
            "policies to edges. tero-console starts one by itself where none runs.\n",
        .commands = t.commands,
        .command_count = t.count,
        .sections = sections,
        .section_count = sizeof sections / sizeof *sections,
    };
    int code = usage_generate(&u, what);
    arena_free(t.texts);
    return code;
}
