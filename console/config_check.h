/* What a settings file says beyond its form: whether keys, themes and endpoints are ones. */
#ifndef CONSOLE_CONFIG_CHECK_H
#define CONSOLE_CONFIG_CHECK_H

#include "console/config.h"
#include "tui/keys.h"

/* The file's keys for screens_options; free() it. */
struct binding *config_bindings(const struct config *c);
/* Adds what is wrong to c->problems. The theme of the process may be another one afterwards: before the console only. */
void config_check(struct config *c);
/* The keys alone. */
void config_check_keys(struct config *c);

#endif
