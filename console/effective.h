/* What each setting is for this run, and where that comes from: an option, else the environment, else the profile, else the file, else
 * the default.
 *
 * Which control plane is meant is decided first (its place: --endpoint, --data, TERO_API_ENDPOINT, then endpoint or data of the profile,
 * then endpoint of the file). What belongs to a connection (certificate authorities, account, token, read_only) is never taken from further
 * down than the place: a profile's token does not go to the endpoint of an option, nor the file's token to the endpoint of a profile.
 * read_only is the exception in the safe direction: it holds from wherever it is set. */
#ifndef CONSOLE_EFFECTIVE_H
#define CONSOLE_EFFECTIVE_H

#include "console/config.h"
#include "console/options.h"

enum origin { ORIGIN_DEFAULT, ORIGIN_FILE, ORIGIN_PROFILE, ORIGIN_ENVIRONMENT, ORIGIN_OPTION };

struct effective_value {
    const char *text; /* NULL: not set, and there is no default */
    enum origin origin;
    struct place at; /* in the file */
};

struct effective {
    const struct config *config;
    const struct config_profile *profile; /* NULL: none */
    enum origin place;                    /* of what decides which control plane it is */
    struct effective_value values[SETTINGS];
};

/* All is borrowed: config, options, environment. False: *problem (xmalloc'd), one line. */
bool effective_make(struct effective *e, const struct config *c, const struct options *o, char **problem);
/* The options as if everything had been typed. */
void effective_apply(const struct effective *e, struct options *o);

/* "--theme", "TERO_THEME", "profile production, FILE:12", "FILE:3", "default". `brief`: without the directories of FILE. */
void effective_origin(const struct effective *e, enum setting_id id, bool brief, struct buf *out);

#endif
