/* The data directory: where it is and that it is safe to use. */
#ifndef CONTROL_PLANE_DATA_DIR_H
#define CONTROL_PLANE_DATA_DIR_H

#include <stdbool.h>
#include <sys/types.h>

/* The absolute path: `option` where given, else $TERO_DATA, $XDG_DATA_HOME/tero, ~/.local/share/tero. Nothing is
 * created. The caller frees it. NULL: *problem (caller frees) says why. */
char *data_dir_path(const char *option, char **problem);
/* Refuses a directory that belongs to somebody else (root may use any). One that is absent is fine: it will be the
 * caller's. False: *problem (caller frees). */
bool data_dir_owner(const char *path, uid_t *owner, char **problem);
/* "<directory>/<name>"; the caller frees it. */
char *data_dir_file(const char *directory, const char *name);

#endif
