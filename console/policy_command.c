#include "console/policy_command.h"

#include "console/headless.h"
#include "console/policy_eval.h"
#include "console/policy_import.h"
#include "console/policy_text.h"

#include <stdio.h>
#include <string.h>

static const struct sub_command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *arguments, *help;
} commands[] = {
    {"lint", policy_lint_files, "[--strict] FILE...", "what is wrong or doubtful, one line each; --strict: warnings fail too"},
    {"diff", policy_diff_files, "BEFORE AFTER", "what changes, by meaning: + added, - removed, ~ changed"},
    {"print", policy_print_files, "[-o yaml|json|proto-json|protobuf] FILE...", "the same policies in another form"},
    {"eval", policy_eval, "--policies FILE --input FILE --signal log|metric|trace [--output FILE] [--stats FILE]",
     "OTLP JSON under policies: the document that is left, and hits and misses"},
    {"preview", policy_preview, "--policies FILE --input FILE --signal log|metric|trace", "what each policy would do to an OTLP JSON file"},
    {"preview", policy_preview, "--live [--policies FILE|--id POL-3] [--for 60s] [-o table|json]",
     "records of the control plane as they come in, before and after it, masked; without a policy: those in force"},
    {"import", policy_import, "datadog FILE", "exclusion filters of Datadog's log indexes (their API's JSON) as policies"},
};

static int usage(FILE *out)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        fprintf(out, "tero-console policy %s %s\n    %s\n", commands[i].name, commands[i].arguments, commands[i].help);
    return EXIT_USAGE;
}

int policy_command(int argc, char **argv)
{
    if (argc < 2) return usage(stderr);
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "help")) return usage(stdout), output_end(EXIT_FINE);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (!strcmp(argv[1], commands[i].name)) return commands[i].run(argc - 1, argv + 1);
    complain("no command policy %s; tero-console policy --help lists them", argv[1]);
    return EXIT_USAGE;
}
