/* HTTP/1.1 over a Unix socket: at most CONNECTIONS at once, kept between requests, nothing blocks. */
#include "api-client/http_read.h"
#include "api-client/transport.h"
#include "base/clock.h"
#include "base/die.h"
#include "base/version.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { MS = 1000000, RECONNECT_MS = 5, READ_SIZE = 32 << 10 };

struct line {   /* a connection */
    int fd;     /* -1: none */
    bool taken; /* an errand uses it */
};

/* What begin() was asked for: waits for a line, writes, reads, is done. */
struct errand {
    struct errand *next;
    struct exchange *exchange;
    struct line *line; /* NULL: waits for one */
    struct buf head;
    struct slice body;
    size_t written; /* of head and body */
    struct http_read reply;
    int64_t began, try_at /* monotonic; not before then */;
    bool once, reused /* the line carried an answer before */, finished;
};

struct local {
    const struct origin *origin;
    struct sockaddr_un address;
    struct line lines[CONNECTIONS];
    struct errand *first;
    char *bytes;
};

static void *local_open(const struct origin *o)
{
    struct local *l = xcalloc(1, sizeof *l);
    l->origin = o;
    l->address.sun_family = AF_UNIX;
    snprintf(l->address.sun_path, sizeof l->address.sun_path, "%s", o->socket);
    for (size_t i = 0; i < CONNECTIONS; i++) l->lines[i].fd = -1;
    l->bytes = xmalloc(READ_SIZE);
    return l;
}

static void hang_up(struct line *line)
{
    if (line->fd >= 0) close(line->fd);
    *line = (struct line){.fd = -1};
}

static void errand_free(struct errand *e)
{
    if (e->line) hang_up(e->line);
    e->exchange->carrier = NULL;
    http_read_free(&e->reply);
    buf_free(&e->head);
    free(e);
}

static void local_end(void *transport, struct exchange *x)
{
    struct local *l = transport;
    if (!x->carrier) return;
    for (struct errand **at = &l->first; *at; at = &(*at)->next)
        if (*at == x->carrier) {
            struct errand *e = *at;
            *at = e->next;
            errand_free(e);
            break;
        }
    buf_free(&x->answer);
}

static void local_close(void *transport)
{
    struct local *l = transport;
    while (l->first) local_end(l, l->first->exchange);
    for (size_t i = 0; i < CONNECTIONS; i++) hang_up(&l->lines[i]);
    free(l->bytes);
    free(l);
}

/* ---- the end of an errand ---- */

static void finish(struct errand *e, enum outcome outcome, const char *problem)
{
    struct exchange *x = e->exchange;
    bool keep = outcome == OUTCOME_ANSWERED && e->reply.keep;
    if (e->line && keep) e->line->taken = false;
    else if (e->line) hang_up(e->line);
    e->line = NULL;
    e->finished = true;
    x->outcome = outcome;
    x->http = e->reply.status;
    snprintf(x->problem, sizeof x->problem, "%s", problem);
    exchange_request_id(x, slice_str(e->reply.request_id));
    exchange_retry_after(x, e->reply.retry_after);
}

/* True: begun again on a fresh line, since the server had given up the kept one before it saw anything. */
static bool begin_again(struct errand *e)
{
    if (!e->reused || e->reply.status || e->reply.line.len) return false;
    hang_up(e->line);
    e->line = NULL;
    e->once = true;
    e->written = 0;
    return true;
}

static void lost(struct errand *e, const char *problem)
{
    if (!begin_again(e)) finish(e, OUTCOME_LOST, problem);
}

static void judge(struct errand *e)
{
    if (e->reply.state == HTTP_DONE) finish(e, OUTCOME_ANSWERED, "");
    else if (e->reply.state == HTTP_BROKEN) finish(e, OUTCOME_BROKEN, e->reply.problem);
    else if (e->reply.state == HTTP_TOO_LARGE) finish(e, OUTCOME_TOO_LARGE, "");
}

/* ---- lines ---- */

/* What a server says unasked, or its hanging up, makes a kept line useless. */
static bool is_quiet(const struct line *line)
{
    char byte;
    return recv(line->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EINTR);
}

static struct line *kept_line(struct local *l)
{
    for (size_t i = 0; i < CONNECTIONS; i++) {
        struct line *line = &l->lines[i];
        if (line->fd < 0 || line->taken) continue;
        if (is_quiet(line)) return line;
        hang_up(line);
    }
    return NULL;
}

/* A place for a new line; a kept one that nobody uses makes room. */
static struct line *free_line(struct local *l)
{
    struct line *idle = NULL;
    for (size_t i = 0; i < CONNECTIONS; i++) {
        if (l->lines[i].fd < 0) return &l->lines[i];
        if (!l->lines[i].taken) idle = &l->lines[i];
    }
    if (idle) hang_up(idle);
    return idle;
}

/* A full backlog cannot be waited for: asked again soon. */
static void dial(struct local *l, struct errand *e, struct line *line)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&l->address, sizeof l->address) == 0) {
        *line = (struct line){.fd = fd, .taken = true};
        e->line = line;
        return;
    }
    bool full = fd >= 0 && (errno == EAGAIN || errno == EINTR);
    if (!full) finish(e, OUTCOME_NOT_SENT, strerror(errno));
    else e->try_at = clock_monotonic() + RECONNECT_MS * MS;
    if (fd >= 0) close(fd);
}

static void take_line(struct local *l, struct errand *e)
{
    if (clock_monotonic() < e->try_at) return;
    struct line *line = e->once ? NULL : kept_line(l);
    e->reused = line != NULL;
    if (line) {
        line->taken = true;
        e->line = line;
    } else if ((line = free_line(l))) {
        dial(l, e, line);
    }
}

/* ---- bytes ---- */

static void write_request(struct errand *e)
{
    while (e->line && e->written < e->head.len + e->body.len) {
        bool in_head = e->written < e->head.len;
        struct slice rest = in_head ? slice_of(e->head.data + e->written, e->head.len - e->written)
                                    : slice_of(e->body.ptr + (e->written - e->head.len), e->body.len - (e->written - e->head.len));
        ssize_t n = send(e->line->fd, rest.ptr, rest.len, MSG_NOSIGNAL | (in_head ? MSG_MORE : 0));
        if (n > 0) e->written += (size_t)n;
        else if (errno == EAGAIN || errno == EPIPE || errno == ECONNRESET) return; /* of who hung up, too, an answer may be there */
        else if (errno != EINTR) lost(e, strerror(errno));
    }
}

static void read_reply(struct local *l, struct errand *e)
{
    while (e->line && !e->finished) {
        ssize_t n = recv(e->line->fd, l->bytes, READ_SIZE, 0);
        if (n < 0 && errno == EAGAIN) return;
        if (n < 0 && errno == EINTR) continue;
        if (n > 0) {
            size_t used = http_read(&e->reply, slice_of(l->bytes, (size_t)n));
            if (used < (size_t)n) e->reply.keep = false;
            if (e->written < e->head.len + e->body.len) e->reply.keep = false;
        } else {
            http_read_end(&e->reply);
            if (e->reply.state == HTTP_MORE) {
                lost(e, n < 0 ? strerror(errno) : e->reply.status ? "the answer broke off" : "the connection was closed without an answer");
                return;
            }
        }
        judge(e);
    }
}

static void advance(struct local *l, struct errand *e)
{
    if (e->finished) return;
    if (!e->line) take_line(l, e);
    if (e->line) write_request(e);
    if (e->line) read_reply(l, e);
    int64_t passed = clock_monotonic() - e->began;
    if (e->finished) return;
    if (passed > (int64_t)l->origin->transfer_ms * MS) finish(e, e->written ? OUTCOME_LOST : OUTCOME_NOT_SENT, "it takes too long");
    else if (!e->line && e->try_at && passed > (int64_t)CONNECT_MS * MS) finish(e, OUTCOME_NOT_SENT, "too many wait for a connection");
}

static void write_head(struct buf *out, const struct origin *o, const struct exchange *x, size_t length)
{
    buf_str(out, "POST /graphql HTTP/1.1\r\nHost: localhost\r\nUser-Agent: tero-console/" TERO_VERSION "\r\n");
    buf_str(out, TRANSPORT_TYPE "\r\n" TRANSPORT_ACCEPT "\r\n");
    buf_printf(out, "X-Request-Id: %s\r\n", x->request_id);
    if (o->account) buf_printf(out, "%s\r\n", o->account);
    if (o->bearer) {
        buf_str(out, o->bearer);
        buf_str(out, "\r\n");
    }
    buf_printf(out, "Content-Length: %zu\r\n\r\n", length);
}

static void local_begin(void *transport, struct exchange *x, struct slice body, bool once)
{
    struct local *l = transport;
    struct errand *e = xcalloc(1, sizeof *e), **at = &l->first;
    exchange_start(x);
    x->carrier = e;
    *e = (struct errand){.exchange = x, .body = body, .once = once, .began = clock_monotonic()};
    buf_init_secret(&e->head, HEADERS_MAX);
    write_head(&e->head, l->origin, x, body.len);
    http_read_start(&e->reply, &x->answer, HEADERS_MAX);
    while (*at) at = &(*at)->next;
    *at = e;
    take_line(l, e);
    if (e->line) write_request(e);
}

static struct exchange *local_perform(void *transport)
{
    struct local *l = transport;
    for (struct errand *e = l->first; e; e = e->next) advance(l, e);
    for (struct errand *e = l->first; e; e = e->next)
        if (e->finished) return e->exchange;
    return NULL;
}

/* ---- waiting ---- */

static int64_t wake_at(const struct local *l, const struct errand *e)
{
    if (e->finished) return 0;
    int64_t end = e->began + (int64_t)l->origin->transfer_ms * MS;
    return !e->line && e->try_at && e->try_at < end ? e->try_at : end;
}

static int sooner(int timeout_ms, int64_t when, int64_t now)
{
    int64_t ms = when <= now ? 0 : (when - now + MS - 1) / MS;
    return timeout_ms < 0 || ms < timeout_ms ? (int)ms : timeout_ms;
}

static void local_wait(void *transport, const int *fds, bool *ready, size_t count, int timeout_ms)
{
    struct local *l = transport;
    struct pollfd waits[WAIT_FDS + CONNECTIONS];
    size_t all = count;
    int64_t now = clock_monotonic();
    for (size_t i = 0; i < count; i++) waits[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
    for (const struct errand *e = l->first; e; e = e->next) {
        timeout_ms = sooner(timeout_ms, wake_at(l, e), now);
        bool writes = e->written < e->head.len + e->body.len;
        if (e->line) waits[all++] = (struct pollfd){.fd = e->line->fd, .events = (short)(writes ? POLLIN | POLLOUT : POLLIN)};
    }
    int n = poll(waits, (nfds_t)all, timeout_ms);
    for (size_t i = 0; i < count; i++) ready[i] = n > 0 && waits[i].revents != 0;
}

const struct transport_ops transport_local = {
    .open = local_open,
    .close = local_close,
    .begin = local_begin,
    .end = local_end,
    .perform = local_perform,
    .wait = local_wait,
};
