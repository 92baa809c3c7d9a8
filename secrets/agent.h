/* One question to the ssh-agent of $SSH_AUTH_SOCK, without waiting: agent_begin() -> agent_go_on() whenever agent_fd() is readable,
 * until it is over -> the answer -> agent_end(). Nobody but this user is asked: the socket must be owned by him or root. */
#ifndef SECRETS_AGENT_H
#define SECRETS_AGENT_H

#include "secrets/agent_wire.h"

enum agent_state { AGENT_WAITS, AGENT_ANSWERED, AGENT_LOST };

struct agent_call {
    int fd; /* -1: none is under way */
    struct buf in;
};

/* False: *problem (static). */
bool agent_begin(struct agent_call *a, struct slice request, const char **problem);
enum agent_state agent_go_on(struct agent_call *a);
static inline int agent_fd(const struct agent_call *a) { return a->fd; }
static inline struct slice agent_answer(const struct agent_call *a) { return buf_view(&a->in); }
void agent_end(struct agent_call *a);

/* For commands: waits, at most so long. False: *problem (static). agent_end() in any case. */
bool agent_ask(struct agent_call *a, struct slice request, int timeout_ms, const char **problem);
/* A signature over agent_message(challenge), checked with the key. False: *problem (static). */
bool agent_signature(struct slice answer, const unsigned char key[AGENT_KEY], const unsigned char challenge[AGENT_CHALLENGE],
                     unsigned char signature[AGENT_SIGNATURE], const char **problem);
/* What a latch can be made of: a hash of the signature. */
void agent_seed(const unsigned char signature[AGENT_SIGNATURE], unsigned char seed[LATCH_KEY]);

#endif
