/* `tero-control-plane generate man|bash|zsh|fish`: from the table of commands and the options of each. */
#ifndef CONTROL_PLANE_GENERATE_H
#define CONTROL_PLANE_GENERATE_H

#include <stddef.h>

struct program_command {
    const char *name, *summary;
    int (*run)(int argc, char **argv);
};

/* The first `with_options` commands read theirs with options_read(), before anything else. The exit code. */
int generate(const struct program_command *commands, size_t count, size_t with_options, const char *what);

#endif
