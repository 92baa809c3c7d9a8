#include "control-plane/catalog/pattern.h"

#include "base/die.h"
#include "base/utf8.h"
#include "control-plane/catalog/vocabulary.h"

#include <ctype.h>

enum { NAME_MAX_BYTES = 64 };

static bool ends_as_verb(const struct token *t)
{
    const char *e = t->ptr + t->len;
    return (t->len > 4 && memcmp(e - 2, "ed", 2) == 0) || (t->len > 5 && memcmp(e - 3, "ing", 3) == 0);
}

/* Words that say what happened, keys and functions: a pattern that differs there is another event. */
static bool is_fixed(const struct template *t, size_t i)
{
    const struct token *k = &t->token[i];
    if (k->uses & (WORD_FUNCTION | WORD_STATE | WORD_LEVEL | WORD_METHOD) || ends_as_verb(k)) return true;
    if (i + 1 == t->n || t->token[i + 1].kind != TOKEN_SIGN) return false;
    const struct token *next = &t->token[i + 1];
    return next->sign == '=' || (next->sign == '(' && !next->space);
}

static uint8_t flags_of(const struct template *t, size_t i)
{
    const struct token *k = &t->token[i];
    unsigned flags = (k->space ? PART_SPACE : 0U) | (k->run ? PART_RUN : 0U);
    if (k->kind == TOKEN_WORD && !k->uses && words_suspicious(slice_of(k->ptr, k->len))) flags |= PART_SUSPICIOUS;
    if (k->kind == TOKEN_WORD && is_fixed(t, i)) flags |= PART_FIXED;
    return (uint8_t)flags;
}

static size_t text_of(const struct template *t)
{
    size_t text = 0;
    for (size_t i = 0; i < t->n; i++) text += t->token[i].kind == TOKEN_WORD ? t->token[i].len : 0;
    return text;
}

size_t body_size(const struct body *b) { return sizeof *b + b->n * sizeof *b->part + b->text_len; }

struct body *body_of(const struct template *t, size_t *bytes)
{
    size_t text = text_of(t), at = 0;
    struct body *b = xcalloc(1, sizeof *b + t->n * sizeof *b->part + text);
    b->n = (uint16_t)t->n;
    b->text_len = (uint32_t)text;
    for (size_t i = 0; i < t->n; i++) {
        const struct token *k = &t->token[i];
        size_t len = k->kind == TOKEN_WORD ? k->len : 0;
        b->part[i] = (struct part){.hash = k->hash, .at = (uint16_t)at, .len = (uint16_t)len, .kind = k->kind, .sign = k->sign};
        b->part[i].flags = flags_of(t, i);
        if (len) memcpy((char *)&b->part[b->n] + at, k->ptr, len);
        at += len;
        b->words = (uint16_t)(b->words + (k->kind == TOKEN_WORD));
        b->values = (uint16_t)(b->values + (k->kind == TOKEN_VALUE));
    }
    *bytes = body_size(b);
    return b;
}

void body_template(const struct body *b, size_t hole, struct template *t)
{
    t->n = b->n;
    t->level = SEVERITY_UNSPECIFIED;
    for (size_t i = 0; i < b->n; i++) {
        const struct part *p = &b->part[i];
        struct token *k = &t->token[i];
        *k = (struct token){.ptr = body_text(b) + p->at, .hash = p->hash, .len = p->len, .kind = p->kind, .sign = p->sign};
        k->space = p->flags & PART_SPACE;
        k->run = p->flags & PART_RUN;
        if (k->kind == TOKEN_WORD) k->uses = vocabulary_uses(slice_of(k->ptr, k->len));
        if (i == hole) k->kind = TOKEN_VALUE, k->hash = TOKEN_VALUE_HASH, k->uses = 0;
    }
}

/* NULL: the word itself may be written. */
static const char *stand_in(const struct part *p, const struct words *words)
{
    if (p->kind == TOKEN_VALUE) return "<*>";
    if (!words || p->kind == TOKEN_SIGN) return NULL;
    if (p->flags & PART_SUSPICIOUS) return "<*>";
    return words_known(words, p->hash) ? NULL : "<?>";
}

bool pattern_display(const struct pattern *p, const struct words *words, struct buf *out)
{
    const struct body *b = p->body;
    bool complete = true;
    for (size_t i = 0; i < b->n; i++) {
        const struct part *k = &b->part[i];
        const char *instead = stand_in(k, words);
        if (i && k->flags & PART_SPACE) buf_char(out, ' ');
        if (instead) buf_str(out, instead);
        else if (k->kind == TOKEN_WORD) utf8_clean(out, slice_of(body_text(b) + k->at, k->len));
        else buf_add(out, (const char[]){k->sign, k->sign}, k->flags & PART_RUN ? 2 : 1);
        if (instead && instead[1] == '?') complete = false;
    }
    return complete;
}

static void add_snake(struct buf *out, size_t begin, struct slice word)
{
    bool gap = out->len > begin;
    for (size_t i = 0; i < word.len && out->len - begin < NAME_MAX_BYTES - 1; i++) {
        char c = word.ptr[i];
        if (!isalpha((unsigned char)c)) {
            gap = out->len > begin;
            continue;
        }
        if (i > 0 && isupper((unsigned char)c) && islower((unsigned char)word.ptr[i - 1])) gap = true;
        if (gap) buf_char(out, '_');
        gap = false;
        buf_char(out, (char)tolower((unsigned char)c));
    }
}

void pattern_name(const struct pattern *p, const struct words *words, struct buf *out)
{
    const struct body *b = p->body;
    size_t begin = out->len;
    for (size_t i = 0; i < b->n; i++) {
        const struct part *k = &b->part[i];
        if (k->kind != TOKEN_WORD || stand_in(k, words)) continue;
        if (out->len - begin + k->len + 1 > NAME_MAX_BYTES && out->len > begin) break;
        add_snake(out, begin, slice_of(body_text(b) + k->at, k->len));
    }
    if (out->len == begin) buf_str(out, "event");
}
