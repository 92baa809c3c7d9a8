#include "secrets/agent.h"

#include <sodium.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- messages by hand ---- */

static void put_u32(struct buf *out, size_t n)
{
    unsigned char b[4] = {(unsigned char)(n >> 24), (unsigned char)(n >> 16), (unsigned char)(n >> 8), (unsigned char)n};
    buf_add(out, b, 4);
}

static void put_string(struct buf *out, const void *bytes, size_t n)
{
    put_u32(out, n);
    buf_add(out, bytes, n);
}

static struct buf typed(const char *kind, const unsigned char *bytes, size_t n)
{
    struct buf blob;
    buf_init(&blob, 1000);
    put_string(&blob, kind, strlen(kind));
    put_string(&blob, bytes, n);
    return blob;
}

static struct buf framed(const struct buf *body)
{
    struct buf out;
    buf_init(&out, AGENT_ANSWER_MAX);
    put_string(&out, body->data, body->len);
    return out;
}

static void put_key(struct buf *body, const char *kind, const unsigned char *key)
{
    struct buf blob = typed(kind, key, AGENT_KEY);
    put_string(body, blob.data, blob.len);
    put_string(body, "a comment", 9);
    buf_free(&blob);
}

static struct buf signature_answer(const char *kind, const unsigned char *signature)
{
    struct buf body, blob = typed(kind, signature, AGENT_SIGNATURE);
    buf_init(&body, 1000);
    buf_char(&body, 14);
    put_string(&body, blob.data, blob.len);
    struct buf out = framed(&body);
    buf_free(&blob);
    buf_free(&body);
    return out;
}

struct seen {
    unsigned count;
    unsigned char first[AGENT_KEY];
};

static bool see(void *context, const unsigned char key[AGENT_KEY], struct slice comment)
{
    struct seen *s = context;
    if (!s->count++) memcpy(s->first, key, AGENT_KEY);
    return comment.len == 9;
}

static void lists_ed25519_keys_only(void **state)
{
    (void)state;
    struct buf body;
    struct seen s = {0};
    unsigned char key[AGENT_KEY] = {7};
    buf_init(&body, 2000);
    buf_char(&body, 12);
    put_u32(&body, 3);
    put_key(&body, "ssh-rsa", key);
    put_key(&body, "ssh-ed25519", key);
    put_key(&body, "sk-ssh-ed25519@openssh.com", key);
    struct buf answer = framed(&body);
    assert_true(agent_read_list(buf_view(&answer), see, &s));
    assert_int_equal(s.count, 1);
    assert_memory_equal(s.first, key, AGENT_KEY);
    for (size_t cut = 0; cut < answer.len; cut++) {
        s = (struct seen){0};
        char *part = malloc(cut ? cut : 1);
        memcpy(part, answer.data, cut);
        assert_false(agent_read_list(slice_of(part, cut), see, &s));
        free(part);
    }
    buf_free(&answer);
    buf_free(&body);
}

static void signatures_are_checked(void **state)
{
    (void)state;
    unsigned char open[AGENT_KEY], closed[crypto_sign_SECRETKEYBYTES], challenge[AGENT_CHALLENGE] = {1}, signature[AGENT_SIGNATURE],
                                                                       got[AGENT_SIGNATURE];
    struct buf message;
    const char *problem;
    crypto_sign_keypair(open, closed);
    buf_init(&message, AGENT_REQUEST_MAX);
    agent_message(&message, challenge);
    crypto_sign_detached(signature, NULL, (const unsigned char *)message.data, message.len, closed);
    struct buf answer = signature_answer("ssh-ed25519", signature);
    assert_true(agent_signature(buf_view(&answer), open, challenge, got, &problem));
    assert_memory_equal(got, signature, sizeof got);
    challenge[5] = 9;
    assert_false(agent_signature(buf_view(&answer), open, challenge, got, &problem));
    assert_string_equal(problem, "the signature of the ssh-agent is not good");
    buf_free(&answer);
    answer = signature_answer("ssh-rsa", signature);
    challenge[5] = 0;
    assert_false(agent_signature(buf_view(&answer), open, challenge, got, &problem));
    assert_false(agent_signature(SLICE("\0\0\0\1\5"), open, challenge, got, &problem));
    buf_free(&answer);
    buf_free(&message);
}

/* As ssh-keygen -lf of this key says it. */
static void fingerprints_are_ssh_s(void **state)
{
    (void)state;
    unsigned char key[AGENT_KEY];
    char text[AGENT_FINGERPRINT];
    for (size_t i = 0; i < sizeof key; i++) key[i] = (unsigned char)i;
    agent_fingerprint(key, text);
    assert_string_equal(text, "SHA256:ZkAslGjFiUHdGf/WUL8rQvkib4PTvQatUV0OUQSncCA");
}

static void lengths_are_bounded(void **state)
{
    (void)state;
    assert_int_equal(agent_length((const unsigned char[]){0, 0, 0, 1}), 5);
    assert_int_equal(agent_length((const unsigned char[]){0, 0, 0, 0}), 0);
    assert_int_equal(agent_length((const unsigned char[]){0, 4, 0, 0}), 0);
    assert_int_equal(agent_length((const unsigned char[]){255, 255, 255, 255}), 0);
}

/* ---- against a socket ---- */

struct peer {
    char directory[64], path[80];
    int listening;
};

static void listen_as_agent(struct peer *p)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    snprintf(p->directory, sizeof p->directory, "/tmp/tero-agent-XXXXXX");
    assert_non_null(mkdtemp(p->directory));
    snprintf(p->path, sizeof p->path, "%s/s", p->directory);
    snprintf(a.sun_path, sizeof a.sun_path, "%s", p->path);
    p->listening = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(p->listening, (struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(listen(p->listening, 4), 0);
    setenv("SSH_AUTH_SOCK", p->path, 1);
}

static void stop_agent(struct peer *p)
{
    close(p->listening);
    unlink(p->path);
    rmdir(p->directory);
    unsetenv("SSH_AUTH_SOCK");
}

static enum agent_state after(struct peer *p, const char *bytes, size_t n, bool hang_up)
{
    struct agent_call call;
    const char *problem;
    assert_true(agent_begin(&call, SLICE("\0\0\0\1\13"), &problem));
    assert_int_equal(agent_go_on(&call), AGENT_WAITS);
    int fd = accept(p->listening, NULL, NULL);
    assert_int_equal(write(fd, bytes, n), (ssize_t)n);
    if (hang_up) close(fd);
    enum agent_state state = agent_go_on(&call);
    if (!hang_up) close(fd);
    agent_end(&call);
    assert_int_equal(agent_fd(&call), -1);
    return state;
}

static void answers_arrive_whole_or_not(void **state)
{
    (void)state;
    struct peer p;
    listen_as_agent(&p);
    assert_int_equal(after(&p, "\0\0\0\1\5", 5, false), AGENT_ANSWERED);
    assert_int_equal(after(&p, "\0\0\0\2\5", 5, false), AGENT_WAITS);
    assert_int_equal(after(&p, "\0\0\0\2\5", 5, true), AGENT_LOST);
    assert_int_equal(after(&p, "\0\0\0\1\5x", 6, false), AGENT_LOST);
    assert_int_equal(after(&p, "\377\0\0\1\5", 5, false), AGENT_LOST);
    stop_agent(&p);
}

static void nobody_there(void **state)
{
    (void)state;
    struct agent_call call;
    const char *problem;
    struct peer p;
    unsetenv("SSH_AUTH_SOCK");
    assert_false(agent_begin(&call, SLICE("x"), &problem));
    assert_non_null(strstr(problem, "SSH_AUTH_SOCK is not set"));
    setenv("SSH_AUTH_SOCK", "/etc/passwd", 1);
    assert_false(agent_begin(&call, SLICE("x"), &problem));
    listen_as_agent(&p);
    assert_false(agent_ask(&call, SLICE("\0\0\0\1\13"), 20, &problem));
    assert_string_equal(problem, "the ssh-agent takes too long");
    agent_end(&call);
    stop_agent(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_ed25519_keys_only), cmocka_unit_test(signatures_are_checked),      cmocka_unit_test(fingerprints_are_ssh_s),
        cmocka_unit_test(lengths_are_bounded),     cmocka_unit_test(answers_arrive_whole_or_not), cmocka_unit_test(nobody_there),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
