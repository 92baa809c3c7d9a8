/* A fleet that polls: sync_fleet SOCKET PID INSTANCES STATUSES HASH [POLLS]
 *
 * Each instance polls once, INSTANCES in all (POLLS of them where that is less), with the hash given and STATUSES policy
 * statuses of ids drop-noise-0000 and on. Prints CPU microseconds of process PID a poll, until all was answered and
 * what came of it was written (5 seconds later), and the polls a second.
 *
 * sync_fleet list SOCKET prints what a client gets that has no policies yet. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/die.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { BODY_MAX = 4 << 20, ANSWER_MAX = 4096, LIST_MAX = 64 << 20, WRITTEN_SECONDS = 5 };

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
    if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof a) != 0) die("%s: %s", path, strerror(errno));
    return fd;
}

static void attribute(struct buf *out, const char *key, const char *format, int n)
{
    buf_printf(out, "{\"key\":\"%s\",\"value\":{\"stringValue\":\"", key);
    char value[64];
    snprintf(value, sizeof value, format, n); // NOLINT(clang-diagnostic-format-nonliteral)
    buf_printf(out, "%s\"}}", value);
}

static void write_body(struct buf *out, int instance, int statuses, const char *hash)
{
    buf_clear(out);
    buf_str(out, "{\"clientMetadata\":{\"resourceAttributes\":[");
    attribute(out, "service.name", "tero-edge", 0);
    buf_char(out, ',');
    attribute(out, "service.namespace", "bench", 0);
    buf_char(out, ',');
    attribute(out, "service.version", "1.29.3", 0);
    buf_char(out, ',');
    attribute(out, "service.instance.id", "edge-1751970000000-%d", instance);
    buf_printf(out, "]},\"lastSyncTimestampUnixNano\":\"1751970000000000000\",\"lastSuccessfulHash\":\"%s\",\"policyStatuses\":[", hash);
    for (int i = 0; i < statuses; i++)
        buf_printf(out, "%s{\"id\":\"drop-noise-%04d\",\"matchHits\":\"%d\",\"matchMisses\":\"%d\"}", i ? "," : "", i, i * 7 % 100, i % 10);
    buf_str(out, "]}");
}

static void send_all(int fd, const char *bytes, size_t n)
{
    while (n) {
        ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);
        if (sent <= 0) die("send: %s", strerror(errno));
        bytes += sent;
        n -= (size_t)sent;
    }
}

static void poll_once(int fd, const struct buf *body)
{
    char head[200], answer[ANSWER_MAX];
    int n =
        snprintf(head, sizeof head,
                 "POST /v1/policy/sync HTTP/1.1\r\nHost: b\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n", body->len);
    send_all(fd, head, (size_t)n);
    send_all(fd, body->data, body->len);
    ssize_t got = recv(fd, answer, sizeof answer - 1, 0);
    answer[got > 0 ? got : 0] = '\0';
    if (strncmp(answer, "HTTP/1.1 200", 12) != 0 || !strstr(answer, "errorMessage")) die("not the short answer: %s", answer);
}

static int print_list(const char *socket)
{
    static const char request[] = "POST /v1/policy/sync HTTP/1.1\r\nHost: b\r\nConnection: close\r\nContent-Type: application/json\r\n"
                                  "Content-Length: 2\r\n\r\n{}";
    struct buf answer;
    int fd = connect_to(socket);
    buf_init(&answer, LIST_MAX);
    send_all(fd, request, sizeof request - 1);
    while (buf_reserve(&answer, 65536)) {
        ssize_t n = recv(fd, answer.data + answer.len, 65536, 0);
        if (n <= 0) break;
        answer.len += (size_t)n;
    }
    close(fd);
    const char *body = answer.len ? memmem(answer.data, answer.len, "\r\n\r\n", 4) : NULL;
    if (!body || strncmp(answer.data, "HTTP/1.1 200", 12) != 0) die("no list");
    fwrite(body + 4, 1, answer.len - (size_t)(body + 4 - answer.data), stdout);
    buf_free(&answer);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "list") == 0) return print_list(argv[2]);
    if (argc != 6 && argc != 7) die("usage: sync_fleet SOCKET PID INSTANCES STATUSES HASH [POLLS] | list SOCKET");
    int instances = atoi(argv[3]), statuses = atoi(argv[4]), polls = argc == 7 ? atoi(argv[6]) : instances;
    struct buf body;
    buf_init(&body, BODY_MAX);
    int fd = connect_to(argv[1]);
    uint64_t cpu = cpu_ns(argv[2]);
    int64_t start = clock_monotonic();
    for (int i = 0; i < polls; i++) {
        write_body(&body, i % instances, statuses, argv[5]);
        poll_once(fd, &body);
    }
    double seconds = (double)(clock_monotonic() - start) / 1e9;
    sleep(WRITTEN_SECONDS);
    printf("%.2f %.0f\n", (double)(cpu_ns(argv[2]) - cpu) / 1e3 / polls, polls / seconds);
    close(fd);
    buf_free(&body);
    return 0;
}
