/* The data directory: made private (0700), held by one program at a time. Inside the store only. */
#ifndef CONTROL_PLANE_STORE_DIRECTORY_H
#define CONTROL_PLANE_STORE_DIRECTORY_H

#include <stdbool.h>

/* Makes the directory and its parents where absent (0700), refuses one that others may enter and that is not ours,
 * takes the lock and creates the database file with 0600. The lock's descriptor, or -1 and *problem (caller frees). */
int directory_take(const char *directory, const char *database, char **problem);

#endif
