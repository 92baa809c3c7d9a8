/* The interactive console: everything between an open api and a restored terminal. */
#ifndef SCREENS_SCREENS_H
#define SCREENS_SCREENS_H

#include "api-client/api.h"
#include "screens/keymaps.h"
#include "screens/lock.h"

#include <stdbool.h>

/* What a changed settings file says now. Borrowed until the next call. */
struct screens_live {
    bool theme; /* another theme was loaded */
    const char *keymap;
    const struct binding *bindings;
    size_t binding_count;
    const char *said; /* one line for the person; "": nothing is different */
};

/* What the program around the screens does for them. */
struct screens_host {
    void *context;
    const char *config; /* the settings file, watched; NULL: none */
    /* It changed. False: `said` is what is wrong, the rest is nothing, all stays as it was. */
    bool (*reread)(void *context, struct screens_live *live);
    const char *const *profiles; /* their names, NULL at the end */
    /* Makes ready to begin anew with this profile as soon as screens_run() is back. NULL: it is; else why not, one line, borrowed. */
    const char *(*switch_profile)(void *context, const char *name);
};

struct screens_options {
    const char *profile; /* name for the top line */
    enum api_kind kind;
    bool read_only;             /* sticky: R cannot lift it */
    bool read_only_soft;        /* so at the start; R lifts it */
    const char *read_only_from; /* where either comes from: "--read-only", "profile production, config.yaml:12" */
    bool ascii, no_color, plain;
    bool mouse;                     /* clicks and the wheel are taken from the terminal */
    const char *theme;              /* name or file, NULL: "default" */
    const char *keymap;             /* "default", "vim", "emacs"; NULL: "default" */
    const struct binding *bindings; /* on top of the key map; borrowed */
    size_t binding_count;
    unsigned stale_ms;               /* what is older is marked as stale; 0: never */
    const char *data_directory;      /* of the embedded control plane: what `tero-control-plane ingest` gets as --data; NULL elsewhere */
    bool demo;                       /* the workspace is made up: marked on every screen, filled at the start, takes in nothing else */
    const char *bundle;              /* of when the snapshot is that is shown, RFC 3339; NULL: it is no snapshot */
    const struct screens_host *host; /* NULL: none */
    const struct screens_lock *lock; /* NULL: the console cannot be locked */
    const char *place;               /* profile and endpoint: what is remembered from run to run belongs to it; NULL: nothing is */
    const char *start;               /* command to start with ("events severity:error"), NULL: Home */
};

/* Opens the terminal, runs until the person quits or the terminal goes away, restores it. The exit code: 0, or 1 with
 * one line on stderr where there is no usable terminal or no such theme. Does not close `api`. */
int screens_run(struct api *api, const struct screens_options *options);

/* The action table as Markdown or plain lines, for `tero-console keys`; xmalloc'd. */
char *screens_keys(bool markdown);

#endif
