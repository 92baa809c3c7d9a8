#include "base/die.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "tui/keys.h"
#include "tui/term.h"

#include <stdio.h>
#include <stdlib.h>

enum { KEYS_EACH = 8, WORD_MAX = 32 };

struct stroke {
    int before, key; /* before: 0 where one key is enough */
};

struct bound {
    struct stroke strokes[KEYS_EACH];
    int count;
};

struct keymap {
    const struct action *actions;
    struct bound *bound;
    size_t count;
    char **texts; /* of keymap_keys, made when first asked for */
    const unsigned *together;
    size_t together_count;
};

static char problem_text[200];

/* Bytes of the key that a word of two begins with. */
static size_t first_part(const char *word)
{
    struct slice s = slice_str(word);
    size_t at = 0;
    utf8_next(s, &at);
    if (word[0] == '^' && at < s.len) utf8_next(s, &at);
    return at;
}

static bool read_stroke(const char *word, struct stroke *s)
{
    char first[WORD_MAX];
    *s = (struct stroke){0, key_parse(word)};
    if (s->key >= 0) return true;
    size_t n = first_part(word);
    if (!word[0] || !word[n]) return false;
    snprintf(first, sizeof first, "%.*s", (int)n, word);
    *s = (struct stroke){key_parse(first), key_parse(word + n)};
    return s->before >= 0 && s->key >= 0;
}

static bool read_keys(const char *text, struct bound *b)
{
    char word[WORD_MAX];
    b->count = 0;
    while (*text) {
        size_t blanks = strspn(text, " "), n = strcspn(text + blanks, " ");
        text += blanks;
        if (n == 0) break;
        snprintf(word, sizeof word, "%.*s", (int)(n < sizeof word ? n : sizeof word - 1), text);
        if (b->count == KEYS_EACH) {
            snprintf(problem_text, sizeof problem_text, "more than %d keys", KEYS_EACH);
            return false;
        }
        if (n >= sizeof word || !read_stroke(word, &b->strokes[b->count])) {
            snprintf(problem_text, sizeof problem_text, "no key \"%s\"", word);
            return false;
        }
        b->count++;
        text += n;
    }
    return true;
}

static bool has(const struct bound *b, struct stroke s)
{
    for (int i = 0; i < b->count; i++)
        if (b->strokes[i].before == s.before && b->strokes[i].key == s.key) return true;
    return false;
}

/* One of them is the beginning of the other, or they are the same. */
static bool in_the_way(struct stroke a, struct stroke b)
{
    if (a.before == b.before) return a.key == b.key;
    return (!a.before && a.key == b.before) || (!b.before && b.key == a.before);
}

static const struct stroke *clash(const struct bound *a, const struct bound *b)
{
    for (int i = 0; i < a->count; i++)
        for (int k = 0; k < b->count; k++)
            if (in_the_way(a->strokes[i], b->strokes[k])) return &a->strokes[i];
    return NULL;
}

/* One context beats "everywhere", so only the like can be in each other's way. */
static bool meet(const struct keymap *m, unsigned a, unsigned b)
{
    if (a == 0 || b == 0) return a == b;
    if (a & b) return true;
    for (size_t i = 0; i < m->together_count; i++)
        if ((a & m->together[i]) && (b & m->together[i])) return true;
    return false;
}

static void stroke_text(char *out, size_t size, struct stroke s)
{
    bool plain = s.before > ' ' && s.before < KEY_BASE && s.key > ' ' && s.key < KEY_BASE;
    if (!s.before) snprintf(out, size, "%s", key_name(s.key));
    else snprintf(out, size, "%s%s%s", key_name(s.before), plain ? "" : " ", key_name(s.key));
}

static bool conflicts(const struct keymap *m, size_t self)
{
    char key[WORD_MAX * 2];
    for (size_t i = 0; i < m->count; i++) {
        if (i == self || !meet(m, m->actions[i].contexts, m->actions[self].contexts)) continue;
        const struct stroke *s = clash(&m->bound[self], &m->bound[i]);
        if (!s) continue;
        stroke_text(key, sizeof key, *s);
        snprintf(problem_text, sizeof problem_text, "%s of \"%.40s\" is already %s key of \"%.40s\"", key, m->actions[self].name,
                 has(&m->bound[i], *s) ? "the" : "the first or second", m->actions[i].name);
        return true;
    }
    return false;
}

struct keymap *keymap_new(const struct action *actions, size_t count)
{
    struct keymap *m = xcalloc(1, sizeof *m);
    m->actions = actions;
    m->count = count;
    m->bound = xcalloc(count, sizeof *m->bound);
    m->texts = xcalloc(count + 1, sizeof *m->texts);
    for (size_t i = 0; i < count; i++)
        if (!read_keys(actions[i].keys ? actions[i].keys : "", &m->bound[i])) die("action %s: %s", actions[i].name, problem_text);
    return m;
}

static void forget_texts(struct keymap *m)
{
    for (size_t i = 0; i <= m->count; i++) {
        free(m->texts[i]);
        m->texts[i] = NULL;
    }
}

void keymap_free(struct keymap *m)
{
    if (!m) return;
    forget_texts(m);
    free(m->texts);
    free(m->bound);
    free(m);
}

void keymap_together(struct keymap *m, const unsigned *sets, size_t count)
{
    m->together = sets;
    m->together_count = count;
}

bool keymap_check(const struct keymap *m, const char **problem)
{
    *problem = problem_text;
    for (size_t i = 0; i < m->count; i++)
        if (conflicts(m, i)) return false;
    return true;
}

static void no_action(const struct keymap *m, const char *name)
{
    struct suggest s = suggest_for(slice_str(name));
    for (size_t i = 0; i < m->count; i++) suggest_try(&s, m->actions[i].name);
    if (s.best) snprintf(problem_text, sizeof problem_text, "no action \"%.40s\"; did you mean \"%s\"?", name, s.best);
    else snprintf(problem_text, sizeof problem_text, "no action \"%.40s\"", name);
}

static long index_of(const struct keymap *m, const char *action)
{
    for (size_t i = 0; i < m->count; i++)
        if (!strcmp(m->actions[i].name, action)) return (long)i;
    no_action(m, action);
    return -1;
}

static bool bind_one(struct keymap *m, const struct binding *b)
{
    struct bound wanted;
    long at = index_of(m, b->action);
    if (at < 0 || !read_keys(b->keys, &wanted)) return false;
    m->bound[at] = wanted;
    return true;
}

bool keymap_bind_all(struct keymap *m, const struct binding *bindings, size_t count, size_t *failed, const char **problem)
{
    struct bound *before = xmalloc((m->count + 1) * sizeof *before);
    size_t done = 0, wrong;
    memcpy(before, m->bound, m->count * sizeof *before);
    *problem = problem_text;
    while (done < count && bind_one(m, &bindings[done])) done++;
    bool good = done == count;
    for (wrong = done; good && count && wrong > 0; wrong--) good = !conflicts(m, (size_t)index_of(m, bindings[wrong - 1].action));
    if (!good) memcpy(m->bound, before, m->count * sizeof *before);
    forget_texts(m);
    if (!good && failed) *failed = wrong;
    free(before);
    return good;
}

bool keymap_bind(struct keymap *m, const char *action, const char *keys, const char **problem)
{
    return keymap_bind_all(m, &(struct binding){action, keys}, 1, NULL, problem);
}

const struct action *keymap_find(const struct keymap *m, int before, int key, unsigned context)
{
    const struct action *everywhere = NULL;
    for (size_t i = 0; i < m->count; i++) {
        if (!has(&m->bound[i], (struct stroke){before, key})) continue;
        if (m->actions[i].contexts & context) return &m->actions[i];
        if (m->actions[i].contexts == 0 && !everywhere) everywhere = &m->actions[i];
    }
    return everywhere;
}

void keymap_after(const struct keymap *m, int before, unsigned context, void (*visit)(void *context, int key, const struct action *a),
                  void *visit_context)
{
    for (size_t i = 0; i < m->count; i++) {
        if (m->actions[i].contexts && !(m->actions[i].contexts & context)) continue;
        for (int k = 0; k < m->bound[i].count; k++)
            if (m->bound[i].strokes[k].before == before) visit(visit_context, m->bound[i].strokes[k].key, &m->actions[i]);
    }
}

static void found(void *context, int key, const struct action *a)
{
    (void)key;
    (void)a;
    *(bool *)context = true;
}

bool keymap_begins(const struct keymap *m, int key, unsigned context)
{
    bool begins = false;
    if (key) keymap_after(m, key, context, found, &begins);
    return begins;
}

static size_t index_of_id(const struct keymap *m, int id)
{
    size_t i = 0;
    while (i < m->count && m->actions[i].id != id) i++;
    return i;
}

/* `context` NULL: all keys. */
static const char *keys_text(const struct keymap *m, size_t i, const unsigned *context)
{
    static char text[KEYS_EACH * (WORD_MAX * 2 + 2)];
    char key[WORD_MAX * 2];
    size_t used = 0;
    text[0] = '\0';
    for (int k = 0; i < m->count && k < m->bound[i].count; k++) {
        struct stroke s = m->bound[i].strokes[k];
        if (context && keymap_find(m, s.before, s.key, *context) != &m->actions[i]) continue;
        stroke_text(key, sizeof key, s);
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", used ? ", " : "", key);
    }
    return text;
}

const char *keymap_keys(const struct keymap *m, int id)
{
    size_t i = index_of_id(m, id);
    if (!m->texts[i]) m->texts[i] = xstrdup(keys_text(m, i, NULL));
    return m->texts[i];
}

const char *keymap_keys_in(const struct keymap *m, int id, unsigned context) { return keys_text(m, index_of_id(m, id), &context); }

const struct action *keymap_actions(const struct keymap *m, size_t *count)
{
    *count = m->count;
    return m->actions;
}
