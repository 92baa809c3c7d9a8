/* `tero-console snapshot FILE`: an offline bundle of the control plane of this machine. */
#ifndef CONSOLE_SNAPSHOT_COMMAND_H
#define CONSOLE_SNAPSHOT_COMMAND_H

#include "console/options.h"

/* Gives the exit code. The file is made as 0600 and stands under its name when it is whole; one that is there is not replaced. */
int snapshot_command(const struct options *o);

#endif
