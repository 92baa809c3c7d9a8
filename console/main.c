#include "console/headless.h"
#include "console/policy_command.h"
#include "console/session.h"
#include "screens/screens.h"
#include "base/version.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int run_console(const struct options *o)
{
    struct session s;
    char *problem = NULL;
    int code = EXIT_USAGE;
    if (session_open(&s, o, 0, &problem)) {
        code = screens_run(s.api, &(struct screens_options){
                                      .profile = s.name,
                                      .kind = s.kind,
                                      .read_only = o->read_only,
                                      .ascii = o->ascii,
                                      .no_color = o->no_color,
                                      .plain = o->plain,
                                      .theme = o->theme,
                                      .data_directory = s.directory,
                                      .demo = o->demo,
                                  });
    } else complain("%s", problem);
    free(problem);
    session_close(&s);
    return code;
}

static int run_keys(const struct options *o)
{
    char *keys = screens_keys(o->markdown);
    fputs(keys, stdout);
    free(keys);
    return output_end(EXIT_FINE);
}

static int run(const struct options *o)
{
    if (o->demo && o->command == COMMAND_CONSOLE && !(isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)))
        return complain("--demo needs a terminal");
    switch (o->command) {
    case COMMAND_HELP:
        if (options_help(stdout, o->resource)) return output_end(EXIT_FINE);
        return complain("no command %s; tero-console --help lists them", o->resource);
    case COMMAND_VERSION: puts("tero-console " TERO_VERSION); return output_end(EXIT_FINE);
    case COMMAND_POLICY: return complain("options of policy come after its command; tero-console policy --help lists them");
    case COMMAND_KEYS: return run_keys(o);
    case COMMAND_CONSOLE:
        if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)) return run_console(o);
        fputs("tero-console: no terminal, so here is the status (tero-console --help lists what else there is)\n", stderr);
        break;
    case COMMAND_LIST: return headless_list(o);
    case COMMAND_STATUS: break;
    }
    return headless_status(o);
}

int main(int argc, char **argv)
{
    struct options o;
    const char *problem;
    signal(SIGPIPE, SIG_IGN);
    if (argc > 1 && !strcmp(argv[1], "policy")) return policy_command(argc - 1, argv + 1);
    int code = options_read(&o, argc, argv, &problem) ? run(&o) : complain("%s", problem);
    options_free(&o);
    return code;
}
