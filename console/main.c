#include "console/config_command.h"
#include "console/generate.h"
#include "console/headless.h"
#include "console/interactive.h"
#include "console/lock_command.h"
#include "console/policy_command.h"
#include "console/setup.h"
#include "console/snapshot_command.h"
#include "console/themes_command.h"
#include "console/token_command.h"
#include "screens/screens.h"
#include "base/version.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int run_keys(const struct options *o)
{
    char *keys = screens_keys(o->markdown);
    fputs(keys, stdout);
    free(keys);
    return output_end(EXIT_FINE);
}

/* Answers without a screen need what holds: settings file, environment and options. */
static int run_headless(const struct options *typed)
{
    struct setup s;
    char *problem;
    if (setup_open(&s, typed, false, &problem)) {
        int code = typed->command == COMMAND_LIST       ? headless_list(&s.options)
                   : typed->command == COMMAND_SNAPSHOT ? snapshot_command(&s.options)
                                                        : headless_status(&s.options);
        setup_close(&s);
        return code;
    }
    int code = complain("%s", problem);
    free(problem);
    return code;
}

static int run_console(const struct options *o, char **argv)
{
    if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)) return interactive_run(o, argv);
    if (o->demo) return complain("--demo needs a terminal");
    fputs("tero-console: no terminal, so here is the status (tero-console --help lists what else there is)\n", stderr);
    return run_headless(o);
}

static int run(const struct options *o, char **argv)
{
    switch (o->command) {
    case COMMAND_HELP:
        if (options_help(stdout, o->resource)) return output_end(EXIT_FINE);
        return complain("no command %s; tero-console --help lists them", o->resource);
    case COMMAND_VERSION: puts("tero-console " TERO_VERSION); return output_end(EXIT_FINE);
    case COMMAND_POLICY: return complain("options of policy come after its command; tero-console policy --help lists them");
    case COMMAND_KEYS: return run_keys(o);
    case COMMAND_GENERATE: return generate(o);
    case COMMAND_THEMES: return themes_command(o);
    case COMMAND_CONFIG: return config_command(o);
    case COMMAND_TOKEN: return token_command(o);
    case COMMAND_LOCK: return lock_command(o);
    case COMMAND_CONSOLE: return run_console(o, argv);
    case COMMAND_LIST:
    case COMMAND_SNAPSHOT:
    case COMMAND_STATUS: break;
    }
    return run_headless(o);
}

int main(int argc, char **argv)
{
    struct options o;
    const char *problem;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    if (argc > 1 && !strcmp(argv[1], "policy")) return policy_command(argc - 1, argv + 1);
    int code = options_read(&o, argc, argv, &problem) ? run(&o, argv) : complain("%s", problem);
    options_free(&o);
    return code;
}
