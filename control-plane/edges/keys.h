/* Edge API keys: made from 32 random bytes, kept as a hash, looked up at each poll without the store.
 *
 * The table is read again after every change (keys_load); a lookup never blocks on the store. */
#ifndef CONTROL_PLANE_EDGE_KEYS_H
#define CONTROL_PLANE_EDGE_KEYS_H

#include "control-plane/store/store.h"

enum {
    KEY_SECRET = 8 + 44, /* "tero_sk_" and base64url */
    KEY_PREFIX = 12,     /* of the secret; shown */
    KEY_HASH = 64,       /* hexadecimal digits */
    KEYS_MAX = 1000      /* not revoked, of an account */
};

struct new_key {
    char secret[KEY_SECRET + 1]; /* shown once; key_forget it */
    char prefix[KEY_PREFIX + 1];
    char hash[KEY_HASH + 1];
};
void key_make(struct new_key *key);
void key_forget(struct new_key *key);

struct keys;
struct keys *keys_new(void);
void keys_free(struct keys *k);
/* Reads all that are not revoked. False: the store could not be read; the old ones stay. */
bool keys_load(struct keys *k, struct db *db);
/* False: no such key, or revoked. Notes the use. Compares in constant time. */
bool keys_check(struct keys *k, struct slice secret, int64_t now_ns, int64_t *account);

struct key_use {
    int64_t row, at_ns;
};
/* The uses since the last call; the caller frees. */
size_t keys_take_uses(struct keys *k, struct key_use **uses);

#endif
