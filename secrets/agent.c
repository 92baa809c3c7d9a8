#include "secrets/agent.h"

#include "base/clock.h"

#include <errno.h>
#include <poll.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const char *dial(int *fd)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct stat st;
    const char *path = getenv("SSH_AUTH_SOCK");
    if (!path || !*path) return "there is no ssh-agent: SSH_AUTH_SOCK is not set";
    if (strlen(path) >= sizeof address.sun_path) return "the path in SSH_AUTH_SOCK is too long for a socket";
    memcpy(address.sun_path, path, strlen(path) + 1);
    if (stat(path, &st) != 0 || !S_ISSOCK(st.st_mode)) return "the ssh-agent is gone: what SSH_AUTH_SOCK names is no socket";
    if (st.st_uid != geteuid() && st.st_uid != 0) return "the socket of SSH_AUTH_SOCK is somebody else's";
    *fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (*fd >= 0 && connect(*fd, (struct sockaddr *)&address, sizeof address) == 0) return NULL;
    return "the ssh-agent does not answer";
}

bool agent_begin(struct agent_call *a, struct slice request, const char **problem)
{
    a->fd = -1;
    buf_init_secret(&a->in, AGENT_ANSWER_MAX);
    *problem = dial(&a->fd);
    if (!*problem && send(a->fd, request.ptr, request.len, MSG_NOSIGNAL) != (ssize_t)request.len)
        *problem = "the ssh-agent does not listen";
    if (!*problem) return true;
    agent_end(a);
    return false;
}

static enum agent_state judge(const struct agent_call *a)
{
    size_t whole = a->in.len < 4 ? 4 : agent_length((const unsigned char *)a->in.data);
    if (a->in.full || whole == 0 || a->in.len > whole) return AGENT_LOST;
    return a->in.len >= 5 && a->in.len == whole ? AGENT_ANSWERED : AGENT_WAITS;
}

enum agent_state agent_go_on(struct agent_call *a)
{
    char bytes[4096];
    for (;;) {
        ssize_t n = recv(a->fd, bytes, sizeof bytes, 0);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EAGAIN) return AGENT_WAITS;
        if (n <= 0) return AGENT_LOST;
        buf_add(&a->in, bytes, (size_t)n);
        explicit_bzero(bytes, sizeof bytes);
        enum agent_state state = judge(a);
        if (state != AGENT_WAITS) return state;
    }
}

void agent_end(struct agent_call *a)
{
    if (a->fd >= 0) close(a->fd);
    a->fd = -1;
    buf_free(&a->in);
}

static int64_t now_ms(void) { return clock_monotonic() / 1000000; }

bool agent_ask(struct agent_call *a, struct slice request, int timeout_ms, const char **problem)
{
    if (!agent_begin(a, request, problem)) return false;
    int64_t end = now_ms() + timeout_ms, left;
    enum agent_state state = AGENT_WAITS;
    while (state == AGENT_WAITS && (left = end - now_ms()) > 0) {
        struct pollfd in = {.fd = a->fd, .events = POLLIN};
        if (poll(&in, 1, (int)left) > 0) state = agent_go_on(a);
    }
    *problem = state == AGENT_WAITS ? "the ssh-agent takes too long" : "the ssh-agent gives no whole answer";
    return state == AGENT_ANSWERED;
}

bool agent_signature(struct slice answer, const unsigned char key[AGENT_KEY], const unsigned char challenge[AGENT_CHALLENGE],
                     unsigned char signature[AGENT_SIGNATURE], const char **problem)
{
    struct buf message;
    *problem = "the ssh-agent does not sign with this key: it is not there, or its use was not confirmed";
    if (!agent_read_signature(answer, signature)) return false;
    buf_init(&message, AGENT_REQUEST_MAX);
    agent_message(&message, challenge);
    int wrong = crypto_sign_verify_detached(signature, (const unsigned char *)message.data, message.len, key);
    buf_free(&message);
    *problem = "the signature of the ssh-agent is not good";
    return wrong == 0;
}

void agent_seed(const unsigned char signature[AGENT_SIGNATURE], unsigned char seed[LATCH_KEY])
{
    static const char purpose[] = "tero-console lock";
    crypto_generichash(seed, LATCH_KEY, signature, AGENT_SIGNATURE, (const unsigned char *)purpose, sizeof purpose - 1);
}
