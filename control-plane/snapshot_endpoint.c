#include "control-plane/endpoints.h"

#include "base/die.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ERROR_MAX = 2048, BUSY_RETRY_SECONDS = 5 };

static enum http_then refuse(struct http_reply *reply, int status, const char *code, const char *message)
{
    *reply = (struct http_reply){.status = status, .content_type = "application/json"};
    if (status == 503) reply->retry_after = BUSY_RETRY_SECONDS;
    buf_init(&reply->body, ERROR_MAX);
    gql_error_answer(&reply->body, code, slice_str(message));
    return HTTP_DONE;
}

/* The bundle, mapped: its name is gone by then, its pages come from the disk as they are sent. */
struct mapped {
    void *bytes;
    size_t length;
};

static void unmap(void *owner)
{
    struct mapped *m = owner;
    munmap(m->bytes, m->length);
    free(m);
}

static struct mapped *map(const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && fstat(fd, &st) == 0;
    void *bytes = good ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
    if (fd >= 0) close(fd);
    if (bytes == MAP_FAILED) return NULL;
    struct mapped *m = xmalloc(sizeof *m);
    *m = (struct mapped){bytes, (size_t)st.st_size};
    return m;
}

static void made(void *context, const char *path, const char *problem)
{
    struct http_reply reply;
    struct mapped *m = path ? map(path) : NULL;
    if (m) {
        reply = (struct http_reply){.status = 200, .content_type = "application/vnd.tero.bundle"};
        reply.shared = (struct http_shared){slice_of(m->bytes, m->length), unmap, m};
    } else {
        refuse(&reply, 500, "INTERNAL", problem ? problem : "the snapshot cannot be read");
    }
    http_answer(context, &reply);
}

enum http_then snapshot_endpoint(void *context, struct http_request *request, struct http_reply *reply)
{
    struct endpoints *p = context;
    char by[64];
    if (!request->peer.local)
        return refuse(reply, 401, "UNAUTHENTICATED", "Tokens are not available in this version: use the Unix socket.");
    if (request->peer.uid != p->owner && request->peer.uid != 0)
        return refuse(reply, 403, "FORBIDDEN", "Only the owner of the data directory and root may take a snapshot.");
    if (!p->snapshots) return refuse(reply, 403, "READ_ONLY", "This is a snapshot already.");
    snprintf(by, sizeof by, "uid:%ld", (long)request->peer.uid);
    if (snapshots_begin(p->snapshots, by, made, request)) return HTTP_LATER;
    return refuse(reply, 503, "UNAVAILABLE", "A snapshot is being made for somebody else.");
}
