/* The ssh-agent protocol as bytes: what the console asks, and what an answer says. Ed25519 keys only. Nothing here talks to anybody. */
#ifndef SECRETS_AGENT_WIRE_H
#define SECRETS_AGENT_WIRE_H

#include "base/buf.h"
#include "secrets/lockfile.h"

enum {
    AGENT_ANSWER_MAX = 256 << 10,
    AGENT_REQUEST_MAX = 4096,
    AGENT_SIGNATURE = 64,
    AGENT_CHALLENGE = 32,
    AGENT_FINGERPRINT = 51, /* "SHA256:", 43 characters of base64, NUL */
};

void agent_write_list(struct buf *out);
/* Asks for a signature over agent_message(challenge). */
void agent_write_sign(struct buf *out, const unsigned char key[AGENT_KEY], const unsigned char challenge[AGENT_CHALLENGE]);
/* What is signed: the form of `ssh-keygen -Y sign` with a namespace of its own, so that the signature is good for nothing else. */
void agent_message(struct buf *out, const unsigned char challenge[AGENT_CHALLENGE]);

/* Bytes of the whole message by its first four, 0: too many. */
size_t agent_length(const unsigned char first[4]);

/* The answers, whole messages with their length. */
/* Calls `visit` for each Ed25519 key; false from it ends the visits. False: that is no list. */
bool agent_read_list(struct slice answer, bool (*visit)(void *context, const unsigned char key[AGENT_KEY], struct slice comment),
                     void *context);
/* False: no signature: refused, or of another kind. */
bool agent_read_signature(struct slice answer, unsigned char signature[AGENT_SIGNATURE]);

/* As ssh-keygen -l prints it. */
void agent_fingerprint(const unsigned char key[AGENT_KEY], char text[AGENT_FINGERPRINT]);

#endif
