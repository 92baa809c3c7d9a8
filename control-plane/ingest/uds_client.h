/* The smallest HTTP/1.1 client that delivers to a control plane over its Unix socket: POST with a body, one answer at
 * a time, the connection kept. Blocking, with a bound on time and on the answer's size. */
#ifndef CONTROL_PLANE_UDS_CLIENT_H
#define CONTROL_PLANE_UDS_CLIENT_H

#include "base/buf.h"

struct uds_client;

enum { UDS_ANSWER_MAX = 64 * 1024 };

struct uds_answer {
    int status;
    int retry_after; /* seconds; 0: not given */
    struct buf body; /* the caller's: uds_answer_free */
};

/* NULL where nothing listens (errno says why). */
struct uds_client *uds_connect(const char *path);
void uds_close(struct uds_client *c);
/* False: the connection broke or the answer was none; *why (literal) says what. The client can only be closed then. */
bool uds_post(struct uds_client *c, const char *path, const char *content_type, struct slice body, struct uds_answer *answer,
              const char **why);
void uds_answer_free(struct uds_answer *a);

#endif
