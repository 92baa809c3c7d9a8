/* From the options to an open api: which control plane, and under which name. */
#ifndef CONSOLE_SESSION_H
#define CONSOLE_SESSION_H

#include "api-client/api.h"
#include "console/options.h"
#include "secrets/latch.h"

struct session {
    struct api *api;
    enum api_kind kind;
    char *name;      /* for the top line: the profile, "local", or the host */
    char *directory; /* of the embedded control plane, else NULL */
    bool sealed;     /* the token was sealed with a passphrase: the one of `latch` */
    struct latch latch;
    char *bundle;            /* time of the snapshot that is shown, RFC 3339; NULL: it is none */
    int code;                /* exit code where it could not be opened */
    struct demo_place *demo; /* where the workspace, or what was unpacked, is thrown away at the end; NULL: it is a real one */
};

/* patience_ms: see struct api_profile. False: *problem (caller frees), one line. The token of TERO_API_TOKEN is taken out of the
 * environment. */
bool session_open(struct session *s, const struct options *o, unsigned patience_ms, char **problem);
/* What the tokens of these options are kept under: the profile, or the host; NULL: the embedded control plane. xmalloc'd. */
char *session_name(const struct options *o);
/* Removes the directory of a demo, once its control plane has ended. */
void session_close(struct session *s);
const char *session_kind(const struct session *s); /* "embedded", "self-hosted", "hosted", "bundle" */

#endif
