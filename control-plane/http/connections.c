#include "base/clock.h"
#include "base/die.h"
#include "control-plane/http/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

enum { IDLE_BEFORE_EVICTION_MS = 1000 };

int64_t http_now_ms(void) { return clock_monotonic() / 1000000; }

static void name_peer(struct http_peer *p, int fd, const struct sockaddr *a)
{
    char host[INET6_ADDRSTRLEN] = "?";
    *p = (struct http_peer){.uid = (uid_t)-1};
    if (a && a->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)a;
        inet_ntop(AF_INET, &in->sin_addr, host, sizeof host);
        snprintf(p->address, sizeof p->address, "%s:%u", host, ntohs(in->sin_port));
    } else if (a && a->sa_family == AF_INET6) {
        const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)a;
        inet_ntop(AF_INET6, &in->sin6_addr, host, sizeof host);
        snprintf(p->address, sizeof p->address, "[%s]:%u", host, ntohs(in->sin6_port));
    } else {
        struct ucred who;
        socklen_t size = sizeof who;
        p->local = true;
        if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0) {
            p->uid = who.uid;
            p->pid = who.pid;
        }
        snprintf(p->address, sizeof p->address, "unix");
    }
}

static struct http_connection *connection_new(struct http_server *s, struct MHD_Connection *mhd)
{
    struct http_connection *c = xcalloc(1, sizeof *c);
    c->server = s;
    c->fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    const union MHD_ConnectionInfo *address = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    name_peer(&c->peer, c->fd, address ? address->client_addr : NULL);
    atomic_init(&c->waiting, true);
    atomic_init(&c->deadline, http_now_ms() + s->timeout_ms);
    return c;
}

static void list_add(struct http_server *s, struct http_connection *c)
{
    pthread_mutex_lock(&s->lock);
    c->next = s->connections;
    if (c->next) c->next->previous = c;
    s->connections = c;
    s->open++;
    if (!c->peer.local) s->open_tcp++;
    pthread_mutex_unlock(&s->lock);
}

static void list_remove(struct http_server *s, struct http_connection *c)
{
    pthread_mutex_lock(&s->lock);
    if (c->next) c->next->previous = c->previous;
    if (c->previous) c->previous->next = c->next;
    else s->connections = c->next;
    s->open--;
    if (!c->peer.local) s->open_tcp--;
    pthread_mutex_unlock(&s->lock);
}

void http_connection_event(void *server, struct MHD_Connection *mhd, void **socket_context, enum MHD_ConnectionNotificationCode what)
{
    struct http_server *s = server;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        struct http_connection *c = connection_new(s, mhd);
        *socket_context = c;
        list_add(s, c);
    } else if (*socket_context) {
        list_remove(s, *socket_context);
        free(*socket_context);
        *socket_context = NULL;
    }
}

void http_deadline(struct http_connection *c, size_t bytes)
{
    atomic_store(&c->deadline, http_now_ms() + c->server->timeout_ms + (int64_t)(bytes / HTTP_BYTES_PER_MS));
}

/* While the server's lock is held the descriptor is not yet closed. */
static void cut(struct http_connection *c)
{
    atomic_store(&c->waiting, false);
    atomic_store(&c->deadline, INT64_MAX);
    shutdown(c->fd, SHUT_RDWR);
}

int http_cut_late(struct http_server *s)
{
    int64_t now = http_now_ms(), first = INT64_MAX;
    pthread_mutex_lock(&s->lock);
    bool any = s->connections != NULL;
    for (struct http_connection *c = s->connections; c; c = c->next) {
        int64_t deadline = atomic_load(&c->deadline);
        if (deadline <= now) cut(c);
        else if (deadline < first) first = deadline;
    }
    pthread_mutex_unlock(&s->lock);
    if (!any) return -1;
    return (int)(first - now < s->timeout_ms ? first - now : s->timeout_ms);
}

static bool has_room(const struct http_server *s, bool local)
{
    unsigned max = s->options.max_connections;
    return s->open < max && (local || s->open_tcp < max - max / 8);
}

static struct http_connection *longest_waiting(struct http_server *s)
{
    struct http_connection *found = NULL;
    int64_t first = http_now_ms() + s->timeout_ms - IDLE_BEFORE_EVICTION_MS;
    for (struct http_connection *c = s->connections; c; c = c->next) {
        int64_t deadline = atomic_load(&c->deadline);
        if (!atomic_load(&c->waiting) || deadline > first) continue;
        first = deadline;
        found = c;
    }
    return found;
}

bool http_make_room(struct http_server *s, bool local)
{
    pthread_mutex_lock(&s->lock);
    bool room = has_room(s, local);
    if (!room) {
        struct http_connection *oldest = longest_waiting(s);
        if (oldest) cut(oldest);
        room = oldest && (local || !oldest->peer.local);
    }
    pthread_mutex_unlock(&s->lock);
    return room;
}

void http_end_waiting(struct http_server *s)
{
    pthread_mutex_lock(&s->lock);
    for (struct http_connection *c = s->connections; c; c = c->next)
        if (atomic_load(&c->waiting)) shutdown(c->fd, SHUT_RD);
    pthread_mutex_unlock(&s->lock);
}
