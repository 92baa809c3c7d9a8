/* A token in a file, sealed with a passphrase: XChaCha20-Poly1305 with the key of secrets/latch.h; everything that stands before the
 * box in the file (version, profile, endpoint, parameters) is authenticated with it, so that no file can be taken for another one. */
#ifndef SECRETS_SEALED_H
#define SECRETS_SEALED_H

#include "base/buf.h"
#include "secrets/latch.h"

enum { SEALED_TOKEN_MAX = 16384, SEALED_NAME_MAX = 255, SEALED_ENDPOINT_MAX = 2048, SEALED_PAD = 256, SEALED_NONCE = 24, SEALED_TAG = 16 };
enum { SEALED_BOX_MAX = SEALED_TOKEN_MAX + SEALED_PAD + SEALED_TAG, SEALED_FILE_MAX = 32768 };

struct sealed {
    char profile[SEALED_NAME_MAX + 1], endpoint[SEALED_ENDPOINT_MAX + 1];
    struct latch latch; /* `open` is not in the file: known once it is opened */
    unsigned char nonce[SEALED_NONCE], box[SEALED_BOX_MAX];
    size_t box_len;
};

/* False: *problem (static): no such file, damaged, or with a cost that is out of bounds. */
bool sealed_parse(struct sealed *s, struct slice text, const char **problem);
void sealed_write(const struct sealed *s, struct buf *out);

/* False: *problem (static). */
bool sealed_make(struct sealed *s, const char *profile, const char *endpoint, struct slice token, struct slice passphrase,
                 struct latch_cost cost, const char **problem);
/* LATCH_WRONG also where the file was changed. *token: secret_alloc'd; s->latch is complete then. */
enum latch_opened sealed_open(struct sealed *s, struct slice passphrase, char **token);

#endif
