#include "base/buf.h"
#include "screens/format.h"
#include "screens/resource.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { VALUE_MAX = 256, TERMS_MAX = 64 };

struct parser {
    const struct resource *resource;
    const char *text, *at;
    bool failed;
};

struct value {
    char text[VALUE_MAX];
    size_t len;
    bool quoted;
};

static char problem_text[200];

static void fail(struct parser *p, const char *at, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void fail(struct parser *p, const char *at, const char *format, ...)
{
    if (p->failed) return;
    p->failed = true;
    int n = snprintf(problem_text, sizeof problem_text, "column %zu: ", (size_t)(at - p->text) + 1);
    va_list args;
    va_start(args, format);
    vsnprintf(problem_text + n, sizeof problem_text - (size_t)n, format, args);
    va_end(args);
}

static bool blank(char c) { return c == ' ' || c == '\t'; }

/* A run without blanks; what stands in quotes may hold them. */
static void read_value(struct parser *p, struct value *v)
{
    const char *start = p->at, *quote = NULL;
    *v = (struct value){0};
    for (; *p->at && (quote || !blank(*p->at)); p->at++) {
        if (*p->at == '"') {
            quote = quote ? NULL : p->at;
            v->quoted = true;
            continue;
        }
        if (*p->at == '\\' && quote && p->at[1]) p->at++;
        if (v->len + 1 >= sizeof v->text) {
            fail(p, start, "the value is too long");
            return;
        }
        v->text[v->len++] = *p->at;
    }
    if (quote) fail(p, quote, "the quote does not end");
}

/* {"service": {"name<operator>": value}} for the path "service.name". */
static json_t *condition(const char *path, const char *operator, json_t * value)
{
    const char *dot = strchr(path, '.');
    char name[80];
    if (!dot) {
        snprintf(name, sizeof name, "%s%s", path, operator);
        return json_pack("{so}", name, value);
    }
    snprintf(name, sizeof name, "%.*s", (int)(dot - path), path);
    return json_pack("{so}", name, condition(dot + 1, operator, value));
}

static json_t *text_condition(const char *path, const struct value *v)
{
    const char *text = v->text;
    size_t len = v->len;
    const char *operator= "ContainsFold";
    bool front = !v->quoted && len && text[0] == '*', back = !v->quoted && len > 1 && text[len - 1] == '*';
    if (!v->quoted && len > 1 && text[0] == '=') operator= "EqualFold", text++, len--;
    else if (front && !back) operator= "HasSuffix";
    else if (back && !front) operator= "HasPrefix";
    if (front) text++, len--;
    if (back) len--;
    json_t *string = json_stringn(text, len);
    return string ? condition(path, operator, string) : NULL;
}

/* A bare word: any of the paths "a|b" will do. */
static json_t *free_condition(const char *paths, const struct value *v)
{
    json_t *any = json_array(), *made = NULL;
    char path[80];
    for (const char *at = paths; *at;) {
        size_t n = strcspn(at, "|");
        snprintf(path, sizeof path, "%.*s", (int)n, at);
        made = *path == '=' ? condition(path + 1, "", json_string(v->text)) : text_condition(path, v);
        if (!made) break;
        json_array_append_new(any, made);
        at += n + (at[n] == '|');
    }
    if (made && json_array_size(any) > 1) return json_pack("{so}", "or", any);
    made = made ? json_incref(json_array_get(any, 0)) : NULL;
    json_decref(any);
    return made;
}

static bool word_among(const char *words, const char *word, size_t len)
{
    while (words && *words) {
        size_t n = strcspn(words, " ");
        if (n == len && !strncasecmp(words, word, len)) return true;
        words += n + (words[n] == ' ');
    }
    return !words;
}

static char cased(char c, bool upper)
{
    if (upper) return (char)(c >= 'a' && c <= 'z' ? c - 32 : c);
    return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static json_t *enum_condition(struct parser *p, const char *at, const struct filter_term *term, const struct value *v)
{
    json_t *list = json_array();
    for (const char *word = v->text; !p->failed;) {
        size_t n = strcspn(word, ",");
        char sent[VALUE_MAX];
        for (size_t i = 0; i <= n; i++) sent[i] = cased(word[i], term->upper);
        if (!n || !word_among(term->values, word, n)) fail(p, at, "%s: one of %s", term->name, term->values ? term->values : "the ids");
        else if (json_array_append_new(list, json_stringn(sent, n)) != 0) fail(p, at, "not UTF-8");
        if (!word[n]) break;
        word += n + 1;
    }
    if (!p->failed && json_array_size(list) == 1) {
        json_t *only = json_incref(json_array_get(list, 0));
        json_decref(list);
        return condition(term->where, "", only);
    }
    if (!p->failed) return condition(term->where, "In", list);
    json_decref(list);
    return NULL;
}

static json_t *bool_condition(struct parser *p, const char *at, const struct filter_term *term, const struct value *v)
{
    bool yes = word_among("yes true on 1", v->text, v->len), no = word_among("no false off 0", v->text, v->len);
    if (v->len && (yes || no)) return condition(term->where, "", json_boolean(yes));
    fail(p, at, "%s: yes or no", term->name);
    return NULL;
}

/* "At most" and "at least" are all that a range can say: "more" is "not at most". */
static json_t *range_condition(const struct filter_term *term, const char *operator, json_t * number)
{
    char path[80];
    bool least = !strcmp(operator, "GTE") || !strcmp(operator, "LT");
    snprintf(path, sizeof path, "%s.%s", term->where, least ? "minUsdPerHour" : "maxUsdPerHour");
    if (*operator) {
        json_t *made = condition(path, "", number);
        return strlen(operator) == 3 ? made : json_pack("{so}", "not", made);
    }
    return json_pack("{s{sO so}}", term->where, "minUsdPerHour", number, "maxUsdPerHour", number);
}

static json_t *bound(const struct filter_term *term, const char *operator, const char * text, size_t len)
{
    double number;
    if (!format_parse_number(text, len, &number)) return NULL;
    number /= term->factor != 0 ? term->factor : 1;
    bool whole = number == floor(number) && number < 1e15;
    json_t *value = whole ? json_integer((json_int_t)number) : json_real(number);
    return term->range ? range_condition(term, operator, value) : condition(term->where, operator, value);
}

static json_t *both(json_t *a, json_t *b)
{
    if (a && b) return json_pack("{s[oo]}", "and", a, b);
    json_decref(a);
    json_decref(b);
    return NULL;
}

static json_t *number_condition(struct parser *p, const char *at, const struct filter_term *term, const struct value *v)
{
    static const struct {
        const char *sign, *operator;
    } signs[] = {{">=", "GTE"}, {"<=", "LTE"}, {">", "GT"}, {"<", "LT"}, {"=", ""}, {"", ""}};
    json_t *made = NULL;
    const char *range = strstr(v->text, "..");
    size_t i = 0, n;
    if (range) {
        made = both(bound(term, "GTE", v->text, (size_t)(range - v->text)), bound(term, "LTE", range + 2, strlen(range + 2)));
    } else {
        while (strncmp(v->text, signs[i].sign, strlen(signs[i].sign)) != 0) i++;
        n = strlen(signs[i].sign);
        made = bound(term, signs[i].operator, v->text + n, v->len - n);
    }
    if (!made) fail(p, at, "%s: a number such as >100, <=2.5K or 1M..1G", term->name);
    return made;
}

static json_t *term_condition(struct parser *p, const char *at, const struct filter_term *term, const struct value *v)
{
    if (!v->len) {
        fail(p, at, "%s: a value is missing", term->name);
        return NULL;
    }
    switch (term->type) {
    case FILTER_ENUM: return enum_condition(p, at, term, v);
    case FILTER_BOOL: return bool_condition(p, at, term, v);
    case FILTER_NUMBER: return number_condition(p, at, term, v);
    default: return text_condition(term->where, v);
    }
}

static const struct filter_term *find_term(struct parser *p, const char *name, size_t len)
{
    struct buf known;
    for (size_t i = 0; i < p->resource->filter_count; i++) {
        const struct filter_term *t = &p->resource->filters[i];
        if (strlen(t->name) == len && !strncasecmp(t->name, name, len)) return t;
    }
    buf_init(&known, 160);
    for (size_t i = 0; i < p->resource->filter_count; i++) buf_printf(&known, "%s%s", i ? ", " : "", p->resource->filters[i].name);
    fail(p, name, "no filter \"%.*s\" here; there are %s", (int)(len < 24 ? len : 24), name, known.data ? known.data : "none");
    buf_free(&known);
    return NULL;
}

/* Length of "name" before a colon, 0 where this is a bare word. */
static size_t name_length(const char *at)
{
    size_t n = 0;
    while ((at[n] >= 'a' && at[n] <= 'z') || (at[n] >= 'A' && at[n] <= 'Z') || at[n] == '_') n++;
    return at[n] == ':' ? n : 0;
}

static json_t *read_term(struct parser *p)
{
    bool negated = *p->at == '-' && p->at[1] && !blank(p->at[1]);
    p->at += negated;
    const char *at = p->at;
    size_t name = name_length(at);
    const struct filter_term *term = name ? find_term(p, at, name) : NULL;
    struct value v;
    p->at += name ? name + 1 : 0;
    read_value(p, &v);
    if (p->failed) return NULL;
    if (!name && !v.len) {
        fail(p, at, "nothing between the quotes");
        return NULL;
    }
    json_t *made = name ? term_condition(p, at, term, &v) : free_condition(p->resource->free_text, &v);
    if (!made) fail(p, at, "not UTF-8");
    return made && negated ? json_pack("{so}", "not", made) : made;
}

json_t *filter_parse(const struct resource *r, const char *text, const char **problem)
{
    struct parser p = {.resource = r, .text = text, .at = text};
    json_t *all = json_array();
    for (;;) {
        while (blank(*p.at)) p.at++;
        if (!*p.at || p.failed) break;
        if (json_array_size(all) == TERMS_MAX) fail(&p, p.at, "more than %d terms", TERMS_MAX);
        json_t *term = p.failed ? NULL : read_term(&p);
        if (term) json_array_append_new(all, term);
    }
    json_t *where = p.failed                    ? NULL
                    : json_array_size(all) == 0 ? json_object()
                    : json_array_size(all) == 1 ? json_incref(json_array_get(all, 0))
                                                : json_pack("{sO}", "and", all);
    json_decref(all);
    *problem = p.failed ? problem_text : NULL;
    return where;
}
