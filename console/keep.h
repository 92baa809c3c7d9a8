/* Where the console keeps sealed tokens and the lock: $XDG_DATA_HOME/tero (~/.local/share/tero), files of this user alone. */
#ifndef CONSOLE_KEEP_H
#define CONSOLE_KEEP_H

#include "secrets/lockfile.h"
#include "secrets/sealed.h"

/* xmalloc'd. */
char *keep_tokens(void); /* the directory */
char *keep_token_path(const char *profile);
char *keep_lock_path(void);

enum keep_read { KEEP_THERE, KEEP_NONE, KEEP_BAD };
/* KEEP_BAD: *problem (xmalloc'd). The file must be this user's or root's, and closed to others. */
enum keep_read keep_read_token(struct sealed *s, const char *path, char **problem);
enum keep_read keep_read_lock(struct lockfile *l, char **problem);
/* Replaces it whole, mode 0600. False: *problem (xmalloc'd). */
bool keep_write(const char *path, const struct buf *text, char **problem);

#endif
