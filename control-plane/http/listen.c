#include "base/die.h"
#include "control-plane/http/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 512 };

static int fail(int fd, char **problem, const char *what, const char *where)
{
    *problem = xasprintf("%s %s: %s", what, where, strerror(errno));
    if (fd >= 0) close(fd);
    return -1;
}

static bool unix_address(const char *path, struct sockaddr_un *a)
{
    *a = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof a->sun_path) return false;
    memcpy(a->sun_path, path, strlen(path));
    return true;
}

static bool somebody_listens(const struct sockaddr_un *a)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return false;
    bool alive = connect(fd, (const struct sockaddr *)a, sizeof *a) == 0 || errno == EAGAIN;
    close(fd);
    return alive;
}

/* Only a socket is ever replaced. */
static bool remove_stale(const char *path)
{
    struct stat st;
    if (lstat(path, &st) != 0) return errno == ENOENT;
    if (!S_ISSOCK(st.st_mode)) {
        errno = EEXIST;
        return false;
    }
    return unlink(path) == 0 || errno == ENOENT;
}

int http_listen_unix(const char *path, char **problem)
{
    struct sockaddr_un a;
    if (!unix_address(path, &a)) {
        *problem = xasprintf("socket path %s is longer than %zu bytes", path, sizeof a.sun_path - 1);
        return -1;
    }
    if (somebody_listens(&a)) {
        *problem = xasprintf("another server already listens on %s", path);
        return -1;
    }
    if (!remove_stale(path)) return fail(-1, problem, "cannot replace", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || fchmod(fd, 0600) != 0 || bind(fd, (const struct sockaddr *)&a, sizeof a) != 0 || chmod(path, 0600) != 0 ||
        listen(fd, BACKLOG) != 0)
        return fail(fd, problem, "cannot listen on", path);
    return fd;
}

/* "127.0.0.1:4318" or "[::1]:4318"; numbers only. */
static bool tcp_address(const char *text, struct sockaddr_storage *a, socklen_t *size)
{
    char host[INET6_ADDRSTRLEN + 1];
    const char *colon = strrchr(text, ':');
    bool v6 = text[0] == '[';
    const char *start = v6 ? text + 1 : text, *end = v6 && colon ? colon - 1 : colon;
    if (!colon || end <= start || (size_t)(end - start) >= sizeof host || (v6 && *end != ']')) return false;
    memcpy(host, start, (size_t)(end - start));
    host[end - start] = '\0';
    char *rest;
    unsigned long port = strtoul(colon + 1, &rest, 10);
    if (colon[1] < '0' || colon[1] > '9' || *rest || port > UINT16_MAX) return false;
    memset(a, 0, sizeof *a);
    if (v6) {
        struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)a;
        *in6 = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
        *size = sizeof *in6;
        return inet_pton(AF_INET6, host, &in6->sin6_addr) == 1;
    }
    struct sockaddr_in *in = (struct sockaddr_in *)a;
    *in = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    *size = sizeof *in;
    return inet_pton(AF_INET, host, &in->sin_addr) == 1;
}

static uint16_t port_of(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
    } a;
    socklen_t size = sizeof a;
    memset(&a, 0, sizeof a);
    if (getsockname(fd, &a.any, &size) != 0) return 0;
    return ntohs(a.any.sa_family == AF_INET6 ? a.in6.sin6_port : a.in.sin_port);
}

int http_listen_tcp(const char *address, uint16_t *port, char **problem)
{
    struct sockaddr_storage a = {.ss_family = AF_UNSPEC};
    socklen_t size = 0;
    if (!tcp_address(address, &a, &size)) {
        *problem = xasprintf("%s is no address to listen on: 127.0.0.1:4318 or [::1]:4318 is", address);
        return -1;
    }
    int fd = socket(a.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;
    if (fd < 0) return fail(fd, problem, "cannot listen on", address);
    if (a.ss_family == AF_INET6) (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (const struct sockaddr *)&a, size) != 0 || listen(fd, BACKLOG) != 0) return fail(fd, problem, "cannot listen on", address);
    *port = port_of(fd);
    return fd;
}
