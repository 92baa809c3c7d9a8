/* tero-console config ACTION: show, check, edit, path, schema. */
#ifndef CONSOLE_CONFIG_COMMAND_H
#define CONSOLE_CONFIG_COMMAND_H

#include "console/options.h"

/* Gives the exit code: EXIT_FINE, EXIT_USAGE (also I/O), EXIT_FAILING (the file has errors). */
int config_command(const struct options *typed);

#endif
