/* A raw HTTP client for the tests of the HTTP server: sends bytes as they are given, reads whole answers. */
#ifndef TESTS_HTTP_CLIENT_H
#define TESTS_HTTP_CLIENT_H

#include "base/buf.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

enum { CLIENT_DEADLINE_SECONDS = 20 };

static inline void client_deadline(int fd)
{
    struct timeval t = {.tv_sec = CLIENT_DEADLINE_SECONDS};
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t), 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t), 0);
}

static inline int client_try_unix(const char *path)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    snprintf(a.sun_path, sizeof a.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0) {
        client_deadline(fd);
        return fd;
    }
    close(fd);
    return -1;
}

static inline int client_unix(const char *path)
{
    int fd = client_try_unix(path);
    assert_true(fd >= 0);
    return fd;
}

static inline int client_tcp(bool v6, uint16_t port)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, v6 ? (struct sockaddr *)&in6 : (struct sockaddr *)&in, v6 ? sizeof in6 : sizeof in), 0);
    client_deadline(fd);
    return fd;
}

static inline void client_send(int fd, const void *bytes, size_t n)
{
    for (size_t done = 0; done < n;) {
        ssize_t sent = send(fd, (const char *)bytes + done, n - done, MSG_NOSIGNAL);
        assert_true(sent > 0);
        done += (size_t)sent;
    }
}

static inline void client_text(int fd, const char *text) { client_send(fd, text, strlen(text)); }

struct answer {
    int status; /* 0: the server closed without an answer */
    char head[2048];
    char *body; /* NUL-terminated */
    size_t len;
};

static inline bool answer_header(const struct answer *a, const char *name, char *out, size_t size)
{
    for (const char *line = strstr(a->head, "\r\n"); line && line[2] && line[2] != '\r'; line = strstr(line + 2, "\r\n")) {
        size_t n = strlen(name);
        if (strncasecmp(line + 2, name, n) || line[2 + n] != ':') continue;
        const char *value = line + 3 + n + strspn(line + 3 + n, " ");
        snprintf(out, size, "%.*s", (int)strcspn(value, "\r"), value);
        return true;
    }
    return false;
}

/* Byte by byte to the end of the head, so that pipelined answers stay apart. */
static inline struct answer client_read(int fd, bool head_only)
{
    struct answer a = {0};
    size_t n = 0;
    while (n < sizeof a.head - 1 && (n < 4 || memcmp(a.head + n - 4, "\r\n\r\n", 4) != 0)) {
        ssize_t got = recv(fd, a.head + n, 1, 0);
        assert_true(got >= 0 || errno == ECONNRESET);
        if (got <= 0) return a;
        n++;
    }
    assert_int_equal(sscanf(a.head, "HTTP/1.1 %d", &a.status), 1);
    char length[32] = "0";
    answer_header(&a, "Content-Length", length, sizeof length);
    a.len = head_only ? 0 : strtoul(length, NULL, 10);
    a.body = calloc(1, a.len + 1);
    for (size_t done = 0; done < a.len;) {
        ssize_t got = recv(fd, a.body + done, a.len - done, 0);
        assert_true(got > 0);
        done += (size_t)got;
    }
    return a;
}

static inline void answer_free(struct answer *a) { free(a->body); }

/* True once the server closed its side; whatever it says before is dropped. */
static inline bool client_closed(int fd)
{
    char scratch[4096];
    ssize_t got;
    while ((got = recv(fd, scratch, sizeof scratch, 0)) > 0) continue;
    return got == 0 || errno == ECONNRESET;
}

#endif
