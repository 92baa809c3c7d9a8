/* One thread accepts for all workers and cuts slow peers; it sleeps in poll() and has nothing to do when nobody is
 * connected. Accepting here and not in each worker keeps the limits exact over both listeners. */
#include "base/log.h"
#include "control-plane/http/server.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ACCEPTS_AT_ONCE = 64, PAUSE_MS = 100 };

static void refuse(int fd)
{
    static const char answer[] = "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n";
    ssize_t ignored = send(fd, answer, sizeof answer - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)ignored;
    close(fd);
}

/* False: out of descriptors or memory; accepting must pause. */
static bool accept_one(struct http_server *s, int listener, bool *empty)
{
    struct sockaddr_storage a = {.ss_family = AF_UNSPEC};
    socklen_t size = sizeof a;
    int fd = accept4(listener, (struct sockaddr *)&a, &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) {
        *empty = errno != EINTR && errno != ECONNABORTED;
        return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR || errno == ECONNABORTED;
    }
    if (!http_make_room(s, a.ss_family == AF_UNIX)) refuse(fd);
    else MHD_add_connection(s->daemon, fd, (const struct sockaddr *)&a, size);
    return true;
}

static bool accept_some(struct http_server *s, int listener)
{
    bool empty = false;
    for (int i = 0; i < ACCEPTS_AT_ONCE && !empty; i++)
        if (!accept_one(s, listener, &empty)) {
            log_warn("cannot accept connections: %s", strerror(errno));
            http_make_room(s, true);
            return false;
        }
    return true;
}

static int sleep_ms(int until_next_cut, bool paused, bool accepted)
{
    if (paused) return PAUSE_MS;
    if (accepted && until_next_cut < 0) return PAUSE_MS; /* its worker has not listed it yet */
    return until_next_cut;
}

void *http_accept_loop(void *server)
{
    struct http_server *s = server;
    bool paused = false, accepted = false;
    for (;;) {
        struct pollfd p[HTTP_LISTENERS + 1] = {{.fd = s->wake, .events = POLLIN}};
        for (int i = 0; i < HTTP_LISTENERS; i++) p[i + 1] = (struct pollfd){.fd = paused ? -1 : s->listener[i], .events = POLLIN};
        int ready = poll(p, HTTP_LISTENERS + 1, sleep_ms(http_cut_late(s), paused, accepted));
        if (p[0].revents) return NULL;
        paused = false;
        accepted = ready > 0;
        for (int i = 0; i < HTTP_LISTENERS && ready > 0; i++)
            if (p[i + 1].revents && !accept_some(s, s->listener[i])) paused = true;
    }
}
