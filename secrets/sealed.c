#include "secrets/sealed.h"

#include "secrets/lines.h"
#include "secrets/memory.h"

#include <sodium.h>
#include <string.h>

_Static_assert(SEALED_NONCE == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "libsodium's size");
_Static_assert(SEALED_TAG == crypto_aead_xchacha20poly1305_ietf_ABYTES, "libsodium's size");

static const char first_line[] = "tero-console sealed token 1";

static bool text_fits(struct slice text, size_t most)
{
    if (text.len == 0 || text.len > most) return false;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < ' ' || text.ptr[i] == 127) return false;
    return true;
}

static bool keep(char *to, struct slice from, size_t most)
{
    if (!text_fits(from, most)) return false;
    memcpy(to, from.ptr, from.len);
    to[from.len] = '\0';
    return true;
}

/* What the box is bound to. */
static void write_head(const struct sealed *s, struct buf *out)
{
    buf_printf(out, "%s\nprofile: %s\nendpoint: %s\n", first_line, s->profile, s->endpoint);
    line_put_derivation(out, &s->latch);
    line_put_bytes(out, "nonce", s->nonce, sizeof s->nonce);
}

void sealed_write(const struct sealed *s, struct buf *out)
{
    write_head(s, out);
    line_put_bytes(out, "box", s->box, s->box_len);
}

static bool take_box(struct sealed *s, struct slice text)
{
    size_t overhead = strlen("box: \n"), digits = text.len > overhead ? text.len - overhead : 0;
    const char *end = text.ptr + text.len;
    size_t padding = digits && end[-2] == '=' ? end[-3] == '=' ? 2 : 1 : 0;
    s->box_len = digits / 4 * 3 - padding;
    if (digits % 4 || digits < 4 || s->box_len > sizeof s->box || s->box_len <= SEALED_TAG || (s->box_len - SEALED_TAG) % SEALED_PAD)
        return false;
    return line_take_bytes(&text, "box", s->box, s->box_len) && text.len == 0;
}

bool sealed_parse(struct sealed *s, struct slice text, const char **problem)
{
    struct slice profile, endpoint;
    *s = (struct sealed){0};
    *problem = "no sealed token of this version";
    if (!line_is(&text, first_line)) return false;
    *problem = "damaged";
    bool whole = line_take(&text, "profile", &profile) && keep(s->profile, profile, SEALED_NAME_MAX) &&
                 line_take(&text, "endpoint", &endpoint) && keep(s->endpoint, endpoint, SEALED_ENDPOINT_MAX) &&
                 line_take_derivation(&text, &s->latch) && line_take_bytes(&text, "nonce", s->nonce, sizeof s->nonce) && take_box(s, text);
    if (!whole) return false;
    *problem = "it asks for more memory or time than 10 passes over 1 GiB";
    return latch_cost_fits(s->latch.cost);
}

static size_t padded(size_t len) { return (len / SEALED_PAD + 1) * SEALED_PAD; }

static void seal(struct sealed *s, const unsigned char *key, struct slice token)
{
    struct buf head;
    size_t size = padded(token.len), len;
    unsigned char *content = secret_alloc(size);
    unsigned long long box_len = 0;
    memcpy(content, token.ptr, token.len);
    sodium_pad(&len, content, token.len, SEALED_PAD, size);
    randombytes_buf(s->nonce, sizeof s->nonce);
    buf_init(&head, SEALED_FILE_MAX);
    write_head(s, &head);
    crypto_aead_xchacha20poly1305_ietf_encrypt(s->box, &box_len, content, size, (const unsigned char *)head.data, head.len, NULL, s->nonce,
                                               key);
    s->box_len = (size_t)box_len;
    buf_free(&head);
    secret_wipe(content);
}

bool sealed_make(struct sealed *s, const char *profile, const char *endpoint, struct slice token, struct slice passphrase,
                 struct latch_cost cost, const char **problem)
{
    *s = (struct sealed){0};
    *problem = "the name or the endpoint does not fit into the file";
    if (!keep(s->profile, slice_str(profile), SEALED_NAME_MAX) || !keep(s->endpoint, slice_str(endpoint), SEALED_ENDPOINT_MAX))
        return false;
    *problem = "no token, or one of more than 16 KiB";
    if (token.len == 0 || token.len > SEALED_TOKEN_MAX) return false;
    unsigned char *key = secret_alloc(LATCH_KEY);
    *problem = "there is no memory for the key";
    bool derived = latch_make(&s->latch, passphrase, cost, key);
    if (derived) seal(s, key, token);
    secret_wipe(key);
    return derived;
}

static enum latch_opened unseal(const struct sealed *s, const unsigned char *key, char **token)
{
    struct buf head;
    size_t size = s->box_len - SEALED_TAG, len = 0;
    unsigned char *content = secret_alloc(size);
    buf_init(&head, SEALED_FILE_MAX);
    write_head(s, &head);
    int broken = crypto_aead_xchacha20poly1305_ietf_decrypt(content, NULL, NULL, s->box, s->box_len, (const unsigned char *)head.data,
                                                            head.len, s->nonce, key);
    if (!broken) broken = sodium_unpad(&len, content, size, SEALED_PAD);
    if (!broken) *token = secret_copy(slice_of((const char *)content, len));
    buf_free(&head);
    secret_wipe(content);
    return broken ? LATCH_WRONG : LATCH_OPEN;
}

enum latch_opened sealed_open(struct sealed *s, struct slice passphrase, char **token)
{
    unsigned char *key = secret_alloc(LATCH_KEY);
    enum latch_opened opened = latch_derive(&s->latch, passphrase, key) ? unseal(s, key, token) : LATCH_NO_MEMORY;
    secret_wipe(key);
    return opened;
}
