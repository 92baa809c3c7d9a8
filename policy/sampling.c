#include "policy/sampling.h"

#include "policy/match.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#define MASK (SAMPLING_ONE - 1)

uint64_t sampling_threshold(double percent)
{
    if (percent >= 100) return 0;
    if (!(percent > 0)) return SAMPLING_ONE;
    return (uint64_t)((1 - percent / 100) * (double)SAMPLING_ONE);
}

uint64_t sampling_hash(const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < n; i++) h = (h ^ p[i]) * UINT64_C(0x100000001b3);
    return h & MASK;
}

static uint64_t last_seven(const unsigned char *bytes, size_t n)
{
    uint64_t r = 0;
    for (size_t i = n - 7; i < n; i++) r = r << 8 | bytes[i];
    return r;
}

static uint64_t hash_number(uint64_t bits)
{
    unsigned char bytes[8];
    for (unsigned i = 0; i < 8; i++) bytes[i] = (unsigned char)(bits >> (56 - 8 * i));
    return sampling_hash(bytes, sizeof bytes);
}

static uint64_t hash_id(struct slice hex, bool trace)
{
    unsigned char bytes[16];
    size_t n = hex_bytes(hex, bytes, sizeof bytes);
    if (!n) return sampling_hash(hex.ptr, hex.len);
    return trace && n >= 7 ? last_seven(bytes, n) : sampling_hash(bytes, n);
}

bool sampling_of_key(const struct policy_selector *key, const struct datum *d, uint64_t *randomness)
{
    bool field = key->kind == POLICY_SELECT_FIELD;
    uint64_t bits;
    unsigned char truth = d->boolean;
    switch (d->type) {
    case DATUM_STRING:
        if (!d->text.len) return false;
        if (field && (key->field == POLICY_TRACE_ID || key->field == POLICY_SPAN_ID))
            *randomness = hash_id(d->text, key->field == POLICY_TRACE_ID);
        else *randomness = sampling_hash(d->text.ptr, d->text.len);
        return true;
    case DATUM_BYTES: *randomness = sampling_hash(d->text.ptr, d->text.len); return d->text.len > 0;
    case DATUM_INT: *randomness = hash_number((uint64_t)d->integer); return true;
    case DATUM_DOUBLE:
        memcpy(&bits, &d->real, sizeof bits);
        *randomness = hash_number(bits);
        return true;
    case DATUM_BOOL: *randomness = sampling_hash(&truth, 1); return true;
    default: return false;
    }
}

static struct slice trim(struct slice s)
{
    while (s.len && (*s.ptr == ' ' || *s.ptr == '\t')) s = slice_of(s.ptr + 1, s.len - 1);
    while (s.len && (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\t')) s.len--;
    return s;
}

/* The next part up to `by`; false: no more. */
static bool part_of(struct slice *rest, char by, struct slice *part)
{
    if (!rest->ptr) return false;
    const char *end = rest->len ? memchr(rest->ptr, by, rest->len) : NULL;
    *part = trim(slice_of(rest->ptr, end ? (size_t)(end - rest->ptr) : rest->len));
    *rest = end ? slice_of(end + 1, rest->len - (size_t)(end + 1 - rest->ptr)) : (struct slice){0};
    return true;
}

static struct slice ot_entry(struct slice state)
{
    struct slice part;
    while (part_of(&state, ',', &part))
        if (slice_starts(part, "ot=")) return slice_of(part.ptr + 3, part.len - 3);
    return (struct slice){0};
}

/* Hex digits of a sub-key, left aligned in 56 bits. */
static bool ot_hex(struct slice ot, const char *key, size_t least, uint64_t *value)
{
    struct slice part;
    while (part_of(&ot, ';', &part)) {
        if (!slice_starts(part, key)) continue;
        struct slice hex = slice_of(part.ptr + 3, part.len - 3);
        if (hex.len < least || hex.len > 14) return false;
        *value = 0;
        for (size_t i = 0; i < 14; i++) {
            char c = i < hex.len ? hex.ptr[i] : '0';
            int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
            if (digit < 0) return false;
            *value = *value << 4 | (uint64_t)digit;
        }
        return true;
    }
    return false;
}

static bool randomness_of_id(struct slice trace_id, uint32_t seed, uint64_t *randomness)
{
    unsigned char bytes[16 + 4], any = 0;
    if (trace_id.len != 32 || hex_bytes(trace_id, bytes, 16) != 16) return false;
    for (unsigned i = 0; i < 16; i++) any |= bytes[i];
    for (unsigned i = 0; i < 4; i++) bytes[16 + i] = (unsigned char)(seed >> (8 * i));
    *randomness = seed ? sampling_hash(bytes, sizeof bytes) : last_seven(bytes, 16);
    return any;
}

static struct sampled by_threshold(uint64_t randomness, uint64_t threshold)
{
    bool keep = threshold < SAMPLING_ONE && randomness >= threshold;
    return (struct sampled){keep, keep, threshold};
}

static struct sampled proportional(double percent, uint64_t randomness, uint64_t before)
{
    double share = percent / 100 * ((double)(SAMPLING_ONE - before) / (double)SAMPLING_ONE);
    return by_threshold(randomness, SAMPLING_ONE - (uint64_t)(share * (double)SAMPLING_ONE));
}

struct sampled sampling_decide(const struct policy_sampling *s, struct slice trace_id, struct slice trace_state)
{
    double percent = (double)s->percent;
    if (percent >= 100) return (struct sampled){true, true, 0};
    if (!(percent > 0)) return (struct sampled){0};
    struct slice ot = ot_entry(trace_state);
    uint64_t randomness = 0, given = 0, before = 0;
    bool has_value = s->seed == 0 && ot_hex(ot, "rv:", 14, &given), has_before = ot_hex(ot, "th:", 1, &before);
    if (has_value && has_before && given < before) return (struct sampled){true, false, 0};
    if (has_value) randomness = given;
    else if (!randomness_of_id(trace_id, s->seed, &randomness)) return (struct sampled){!s->fail_closed, false, 0};
    uint64_t threshold = sampling_threshold(percent);
    if (s->mode == POLICY_PROPORTIONAL) return proportional(percent, randomness, has_before ? before : 0);
    if (s->mode == POLICY_EQUALIZING && has_before && before > threshold) return (struct sampled){true, true, before};
    return by_threshold(randomness, threshold);
}

static void threshold_text(struct buf *out, uint64_t threshold, unsigned precision)
{
    char text[20];
    snprintf(text, sizeof text, "%014" PRIx64, threshold);
    size_t n = precision < 1 ? 1 : precision > 14 ? 14 : precision;
    while (n > 1 && text[n - 1] == '0') n--;
    buf_add(out, text, n);
}

void sampling_state(struct buf *out, struct slice trace_state, uint64_t threshold, unsigned precision)
{
    struct slice rest = ot_entry(trace_state), part;
    buf_str(out, "ot=");
    while (part_of(&rest, ';', &part)) {
        if (!part.len || slice_starts(part, "th:")) continue;
        buf_slice(out, part);
        buf_char(out, ';');
    }
    buf_str(out, "th:");
    threshold_text(out, threshold, precision);
    while (part_of(&trace_state, ',', &part)) {
        if (!part.len || slice_starts(part, "ot=")) continue;
        buf_char(out, ',');
        buf_slice(out, part);
    }
}
