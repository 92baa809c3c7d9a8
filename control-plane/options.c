#include "control-plane/options.h"

#include "base/suggest.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { HELP_COLUMN = 26, EXIT_USAGE = 1 };

void options_help(const struct command_spec *command, struct buf *out)
{
    buf_printf(out, "usage: tero-control-plane %s %s\n\n%s\n\n", command->name, command->usage, command->summary);
    for (size_t i = 0; i < command->option_count; i++) {
        const struct option_spec *o = &command->options[i];
        size_t start = out->len;
        buf_printf(out, "  --%s%s%s", o->name, o->argument ? " " : "", o->argument ? o->argument : "");
        do buf_char(out, ' ');
        while (out->len - start < HELP_COLUMN);
        buf_printf(out, "%s\n", o->help);
    }
    buf_printf(out, "  %-*s%s\n", HELP_COLUMN - 2, "--help", "this text");
}

static bool print_help(const struct command_spec *command, int *exit_code)
{
    struct buf text;
    buf_init(&text, SIZE_MAX / 2);
    options_help(command, &text);
    fwrite(text.data, 1, text.len, stdout);
    buf_free(&text);
    *exit_code = 0;
    return false;
}

static bool wrong(const struct command_spec *command, int *exit_code, const char *what, const char *about, const char *hint)
{
    fprintf(stderr, "tero-control-plane %s: %s %s%s%s%s\n", command->name, what, about, hint ? ": did you mean --" : "", hint ? hint : "",
            hint ? "?" : "");
    *exit_code = EXIT_USAGE;
    return false;
}

static const struct option_spec *find(const struct command_spec *command, struct slice name)
{
    for (size_t i = 0; i < command->option_count; i++)
        if (slice_is(name, command->options[i].name)) return &command->options[i];
    return NULL;
}

static bool unknown(const struct command_spec *command, struct slice name, const char *given, int *exit_code)
{
    struct suggest s = suggest_for(name);
    for (size_t i = 0; i < command->option_count; i++) suggest_try(&s, command->options[i].name);
    suggest_try(&s, "help");
    return wrong(command, exit_code, "unknown option", given, s.best);
}

static bool store_value(const struct command_spec *command, const struct option_spec *o, char *value, int *exit_code)
{
    if (o->kind == OPTION_TEXT) {
        *(const char **)o->into = value;
        return true;
    }
    char *end;
    unsigned long n = strtoul(value, &end, 10);
    if (*value < '0' || *value > '9' || *end || n > INT32_MAX) return wrong(command, exit_code, "no number:", value, NULL);
    *(unsigned *)o->into = (unsigned)n;
    return true;
}

/* One option at argv[*at]; moves *at past its value. */
static bool read_one(const struct command_spec *command, int argc, char **argv, int *at, int *exit_code)
{
    char *given = argv[*at], *equals = strchr(given, '=');
    if (!strcmp(given, "--help") || !strcmp(given, "-h")) return print_help(command, exit_code);
    struct slice name = slice_str(given + (given[1] == '-' ? 2 : 1));
    if (equals) name.len = (size_t)(equals - name.ptr);
    const struct option_spec *o = given[1] == '-' ? find(command, name) : NULL;
    if (!o) return unknown(command, name, given, exit_code);
    if (o->kind == OPTION_FLAG) {
        if (equals) return wrong(command, exit_code, "no value belongs to", given, NULL);
        *(bool *)o->into = true;
        return true;
    }
    if (equals) return store_value(command, o, equals + 1, exit_code);
    if (*at + 1 >= argc) return wrong(command, exit_code, "a value is missing after", given, NULL);
    return store_value(command, o, argv[++*at], exit_code);
}

static void (*describe)(void *context, const struct command_spec *command);
static void *describe_context;

void options_describe(void (*visit)(void *context, const struct command_spec *command), void *context)
{
    describe = visit;
    describe_context = context;
}

bool options_read(const struct command_spec *command, int *argc, char **argv, int *exit_code)
{
    int kept = 1;
    bool only_operands = false;
    *exit_code = 0;
    if (describe) {
        describe(describe_context, command);
        return false;
    }
    for (int i = 1; i < *argc; i++) {
        if (only_operands || argv[i][0] != '-' || !argv[i][1]) {
            argv[kept++] = argv[i];
        } else if (!strcmp(argv[i], "--")) {
            only_operands = true;
        } else if (!read_one(command, *argc, argv, &i, exit_code)) {
            return false;
        }
    }
    *argc = kept;
    if (command->operands_max >= 0 && kept - 1 > command->operands_max)
        return wrong(command, exit_code, "too many arguments at", argv[command->operands_max + 1], NULL);
    return true;
}
