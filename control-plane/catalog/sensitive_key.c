#include "control-plane/catalog/sensitive_check.h"

enum { HEADER_MOST = 1024 };

static bool is_base64url(char c) { return is_alnum(c) || c == '_' || c == '-'; }

static size_t run_of(struct slice t, size_t at, bool (*is)(char))
{
    size_t i = at;
    while (i < t.len && is(t.ptr[i])) i++;
    return i - at;
}

static bool starts_token(struct slice t, size_t from) { return from == 0 || !is_base64url(t.ptr[from - 1]); }

/* Whether `prefix` stands before `end` and begins a token. */
static bool prefixed(struct slice t, size_t end, const char *prefix)
{
    size_t n = strlen(prefix);
    return end >= n && memcmp(t.ptr + end - n, prefix, n) == 0 && starts_token(t, end - n);
}

/* ---- JWT ---- */

static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (is_digit(c)) return c - '0' + 52;
    return c == '-' ? 62 : c == '_' ? 63 : -1;
}

/* A JSON object that names its algorithm. */
static bool is_header(struct slice encoded)
{
    char text[HEADER_MOST * 3 / 4];
    size_t n = 0;
    unsigned bits = 0, held = 0;
    if (encoded.len > HEADER_MOST) return false;
    for (size_t i = 0; i < encoded.len; i++) {
        held = held << 6 | (unsigned)base64_value(encoded.ptr[i]);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        if (n < sizeof text) text[n++] = (char)(held >> bits & 0xFF);
    }
    return n > 2 && text[0] == '{' && text[n - 1] == '}' && memmem(text, n, "\"alg\"", 5) != NULL;
}

uint64_t check_jwt(struct slice t, size_t at)
{
    if (at < 2 || memcmp(t.ptr + at - 2, "eyJ", 3) != 0 || !starts_token(t, at - 2)) return 0;
    size_t from = at - 2, header = run_of(t, from, is_base64url), i = from + header;
    if (byte_at(t, i) != '.') return 0;
    size_t payload = run_of(t, i + 1, is_base64url);
    if (payload < 4 || byte_at(t, i + 1 + payload) != '.') return 0;
    return is_header(slice_of(t.ptr + from, header)) ? HIT(D_JWT) : 0;
}

/* ---- keys with a prefix ---- */

static bool is_base32(char c) { return (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7'); }

uint64_t check_letter_key(struct slice t, size_t at)
{
    if (at >= 2 && at + 2 < t.len && (memcmp(t.ptr + at - 2, "AKIA", 4) == 0 || memcmp(t.ptr + at - 2, "ASIA", 4) == 0)) {
        bool key = starts_token(t, at - 2) && run_of(t, at + 2, is_base32) == 16 && !is_base64url(byte_at(t, at + 18));
        return key ? HIT(D_AWS_KEY) : 0;
    }
    if (at >= 1 && at + 2 < t.len && memcmp(t.ptr + at - 1, "AIza", 4) == 0)
        return starts_token(t, at - 1) && run_of(t, at + 3, is_base64url) == 35 ? HIT(D_GCP_KEY) : 0;
    return 0;
}

static uint64_t github(struct slice t, size_t at)
{
    if (prefixed(t, at + 1, "github_pat_")) return run_of(t, at + 1, is_base64url) >= 82 ? HIT(D_GITHUB) : 0;
    if (at < 3 || !one_of("pousr", t.ptr[at - 1]) || memcmp(t.ptr + at - 3, "gh", 2) != 0 || !starts_token(t, at - 3)) return 0;
    size_t n = run_of(t, at + 1, is_alnum);
    return n >= 36 && n <= 251 && !is_base64url(byte_at(t, at + 1 + n)) ? HIT(D_GITHUB) : 0;
}

uint64_t check_underscore_key(struct slice t, size_t at)
{
    if (at < 3 || !one_of("etmpousr", byte_before(t, at)) || t.len - at < 10) return 0;
    if (prefixed(t, at + 1, "sk_live_") || prefixed(t, at + 1, "rk_live_") || prefixed(t, at + 1, "sk_test_") ||
        prefixed(t, at + 1, "rk_test_")) {
        size_t n = run_of(t, at + 1, is_alnum);
        return n >= 10 && n <= 247 ? HIT(D_STRIPE) : 0;
    }
    if (prefixed(t, at + 1, "npm_")) return run_of(t, at + 1, is_alnum) == 36 && !is_base64url(byte_at(t, at + 37)) ? HIT(D_NPM) : 0;
    return github(t, at);
}

static bool has_digit(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (is_digit(s.ptr[i])) return true;
    return false;
}

static uint64_t pem(struct slice t, size_t at)
{
    static const char begin[] = "-----BEGIN ";
    size_t rest = t.len - at;
    if (rest < sizeof begin - 1 || memcmp(t.ptr + at, begin, sizeof begin - 1) != 0) return 0;
    return memmem(t.ptr + at, rest < 64 ? rest : 64, "PRIVATE KEY", 11) ? HIT(D_PRIVATE_KEY) : 0;
}

/* "xoxb-", "xapp-" */
static bool is_slack(struct slice t, size_t at)
{
    if (prefixed(t, at + 1, "xapp-")) return true;
    return at >= 4 && memcmp(t.ptr + at - 4, "xox", 3) == 0 && one_of("abeoprs", t.ptr[at - 1]) && starts_token(t, at - 4);
}

uint64_t check_dash_key(struct slice t, size_t at)
{
    if (byte_at(t, at + 1) == '-') return pem(t, at);
    if (at < 2 || !one_of("abeoprstik", t.ptr[at - 1]) || t.len - at < 10) return 0;
    size_t n = run_of(t, at + 1, is_base64url);
    struct slice rest = slice_of(t.ptr + at + 1, n);
    if (is_slack(t, at)) return n >= 10 && has_digit(rest) ? HIT(D_SLACK) : 0;
    if (prefixed(t, at + 1, "glpat-")) return n >= 20 ? HIT(D_GITLAB) : 0;
    if (prefixed(t, at + 1, "pypi-")) return n >= 66 && slice_starts(rest, "AgE") ? HIT(D_PYPI) : 0;
    if (prefixed(t, at + 1, "sk-")) return n >= 32 && has_digit(rest) ? HIT(D_AI_KEY) : 0;
    return 0;
}
