#include "control-plane/catalog/holes.h"

#include "base/die.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 1024, VALUES_MAX = 1 << 16 };

struct member {
    struct pattern *pattern;
    uint64_t word;
    bool suspicious;
};

/* A place that several patterns share. */
struct meeting {
    struct pattern *merged;
    uint16_t place;
    uint8_t n;
    struct member member[HOLE_WORDS + 1]; /* of words, and one of a value */
};

struct slot {
    uint64_t key; /* 0: free */
    struct pattern *single;
    struct meeting *meeting;
    uint64_t word; /* of the single */
    bool suspicious;
};

struct holes {
    struct slot *slots;
    size_t size, used, meetings;
    uint64_t *values; /* words that were values somewhere */
    size_t values_size, values_used;
};

struct holes *holes_new(void)
{
    struct holes *h = xcalloc(1, sizeof *h);
    h->size = FIRST_SLOTS;
    h->slots = xcalloc(h->size, sizeof *h->slots);
    h->values_size = FIRST_SLOTS;
    h->values = xcalloc(h->values_size, sizeof *h->values);
    return h;
}

static void free_meetings(struct holes *h)
{
    for (size_t i = 0; i < h->size; i++) free(h->slots[i].meeting);
}

void holes_free(struct holes *h)
{
    if (!h) return;
    free_meetings(h);
    free(h->slots);
    free(h->values);
    free(h);
}

void holes_clear(struct holes *h)
{
    free_meetings(h);
    free(h->slots);
    h->size = FIRST_SLOTS;
    h->slots = xcalloc(h->size, sizeof *h->slots);
    h->used = h->meetings = 0;
}

size_t holes_bytes(const struct holes *h)
{
    return h->size * sizeof *h->slots + h->meetings * sizeof(struct meeting) + h->values_size * sizeof *h->values;
}

static struct slot *slot_of(struct holes *h, uint64_t key)
{
    size_t at = key & (h->size - 1);
    while (h->slots[at].key && h->slots[at].key != key) at = (at + 1) & (h->size - 1);
    return &h->slots[at];
}

static void grow(struct holes *h)
{
    struct slot *old = h->slots;
    size_t n = h->size;
    h->size *= 2;
    h->slots = xcalloc(h->size, sizeof *h->slots);
    for (size_t i = 0; i < n; i++) {
        if (old[i].key) *slot_of(h, old[i].key) = old[i];
    }
    free(old);
}

static bool value_known(const struct holes *h, uint64_t word)
{
    for (size_t at = word & (h->values_size - 1); h->values[at]; at = (at + 1) & (h->values_size - 1)) {
        if (h->values[at] == word) return true;
    }
    return false;
}

static void put_value(struct holes *h, uint64_t word)
{
    size_t at = word & (h->values_size - 1);
    while (h->values[at]) at = (at + 1) & (h->values_size - 1);
    h->values[at] = word;
}

static void grow_values(struct holes *h)
{
    uint64_t *old = h->values;
    size_t n = h->values_size;
    h->values_size *= 2;
    h->values = xcalloc(h->values_size, sizeof *h->values);
    for (size_t i = 0; i < n; i++) {
        if (old[i]) put_value(h, old[i]);
    }
    free(old);
}

static void learn_value(struct holes *h, uint64_t word)
{
    if (word == TOKEN_VALUE_HASH || word == 0 || value_known(h, word)) return;
    if (h->values_used * 2 > h->values_size) {
        if (h->values_size >= VALUES_MAX) return;
        grow_values(h);
    }
    put_value(h, word);
    h->values_used++;
}

static uint64_t key_at(const struct pattern *p, size_t place)
{
    uint64_t key = p->hash - template_term(p->body->part[place].hash, place) + template_term(UINT64_C(0x9FB21C651E98DF25), place);
    return key ? key : 1;
}

bool hole_candidate(const struct body *b, size_t place)
{
    const struct part *k = &b->part[place];
    size_t others = b->words - (size_t)(k->kind == TOKEN_WORD);
    return k->kind != TOKEN_SIGN && !(k->flags & PART_FIXED) && others >= HOLE_CONSTANTS;
}

static unsigned words_in(const struct meeting *m)
{
    unsigned words = 0;
    for (size_t i = 0; i < m->n; i++) words += m->member[i].word != TOKEN_VALUE_HASH;
    return words;
}

static bool is_ripe(const struct holes *h, const struct meeting *m)
{
    unsigned known = 0, words = words_in(m);
    for (size_t i = 0; i < m->n; i++) known += m->member[i].suspicious || value_known(h, m->member[i].word);
    return words >= HOLE_WORDS || (words && words < m->n) || known >= 2;
}

static void tell(const struct meeting *m, struct hole_open *open)
{
    *open = (struct hole_open){.count = m->n, .merged = m->merged, .place = m->place};
    for (size_t i = 0; i < m->n; i++) open->members[i] = m->member[i].pattern;
}

/* Enough words at one place: each of them is a value, here and elsewhere. */
static void learn_words(struct holes *h, const struct meeting *m)
{
    for (size_t i = 0; i < m->n && words_in(m) >= HOLE_WORDS; i++) learn_value(h, m->member[i].word);
}

static bool is_member(const struct meeting *m, uint64_t word)
{
    for (size_t i = 0; i < m->n; i++) {
        if (m->member[i].word == word) return true;
    }
    return false;
}

/* Members beyond the number that matters are not kept, but learnt. */
static void add_member(struct holes *h, struct meeting *m, struct member new)
{
    bool value = new.word == TOKEN_VALUE_HASH;
    if (value || words_in(m) < HOLE_WORDS) m->member[m->n++] = new;
    else learn_value(h, new.word);
    learn_words(h, m);
}

static struct meeting *meet(struct holes *h, struct slot *s, size_t place)
{
    if (s->meeting) return s->meeting;
    s->meeting = xcalloc(1, sizeof *s->meeting);
    s->meeting->place = (uint16_t)place;
    s->meeting->member[s->meeting->n++] = (struct member){s->single, s->word, s->suspicious};
    h->meetings++;
    return s->meeting;
}

bool holes_add(struct holes *h, struct pattern *p, size_t place, struct hole_open *open)
{
    if (h->used * 3 > h->size * 2) grow(h);
    uint64_t key = key_at(p, place), word = p->body->part[place].hash;
    bool suspicious = p->body->part[place].flags & PART_SUSPICIOUS;
    struct slot *s = slot_of(h, key);
    if (s->key == 0) {
        *s = (struct slot){.key = key, .single = p, .word = word, .suspicious = suspicious};
        h->used++;
        return false;
    }
    if (!s->meeting && s->word == word) return false;
    struct meeting *m = meet(h, s, place);
    if (is_member(m, word)) return false;
    add_member(h, m, (struct member){p, word, suspicious});
    if (!is_ripe(h, m)) return false;
    tell(m, open);
    if (m->merged) *open = (struct hole_open){.members = {p}, .count = 1, .merged = m->merged, .place = place};
    else if (m->member[m->n - 1].pattern != p) open->members[open->count++] = p;
    return true;
}

void holes_set_merged(struct holes *h, const struct pattern *member, size_t place, struct pattern *merged)
{
    struct slot *s = slot_of(h, key_at(member, place));
    if (s->meeting) s->meeting->merged = merged;
}

bool holes_next_ripe(struct holes *h, size_t *cursor, struct hole_open *open)
{
    while (*cursor < h->size) {
        const struct meeting *m = h->slots[(*cursor)++].meeting;
        if (!m || m->merged || !is_ripe(h, m)) continue;
        tell(m, open);
        return true;
    }
    return false;
}
