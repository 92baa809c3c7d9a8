#include "control-plane/catalog/sensitive_check.h"

#include <arpa/inet.h>
#include <strings.h>

enum { LOCAL_MOST = 64, DOMAIN_MOST = 253, USERINFO_MOST = 256 };

/* ---- mail, passwords in URLs ---- */

static bool is_local(char c) { return is_alnum(c) || one_of("._%+-", c); }

/* Ends of names that look like domains and are none: units of systemd, files, packages. */
static bool no_domain(struct slice ending)
{
    static const char *const endings[] = {"service", "socket", "slice", "scope", "mount", "timer", "target",
                                          "device",  "swap",   "path",  "js",    "ts",    "css",   "json",
                                          "png",     "jpg",    "svg",   "html",  "java",  "class", "local"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        if (strlen(endings[i]) == ending.len && strncasecmp(endings[i], ending.ptr, ending.len) == 0) return true;
    return false;
}

/* Behind the domain at `at`; 0 where there is none. */
static size_t domain_end(struct slice t, size_t at)
{
    size_t i = at, label = at, labels = 0, last = at;
    for (; i < t.len && i - at < DOMAIN_MOST; i++) {
        char c = t.ptr[i];
        if (is_alnum(c) || (c == '-' && i > label)) continue;
        if (c != '.' || i == label || !is_alnum(byte_at(t, i + 1))) break;
        labels++;
        label = last = i + 1;
    }
    if (!labels || i - last < 2) return 0;
    for (size_t k = last; k < i; k++)
        if (!is_letter(t.ptr[k])) return 0;
    char after = byte_at(t, i);
    return after == '_' || after == '@' || no_domain(slice_of(t.ptr + last, i - last)) ? 0 : i;
}

/* From "://" to the "@": 0 no URL, 1 a name alone, 2 with a password. */
static int userinfo(struct slice t, size_t at)
{
    size_t colon = at;
    for (size_t i = at; i > 2 && at - i < USERINFO_MOST; i--) {
        char c = t.ptr[i - 1];
        if ((unsigned char)c <= ' ' || one_of("\"'<>", c)) return 0;
        if (c == ':') colon = i - 1;
        if (c != '/') continue;
        if (t.ptr[i - 2] != '/' || t.ptr[i - 3] != ':') return 0;
        bool password = at - colon > 1 && !sensitive_masked(slice_of(t.ptr + colon + 1, at - colon - 1));
        return password ? 2 : 1;
    }
    return 0;
}

uint64_t check_at_sign(struct slice t, size_t at)
{
    int url = userinfo(t, at);
    if (url) return url == 2 ? HIT(D_URL_PASSWORD) : 0;
    size_t from = at;
    while (from > 0 && at - from < LOCAL_MOST && is_local(t.ptr[from - 1])) from--;
    while (from < at && !is_alnum(t.ptr[from])) from++;
    if (from == at || !is_alnum(t.ptr[at - 1])) return 0;
    char before = byte_before(t, from);
    size_t end = domain_end(t, at + 1);
    if (!end || before == '/' || before == '@') return 0;
    bool git = at - from == 3 && memcmp(t.ptr + from, "git", 3) == 0 && byte_at(t, end) == ':';
    return git ? 0 : HIT(D_EMAIL);
}

/* ---- IP ---- */

/* The number at *i, without leading zeros, at most 255; -1 where there is none. */
static int octet(struct slice t, size_t *i)
{
    int v = 0;
    size_t from = *i;
    while (is_digit(byte_at(t, *i)) && *i - from < 4) v = v * 10 + (t.ptr[(*i)++] - '0');
    bool zero = *i - from > 1 && t.ptr[from] == '0';
    return *i == from || v > 255 || zero ? -1 : v;
}

static bool names_version(struct slice word)
{
    static const char *const words[] = {"version", "ver", "v", "release", "build", "firmware", "driver"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strlen(words[i]) == word.len && strncasecmp(words[i], word.ptr, word.len) == 0) return true;
    return false;
}

/* "version 1.2.3.4", "Chrome/120.0.0.0" */
static bool is_version(struct slice t, size_t from, const int *octets)
{
    size_t end = from;
    if (byte_before(t, from) == '/' && from > 1 && is_letter(t.ptr[from - 2])) return octets[3] == 0;
    while (end > 0 && (t.ptr[end - 1] == ' ' || t.ptr[end - 1] == ':' || t.ptr[end - 1] == '=' || t.ptr[end - 1] == '"')) end--;
    size_t word = end;
    while (word > 0 && end - word < 16 && is_letter(t.ptr[word - 1])) word--;
    return end < from && names_version(slice_of(t.ptr + word, end - word));
}

static bool is_private(const int *o)
{
    return o[0] == 0 || o[0] == 10 || o[0] == 127 || (o[0] == 100 && o[1] >= 64 && o[1] < 128) || (o[0] == 169 && o[1] == 254) ||
           (o[0] == 172 && o[1] >= 16 && o[1] < 32) || (o[0] == 192 && o[1] == 168) || o[0] >= 224;
}

uint64_t check_ipv4(struct slice t, size_t at)
{
    int octets[4];
    size_t from = at;
    while (from > 0 && is_digit(t.ptr[from - 1]) && at - from < 4) from--;
    char before = byte_before(t, from);
    if (is_alnum(before) || before == '.' || before == '_' || before == '-') return 0;
    size_t i = from;
    for (int k = 0; k < 4; k++) {
        if (k && byte_at(t, i++) != '.') return 0;
        if ((octets[k] = octet(t, &i)) < 0) return 0;
    }
    char after = byte_at(t, i);
    if (is_alnum(after) || after == '_' || (after == '-' && is_alnum(byte_at(t, i + 1)))) return 0;
    if (after == '.' && is_alnum(byte_at(t, i + 1))) return 0;
    if (is_version(t, from, octets)) return 0;
    return is_private(octets) ? HIT(D_IPV4_PRIVATE) : HIT(D_IPV4_PUBLIC);
}

uint64_t check_ipv6(struct slice t, size_t at)
{
    char text[INET6_ADDRSTRLEN];
    struct in6_addr address;
    size_t from = at, end = at;
    while (from > 0 && at - from < sizeof text && (is_hex(t.ptr[from - 1]) || t.ptr[from - 1] == ':')) from--;
    while (end < t.len && end - from < sizeof text && (is_hex(t.ptr[end]) || t.ptr[end] == ':' || t.ptr[end] == '.')) end++;
    while (end > from && (t.ptr[end - 1] == '.' || (t.ptr[end - 1] == ':' && end > from + 1 && t.ptr[end - 2] != ':'))) end--;
    char before = byte_before(t, from), after = byte_at(t, end);
    if (end - from < 6 || end - from >= sizeof text || is_alnum(before) || is_alnum(after) || before == '_' || after == '_') return 0;
    memcpy(text, t.ptr + from, end - from);
    text[end - from] = '\0';
    if (inet_pton(AF_INET6, text, &address) != 1) return 0;
    unsigned used = 0;
    bool digit = strpbrk(text, "0123456789") != NULL;
    for (size_t i = 0; i < 16; i++) used += address.s6_addr[i] != 0;
    return digit && used > 1 ? HIT(D_IPV6) : 0;
}

uint64_t check_mac(struct slice t, size_t at)
{
    if (at < 2 || at + 15 > t.len) return 0;
    const char *p = t.ptr + at - 2;
    char separator = t.ptr[at], before = byte_before(t, at - 2), after = byte_at(t, at + 15);
    unsigned zeros = 0, ones = 0;
    if (is_alnum(before) || before == separator || before == '_' || is_alnum(after) || after == separator || after == '_') return 0;
    for (size_t i = 0; i < 17; i++) {
        if (i % 3 == 2 ? p[i] != separator : !is_hex(p[i])) return 0;
        zeros += p[i] == '0';
        ones += (p[i] | 0x20) == 'f';
    }
    return zeros < 12 && ones < 12 ? HIT(D_MAC) : 0;
}
