/* The command line of tero-console: one table of options, one of commands. Help and parsing come from them.
 *
 * struct options o; if (!options_read(&o, argc, argv, &problem)) { one line; exit 1 }  ...  options_free(&o) */
#ifndef CONSOLE_OPTIONS_H
#define CONSOLE_OPTIONS_H

#include "base/usage.h"
#include "screens/output.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum command {
    COMMAND_CONSOLE,
    COMMAND_LIST /* resource */,
    COMMAND_STATUS,
    COMMAND_SNAPSHOT /* path */,
    COMMAND_POLICY /* policy_command's */,
    COMMAND_CONFIG /* action, path: config_command's */,
    COMMAND_KEYS,
    COMMAND_GENERATE /* action */,
    COMMAND_THEMES,
    COMMAND_TOKEN /* action */,
    COMMAND_LOCK /* action, path: a fingerprint */,
    COMMAND_VERSION,
    COMMAND_HELP
};

struct options {
    enum command command;
    const char *resource; /* COMMAND_LIST: "events"; COMMAND_HELP: what about, or NULL */
    const char *filter;   /* the filter language's text, "" for none */
    const char *id;       /* one object, or NULL */
    enum output output;
    const char *sort, *columns;
    unsigned long limit;       /* 0: every row */
    const char *action, *path; /* COMMAND_CONFIG; NULL: not given */
    const char *bundle, *trust;
    const char *data, *endpoint, *ca, *account, *theme, *profile;
    bool read_only, read_write, no_color, ascii, plain, mouse, fresh, markdown, demo, agent;
    char *owned; /* what filter points to */
    /* What cannot be typed; effective_apply() fills it. */
    const char *token_file, *name /* of the connection; NULL: after its host */;
    unsigned lock_ms /* 0: never */, patience_ms, stale_ms, history;
    bool read_only_soft;
    const char *keymap;
};

/* What was typed, and nothing else: see effective.h. Texts are borrowed from argv. False: *problem (static storage) is one line. */
bool options_read(struct options *o, int argc, char **argv, const char **problem);
void options_free(struct options *o);

/* `about`: a command, or NULL for all. False where there is no such command. */
bool options_help(FILE *out, const char *about);

/* The tables, as data: the n-th option without the words that it takes, the n-th command. False beyond the last. */
bool options_option(size_t n, struct usage_option *option);
bool options_command(size_t n, struct usage_command *command, enum command *kind);

#endif
