#include "control-plane/ingest/uds_client.h"

#include "base/die.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { HEAD_MAX = 16 * 1024, TIMEOUT_SECONDS = 60 };

struct uds_client {
    int fd;
    struct buf in; /* read and not yet used */
};

struct uds_client *uds_connect(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct timeval limit = {.tv_sec = TIMEOUT_SECONDS};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    memcpy(address.sun_path, path, strlen(path));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return NULL;
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        int error = errno;
        close(fd);
        errno = error;
        return NULL;
    }
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    struct uds_client *c = xcalloc(1, sizeof *c);
    c->fd = fd;
    buf_init(&c->in, HEAD_MAX + UDS_ANSWER_MAX);
    return c;
}

void uds_close(struct uds_client *c)
{
    if (!c) return;
    close(c->fd);
    buf_free(&c->in);
    free(c);
}

static bool send_all(int fd, struct slice s)
{
    while (s.len) {
        ssize_t n = send(fd, s.ptr, s.len, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        s = slice_of(s.ptr + n, s.len - (size_t)n);
    }
    return true;
}

static bool receive_more(struct uds_client *c)
{
    enum { STEP = 4096 };
    if (!buf_reserve(&c->in, STEP)) return false;
    ssize_t n;
    do n = recv(c->fd, c->in.data + c->in.len, STEP, 0);
    while (n < 0 && errno == EINTR);
    if (n <= 0) return false;
    c->in.len += (size_t)n;
    c->in.data[c->in.len] = '\0';
    return true;
}

/* Value of a header in a head whose lines end with CRLF; empty where it is not there. */
static struct slice header(struct slice head, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = memchr(head.ptr, '\n', head.len), *end = head.ptr + head.len; at; at = memchr(at, '\n', (size_t)(end - at))) {
        if (++at + n >= end) break;
        if (strncasecmp(at, name, n) != 0 || at[n] != ':') continue;
        const char *value = at + n + 1, *stop = memchr(at, '\r', (size_t)(end - at));
        while (value < end && *value == ' ') value++;
        return slice_of(value, stop && stop > value ? (size_t)(stop - value) : 0);
    }
    return (struct slice){0};
}

static bool count_of(struct slice s, size_t most, size_t *value)
{
    *value = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9' || *value > most) return false;
        *value = *value * 10 + (size_t)(s.ptr[i] - '0');
    }
    return s.len > 0 && *value <= most;
}

static void forget(struct uds_client *c, size_t n)
{
    memmove(c->in.data, c->in.data + n, c->in.len - n);
    buf_cut(&c->in, c->in.len - n);
}

/* The head with its empty line; 100 Continue is passed over. */
static bool read_head(struct uds_client *c, size_t *len, int *status)
{
    for (;;) {
        char *end = c->in.len ? memmem(c->in.data, c->in.len, "\r\n\r\n", 4) : NULL;
        if (!end) {
            if (c->in.len > HEAD_MAX || !receive_more(c)) return false;
            continue;
        }
        *len = (size_t)(end - c->in.data) + 4;
        size_t code;
        if (*len < 14 || memcmp(c->in.data, "HTTP/1.", 7) != 0 || !count_of(slice_of(c->in.data + 9, 3), 599, &code)) return false;
        *status = (int)code;
        if (code >= 200) return true;
        forget(c, *len);
    }
}

static bool read_answer(struct uds_client *c, struct uds_answer *a, const char **why)
{
    size_t head_len, body_len = 0, seconds = 0;
    *why = "no answer";
    if (!read_head(c, &head_len, &a->status)) return false;
    struct slice head = slice_of(c->in.data, head_len);
    *why = "the answer has no fit length";
    if (a->status != 204 && !count_of(header(head, "Content-Length"), UDS_ANSWER_MAX, &body_len)) return false;
    if (count_of(header(head, "Retry-After"), 86400, &seconds)) a->retry_after = (int)seconds;
    *why = "the answer broke off";
    while (c->in.len < head_len + body_len)
        if (!receive_more(c)) return false;
    buf_add(&a->body, c->in.data + head_len, body_len);
    forget(c, head_len + body_len);
    return true;
}

bool uds_post(struct uds_client *c, const char *path, const char *content_type, struct slice body, struct uds_answer *answer,
              const char **why)
{
    struct buf head;
    *answer = (struct uds_answer){0};
    buf_init(&answer->body, UDS_ANSWER_MAX);
    buf_init(&head, 1024);
    buf_printf(&head, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n", path, content_type,
               body.len);
    /* An answer may come before all was taken (a refusal): it is read even when sending failed. */
    bool sent = send_all(c->fd, buf_view(&head)) && send_all(c->fd, body);
    buf_free(&head);
    bool ok = read_answer(c, answer, why);
    if (!ok && !sent) *why = "the connection broke";
    return ok;
}

void uds_answer_free(struct uds_answer *a) { buf_free(&a->body); }
