/* `tero-console lock set|show|remove`: what unlocks a console whose token is not sealed. */
#ifndef CONSOLE_LOCK_COMMAND_H
#define CONSOLE_LOCK_COMMAND_H

#include "console/options.h"

int lock_command(const struct options *typed);

#endif
