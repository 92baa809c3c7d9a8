#include "base/suggest.h"
#include "control-plane/bundle/bundle.h"
#include "control-plane/commands.h"
#include "control-plane/data_dir.h"
#include "control-plane/generate.h"
#include "base/version.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int version_command(int argc, char **argv)
{
    char *problem = NULL, *directory = data_dir_path(argc == 3 && !strcmp(argv[1], "--data") ? argv[2] : NULL, &problem);
    unsigned char key[BUNDLE_KEY];
    char shown[2 * BUNDLE_KEY + 1];
    puts("tero-control-plane " TERO_VERSION);
    if (directory && bundle_key_public(directory, key)) {
        bundle_hex(shown, key, BUNDLE_KEY);
        printf("signs offline bundles of %s with the key %s\n", directory, shown);
    }
    free(directory);
    free(problem);
    return 0;
}

static int help_command(int argc, char **argv);
static int generate_command(int argc, char **argv);

static const struct program_command commands[] = {
    {"serve", "run the control plane: API, OTLP ingest, catalog", serve_command},
    {"ingest", "read logs from files, standard input or the journal into the catalog", ingest_command},
    {"patterns", "print the pattern of every line of a file", patterns_command},
    {"demo", "fill an empty workspace with made-up logs", demo_command},
    {"bundle", "verify or unpack an offline bundle", bundle_command},
    {"generate", "print the man page (man), or the completion of a shell (bash, zsh, fish)", generate_command},
    {"version", "print the version", version_command},
    {"help", "this text", help_command},
};
enum { COMMANDS = sizeof commands / sizeof *commands, WITH_OPTIONS = 5 };

static int generate_command(int argc, char **argv) { return generate(commands, COMMANDS, WITH_OPTIONS, argc == 2 ? argv[1] : NULL); }

static int help_command(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    puts("usage: tero-control-plane COMMAND [options]\n");
    for (int i = 0; i < COMMANDS; i++) printf("  %-12s%s\n", commands[i].name, commands[i].summary);
    puts("\n`tero-control-plane COMMAND --help` lists the options of a command.");
    return 0;
}

static const char *canonical(const char *word)
{
    if (!strcmp(word, "--version") || !strcmp(word, "-V")) return "version";
    if (!strcmp(word, "--help") || !strcmp(word, "-h")) return "help";
    return word;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("tero-control-plane: a command is missing; `tero-control-plane help` lists them\n", stderr);
        return 1;
    }
    const char *name = canonical(argv[1]);
    struct suggest nearest = suggest_for(slice_str(name));
    for (int i = 0; i < COMMANDS; i++) {
        if (!strcmp(name, commands[i].name)) return commands[i].run(argc - 1, argv + 1);
        suggest_try(&nearest, commands[i].name);
    }
    fprintf(stderr, "tero-control-plane: unknown command %s%s%s%s\n", name, nearest.best ? ": did you mean " : "",
            nearest.best ? nearest.best : "", nearest.best ? "?" : "");
    return 1;
}
