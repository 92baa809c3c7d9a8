/* `tero-console token set|list|fingerprint|remove`: tokens sealed with a passphrase. */
#ifndef CONSOLE_TOKEN_COMMAND_H
#define CONSOLE_TOKEN_COMMAND_H

#include "console/options.h"

int token_command(const struct options *typed);

#endif
