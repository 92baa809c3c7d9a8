/* A control plane for the tests of the client: a thread on a Unix socket (or, where server_tcp says so, a
 * port of this machine) that answers each request with the next step
 * of a script, and keeps what it was sent. A thread a connection. */
#ifndef TESTS_UNIT_API_CLIENT_SERVER_H
#define TESTS_UNIT_API_CLIENT_SERVER_H

#include "base/buf.h"
#include "base/die.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct step {
    const char *raw; /* the bytes of the answer; NULL: 200 with `json` */
    const char *json;
    size_t flood; /* bytes of 'x' after that */
    bool hang;    /* answers nothing until the client goes away */
    bool close;   /* ends the connection afterwards */
    bool drip;    /* a byte at a time */
};

enum { STEPS_MAX = 64 };

static bool server_tcp;

struct server {
    char path[64], endpoint[64]; /* one of them is "" */
    int listener;
    pthread_t thread, talkers[STEPS_MAX];
    const struct step *steps; /* the last is repeated */
    size_t count;
    atomic_uint requests, connections;
    struct buf bodies[STEPS_MAX], heads[STEPS_MAX]; /* of the requests, read after server_stop */
};

static bool server_read(int fd, struct buf *head, struct buf *body)
{
    char chunk[4096], *end;
    for (;;) {
        ssize_t got = read(fd, chunk, sizeof chunk);
        if (got <= 0) return false;
        buf_add(head, chunk, (size_t)got);
        if (!(end = strstr(head->data, "\r\n\r\n"))) continue;
        const char *length = strcasestr(head->data, "content-length:");
        size_t wanted = length ? strtoul(length + 15, NULL, 10) : 0, have = head->len - (size_t)(end + 4 - head->data);
        if (have < wanted) continue;
        buf_add(body, end + 4, have);
        buf_cut(head, head->len - have);
        head->data[head->len] = '\0';
        return true;
    }
}

/* The next request of a connection is kept; gives its number, -1: none came. */
static int server_take(struct server *s, int fd)
{
    struct buf head, body;
    buf_init(&head, 1 << 20);
    buf_init(&body, 1 << 20);
    if (!server_read(fd, &head, &body)) {
        buf_free(&head);
        buf_free(&body);
        return -1;
    }
    unsigned n = s->requests++;
    buf_free(&s->heads[n % STEPS_MAX]);
    buf_free(&s->bodies[n % STEPS_MAX]);
    s->heads[n % STEPS_MAX] = head;
    s->bodies[n % STEPS_MAX] = body;
    return (int)n;
}

static bool server_write(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t put = send(fd, bytes, n, MSG_NOSIGNAL);
        if (put <= 0) return false;
        bytes += put;
        n -= (size_t)put;
    }
    return true;
}

static bool server_answer(const struct step *step, int fd)
{
    char head[128], block[4096], byte;
    if (step->hang) {
        while (read(fd, &byte, 1) > 0) continue;
        return false;
    }
    if (!step->raw) {
        int n = snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                         strlen(step->json));
        if (!server_write(fd, head, (size_t)n) || !server_write(fd, step->json, strlen(step->json))) return false;
    } else {
        size_t n = strlen(step->raw), each = step->drip ? 1 : n;
        for (size_t at = 0; at < n; at += each)
            if (!server_write(fd, step->raw + at, each)) return false;
    }
    memset(block, 'x', sizeof block);
    for (size_t left = step->flood; left > 0; left -= left < sizeof block ? left : sizeof block)
        if (!server_write(fd, block, left < sizeof block ? left : sizeof block)) return false;
    return !step->close;
}

struct talk {
    struct server *server;
    int fd;
};

static void *server_talk(void *context)
{
    struct talk *talk = context;
    struct server *s = talk->server;
    for (int n; (n = server_take(s, talk->fd)) >= 0;)
        if (!server_answer(&s->steps[(size_t)n < s->count ? (size_t)n : s->count - 1], talk->fd)) break;
    close(talk->fd);
    free(talk);
    return NULL;
}

static void *server_run(void *context)
{
    struct server *s = context;
    int fd;
    while ((fd = accept(s->listener, NULL, NULL)) >= 0) {
        struct talk *talk = xmalloc(sizeof *talk);
        *talk = (struct talk){s, fd};
        if (s->connections == STEPS_MAX || pthread_create(&s->talkers[s->connections], NULL, server_talk, talk)) die("talker");
        s->connections++;
    }
    return NULL;
}

static void server_listen_unix(struct server *s)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char folder[] = "/tmp/tero-client-XXXXXX";
    if (!mkdtemp(folder)) die("mkdtemp");
    snprintf(s->path, sizeof s->path, "%s/s", folder);
    memcpy(address.sun_path, s->path, strlen(s->path) + 1);
    s->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(s->listener, (struct sockaddr *)&address, sizeof address) || listen(s->listener, 16)) die("listen");
}

static void server_listen_tcp(struct server *s)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(s->listener, (struct sockaddr *)&address, sizeof address) || listen(s->listener, 16)) die("listen");
    if (getsockname(s->listener, (struct sockaddr *)&address, &size)) die("getsockname");
    snprintf(s->endpoint, sizeof s->endpoint, "http://127.0.0.1:%d", ntohs(address.sin_port));
}

static void server_start(struct server *s, const struct step *steps, size_t count)
{
    *s = (struct server){.steps = steps, .count = count};
    if (server_tcp) server_listen_tcp(s);
    else server_listen_unix(s);
    if (pthread_create(&s->thread, NULL, server_run, s)) die("thread");
}

/* The client has to be closed before: an open connection keeps its thread. */
static void server_stop(struct server *s)
{
    shutdown(s->listener, SHUT_RDWR);
    pthread_join(s->thread, NULL);
    for (unsigned i = 0; i < s->connections; i++) pthread_join(s->talkers[i], NULL);
    close(s->listener);
    if (!*s->path) return;
    unlink(s->path);
    *strrchr(s->path, '/') = '\0';
    rmdir(s->path);
}

static void server_free(struct server *s)
{
    for (size_t i = 0; i < STEPS_MAX; i++) {
        buf_free(&s->bodies[i]);
        buf_free(&s->heads[i]);
    }
}

#endif
