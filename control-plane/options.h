/* Command-line options of one command, from one table: the parser and --help both come from it.
 *
 * struct option_spec specs[] = {{"data", "DIR", "the data directory", OPTION_TEXT, &o.data}, ...};
 * struct command_spec command = {"serve", "[options]", "Runs the control plane.", specs, n, 0};
 * int exit_code;
 * if (!options_read(&command, &argc, argv, &exit_code)) return exit_code;
 *
 * Afterwards argv[1] to argv[argc - 1] are the operands, in order. Options and operands may be mixed; "--" ends the
 * options, "-" alone is an operand. "--name VALUE" and "--name=VALUE" are the same. */
#ifndef CONTROL_PLANE_OPTIONS_H
#define CONTROL_PLANE_OPTIONS_H

#include "base/buf.h"

enum option_kind {
    OPTION_FLAG,   /* into: bool */
    OPTION_TEXT,   /* into: const char *, borrowed from argv */
    OPTION_NUMBER, /* into: unsigned */
};

struct option_spec {
    const char *name;     /* without the dashes */
    const char *argument; /* as help shows it; NULL for a flag */
    const char *help;
    enum option_kind kind;
    void *into;
};

struct command_spec {
    const char *name, *usage, *summary;
    const struct option_spec *options;
    size_t option_count;
    int operands_max; /* -1: any number */
};

/* False: --help was printed or one line to stderr said what is wrong; the command ends with *exit_code. */
bool options_read(const struct command_spec *command, int *argc, char **argv, int *exit_code);
void options_help(const struct command_spec *command, struct buf *out);
/* From now on options_read() reads nothing: it shows the command to `visit` and gives false, so that a program can learn the
 * options of all its commands by running them. NULL: it reads again. */
void options_describe(void (*visit)(void *context, const struct command_spec *command), void *context);

#endif
