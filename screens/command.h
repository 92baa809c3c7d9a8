/* The `:` prompt. */
#ifndef SCREENS_COMMAND_H
#define SCREENS_COMMAND_H

#include "tui/keys.h"

#include <stdbool.h>
#include <stddef.h>

struct app;

struct command_info {
    const char *name, *arguments, *help;
};
/* The n-th command; false beyond the last. */
bool command_info(int n, struct command_info *info);
/* The command that the word names or alone begins, or NULL. */
const char *command_name(const char *word, size_t len);
/* The action that the word names or alone begins, where no command does; or NULL. */
const struct action *command_action(const char *word, size_t len);
/* The n-th completion of an argument, as the command itself knows it; xmalloc'd, NULL: no more. */
char *command_completion(struct app *app, const char *name, const char *word, int n);
/* "  :events [FILTER]     ..." of the n-th command, NULL beyond the last; static, until the next call. */
const char *command_help(int n);
/* Lines on the filter language. */
const char *filter_help(int n);

#endif
