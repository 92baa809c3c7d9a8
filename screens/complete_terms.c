/* Terms of the filter language with their values; where a value is a name or an id of something, what is known of it. */
#include "base/die.h"
#include "screens/complete.h"
#include "screens/known.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The word may hold blanks in quotes. */
static size_t word_start(const char *line)
{
    size_t start = 0;
    bool quoted = false;
    for (size_t i = 0; line[i]; i++) {
        if (line[i] == '"') quoted = !quoted;
        else if (line[i] == '\\' && quoted && line[i + 1]) i++;
        else if (line[i] == ' ' && !quoted) start = i + 1;
    }
    return start;
}

struct values {
    struct completions *c;
    const char *before; /* the word up to the value */
    size_t before_len;
    bool ids;
};

static void add_value(const struct values *v, const char *value, const char *note)
{
    bool quotes = strpbrk(value, " \"\\,*") != NULL;
    struct buf text;
    buf_init(&text, 1000);
    buf_add(&text, v->before, v->before_len);
    if (quotes) buf_char(&text, '"');
    for (const char *c = value; *c; c++) {
        if (quotes && (*c == '"' || *c == '\\')) buf_char(&text, '\\');
        buf_char(&text, *c);
    }
    if (quotes) buf_char(&text, '"');
    if (!text.full) completions_add(v->c, text.data, note, true);
    buf_free(&text);
}

static void add_known(void *context, const struct known_object *o)
{
    const struct values *v = context;
    if (v->ids) add_value(v, o->id, o->name);
    else add_value(v, o->name, *o->number ? o->number : o->resource->singular);
}

/* Whose names or ids the term takes; NULL: nobody's. */
static const struct resource *values_of(const struct resource *r, const struct filter_term *t)
{
    static const struct {
        const char *term;
        const struct resource *of;
    } table[] = {{"service", &resource_services},
                 {"team", &known_teams},
                 {"check", &resource_checks},
                 {"event", &resource_events},
                 {"issue", &resource_issues}};
    if (t->values || (t->type != FILTER_TEXT && t->type != FILTER_ENUM)) return NULL;
    if (!strcmp(t->name, "id") || !strcmp(t->name, "name")) return r;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (!strcmp(t->name, table[i].term)) return table[i].of;
    return NULL;
}

static void offer_fixed(const struct values *v, const char *words, const char *note)
{
    char word[64];
    for (size_t n; *words; words += n + strspn(words + n, " ")) {
        n = strcspn(words, " ");
        snprintf(word, sizeof word, "%.*s", (int)n, words);
        add_value(v, word, note);
    }
}

static void offer_values(struct app *app, const struct resource *r, const struct filter_term *t, struct completions *c, size_t at)
{
    const char *word = completions_prefix(c), *typed = word + at, *comma = strrchr(typed, ',');
    const struct resource *of = values_of(r, t);
    if (comma && t->type == FILTER_ENUM) typed = comma + 1;
    if (*typed == '=' && t->type == FILTER_TEXT) typed++;
    c->skip = (size_t)(typed - word);
    struct values v = {c, word, (size_t)(typed - word), t->type == FILTER_ENUM};
    if (t->type == FILTER_BOOL) offer_fixed(&v, "yes no", t->help);
    if (t->values) offer_fixed(&v, t->values, t->help);
    if (!of) return;
    known_ask(app, of, v.ids ? "" : typed + (*typed == '"'));
    known_each(app, of, add_known, &v);
}

void complete_terms(struct app *app, const struct resource *r, struct completions *c)
{
    completions_word(c, word_start(c->line));
    const char *word = completions_prefix(c);
    size_t minus = *word == '-', len = strcspn(word + minus, ":");
    for (size_t i = 0; i < r->filter_count; i++) {
        const struct filter_term *t = &r->filters[i];
        if (word[minus + len] == ':') {
            bool same = strlen(t->name) == len && !strncasecmp(t->name, word + minus, len);
            if (same) offer_values(app, r, t, c, minus + len + 1);
            continue;
        }
        char *name = xasprintf("%s%s:", minus ? "-" : "", t->name);
        completions_add(c, name, t->help, true);
        free(name);
    }
}
