#include "control-plane/catalog/words.h"

#include "base/die.h"
#include "base/hash.h"

#include <ctype.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { ROWS = 4, SMALLEST = 4096, PROBES = 16 };

struct words {
    unsigned after;
    size_t width, known_size; /* powers of two */
    atomic_size_t added;
    atomic_uchar *count;     /* ROWS of width */
    _Atomic uint64_t *known; /* 0: free */
};

static size_t power_below(size_t n)
{
    size_t p = SMALLEST;
    while (p * 2 <= n) p *= 2;
    return p;
}

struct words *words_new(unsigned after, size_t bytes)
{
    struct words *w = xcalloc(1, sizeof *w);
    w->after = after > 200 ? 200 : after;
    w->width = power_below(bytes / (2 * ROWS));
    w->known_size = power_below(bytes / 2 / sizeof *w->known);
    w->count = xcalloc(ROWS * w->width, sizeof *w->count);
    w->known = xcalloc(w->known_size, sizeof *w->known);
    return w;
}

void words_free(struct words *w)
{
    if (!w) return;
    free(w->count);
    free(w->known);
    free(w);
}

static uint64_t key_of(uint64_t hash) { return hash ? hash : 1; }

bool words_known(const struct words *w, uint64_t hash)
{
    uint64_t key = key_of(hash);
    for (size_t i = 0; i < PROBES; i++) {
        uint64_t k = atomic_load_explicit(&w->known[(key + i) & (w->known_size - 1)], memory_order_relaxed);
        if (k == key) return true;
        if (k == 0) return false;
    }
    return false;
}

static void remember(struct words *w, uint64_t key)
{
    for (size_t i = 0; i < PROBES; i++) {
        uint64_t none = 0;
        if (atomic_compare_exchange_strong(&w->known[(key + i) & (w->known_size - 1)], &none, key) || none == key) return;
    }
}

static void forget_counts(struct words *w)
{
    atomic_store(&w->added, 0);
    for (size_t i = 0; i < ROWS * w->width; i++) atomic_store_explicit(&w->count[i], 0, memory_order_relaxed);
}

bool words_seen(struct words *w, uint64_t hash)
{
    uint64_t key = key_of(hash), step = hash_mix(key, 11) | 1;
    unsigned least = 255;
    if (words_known(w, hash)) return true;
    if (atomic_fetch_add_explicit(&w->added, 1, memory_order_relaxed) > w->width / 4) forget_counts(w);
    for (size_t row = 0, at = (size_t)(step >> 20); row < ROWS; row++, at += (size_t)step) {
        atomic_uchar *cell = &w->count[row * w->width + (at & (w->width - 1))];
        unsigned count = atomic_load_explicit(cell, memory_order_relaxed);
        if (count < 255) atomic_store_explicit(cell, (unsigned char)++count, memory_order_relaxed);
        if (count < least) least = count;
    }
    if (least < w->after) return false;
    remember(w, key);
    return words_known(w, hash);
}

static bool is_vowel(char c) { return c && strchr("aeiouyAEIOUY", c) != NULL; }

struct shape {
    unsigned letters, vowels, rises, run, longest_run, uppers, lowers;
};

/* Rises: changes from lower to upper case. Runs: consonants in a row, of one case. */
static struct shape shape_of(struct slice word)
{
    struct shape s = {0};
    for (size_t i = 0; i < word.len; i++) {
        char c = word.ptr[i];
        if (!isalpha((unsigned char)c)) {
            s.run = 0;
            continue;
        }
        bool upper = isupper((unsigned char)c);
        s.letters++;
        s.uppers += upper;
        s.lowers += !upper;
        s.rises += upper && i > 0 && islower((unsigned char)word.ptr[i - 1]);
        s.vowels += is_vowel(c);
        s.run = is_vowel(c) || upper ? 0 : s.run + 1;
        if (s.run > s.longest_run) s.longest_run = s.run;
    }
    return s;
}

bool words_suspicious(struct slice word)
{
    struct shape s = shape_of(word);
    if (s.letters < 8) return false;
    if (s.rises >= 2 && s.letters < s.rises * 4) return true;
    if (s.longest_run >= 6) return true;
    if (s.uppers > 1 && s.lowers > 1 && s.vowels * 6 < s.letters) return true;
    return s.uppers == 0 && s.vowels * 8 < s.letters;
}
