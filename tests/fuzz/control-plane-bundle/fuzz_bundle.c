/* The head of an offline bundle: as it is, and with the input as a manifest under a signature that holds. */
#include "control-plane/bundle/bundle.h"

#include "base/die.h"

#include <sodium.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct slice bytes)
{
    struct bundle_head head;
    const char *problem;
    if (!bundle_read_head(bytes, &head, &problem)) {
        if (!problem || !*problem) die("refused without a reason");
        return;
    }
    const struct bundle_manifest *m = &head.manifest;
    if (m->size <= 0 || m->size > BUNDLE_SIZE_MAX || m->packed <= 0 || m->packed > BUNDLE_SIZE_MAX || m->time <= 0)
        die("an impossible number");
    if (head.length > bytes.len || head.length > BUNDLE_FIXED + BUNDLE_MANIFEST_MAX) die("a head beyond its bytes");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned char key[BUNDLE_KEY], secret[BUNDLE_SECRET], seed[32] = {1}, signature[64];
    if (sodium_init() < 0) die("libsodium");
    check(slice_of((const char *)data, size));
    if (size > BUNDLE_MANIFEST_MAX) return 0;
    crypto_sign_seed_keypair(key, secret, seed);
    struct buf bytes, part;
    buf_init(&bytes, 1 << 16);
    buf_init(&part, 1 << 16);
    buf_str(&bytes, "TEROBNDL");
    uint32_t numbers[2] = {BUNDLE_FORMAT, (uint32_t)size};
    for (int i = 0; i < 8; i++) buf_char(&bytes, (char)(numbers[i / 4] >> 8 * (i % 4) & 0xff));
    buf_add(&bytes, (const char *)key, sizeof key);
    buf_add(&part, bytes.data, bytes.len);
    buf_add(&part, (const char *)data, size);
    crypto_sign_detached(signature, NULL, (const unsigned char *)part.data, part.len, secret);
    buf_add(&bytes, (const char *)signature, sizeof signature);
    buf_add(&bytes, (const char *)data, size);
    check(buf_view(&bytes));
    buf_free(&bytes);
    buf_free(&part);
    return 0;
}
