#include "control-plane/bundle/bundle.h"

#include "base/clock.h"
#include "base/die.h"
#include "base/json_write.h"

#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>

#define MAGIC "TEROBNDL"

enum { AT_FORMAT = 8, AT_LENGTH = 12, AT_KEY = 16, AT_SIGNATURE = 48 };

static uint32_t get32(const char *at)
{
    const unsigned char *b = (const unsigned char *)at;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static void put32(struct buf *out, uint32_t value)
{
    for (int i = 0; i < 4; i++) buf_char(out, (char)(value >> 8 * i & 0xff));
}

void bundle_hex(char *out, const unsigned char *bytes, size_t n) { sodium_bin2hex(out, 2 * n + 1, bytes, n); }

static bool from_hex(struct slice text, unsigned char *out, size_t n)
{
    size_t got;
    const char *end;
    if (text.len != 2 * n) return false;
    return sodium_hex2bin(out, n, text.ptr, text.len, NULL, &got, &end) == 0 && got == n && end == text.ptr + text.len;
}

bool bundle_key_parse(struct slice text, unsigned char key[BUNDLE_KEY]) { return from_hex(text, key, BUNDLE_KEY); }

/* What is signed: all but the signature. */
static void signed_part(struct buf *out, struct slice fixed, struct slice manifest)
{
    buf_init(out, BUNDLE_FIXED + BUNDLE_MANIFEST_MAX);
    buf_add(out, fixed.ptr, AT_SIGNATURE);
    buf_add(out, manifest.ptr, manifest.len);
}

/* ---- reading ---- */

static bool read_text(const json_t *root, const char *name, char *out, size_t size)
{
    const json_t *value = json_object_get(root, name);
    size_t n = json_string_length(value);
    if (!json_is_string(value) || n >= size) return false;
    const char *text = json_string_value(value);
    for (size_t i = 0; i < n; i++)
        if (text[i] <= ' ' || text[i] >= 0x7f) return false;
    memcpy(out, text, n + 1);
    return true;
}

static bool read_number(const json_t *root, const char *name, int64_t max, int64_t *out)
{
    const json_t *value = json_object_get(root, name);
    if (!json_is_integer(value)) return false;
    *out = json_integer_value(value);
    return *out > 0 && *out <= max;
}

static const char *read_manifest(const json_t *root, struct bundle_manifest *m)
{
    char time[64], hash[2 * BUNDLE_HASH + 1];
    if (!json_is_object(root)) return "the manifest is no JSON object";
    if (!read_text(root, "controlPlane", m->control_plane, sizeof m->control_plane)) return "the manifest names no control plane";
    if (!read_text(root, "version", m->version, sizeof m->version)) return "the manifest has no version";
    if (!read_text(root, "by", m->by, sizeof m->by)) return "the manifest does not say who made it";
    if (!read_text(root, "time", time, sizeof time) || !clock_parse_rfc3339(slice_str(time), &m->time) || m->time <= 0)
        return "the manifest has no time";
    if (!read_number(root, "size", BUNDLE_SIZE_MAX, &m->size)) return "the manifest has no possible size";
    if (!read_number(root, "packed", BUNDLE_SIZE_MAX, &m->packed)) return "the manifest has no possible packed size";
    if (!read_text(root, "blake2b", hash, sizeof hash) || !from_hex(slice_str(hash), m->hash, BUNDLE_HASH))
        return "the manifest has no hash";
    return NULL;
}

static const char *read_json(struct slice text, struct bundle_manifest *m)
{
    json_error_t error;
    json_t *root = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES, &error);
    const char *problem = root ? read_manifest(root, m) : "the manifest is not JSON";
    json_decref(root);
    return problem;
}

static const char *read_head(struct slice bytes, struct bundle_head *head)
{
    if (bytes.len < 8 || memcmp(bytes.ptr, MAGIC, 8) != 0) return "it is not a bundle of Tero";
    if (bytes.len < BUNDLE_FIXED) return "it ends within its header";
    if (get32(bytes.ptr + AT_FORMAT) != BUNDLE_FORMAT) return "its format is not known to this program";
    uint32_t length = get32(bytes.ptr + AT_LENGTH);
    if (!length || length > BUNDLE_MANIFEST_MAX) return "the length of its manifest is impossible";
    if (bytes.len - BUNDLE_FIXED < length) return "it ends within its manifest";
    struct slice manifest = slice_of(bytes.ptr + BUNDLE_FIXED, length);
    struct buf part;
    signed_part(&part, bytes, manifest);
    memcpy(head->key, bytes.ptr + AT_KEY, BUNDLE_KEY);
    const unsigned char *signature = (const unsigned char *)bytes.ptr + AT_SIGNATURE;
    bool good = crypto_sign_verify_detached(signature, (const unsigned char *)part.data, part.len, head->key) == 0;
    buf_free(&part);
    if (!good) return "its signature is wrong: header or manifest was changed";
    head->length = BUNDLE_FIXED + length;
    return read_json(manifest, &head->manifest);
}

bool bundle_read_head(struct slice bytes, struct bundle_head *head, const char **problem)
{
    if (sodium_init() < 0) die("libsodium does not start");
    *head = (struct bundle_head){.length = 0};
    *problem = read_head(bytes, head);
    return !*problem;
}

/* ---- writing ---- */

static void add_text(struct buf *out, const char *name, const char *value)
{
    buf_printf(out, ",\"%s\":", name);
    json_write_string(out, slice_str(value));
}

static void write_manifest(struct buf *out, const struct bundle_manifest *m)
{
    char hash[2 * BUNDLE_HASH + 1];
    buf_printf(out, "{\"format\":%d", BUNDLE_FORMAT);
    add_text(out, "controlPlane", m->control_plane);
    add_text(out, "version", m->version);
    add_text(out, "by", m->by);
    buf_str(out, ",\"time\":\"");
    clock_rfc3339(out, m->time);
    bundle_hex(hash, m->hash, BUNDLE_HASH);
    buf_printf(out, "\",\"size\":%lld,\"packed\":%lld", (long long)m->size, (long long)m->packed);
    add_text(out, "blake2b", hash);
    buf_char(out, '}');
}

void bundle_write_head(struct buf *out, const struct bundle_manifest *m, const unsigned char secret[BUNDLE_SECRET])
{
    struct buf manifest, part;
    unsigned char signature[crypto_sign_BYTES], key[BUNDLE_KEY];
    buf_init(&manifest, BUNDLE_MANIFEST_MAX);
    write_manifest(&manifest, m);
    buf_str(out, MAGIC);
    put32(out, BUNDLE_FORMAT);
    put32(out, (uint32_t)manifest.len);
    crypto_sign_ed25519_sk_to_pk(key, secret);
    buf_add(out, (const char *)key, sizeof key);
    signed_part(&part, buf_view(out), buf_view(&manifest));
    crypto_sign_detached(signature, NULL, (const unsigned char *)part.data, part.len, secret);
    buf_add(out, (const char *)signature, sizeof signature);
    buf_add(out, manifest.data, manifest.len);
    buf_free(&part);
    buf_free(&manifest);
}
