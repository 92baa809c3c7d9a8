#include "api-client/download.h"

#include "api-client/http_read.h"
#include "api-client/internal.h"
#include "base/die.h"
#include "base/version.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { READ_SIZE = 64 << 10, SILENCE_MS = 600000 /* a large store takes its time to be copied */, REFUSAL_MAX = 64 << 10 };

struct loading {
    int line, out;
    int64_t got, max;
    struct http_read reply;
    struct buf body;
    char **problem;
    char bytes[READ_SIZE];
};

static bool fail(struct loading *l, const char *why)
{
    *l->problem = xstrdup(why);
    return false;
}

static bool connect_to(struct loading *l, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) return fail(l, "the path of the socket is too long");
    memcpy(address.sun_path, path, strlen(path));
    l->line = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (l->line >= 0 && connect(l->line, (struct sockaddr *)&address, sizeof address) == 0) return true;
    return fail(l, "the control plane of this machine does not answer");
}

static bool ask(struct loading *l, const char *path)
{
    char head[256];
    int n = snprintf(head, sizeof head,
                     "GET %s HTTP/1.1\r\nHost: localhost\r\nUser-Agent: tero-console/" TERO_VERSION "\r\nConnection: close\r\n\r\n", path);
    return send(l->line, head, (size_t)n, MSG_NOSIGNAL) == n || fail(l, strerror(errno));
}

/* The body of a refusal stays, to be read. */
static bool pour(struct loading *l)
{
    if (l->reply.status != 200) return true;
    l->got += (int64_t)l->body.len;
    if (l->got > l->max) return fail(l, "it is larger than a bundle may be");
    for (size_t done = 0; done < l->body.len;) {
        ssize_t n = write(l->out, l->body.data + done, l->body.len - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return fail(l, strerror(errno));
        done += (size_t)n;
    }
    buf_clear(&l->body);
    return true;
}

static bool take(struct loading *l)
{
    while (l->reply.state == HTTP_MORE) {
        struct pollfd p = {.fd = l->line, .events = POLLIN};
        if (poll(&p, 1, SILENCE_MS) <= 0 && errno != EINTR) return fail(l, "it takes too long");
        ssize_t n = recv(l->line, l->bytes, READ_SIZE, 0);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) http_read_end(&l->reply);
        else http_read(&l->reply, slice_of(l->bytes, (size_t)n));
        if (l->reply.status != 200 && l->body.len > REFUSAL_MAX) return fail(l, "the answer makes no sense");
        if (!pour(l)) return false;
        if (n <= 0) break;
    }
    return l->reply.state == HTTP_DONE || fail(l, "the connection broke before the end");
}

static bool judge(struct loading *l)
{
    struct verdict v;
    if (l->reply.status == 200) return true;
    if (l->reply.status == 404) return fail(l, "not offered by this control plane");
    answer_read(&v, l->reply.status, buf_view(&l->body));
    fail(l, *v.message ? v.message : "refused");
    json_decref(v.root);
    return false;
}

bool download(const char *socket, const char *path, int fd, int64_t max, char **problem)
{
    struct loading *l = xcalloc(1, sizeof *l);
    l->line = -1;
    l->out = fd;
    l->max = max;
    l->problem = problem;
    buf_init(&l->body, (size_t)max);
    http_read_start(&l->reply, &l->body, HEADERS_MAX);
    bool good = connect_to(l, socket) && ask(l, path) && take(l) && judge(l);
    if (l->line >= 0) close(l->line);
    http_read_free(&l->reply);
    buf_free(&l->body);
    free(l);
    return good;
}
