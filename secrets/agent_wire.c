#include "secrets/agent_wire.h"

#include <sodium.h>
#include <string.h>

enum { LIST = 11, LIST_ANSWER = 12, SIGN = 13, SIGN_ANSWER = 14, KEYS_MOST = 1024 };

_Static_assert(AGENT_KEY == crypto_sign_PUBLICKEYBYTES && AGENT_SIGNATURE == crypto_sign_BYTES, "Ed25519's sizes");

static const char kind[] = "ssh-ed25519", namespace[] = "tero-console lock";

/* ---- writing ---- */

static void put_u32(struct buf *out, size_t n)
{
    unsigned char bytes[4] = {(unsigned char)(n >> 24), (unsigned char)(n >> 16), (unsigned char)(n >> 8), (unsigned char)n};
    buf_add(out, bytes, sizeof bytes);
}

static void put_string(struct buf *out, struct slice text)
{
    put_u32(out, text.len);
    buf_slice(out, text);
}

static void put_key(struct buf *out, const unsigned char key[AGENT_KEY])
{
    put_u32(out, 4 + strlen(kind) + 4 + AGENT_KEY);
    put_string(out, slice_str(kind));
    put_string(out, slice_of((const char *)key, AGENT_KEY));
}

void agent_write_list(struct buf *out)
{
    put_u32(out, 1);
    buf_char(out, LIST);
}

void agent_message(struct buf *out, const unsigned char challenge[AGENT_CHALLENGE])
{
    unsigned char hash[crypto_hash_sha512_BYTES];
    crypto_hash_sha512(hash, challenge, AGENT_CHALLENGE);
    buf_str(out, "SSHSIG");
    put_string(out, slice_str(namespace));
    put_string(out, slice_of("", 0));
    put_string(out, slice_str("sha512"));
    put_string(out, slice_of((const char *)hash, sizeof hash));
}

void agent_write_sign(struct buf *out, const unsigned char key[AGENT_KEY], const unsigned char challenge[AGENT_CHALLENGE])
{
    struct buf message, body;
    buf_init(&message, AGENT_REQUEST_MAX);
    buf_init(&body, AGENT_REQUEST_MAX);
    agent_message(&message, challenge);
    buf_char(&body, SIGN);
    put_key(&body, key);
    put_string(&body, buf_view(&message));
    put_u32(&body, 0);
    put_string(out, buf_view(&body));
    buf_free(&message);
    buf_free(&body);
}

/* ---- reading ---- */

static bool take_u32(struct slice *from, size_t *n)
{
    if (from->len < 4) return false;
    const unsigned char *b = (const unsigned char *)from->ptr;
    *n = (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 | b[3];
    *from = slice_of(from->ptr + 4, from->len - 4);
    return true;
}

static bool take_string(struct slice *from, struct slice *text)
{
    size_t n;
    if (!take_u32(from, &n) || n > from->len) return false;
    *text = slice_of(from->ptr, n);
    *from = slice_of(from->ptr + n, from->len - n);
    return true;
}

size_t agent_length(const unsigned char first[4])
{
    size_t n;
    struct slice from = slice_of((const char *)first, 4);
    return take_u32(&from, &n) && n > 0 && n <= AGENT_ANSWER_MAX - 4 ? n + 4 : 0;
}

static bool take_answer(struct slice *answer, char type)
{
    size_t n;
    if (!take_u32(answer, &n) || n != answer->len || n == 0 || *answer->ptr != type) return false;
    *answer = slice_of(answer->ptr + 1, answer->len - 1);
    return true;
}

/* "ssh-ed25519" and `size` bytes; false: of another kind. */
static bool typed_bytes(struct slice blob, struct slice *bytes, size_t size)
{
    struct slice name;
    return take_string(&blob, &name) && slice_is(name, kind) && take_string(&blob, bytes) && bytes->len == size && blob.len == 0;
}

bool agent_read_list(struct slice answer, bool (*visit)(void *context, const unsigned char key[AGENT_KEY], struct slice comment),
                     void *context)
{
    size_t count;
    struct slice blob, comment, key;
    if (!take_answer(&answer, LIST_ANSWER) || !take_u32(&answer, &count) || count > KEYS_MOST) return false;
    bool more = true;
    for (size_t i = 0; i < count; i++) {
        if (!take_string(&answer, &blob) || !take_string(&answer, &comment)) return false;
        if (more && typed_bytes(blob, &key, AGENT_KEY)) more = visit(context, (const unsigned char *)key.ptr, comment);
    }
    return answer.len == 0;
}

bool agent_read_signature(struct slice answer, unsigned char signature[AGENT_SIGNATURE])
{
    struct slice blob, bytes;
    if (!take_answer(&answer, SIGN_ANSWER) || !take_string(&answer, &blob) || answer.len || !typed_bytes(blob, &bytes, AGENT_SIGNATURE))
        return false;
    memcpy(signature, bytes.ptr, AGENT_SIGNATURE);
    return true;
}

void agent_fingerprint(const unsigned char key[AGENT_KEY], char text[AGENT_FINGERPRINT])
{
    struct buf blob;
    unsigned char hash[crypto_hash_sha256_BYTES];
    buf_init(&blob, 256);
    put_string(&blob, slice_str(kind));
    put_string(&blob, slice_of((const char *)key, AGENT_KEY));
    crypto_hash_sha256(hash, (const unsigned char *)blob.data, blob.len);
    buf_free(&blob);
    static const char scheme[] = "SHA256:";
    memcpy(text, scheme, sizeof scheme);
    sodium_bin2base64(text + sizeof scheme - 1, AGENT_FINGERPRINT - (sizeof scheme - 1), hash, sizeof hash,
                      sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
}
