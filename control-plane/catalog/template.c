#include "control-plane/catalog/template.h"

#include "control-plane/catalog/multiline.h"
#include "control-plane/catalog/vocabulary.h"

enum { NAME_WORDS = 4, LEVEL_WITHIN = 8 };

/* Reads token[in...] of the scan and writes token[0..n) of the template, in the same array. */
struct fold {
    struct token *t;
    size_t in, count; /* next to read, all */
    size_t n;         /* written */
};

static inline bool is_sign(const struct token *t, char c) { return t->kind == TOKEN_SIGN && t->sign == c; }
static inline bool top_is(const struct fold *f, size_t depth, char c) { return f->n > depth && is_sign(&f->t[f->n - 1 - depth], c); }
static inline bool top_value(const struct fold *f, size_t depth) { return f->n > depth && f->t[f->n - 1 - depth].kind == TOKEN_VALUE; }

static inline const struct token *ahead(const struct fold *f, size_t k)
{
    static const struct token none = {.kind = TOKEN_SIGN};
    return f->in + k < f->count ? &f->t[f->in + k] : &none;
}

static inline bool joins_values(const struct token *t)
{
    switch (t->sign) {
    case ':':
    case ',':
    case ';':
    case '/':
    case '-':
    case '.':
    case '|':
    case '#':
    case '&':
    case '+':
    case '=':
    case '~':
    case '<':
    case '>': return true;
    default: return false;
    }
}

/* The token moves to its place, which is its own where nothing before it folded. */
static inline void push(struct fold *f, const struct token *t)
{
    struct token *slot = &f->t[f->n++];
    if (slot != t) *slot = *t;
}

static inline void push_value(struct fold *f, const struct token *v)
{
    if (f->n >= 2 && f->t[f->n - 1].kind == TOKEN_SIGN && top_value(f, 1) && joins_values(&f->t[f->n - 1])) f->n--;
    if (top_value(f, 0)) {
        f->t[f->n - 1].number = v->number;
        return;
    }
    push(f, v);
    struct token *slot = &f->t[f->n - 1];
    slot->kind = TOKEN_VALUE;
    slot->hash = TOKEN_VALUE_HASH;
    slot->uses = 0;
}

/* "CPU(3)": an instance by its number. */
static bool closes_index(const struct fold *f)
{
    if (f->n < 3 || !top_value(f, 0) || !f->t[f->n - 1].number || !top_is(f, 1, '(') || f->t[f->n - 2].space) return false;
    const struct token *name = &f->t[f->n - 3];
    if (name->kind != TOKEN_WORD || name->len < 2) return false;
    for (size_t i = 0; i < name->len; i++) {
        if (name->ptr[i] < 'A' || name->ptr[i] > 'Z') return false;
    }
    return true;
}

static void push_closing(struct fold *f, const struct token *t)
{
    if (t->sign == ')' && closes_index(f)) {
        f->n -= 3;
        push_value(f, &f->t[f->n]);
        return;
    }
    char open = t->sign == ')' ? '(' : t->sign == ']' ? '[' : '{';
    if (open == '(' && top_value(f, 0) && top_is(f, 1, '(') && top_value(f, 2)) {
        f->n -= 2;
        return;
    }
    if (open == '(' && top_is(f, 0, open) && top_value(f, 1)) {
        f->n--;
        return;
    }
    push(f, t);
}

static inline void push_sign(struct fold *f, const struct token *t)
{
    if (t->sign == ')' || t->sign == ']' || t->sign == '}') push_closing(f, t);
    else push(f, t);
}

static bool can_name(const struct token *t)
{
    return t->kind == TOKEN_WORD && !(t->uses & (WORD_FUNCTION | WORD_STATE | WORD_LEVEL | WORD_SECRET | WORD_DELICATE | WORD_SCHEME));
}

/* Whether the word just written, with the sign just written, names a secret; 2: only the next word is one. */
static bool is_between(const struct token *t)
{
    if (t->kind == TOKEN_WORD) return t->uses & WORD_IS;
    return t->kind == TOKEN_SIGN && (t->sign == '"' || t->sign == '\'' || t->sign == ':' || t->sign == '=');
}

static int names_secret(const struct fold *f)
{
    bool delicate = false;
    size_t at = f->n - 1;
    while (at > 0 && is_between(&f->t[at])) at--;
    if (f->t[at].kind != TOKEN_WORD || !vocabulary_secret(slice_of(f->t[at].ptr, f->t[at].len), &delicate)) return 0;
    return delicate ? 2 : 1;
}

static bool ends_secret(const struct fold *f)
{
    const struct token *t = ahead(f, 0);
    if (t->kind == TOKEN_SIGN)
        return t->sign == ',' || t->sign == ';' || t->sign == '|' || t->sign == '}' || t->sign == ')' || t->sign == ']';
    return t->kind == TOKEN_WORD && is_sign(ahead(f, 1), '=');
}

/* All to the next comma, closing bracket or key is one value. */
static void swallow_secret(struct fold *f)
{
    if (f->in >= f->count || ends_secret(f)) return;
    push_value(f, ahead(f, 0));
    while (f->in < f->count && !ends_secret(f)) f->in++;
}

static void after_sign(struct fold *f, char sign)
{
    if (f->n < 2) return;
    int secret = names_secret(f);
    if (secret == 1) {
        swallow_secret(f);
    } else if (secret == 2 && can_name(ahead(f, 0)) && sign == ':' && !is_sign(ahead(f, 1), '=')) {
        push_value(f, ahead(f, 0));
        f->in++;
    }
}

/* The number of words ahead that are a person's name, 0 for none. The word "user" has just been written. */
static size_t person_ahead(const struct fold *f, unsigned before, bool ascii)
{
    size_t n = 0;
    while (n < NAME_WORDS && can_name(ahead(f, n))) n++;
    if (n == 0) return 0;
    const struct token *next = ahead(f, n);
    if (!ascii) return 1;
    if (next->kind == TOKEN_WORD && next->uses & WORD_FROM) return n;
    if (!(before & WORD_NAMES_USER)) return 0;
    return n == 1 && (next->kind == TOKEN_SIGN || next->uses & WORD_FUNCTION) ? 1 : 0;
}

static void take_person(struct fold *f, size_t n)
{
    if (n == 0) return;
    push_value(f, ahead(f, 0));
    f->in += n;
}

static bool beside_number(const struct fold *f)
{
    const struct token *next = ahead(f, 0);
    if (top_value(f, 0) && f->t[f->n - 1].number) return true;
    return (next->kind == TOKEN_VALUE && next->number) ||
           (next->kind == TOKEN_WORD && next->uses & WORD_CALENDAR && ahead(f, 1)->kind == TOKEN_VALUE);
}

/* "of V" behind, or a state said of it: three of 5. */
static bool counts(const struct fold *f) { return ahead(f, 0)->uses & WORD_OF && ahead(f, 1)->kind == TOKEN_VALUE; }

static bool word_is_value(const struct fold *f, const struct token *t)
{
    if (t->uses & WORD_LITERAL) return true;
    if (t->uses & WORD_CALENDAR && beside_number(f)) return true;
    if (t->uses & WORD_ZONE && top_value(f, 0) && f->t[f->n - 1].number) return true;
    return t->uses & WORD_COUNT && counts(f);
}

static void hide_credential(struct fold *f)
{
    f->n--;
    push_value(f, &f->t[f->n]);
}

static void after_word(struct fold *f, const struct token *t)
{
    unsigned before = f->n > 1 ? f->t[f->n - 2].uses : 0;
    if (t->uses & WORD_USER) take_person(f, person_ahead(f, before, (unsigned char)t->ptr[0] < 0x80));
    if (t->uses & WORD_FOR && can_name(ahead(f, 0)) && ahead(f, 1)->uses & WORD_FROM && ahead(f, 2)->kind == TOKEN_VALUE) take_person(f, 1);
    if (!(t->uses & WORD_SECRET)) return;
    if (ahead(f, 0)->uses & WORD_IS) {
        push(f, ahead(f, 0));
        f->in++;
        if (ahead(f, 0)->kind != TOKEN_SIGN) swallow_secret(f);
    } else if (can_name(ahead(f, 0)) && !is_sign(ahead(f, 1), '=') && !is_sign(ahead(f, 1), ':')) {
        take_person(f, 1);
    }
}

static inline void push_word(struct fold *f, const struct token *t)
{
    if (t->uses == 0) {
        push(f, t);
        if (f->n > 1 && f->t[f->n - 2].uses & WORD_SCHEME) hide_credential(f);
        return;
    }
    if (t->uses & WORD_UNIT && top_value(f, 0) && f->t[f->n - 1].number) return;
    if (word_is_value(f, t)) {
        push_value(f, t);
        return;
    }
    push(f, t);
    after_word(f, &f->t[f->n - 1]);
}

static enum severity level_of(const struct token *t, size_t n)
{
    for (size_t i = 0; i < n && i < LEVEL_WITHIN; i++) {
        if (t[i].kind != TOKEN_WORD || !(t[i].uses & WORD_LEVEL)) continue;
        bool capitals = t[i].ptr[t[i].len - 1] < 'a', first = i == 0 || t[i - 1].kind == TOKEN_SIGN;
        if (capitals || first) return vocabulary_level(t[i].uses);
    }
    return SEVERITY_UNSPECIFIED;
}

/* "[main] INFO": the name of a thread. */
static void mask_thread(struct template *t)
{
    if (t->n > 4 && is_sign(&t->token[0], '[') && t->token[1].kind == TOKEN_WORD && is_sign(&t->token[2], ']') &&
        t->token[3].uses & WORD_LEVEL && !(t->token[1].uses & WORD_LEVEL)) {
        t->token[1].kind = TOKEN_VALUE;
        t->token[1].hash = TOKEN_VALUE_HASH;
    }
}

void template_rehash(struct template *t)
{
    uint64_t h = t->n;
    for (size_t i = 0; i < t->n; i++) h += template_term(t->token[i].hash, i);
    t->hash = h;
}

void template_fold(struct template *t)
{
    struct fold f = {.t = t->token, .count = t->n};
    t->level = level_of(t->token, t->n);
    while (f.in < f.count) {
        const struct token *next = &t->token[f.in++];
        char sign = next->sign;
        if (next->kind == TOKEN_WORD) {
            push_word(&f, next);
        } else if (next->kind == TOKEN_VALUE) {
            push_value(&f, next);
        } else {
            push_sign(&f, next);
            if (sign == ':' || sign == '=') after_sign(&f, sign);
        }
    }
    t->n = f.n;
    mask_thread(t);
    template_rehash(t);
}

void template_of(struct template *t, struct slice text)
{
    t->n = scan_text(t->token, multiline_head(text));
    template_fold(t);
}

void template_canonical(const struct template *t, struct buf *out)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct token *k = &t->token[i];
        if (i) buf_char(out, '\x1f');
        if (k->kind == TOKEN_VALUE) buf_char(out, '\x01');
        else if (k->kind == TOKEN_WORD) buf_add(out, k->ptr, k->len);
        else buf_add(out, (const char *)&k->hash, sizeof k->hash);
    }
}
