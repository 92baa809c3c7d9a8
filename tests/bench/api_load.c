/* Load on a Unix socket, and what it costs the server.
 *
 * api_load request SOCKET PID REQUESTS CONNECTIONS METHOD PATH [BODY-FILE]
 *   prints: CPU microseconds a request, requests a second, bytes of an answer's body
 * api_load start RUNS SOCKET PROGRAM ARGUMENT...
 *   starts the program RUNS times and prints the median milliseconds from exec to its first answer of /healthz
 *
 * CPU is the sum of /proc/PID/task/N/schedstat: user and kernel, to the nanosecond. A status other than 200 ends it. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/die.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 256, ANSWER_MAX = 8 << 20, WARM_UP = 200, RUNS_MAX = 101, START_DEADLINE_SECONDS = 20 };

struct peer {
    int fd;
    struct buf answer;
};

static uint64_t cpu_ns(const char *pid)
{
    char path[300];
    uint64_t total = 0, ran;
    snprintf(path, sizeof path, "/proc/%s/task", pid);
    DIR *d = opendir(path);
    if (!d) die("no process %s", pid);
    for (struct dirent *e = readdir(d); e; e = readdir(d)) {
        if (e->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "/proc/%s/task/%.200s/schedstat", pid, e->d_name);
        FILE *f = fopen(path, "r");
        if (f && fscanf(f, "%lu", &ran) == 1) total += ran;
        if (f) fclose(f);
    }
    closedir(d);
    return total;
}

static int connect_to(const char *path)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    snprintf(a.sun_path, sizeof a.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof a) == 0) return fd;
    if (fd >= 0) close(fd);
    return -1;
}

static void read_file(struct buf *out, const char *path)
{
    char block[4096];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) die("%s: %s", path, strerror(errno));
    for (ssize_t n; (n = read(fd, block, sizeof block)) > 0;) buf_add(out, block, (size_t)n);
    close(fd);
}

static void make_request(struct buf *out, const char *method, const char *path, const char *body_file)
{
    struct buf body;
    buf_init(&body, ANSWER_MAX);
    buf_init(out, ANSWER_MAX);
    if (body_file) read_file(&body, body_file);
    buf_printf(out, "%s %s HTTP/1.1\r\nHost: bench\r\n", method, path);
    if (body_file) buf_printf(out, "Content-Type: application/json\r\nContent-Length: %zu\r\n", body.len);
    buf_str(out, "\r\n");
    buf_slice(out, buf_view(&body));
    buf_free(&body);
}

static void send_all(int fd, struct slice s)
{
    for (size_t at = 0; at < s.len;) {
        ssize_t n = send(fd, s.ptr + at, s.len - at, MSG_NOSIGNAL);
        if (n <= 0) die("send: %s", strerror(errno));
        at += (size_t)n;
    }
}

/* Bytes of the body once the whole answer is there, -1 before that. */
static long whole_answer(const struct buf *b)
{
    const char *end = b->len ? strstr(b->data, "\r\n\r\n") : NULL, *length = b->len ? strcasestr(b->data, "\r\ncontent-length:") : NULL;
    if (!end || !length) return -1;
    if (strncmp(b->data, "HTTP/1.1 200", 12) != 0) die("%.300s", b->data);
    size_t body = strtoul(length + 17, NULL, 10);
    return b->len >= (size_t)(end + 4 - b->data) + body ? (long)body : -1;
}

static long receive(struct peer *p)
{
    if (!buf_reserve(&p->answer, 65536)) die("the answer is too large");
    ssize_t n = recv(p->fd, p->answer.data + p->answer.len, 65536, 0);
    if (n <= 0) die("the server closed the connection");
    p->answer.len += (size_t)n;
    p->answer.data[p->answer.len] = '\0';
    return whole_answer(&p->answer);
}

/* Each connection has one request under way until all are answered; gives the bytes of the last body. */
static long drive(struct peer *peers, nfds_t count, unsigned requests, struct slice request)
{
    struct pollfd p[CONNECTIONS_MAX];
    unsigned sent = 0, done = 0;
    long body = 0;
    for (nfds_t i = 0; i < count; i++) {
        p[i] = (struct pollfd){.fd = peers[i].fd, .events = POLLIN};
        if (sent < requests) send_all(peers[i].fd, request), sent++;
    }
    while (done < requests) {
        if (poll(p, count, -1) < 0) die("poll: %s", strerror(errno));
        for (nfds_t i = 0; i < count; i++) {
            long n = p[i].revents ? receive(&peers[i]) : -1;
            if (n < 0) continue;
            body = n;
            done++;
            buf_clear(&peers[i].answer);
            if (sent < requests) send_all(peers[i].fd, request), sent++;
        }
    }
    return body;
}

static int load(char **argv, const char *body_file)
{
    static struct peer peers[CONNECTIONS_MAX];
    struct buf request;
    unsigned requests = (unsigned)atoi(argv[4]), connections = (unsigned)atoi(argv[5]);
    if (!requests || !connections || connections > CONNECTIONS_MAX) die("wrong numbers");
    make_request(&request, argv[6], argv[7], body_file);
    for (unsigned i = 0; i < connections; i++) {
        peers[i].fd = connect_to(argv[2]);
        if (peers[i].fd < 0) die("%s: %s", argv[2], strerror(errno));
        buf_init(&peers[i].answer, ANSWER_MAX);
    }
    drive(peers, connections, WARM_UP, buf_view(&request));
    uint64_t cpu = cpu_ns(argv[3]);
    int64_t start = clock_monotonic();
    long body = drive(peers, connections, requests, buf_view(&request));
    double seconds = (double)(clock_monotonic() - start) / 1e9;
    printf("%.2f %.0f %ld\n", (double)(cpu_ns(argv[3]) - cpu) / 1e3 / requests, requests / seconds, body);
    buf_free(&request);
    return 0;
}

static double first_answer_ms(const char *socket, char **program)
{
    struct buf request;
    struct peer p = {.fd = -1};
    make_request(&request, "GET", "/healthz", NULL);
    buf_init(&p.answer, ANSWER_MAX);
    int64_t start = clock_monotonic();
    pid_t pid = fork();
    if (pid == 0) {
        execv(program[0], program);
        _exit(127);
    }
    while ((p.fd = connect_to(socket)) < 0) {
        if (clock_monotonic() - start > START_DEADLINE_SECONDS * NS_PER_SECOND) die("the server does not come up");
        usleep(100);
    }
    send_all(p.fd, buf_view(&request));
    while (receive(&p) < 0) continue;
    double ms = (double)(clock_monotonic() - start) / 1e6;
    close(p.fd);
    buf_free(&p.answer);
    buf_free(&request);
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    return ms;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int start(char **argv)
{
    double ms[RUNS_MAX];
    int runs = atoi(argv[2]);
    if (runs < 1 || runs > RUNS_MAX) die("wrong number of runs");
    for (int i = 0; i < runs; i++) ms[i] = first_answer_ms(argv[3], argv + 4);
    qsort(ms, (size_t)runs, sizeof *ms, ascending);
    printf("%.2f\n", ms[runs / 2]);
    return 0;
}

int main(int argc, char **argv)
{
    if ((argc == 8 || argc == 9) && !strcmp(argv[1], "request")) return load(argv, argc == 9 ? argv[8] : NULL);
    if (argc >= 5 && !strcmp(argv[1], "start")) return start(argv);
    fputs("usage: api_load request SOCKET PID REQUESTS CONNECTIONS METHOD PATH [BODY-FILE] | start RUNS SOCKET PROGRAM...\n", stderr);
    return 1;
}
