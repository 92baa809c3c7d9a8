#include "control-plane/edges/keys.h"

#include "base/die.h"

#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { RAW_HASH = 32 };

struct key {
    unsigned char hash[RAW_HASH];
    int64_t row, account;
    atomic_int_fast64_t used; /* 0: not since the uses were taken */
};

struct keys {
    pthread_rwlock_t lock;
    struct key *list; /* by hash */
    size_t count;
};

static void hash_secret(struct slice secret, unsigned char out[RAW_HASH])
{
    static const unsigned char use[] = "tero edge api key";
    if (crypto_generichash(out, RAW_HASH, (const unsigned char *)secret.ptr, secret.len, use, sizeof use - 1) != 0) die("edge keys: hash");
}

void key_make(struct new_key *key)
{
    unsigned char random[32], hash[RAW_HASH];
    if (sodium_init() < 0) die("edge keys: libsodium does not start");
    memcpy(key->secret, "tero_sk_", 8);
    randombytes_buf(random, sizeof random);
    sodium_bin2base64(key->secret + 8, sizeof key->secret - 8, random, sizeof random, sodium_base64_VARIANT_URLSAFE);
    sodium_memzero(random, sizeof random);
    hash_secret(slice_of(key->secret, KEY_SECRET), hash);
    sodium_bin2hex(key->hash, sizeof key->hash, hash, sizeof hash);
    memcpy(key->prefix, key->secret, KEY_PREFIX);
    key->prefix[KEY_PREFIX] = '\0';
}

void key_forget(struct new_key *key) { sodium_memzero(key, sizeof *key); }

struct keys *keys_new(void)
{
    if (sodium_init() < 0) die("edge keys: libsodium does not start");
    struct keys *k = xcalloc(1, sizeof *k);
    pthread_rwlock_init(&k->lock, NULL);
    return k;
}

void keys_free(struct keys *k)
{
    if (!k) return;
    pthread_rwlock_destroy(&k->lock);
    free(k->list);
    free(k);
}

/* ---- loading ---- */

static int by_hash(const void *a, const void *b) { return memcmp(((const struct key *)a)->hash, ((const struct key *)b)->hash, RAW_HASH); }

static bool read_key(sqlite3_stmt *st, struct key *key)
{
    struct slice hex = db_text(st, 2);
    size_t n;
    *key = (struct key){.row = sqlite3_column_int64(st, 0), .account = sqlite3_column_int64(st, 1)};
    return sodium_hex2bin(key->hash, RAW_HASH, hex.ptr, hex.len, NULL, &n, NULL) == 0 && n == RAW_HASH;
}

/* The uses that were not taken yet move to the new table. */
static void carry_uses(const struct keys *k, struct key *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct key *old = k->count ? bsearch(&list[i], k->list, k->count, sizeof *list, by_hash) : NULL;
        if (old) list[i].used = atomic_load(&old->used);
    }
}

bool keys_load(struct keys *k, struct db *db)
{
    struct key *list = NULL;
    size_t count = 0, room = 0;
    sqlite3_stmt *st = db_prepare(db, "SELECT row, account, key_hash FROM edge_api_keys WHERE revoked_at IS NULL");
    enum db_step step;
    while ((step = db_step(db, st)) == DB_ROW) {
        if (count == room) list = xreallocarray(list, room = room ? room * 2 : 16, sizeof *list);
        if (read_key(st, &list[count])) count++;
    }
    sqlite3_reset(st);
    if (step == DB_ERROR) {
        free(list);
        return false;
    }
    if (count) qsort(list, count, sizeof *list, by_hash);
    pthread_rwlock_wrlock(&k->lock);
    carry_uses(k, list, count);
    free(k->list);
    k->list = list;
    k->count = count;
    pthread_rwlock_unlock(&k->lock);
    return true;
}

/* ---- checking ---- */

/* The first one that is not below. What it reveals by its time is about the hash, which nobody can choose. */
static size_t lower_bound(const struct keys *k, const unsigned char hash[RAW_HASH])
{
    size_t low = 0, high = k->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(k->list[middle].hash, hash, 8) < 0) low = middle + 1;
        else high = middle;
    }
    return low;
}

bool keys_check(struct keys *k, struct slice secret, int64_t now_ns, int64_t *account)
{
    unsigned char hash[RAW_HASH];
    if (secret.len != KEY_SECRET) return false;
    hash_secret(secret, hash);
    bool found = false;
    pthread_rwlock_rdlock(&k->lock);
    for (size_t i = lower_bound(k, hash); !found && i < k->count && !memcmp(k->list[i].hash, hash, 8); i++) {
        found = sodium_memcmp(k->list[i].hash, hash, RAW_HASH) == 0;
        if (!found) continue;
        *account = k->list[i].account;
        atomic_store(&k->list[i].used, now_ns);
    }
    pthread_rwlock_unlock(&k->lock);
    return found;
}

size_t keys_take_uses(struct keys *k, struct key_use **uses)
{
    size_t n = 0;
    pthread_rwlock_rdlock(&k->lock);
    *uses = k->count ? xcalloc(k->count, sizeof **uses) : NULL;
    for (size_t i = 0; i < k->count; i++) {
        int64_t at = atomic_exchange(&k->list[i].used, 0);
        if (at) (*uses)[n++] = (struct key_use){k->list[i].row, at};
    }
    pthread_rwlock_unlock(&k->lock);
    return n;
}
