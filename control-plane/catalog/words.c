#include "control-plane/catalog/words.h"

#include "base/die.h"
#include "base/hash.h"

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

/* How much likelier one letter follows another in words than in random letters: 'm' is as likely, a step is half a
 * bit. Counted over the words of a Linux system's headers, scripts and documentation. */
static const char *const follows[26] = {
    "gmomgilgmhkpnpgmgpnqkkihjf", /* a */
    "pkklojkipkkqkjnkinnlokijlj", /* b */
    "phliphhoninnjirihmkpmighjg", /* c */
    "okjlrkjjqjimkjnjhmnjmkjikg", /* d */
    "minpllkhjfhnmpiliqpnhkjmie", /* e */
    "niklookjqiknjlpkknmmnjkhmj", /* f */
    "ojlkqjmmokjmlnnkionlnjkjjl", /* g */
    "qkikqiikpjklklpkknkmmjkjli", /* h */
    "mmnmmlmffghnmrokhlooglgigl", /* i */
    "omlmnlklmlmmmlomllmmomllkl", /* j */
    "nljmqklloklnlmnlklommllkkj", /* k */
    "piilqjjgqgipiipjhhmmmkhhog", /* l */
    "qmjkrjiipikjmjopiimjmiiiii", /* m */
    "oiooolqhngjjhkmihipqkkigih", /* n */
    "kknmiklhkhjnnrlngqnmnllhhh", /* o */
    "pjjjqjimngjojioniqmnmiiikh", /* p */
    "llklmlmlmmlllkmmlmllrmllnm", /* q */
    "pillrjkhpgjkllokgmnnkjhhlg", /* r */
    "mhmiqjinpgjliinniioqniigkg", /* s */
    "ohjirihnrggkiinjepnllhhhli", /* t */
    "mmmkmllimiionqknioooiiijih", /* u */
    "pkkksjjjpjkjkknkkklkjlkkkk", /* v */
    "pklmoklnpjlmlnnmknmjllmkkk", /* w */
    "mlnmnkllokkkmklpmmmollknlm", /* x */
    "mlmlmlllnlllnompkmonllllll", /* y */
    "okllqlmlnlklmmmmmmmmlllllm", /* z */
};

enum { LEAST_LETTERS = 8, RISE = 4 };

static bool has_key_prefix(struct slice word)
{
    static const char *const prefixes[] = {"AKIA",   "ASIA",  "AIza",   "ghp_", "gho_",  "ghu_",   "ghs_",  "ghr_", "github_pat_",
                                           "glpat-", "xox",   "sk_",    "pk_",  "rk_",   "npm_",   "pypi-", "eyJ",  "SG.",
                                           "ya29.",  "dop_v", "shpat_", "hf_",  "AGE-S", "whsec_", NULL};
    for (size_t i = 0; prefixes[i]; i++) {
        if (slice_starts(word, prefixes[i]) && word.len >= 16) return true;
    }
    return false;
}

/* A run of letters, or several in a row. */
struct reading {
    int score, letters, hex;
};

static bool reads_as_random(const struct reading *r) { return r->letters >= LEAST_LETTERS && (r->score < 0 || r->hex == r->letters); }

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static int step(char last, char c)
{
    if (!last) return 0;
    bool rise = last >= 'a' && c <= 'Z';
    return rise ? -RISE : follows[(last | 0x20) - 'a'][(c | 0x20) - 'a'] - 'm';
}

static void add_run(struct reading *all, const struct reading *run)
{
    all->score += run->score;
    all->letters += run->letters;
    all->hex += run->hex;
}

bool words_suspicious(struct slice word)
{
    struct reading all = {0}, run = {0};
    char last = 0;
    if (has_key_prefix(word)) return true;
    for (size_t i = 0; i <= word.len; i++) {
        char c = i < word.len ? word.ptr[i] : 0;
        if (is_letter(c)) {
            run.score += step(last, c);
            run.letters++;
            run.hex += (c | 0x20) <= 'f';
            last = c;
            continue;
        }
        if (reads_as_random(&run)) return true;
        add_run(&all, &run);
        run = (struct reading){0};
        last = 0;
    }
    return reads_as_random(&all);
}
