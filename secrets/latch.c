#include "secrets/latch.h"

#include "secrets/memory.h"

#include <sodium.h>
#include <string.h>

enum { PASSES_MOST = 10 };
#define MEMORY_MOST ((uint64_t)1 << 30)

_Static_assert(LATCH_KEY == crypto_box_SEEDBYTES && LATCH_KEY == crypto_kdf_KEYBYTES, "one size of keys");
_Static_assert(LATCH_SALT == crypto_pwhash_SALTBYTES && LATCH_EXTRA == crypto_box_SEALBYTES, "libsodium's sizes");

struct latch_cost latch_cost_usual(void) { return (struct latch_cost){crypto_pwhash_OPSLIMIT_MODERATE, crypto_pwhash_MEMLIMIT_MODERATE}; }

bool latch_cost_fits(struct latch_cost c)
{
    return c.passes >= crypto_pwhash_OPSLIMIT_MIN && c.passes <= PASSES_MOST && c.memory >= crypto_pwhash_MEMLIMIT_MIN &&
           c.memory <= MEMORY_MOST;
}

struct keys {
    unsigned char master[LATCH_KEY], seed[LATCH_KEY], closed[LATCH_KEY], open[LATCH_KEY];
};

static void pair_of(struct keys *k) { crypto_box_seed_keypair(k->open, k->closed, k->seed); }

static bool derive(struct keys *k, const struct latch *l, struct slice passphrase, unsigned char *seal)
{
    if (!latch_cost_fits(l->cost) || crypto_pwhash(k->master, sizeof k->master, passphrase.ptr, passphrase.len, l->salt, l->cost.passes,
                                                   (size_t)l->cost.memory, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return false;
    if (seal) crypto_kdf_derive_from_key(seal, LATCH_KEY, 1, "terofile", k->master);
    crypto_kdf_derive_from_key(k->seed, LATCH_KEY, 2, "terolock", k->master);
    pair_of(k);
    return true;
}

bool latch_derive(struct latch *l, struct slice passphrase, unsigned char *seal)
{
    struct keys *k = secret_alloc(sizeof *k);
    bool done = derive(k, l, passphrase, seal);
    if (done) memcpy(l->open, k->open, LATCH_KEY);
    secret_wipe(k);
    return done;
}

bool latch_make(struct latch *l, struct slice passphrase, struct latch_cost cost, unsigned char *seal)
{
    *l = (struct latch){.cost = cost};
    randombytes_buf(l->salt, sizeof l->salt);
    return latch_derive(l, passphrase, seal);
}

void latch_of_seed(struct latch *l, const unsigned char seed[LATCH_KEY])
{
    struct keys *k = secret_alloc(sizeof *k);
    memcpy(k->seed, seed, LATCH_KEY);
    pair_of(k);
    *l = (struct latch){.cost = {0, 0}};
    memcpy(l->open, k->open, LATCH_KEY);
    secret_wipe(k);
}

void latch_shut(const struct latch *l, struct slice content, unsigned char *box)
{
    crypto_box_seal(box, (const unsigned char *)content.ptr, content.len, l->open);
}

static enum latch_opened open_box(const struct latch *l, const struct keys *k, struct slice box, char *content)
{
    if (sodium_memcmp(k->open, l->open, LATCH_KEY) != 0) return LATCH_WRONG;
    int broken = crypto_box_seal_open((unsigned char *)content, (const unsigned char *)box.ptr, box.len, k->open, k->closed);
    return broken ? LATCH_WRONG : LATCH_OPEN;
}

enum latch_opened latch_try(const struct latch *l, struct slice passphrase, struct slice box, char *content)
{
    struct keys *k = secret_alloc(sizeof *k);
    enum latch_opened opened = derive(k, l, passphrase, NULL) ? open_box(l, k, box, content) : LATCH_NO_MEMORY;
    secret_wipe(k);
    return opened;
}

enum latch_opened latch_try_seed(const struct latch *l, const unsigned char seed[LATCH_KEY], struct slice box, char *content)
{
    struct keys *k = secret_alloc(sizeof *k);
    memcpy(k->seed, seed, LATCH_KEY);
    pair_of(k);
    enum latch_opened opened = open_box(l, k, box, content);
    secret_wipe(k);
    return opened;
}
