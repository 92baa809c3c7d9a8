#include "base/die.h"
#include "base/suggest.h"
#include "tui/keys.h"

#include <stdio.h>
#include <stdlib.h>

enum { KEYS_EACH = 8 };

struct binding {
    int keys[KEYS_EACH];
    int count;
};

struct keymap {
    const struct action *actions;
    struct binding *bindings;
    size_t count;
};

static char problem_text[200];

static bool read_keys(const char *text, struct binding *b)
{
    char name[32];
    b->count = 0;
    while (*text) {
        size_t blanks = strspn(text, " "), n = strcspn(text + blanks, " ");
        text += blanks;
        if (n == 0) break;
        snprintf(name, sizeof name, "%.*s", (int)(n < sizeof name ? n : sizeof name - 1), text);
        int key = n < sizeof name ? key_parse(name) : -1;
        if (key < 0) {
            snprintf(problem_text, sizeof problem_text, "no key \"%s\"", name);
            return false;
        }
        if (b->count == KEYS_EACH) {
            snprintf(problem_text, sizeof problem_text, "more than %d keys", KEYS_EACH);
            return false;
        }
        b->keys[b->count++] = key;
        text += n;
    }
    return true;
}

static bool bound(const struct binding *b, int key)
{
    for (int i = 0; i < b->count; i++)
        if (b->keys[i] == key) return true;
    return false;
}

/* One context beats "everywhere", so only the like can be in each other's way. */
static bool overlap(unsigned a, unsigned b) { return a == 0 ? b == 0 : (a & b) != 0; }

static bool conflicts(const struct keymap *m, size_t self, const struct binding *wanted)
{
    for (size_t i = 0; i < m->count; i++) {
        if (i == self || !overlap(m->actions[i].contexts, m->actions[self].contexts)) continue;
        for (int k = 0; k < wanted->count; k++)
            if (bound(&m->bindings[i], wanted->keys[k])) {
                snprintf(problem_text, sizeof problem_text, "%s of \"%.40s\" is already the key of \"%.40s\"", key_name(wanted->keys[k]),
                         m->actions[self].name, m->actions[i].name);
                return true;
            }
    }
    return false;
}

struct keymap *keymap_new(const struct action *actions, size_t count)
{
    struct keymap *m = xcalloc(1, sizeof *m);
    m->actions = actions;
    m->count = count;
    m->bindings = xcalloc(count, sizeof *m->bindings);
    for (size_t i = 0; i < count; i++)
        if (!read_keys(actions[i].keys ? actions[i].keys : "", &m->bindings[i])) die("action %s: %s", actions[i].name, problem_text);
    return m;
}

void keymap_free(struct keymap *m)
{
    if (!m) return;
    free(m->bindings);
    free(m);
}

bool keymap_check(const struct keymap *m, const char **problem)
{
    for (size_t i = 0; i < m->count; i++)
        if (conflicts(m, i, &m->bindings[i])) {
            *problem = problem_text;
            return false;
        }
    return true;
}

static void no_action(const struct keymap *m, const char *name)
{
    struct suggest s = suggest_for(slice_str(name));
    for (size_t i = 0; i < m->count; i++) suggest_try(&s, m->actions[i].name);
    if (s.best) snprintf(problem_text, sizeof problem_text, "no action \"%.40s\"; did you mean \"%s\"?", name, s.best);
    else snprintf(problem_text, sizeof problem_text, "no action \"%.40s\"", name);
}

bool keymap_bind(struct keymap *m, const char *action, const char *keys, const char **problem)
{
    struct binding wanted;
    *problem = problem_text;
    for (size_t i = 0; i < m->count; i++) {
        if (strcmp(m->actions[i].name, action) != 0) continue;
        if (!read_keys(keys, &wanted) || conflicts(m, i, &wanted)) return false;
        m->bindings[i] = wanted;
        return true;
    }
    no_action(m, action);
    return false;
}

const struct action *keymap_find(const struct keymap *m, int key, unsigned context)
{
    const struct action *everywhere = NULL;
    for (size_t i = 0; i < m->count; i++) {
        if (!bound(&m->bindings[i], key)) continue;
        if (m->actions[i].contexts & context) return &m->actions[i];
        if (m->actions[i].contexts == 0 && !everywhere) everywhere = &m->actions[i];
    }
    return everywhere;
}

const char *keymap_keys(const struct keymap *m, int id)
{
    static char text[KEYS_EACH * 34];
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < m->count; i++) {
        if (m->actions[i].id != id) continue;
        for (int k = 0; k < m->bindings[i].count; k++)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", k ? ", " : "", key_name(m->bindings[i].keys[k]));
        break;
    }
    return text;
}

const struct action *keymap_actions(const struct keymap *m, size_t *count)
{
    *count = m->count;
    return m->actions;
}
