#include "base/clock.h"
#include "base/die.h"
#include "tests/unit/control-plane-http/client.h"
#include "control-plane/http/http.h"

#include <libdeflate.h>
#include <poll.h>
#include <pthread.h>
#include <sys/stat.h>

enum { MAX_BODY = 100000, ANSWERS_MS = 20000 };

static char directory[64], path[96];
static struct http_server *server;
static struct http_request *waiting; /* left by the handler `later` */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t arrived = PTHREAD_COND_INITIALIZER;

static void fill(struct http_reply *reply, int status)
{
    *reply = (struct http_reply){.status = status, .content_type = "text/plain"};
    buf_init(&reply->body, 1 << 20);
}

static enum http_then echo(void *context, struct http_request *r, struct http_reply *reply)
{
    (void)context;
    fill(reply, 200);
    buf_slice(&reply->body, r->body);
    return HTTP_DONE;
}

static enum http_then describe(void *context, struct http_request *r, struct http_reply *reply)
{
    (void)context;
    fill(reply, 200);
    const char *q = http_query(r, "q"), *h = http_header(r, "x-test");
    buf_printf(&reply->body, "%s %s q=%s h=%s local=%d uid=%ld pid=%ld %s", r->method, r->path, q ? q : "-", h ? h : "-", r->peer.local,
               (long)r->peer.uid, (long)r->peer.pid, r->peer.address);
    return HTTP_DONE;
}

static enum http_then later(void *context, struct http_request *r, struct http_reply *reply)
{
    (void)context;
    (void)reply;
    pthread_mutex_lock(&lock);
    waiting = r;
    pthread_cond_signal(&arrived);
    pthread_mutex_unlock(&lock);
    return HTTP_LATER;
}

static struct http_request *take_waiting(void)
{
    pthread_mutex_lock(&lock);
    while (!waiting) pthread_cond_wait(&arrived, &lock);
    struct http_request *r = waiting;
    waiting = NULL;
    pthread_mutex_unlock(&lock);
    return r;
}

/* Answers from another thread, often before the handler has returned. */
static void *answer_thread(void *request)
{
    struct http_request *r = request;
    struct http_reply reply;
    fill(&reply, 201);
    buf_slice(&reply.body, r->body);
    http_answer(r, &reply);
    return NULL;
}

static enum http_then race(void *context, struct http_request *r, struct http_reply *reply)
{
    (void)context;
    (void)reply;
    pthread_t t;
    assert_int_equal(pthread_create(&t, NULL, answer_thread, r), 0);
    pthread_detach(t);
    return HTTP_LATER;
}

static const struct http_route routes[] = {
    {"POST", "/echo", echo, MAX_BODY}, {"GET", "/get", describe, 0},      {"POST", "/get", describe, 10},
    {"POST", "/later", later, 100},    {"POST", "/race", race, MAX_BODY}, {"GET", "/tree/*", describe, 0},
};

static struct http_options options(void)
{
    return (struct http_options){
        .unix_path = path, .threads = 2, .routes = routes, .route_count = sizeof routes / sizeof *routes, .timeout_seconds = 10};
}

static void start(struct http_options o)
{
    char *problem = NULL;
    server = http_start(&o, &problem);
    if (!server) fail_msg("%s", problem);
}

static int setup(void **state)
{
    (void)state;
    snprintf(directory, sizeof directory, "/tmp/tero-http.XXXXXX");
    if (!mkdtemp(directory)) return -1;
    snprintf(path, sizeof path, "%s/s", directory);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    if (server) assert_true(http_stop(server, 1000, ANSWERS_MS));
    server = NULL;
    unlink(path);
    return rmdir(directory);
}

static struct answer ask(int fd, const char *method, const char *target, const char *headers, const void *body, size_t n)
{
    char head[1024];
    snprintf(head, sizeof head, "%s %s HTTP/1.1\r\nHost: t\r\n%sContent-Length: %zu\r\n\r\n", method, target, headers, n);
    client_text(fd, head);
    client_send(fd, body, n);
    return client_read(fd, !strcmp(method, "HEAD"));
}

static void expect(int fd, int status, const char *method, const char *target, const char *headers, const char *body, const char *wanted)
{
    struct answer a = ask(fd, method, target, headers, body, strlen(body));
    assert_int_equal(a.status, status);
    if (wanted) assert_string_equal(a.body, wanted);
    answer_free(&a);
}

static void keep_alive_and_echo(void **state)
{
    (void)state;
    start(options());
    int fd = client_unix(path);
    for (int i = 0; i < 100; i++) expect(fd, 200, "POST", "/echo", "", i % 2 ? "" : "hello", i % 2 ? "" : "hello");
    assert_int_equal(http_open_connections(server), 1);
    close(fd);
}

static void the_peer_of_a_unix_socket_is_known(void **state)
{
    (void)state;
    start(options());
    int fd = client_unix(path);
    char wanted[200];
    snprintf(wanted, sizeof wanted, "GET /get q=a b h=yes local=1 uid=%ld pid=%ld unix", (long)getuid(), (long)getpid());
    expect(fd, 200, "GET", "/get?q=a%20b", "X-Test: yes\r\n", "", wanted);
    close(fd);
    struct stat st;
    assert_int_equal(lstat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void tcp_serves_both_families(void **state)
{
    (void)state;
    for (int v6 = 0; v6 < 2; v6++) {
        struct http_options o = options();
        o.tcp = v6 ? "[::1]:0" : "127.0.0.1:0";
        char *problem = NULL;
        server = http_start(&o, &problem);
        if (!server && v6) {
            free(problem);
            skip();
        }
        assert_non_null(server);
        int fd = client_tcp(v6, http_port(server));
        struct answer a = ask(fd, "GET", "/get", "", "", 0);
        assert_int_equal(a.status, 200);
        assert_non_null(strstr(a.body, v6 ? "local=0 uid=4294967295 pid=0 [::1]:" : "local=0 uid=4294967295 pid=0 127.0.0.1:"));
        answer_free(&a);
        close(fd);
        assert_true(http_stop(server, 100, ANSWERS_MS));
        server = NULL;
    }
}

static void routes_and_methods(void **state)
{
    (void)state;
    start(options());
    int fd = client_unix(path);
    expect(fd, 404, "GET", "/nothing", "", "", "{\"error\":\"there is nothing at this path\"}");
    expect(fd, 404, "GET", "/get/more", "", "", NULL);
    expect(fd, 200, "GET", "/tree/a/b", "", "", NULL);
    expect(fd, 404, "POST", "/nothing", "", "a body that is dropped", NULL);
    struct answer a = ask(fd, "DELETE", "/get", "", "", 0);
    char allow[64];
    assert_int_equal(a.status, 405);
    assert_true(answer_header(&a, "Allow", allow, sizeof allow));
    assert_string_equal(allow, "GET, HEAD, POST");
    answer_free(&a);
    a = ask(fd, "HEAD", "/get", "", "", 0);
    assert_int_equal(a.status, 200);
    assert_true(answer_header(&a, "Content-Length", allow, sizeof allow) && strtoul(allow, NULL, 10) > 10);
    answer_free(&a);
    expect(fd, 200, "POST", "/echo", "", "still in step", "still in step");
    close(fd);
}

static void request_ids(void **state)
{
    (void)state;
    start(options());
    int fd = client_unix(path);
    static const struct {
        const char *given;
        bool kept;
    } cases[] = {{"abc-1.2_Z", true},
                 {"0123456789abcdef0123456789abcdef", true},
                 {"0123456789abcdef0123456789abcdef0", false},
                 {"a b", false},
                 {"<x>", false}};
    char previous[64] = "";
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char header[128], got[64];
        snprintf(header, sizeof header, "X-Request-Id: %s\r\n", cases[i].given);
        struct answer a = ask(fd, "GET", i % 2 ? "/get" : "/nothing", header, "", 0);
        assert_true(answer_header(&a, "X-Request-Id", got, sizeof got));
        assert_int_equal(!strcmp(got, cases[i].given), cases[i].kept);
        if (!cases[i].kept) assert_true(strlen(got) == 32 && strcmp(got, previous) != 0);
        snprintf(previous, sizeof previous, "%s", got);
        answer_free(&a);
    }
    close(fd);
}

static void bodies_too_large(void **state)
{
    (void)state;
    start(options());
    int fd = client_unix(path);
    char *large = calloc(1, MAX_BODY + 1);
    struct answer a = ask(fd, "POST", "/echo", "", large, MAX_BODY);
    assert_int_equal(a.status, 200);
    assert_int_equal(a.len, MAX_BODY);
    answer_free(&a);
    a = ask(fd, "POST", "/echo", "", large, MAX_BODY + 1);
    assert_int_equal(a.status, 413);
    answer_free(&a);
    free(large);
    client_text(fd, "POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n");
    char chunk[5000 + 8] = {0};
    memcpy(chunk, "1388\r\n", 6);
    memcpy(chunk + 5006, "\r\n", 2);
    for (int i = 0; i < 21; i++) client_send(fd, chunk, sizeof chunk);
    client_text(fd, "0\r\n\r\n");
    a = client_read(fd, false);
    assert_int_equal(a.status, 413);
    answer_free(&a);
    expect(fd, 200, "POST", "/echo", "", "in step", "in step");
    close(fd);
}

static void a_huge_announced_body_is_refused_at_once(void **state)
{
    (void)state;
    start(options());
    int fd = client_unix(path);
    client_text(fd, "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 99999999999\r\n\r\n");
    struct answer a = client_read(fd, false);
    assert_int_equal(a.status, 413);
    answer_free(&a);
    assert_true(client_closed(fd));
    close(fd);
    fd = client_unix(path);
    client_text(fd, "POST /echo HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 100001\r\n\r\n");
    a = client_read(fd, false);
    assert_int_equal(a.status, 413);
    answer_free(&a);
    close(fd);
}

static void expect_continue(void **state)
{
    (void)state;
    start(options());
    int fd = client_unix(path);
    client_text(fd, "POST /echo HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    struct answer a = client_read(fd, true);
    assert_int_equal(a.status, 100);
    answer_free(&a);
    client_text(fd, "ok");
    a = client_read(fd, false);
    assert_int_equal(a.status, 200);
    assert_string_equal(a.body, "ok");
    answer_free(&a);
    close(fd);
}

static void encodings(void **state)
{
    (void)state;
    start(options());
    int fd = client_unix(path);
    char packed[200], zeros[1] = {0};
    struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
    size_t n = libdeflate_gzip_compress(c, "unpacked", 8, packed, sizeof packed);
    struct answer a = ask(fd, "POST", "/echo", "Content-Encoding: GZIP\r\n", packed, n);
    assert_int_equal(a.status, 200);
    assert_string_equal(a.body, "unpacked");
    answer_free(&a);
    a = ask(fd, "POST", "/echo", "Content-Encoding: gzip\r\n", packed, n - 1);
    assert_int_equal(a.status, 400);
    answer_free(&a);
    a = ask(fd, "POST", "/echo", "Content-Encoding: zstd\r\n", zeros, 1);
    char accepts[64];
    assert_int_equal(a.status, 415);
    assert_true(answer_header(&a, "Accept-Encoding", accepts, sizeof accepts));
    answer_free(&a);
    expect(fd, 200, "POST", "/echo", "Content-Encoding: identity\r\n", "plain", "plain");
    char *bomb = calloc(1, 8 << 20), *small = malloc(1 << 20);
    n = libdeflate_gzip_compress(c, bomb, 8 << 20, small, 1 << 20);
    a = ask(fd, "POST", "/echo", "Content-Encoding: gzip\r\n", small, n);
    assert_int_equal(a.status, 413);
    answer_free(&a);
    free(bomb);
    free(small);
    libdeflate_free_compressor(c);
    close(fd);
}

static void too_many_bytes_at_once(void **state)
{
    (void)state;
    struct http_options o = options();
    o.body_memory = 1000;
    start(o);
    int fd = client_unix(path);
    char body[1001] = {0};
    struct answer a = ask(fd, "POST", "/echo", "", body, sizeof body);
    char retry[16];
    assert_int_equal(a.status, 503);
    assert_true(answer_header(&a, "Retry-After", retry, sizeof retry));
    answer_free(&a);
    a = ask(fd, "POST", "/echo", "", body, 1000);
    assert_int_equal(a.status, 200);
    answer_free(&a);
    close(fd);
}

static void pipelined(void **state)
{
    (void)state;
    start(options());
    int fd = client_unix(path);
    struct buf all;
    buf_init(&all, 1 << 20);
    for (int i = 0; i < 50; i++)
        buf_printf(&all, "POST /%s HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\n%02d", i % 3 ? "echo" : "race", i);
    client_send(fd, all.data, all.len);
    buf_free(&all);
    for (int i = 0; i < 50; i++) {
        struct answer a = client_read(fd, false);
        assert_int_equal(a.status, i % 3 ? 200 : 201);
        assert_int_equal(atoi(a.body), i);
        answer_free(&a);
    }
    close(fd);
}

static void answers_from_another_thread(void **state)
{
    (void)state;
    start(options());
    int fds[20];
    for (int i = 0; i < 20; i++) fds[i] = client_unix(path);
    for (int round = 0; round < 50; round++) {
        for (int i = 0; i < 20; i++) client_text(fds[i], "POST /race HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\n\r\nbody");
        for (int i = 0; i < 20; i++) {
            struct answer a = client_read(fds[i], false);
            assert_int_equal(a.status, 201);
            assert_string_equal(a.body, "body");
            answer_free(&a);
        }
    }
    for (int i = 0; i < 20; i++) close(fds[i]);
}

static void a_peer_that_left_while_it_waited(void **state)
{
    (void)state;
    start(options());
    int fd = client_unix(path);
    client_text(fd, "POST /later HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\n\r\nx");
    struct http_request *r = take_waiting();
    close(fd);
    answer_thread(r);
    fd = client_unix(path);
    expect(fd, 200, "POST", "/echo", "", "alive", "alive");
    close(fd);
}

static void broken_requests(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "NONSENSE\r\n\r\n",
        "GET / HTTP/9.9\r\nHost: t\r\n\r\n",
        "GET /get HTTP/1.1\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: -1\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    };
    struct http_options o = options();
    o.timeout_seconds = 1;
    start(o);
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        int fd = client_unix(path);
        client_text(fd, broken[i]);
        shutdown(fd, SHUT_WR);
        struct answer a = client_read(fd, false);
        assert_true(a.status == 0 || (a.status >= 400 && a.status < 600));
        answer_free(&a);
        assert_true(client_closed(fd));
        close(fd);
    }
    int fd = client_unix(path);
    expect(fd, 200, "POST", "/echo", "", "alive", "alive");
    close(fd);
}

static void headers_too_large(void **state)
{
    (void)state;
    start(options());
    int fd = client_unix(path);
    struct buf head;
    buf_init(&head, 1 << 20);
    buf_str(&head, "GET /get HTTP/1.1\r\nHost: t\r\nX-Large: ");
    for (int i = 0; i < 60000; i++) buf_char(&head, 'x');
    buf_str(&head, "\r\n\r\n");
    (void)!send(fd, head.data, head.len, MSG_NOSIGNAL);
    buf_free(&head);
    struct answer a = client_read(fd, false);
    assert_true(a.status == 431 || a.status == 0);
    answer_free(&a);
    close(fd);
}

static void slow_peers_are_cut(void **state)
{
    (void)state;
    struct http_options o = options();
    o.timeout_seconds = 2;
    start(o);
    int head = client_unix(path), body = client_unix(path), idle = client_unix(path);
    client_text(head, "GET /get HT");
    client_text(body, "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\n12345");
    expect(idle, 200, "POST", "/echo", "", "hello", "hello");
    int waits = client_unix(path);
    client_text(waits, "POST /later HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\n\r\nx");
    struct http_request *r = take_waiting();
    assert_true(client_closed(head));
    assert_true(client_closed(body));
    assert_true(client_closed(idle));
    answer_thread(r); /* who waits for a handler is not cut */
    struct answer a = client_read(waits, false);
    assert_int_equal(a.status, 201);
    answer_free(&a);
    close(head), close(body), close(idle), close(waits);
}

/* One byte now and then does not help. */
static void a_trickle_is_cut(void **state)
{
    (void)state;
    struct http_options o = options();
    o.timeout_seconds = 1;
    start(o);
    int fd = client_unix(path);
    client_text(fd, "GET /get HTTP/1.1\r\nX-Slow: ");
    int sent = 0;
    while (send(fd, "x", 1, MSG_NOSIGNAL) == 1 && sent++ < 1000) usleep(10000);
    assert_true(sent < 1000);
    close(fd);
}

/* Fills a server of 8 connections and asks with one more: its status. */
static int ask_a_full_server(int fds[8])
{
    struct http_options o = options();
    o.max_connections = 8;
    start(o);
    for (int i = 0; i < 8; i++) {
        fds[i] = client_unix(path);
        expect(fds[i], 200, "POST", "/echo", "", "x", "x");
    }
    int fd = client_unix(path);
    (void)!send(fd, "GET /get HTTP/1.1\r\nHost: t\r\n\r\n", 30, MSG_NOSIGNAL);
    struct answer a = client_read(fd, false);
    answer_free(&a);
    close(fd);
    return a.status;
}

static void stop_and_close(int *fds, int n)
{
    assert_true(http_stop(server, 1000, ANSWERS_MS));
    server = NULL;
    for (int i = 0; i < n; i++) close(fds[i]);
}

/* Where this process was held up for a second the connections are idle by right: then once more. */
static void the_longest_idle_gives_way(void **state)
{
    (void)state;
    int fds[8];
    int64_t begin = clock_monotonic();
    int status = ask_a_full_server(fds);
    for (int i = 0; i < 20 && clock_monotonic() - begin >= NS_PER_SECOND; i++) {
        stop_and_close(fds, 8);
        begin = clock_monotonic();
        status = ask_a_full_server(fds);
    }
    assert_int_equal(status, 503); /* all were active a moment ago */
    struct answer a = {.status = 503};
    for (int i = 0; i < 2000 && a.status == 503; i++, usleep(10000)) {
        int fd = client_unix(path);
        (void)!send(fd, "GET /get HTTP/1.1\r\nHost: t\r\n\r\n", 30, MSG_NOSIGNAL);
        a = client_read(fd, false);
        answer_free(&a);
        close(fd);
    }
    assert_int_equal(a.status, 200);
    assert_true(client_closed(fds[0]));
    for (int i = 0; i < 8; i++) close(fds[i]);
}

/* How many of 20 requests are served, each with a connection of its own that stays open, where 16 may be. */
static unsigned ask_by_tcp(int fds[20])
{
    struct http_options o = options();
    unsigned served = 0;
    o.tcp = "127.0.0.1:0";
    o.max_connections = 16;
    start(o);
    for (int i = 0; i < 20; i++) {
        fds[i] = client_tcp(false, http_port(server));
        (void)!send(fds[i], "GET /get HTTP/1.1\r\nHost: t\r\n\r\n", 30, MSG_NOSIGNAL);
        struct answer a = client_read(fds[i], false);
        served += a.status == 200;
        answer_free(&a);
    }
    return served;
}

static void tcp_leaves_room_for_local_peers(void **state)
{
    (void)state;
    int fds[20];
    int64_t begin = clock_monotonic();
    unsigned served = ask_by_tcp(fds);
    for (int i = 0; i < 20 && clock_monotonic() - begin >= NS_PER_SECOND; i++) {
        stop_and_close(fds, 20);
        begin = clock_monotonic();
        served = ask_by_tcp(fds);
    }
    assert_int_equal(served, 14);
    int fd = client_unix(path);
    expect(fd, 200, "POST", "/echo", "", "alive", "alive");
    close(fd);
    for (int i = 0; i < 20; i++) close(fds[i]);
}

static void stale_sockets_are_replaced_live_ones_are_not(void **state)
{
    (void)state;
    start(options());
    struct http_options o = options();
    char *problem = NULL;
    assert_null(http_start(&o, &problem));
    assert_non_null(strstr(problem, "another server already listens"));
    free(problem);
    int fd = client_unix(path);
    expect(fd, 200, "POST", "/echo", "", "alive", "alive");
    close(fd);
    assert_true(http_stop(server, 100, ANSWERS_MS));
    server = NULL;
    assert_int_equal(access(path, F_OK), -1);
    int stale = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    snprintf(a.sun_path, sizeof a.sun_path, "%s", path);
    assert_int_equal(bind(stale, (struct sockaddr *)&a, sizeof a), 0);
    close(stale);
    start(options());
}

static void a_file_is_never_replaced(void **state)
{
    (void)state;
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fclose(f);
    struct http_options o = options();
    char *problem = NULL;
    assert_null(http_start(&o, &problem));
    assert_non_null(strstr(problem, path));
    free(problem);
}

static void wrong_addresses(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "", ":", "4318", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000", "localhost:1", "[::1]", "[::1:5", "::1:5", "[]:5"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct http_options o = options();
        o.unix_path = NULL;
        o.tcp = wrong[i];
        char *problem = NULL;
        assert_null(http_start(&o, &problem));
        assert_non_null(strstr(problem, "no address to listen on"));
        free(problem);
    }
}

static void *stop_thread(void *unused)
{
    assert_true(http_stop(server, 10000, ANSWERS_MS));
    return unused;
}

static void stopping_lets_requests_end(void **state)
{
    (void)state;
    start(options());
    int busy = client_unix(path), idle = client_unix(path);
    expect(idle, 200, "POST", "/echo", "", "x", "x");
    client_text(busy, "POST /later HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\n\r\nx");
    struct http_request *r = take_waiting();
    pthread_t t;
    assert_int_equal(pthread_create(&t, NULL, stop_thread, NULL), 0);
    assert_true(client_closed(idle));
    assert_int_equal(client_try_unix(path), -1);
    answer_thread(r);
    struct answer a = client_read(busy, false);
    char connection[16];
    assert_int_equal(a.status, 201);
    assert_true(answer_header(&a, "Connection", connection, sizeof connection));
    assert_string_equal(connection, "close");
    answer_free(&a);
    pthread_join(t, NULL);
    server = NULL;
    close(busy), close(idle);
}

static void *stop_without_grace(void *unused)
{
    assert_true(http_stop(server, 0, ANSWERS_MS));
    return unused;
}

/* What a handler has taken is answered even after the grace; a body that is still on its way is not waited for. */
static void stopping_waits_for_owed_answers(void **state)
{
    (void)state;
    start(options());
    int busy = client_unix(path), slow = client_unix(path);
    client_text(slow, "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 1000\r\n\r\nx");
    client_text(busy, "POST /later HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\n\r\nx");
    struct http_request *r = take_waiting();
    pthread_t t;
    assert_int_equal(pthread_create(&t, NULL, stop_without_grace, NULL), 0);
    while (access(path, F_OK) == 0) poll(NULL, 0, 1);
    answer_thread(r);
    struct answer a = client_read(busy, false);
    assert_int_equal(a.status, 201);
    assert_string_equal(a.body, "x");
    answer_free(&a);
    assert_true(client_closed(slow));
    pthread_join(t, NULL);
    server = NULL;
    close(busy), close(slow);
}

/* The request may be over before the thread that answered it has returned from http_answer(). */
static void stopping_while_answers_come(void **state)
{
    (void)state;
    for (int round = 0; round < 60; round++) {
        int fds[8];
        start(options());
        for (int i = 0; i < 8; i++) {
            fds[i] = client_unix(path);
            client_text(fds[i], "POST /race HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\n\r\nbody");
        }
        for (int i = 0; i < 4; i++) {
            struct answer a = client_read(fds[i], false);
            assert_int_equal(a.status, 201);
            answer_free(&a);
        }
        assert_true(http_stop(server, 10000, ANSWERS_MS));
        server = NULL;
        for (int i = 0; i < 8; i++) close(fds[i]);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(keep_alive_and_echo),
        TEST(the_peer_of_a_unix_socket_is_known),
        TEST(tcp_serves_both_families),
        TEST(routes_and_methods),
        TEST(request_ids),
        TEST(bodies_too_large),
        TEST(a_huge_announced_body_is_refused_at_once),
        TEST(expect_continue),
        TEST(encodings),
        TEST(too_many_bytes_at_once),
        TEST(pipelined),
        TEST(answers_from_another_thread),
        TEST(a_peer_that_left_while_it_waited),
        TEST(broken_requests),
        TEST(headers_too_large),
        TEST(slow_peers_are_cut),
        TEST(a_trickle_is_cut),
        TEST(the_longest_idle_gives_way),
        TEST(tcp_leaves_room_for_local_peers),
        TEST(stale_sockets_are_replaced_live_ones_are_not),
        TEST(a_file_is_never_replaced),
        TEST(wrong_addresses),
        TEST(stopping_lets_requests_end),
        TEST(stopping_waits_for_owed_answers),
        TEST(stopping_while_answers_come),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
