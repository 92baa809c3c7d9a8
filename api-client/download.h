/* A file from a control plane of this machine, byte by byte to a descriptor: what is too large for an answer in memory. */
#ifndef API_CLIENT_DOWNLOAD_H
#define API_CLIENT_DOWNLOAD_H

#include <stdbool.h>
#include <stdint.h>

/* GET path over the Unix socket; waits for it. At most `max` bytes. False: *problem (caller frees), one line. */
bool download(const char *socket, const char *path, int fd, int64_t max, char **problem);

#endif
