/* tero-console config show: what each setting is in this run and where that comes from. Tokens are never shown. */
#ifndef CONSOLE_CONFIG_SHOW_H
#define CONSOLE_CONFIG_SHOW_H

#include "console/options.h"

int config_show(const struct options *typed);

#endif
