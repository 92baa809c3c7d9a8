#include "control-plane/catalog/field_profile.h"
#include "control-plane/catalog/sensitive.h"
#include "control-plane/catalog/sensitive_check.h"

#include <pthread.h>

enum { CLASSED = 64, ALWAYS = 64, SOMETIMES = 7, INT_LEAST = 13, TEXT_LEAST = 6 };

static uint16_t classes[256];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_classes(void)
{
    for (int c = 0; c < 256; c++) {
        uint16_t bits = 0;
        if (c >= 'a' && c <= 'z') bits |= CLASS_LOWER;
        if (c >= 'A' && c <= 'Z') bits |= CLASS_UPPER;
        if (is_letter((char)c)) bits |= is_hex((char)c) ? CLASS_HEX_LETTER : CLASS_OTHER_LETTER;
        if (is_digit((char)c)) bits |= CLASS_DIGIT;
        if (c == ' ' || c == '\t') bits |= CLASS_BLANK;
        else if (c < ' ' || c == 0x7F) bits |= CLASS_CONTROL;
        if (c > 0x7F) bits |= CLASS_BEYOND_ASCII;
        classes[c] = bits ? bits : CLASS_PUNCTUATION;
    }
}

static unsigned classes_of(struct slice v)
{
    unsigned seen = 0;
    size_t n = v.len < CLASSED ? v.len : CLASSED;
    pthread_once(&once, make_classes);
    for (size_t i = 0; i < n; i++) seen |= classes[(unsigned char)v.ptr[i]];
    return seen;
}

static unsigned magnitude_of(const struct field *f)
{
    unsigned digits = 0, bits = 0;
    for (size_t i = 0; i < f->text.len && f->text.ptr[i] != '.'; i++) digits += is_digit(f->text.ptr[i]);
    if (f->text.len && f->text.ptr[0] == '-') bits |= 1U << 30;
    if (f->type == VALUE_DOUBLE) bits |= 1U << 31;
    return bits | 1U << (digits < 29 ? digits : 29);
}

static bool begins_json(struct slice v)
{
    return v.len >= 2 && ((v.ptr[0] == '{' && (v.ptr[1] == '"' || v.ptr[1] == '}')) || (v.ptr[0] == '[' && strchr("{[\"]", v.ptr[1])));
}

static uint64_t sensitive_of(const struct entry *e, const struct field *f)
{
    uint64_t hits = 0;
    struct slice v = f->text;
    if (e->named && f->type != VALUE_BOOL) hits = named_value(e->named, v);
    if (!e->scanned || v.len < TEXT_LEAST) return hits;
    if (v.len > FIELD_SCANNED) v.len = FIELD_SCANNED;
    bool text = f->type == VALUE_STRING || f->type == VALUE_BYTES || f->type == VALUE_ARRAY;
    if (text || (f->type == VALUE_INT && v.len >= INT_LEAST)) hits |= sensitive_scan(v);
    return hits;
}

static void measure(struct profiler *x, struct entry *e, const struct field *f)
{
    struct field_delta *s = &e->sum;
    size_t n = f->text.len, hashed = n < FIELD_HASHED ? n : FIELD_HASHED;
    s->types |= 1U << f->type;
    s->bytes += s->path.len + n;
    s->length_sum += n;
    if (n < s->length_min) s->length_min = n;
    if (n > s->length_max) s->length_max = n;
    s->lengths[length_bucket(n)]++;
    sketch_add(s->sketch, hash64(f->text.ptr, hashed, x->seed + n));
    if (s->records > ALWAYS && (s->records & SOMETIMES)) return;
    s->classes |= classes_of(f->text);
    if (f->type == VALUE_INT || f->type == VALUE_DOUBLE) s->magnitudes |= magnitude_of(f);
}

uint64_t field_path_word(struct slice path) { return hash_mix(hash64(path.ptr, path.len, 3), 0xF1E1D); }

static uint64_t word_of(const struct entry *e) { return field_path_word(e->sum.path); }

void entry_seen(struct profiler *x, struct entry *e) { e->writable = words_seen(x->words, word_of(e)); }

bool entry_writable(struct profiler *x, struct entry *e)
{
    if (!e->writable) e->writable = words_known(x->words, word_of(e));
    return e->writable;
}

uint64_t entry_observe(struct profiler *x, struct entry *e, const struct field *f)
{
    struct field_delta *s = &e->sum;
    if (e->record != x->record) {
        e->record = x->record;
        s->records++;
        if (begins_json(f->text)) s->json++;
        if (x->now_ns < s->first_ns) s->first_ns = x->now_ns;
        if (x->now_ns > s->last_ns) s->last_ns = x->now_ns;
        if (!e->writable) entry_seen(x, e);
    }
    measure(x, e, f);
    e->last_length = f->text.len < UINT32_MAX ? (uint32_t)f->text.len : UINT32_MAX;
    return sensitive_of(e, f);
}

/* ---- bodies ---- */

static bool has_signature(struct slice b)
{
    static const struct slice signatures[] = {{"\x89PNG", 4},
                                              {"\x1f\x8b", 2},
                                              {"PK\x03\x04", 4},
                                              {"%PDF-", 5},
                                              {"\xff\xd8\xff", 3},
                                              {"GIF8", 4},
                                              {"\x7f"
                                               "ELF",
                                               4},
                                              {"\x28\xb5\x2f\xfd", 4}};
    for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++)
        if (b.len >= signatures[i].len && memcmp(b.ptr, signatures[i].ptr, signatures[i].len) == 0) return true;
    return false;
}

/* A fifth of its first bytes are control characters or stand for bytes that were no text. */
static bool mostly_unprintable(struct slice b)
{
    size_t n = b.len < CLASSED ? b.len : CLASSED, bad = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)b.ptr[i];
        bad += (c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != 0x1B) || c == 0x7F;
        if (i + 2 < n && memcmp(b.ptr + i, "\xEF\xBF\xBD", 3) == 0) bad += 3;
    }
    return n >= 4 && bad * 5 >= n;
}

/* Before the white space at the end. */
static char last_of(struct slice b)
{
    while (b.len && (unsigned char)b.ptr[b.len - 1] <= ' ') b.len--;
    return b.len ? b.ptr[b.len - 1] : '\0';
}

enum body_fault body_fault_of(struct slice b, bool structured)
{
    if (b.len == 0 || structured) return BODY_FINE;
    unsigned char first = (unsigned char)b.ptr[0];
    if ((first < 'a' || first >= 0x7F) && (has_signature(b) || mostly_unprintable(b))) return BODY_BINARY;
    if (!begins_json(b) || b.len < 3) return BODY_FINE;
    char last = last_of(b);
    if (first == '[') return last == ']' ? BODY_FINE : BODY_TRUNCATED;
    return last == '}' ? BODY_UNPARSABLE : BODY_TRUNCATED;
}
