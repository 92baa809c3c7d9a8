#include "tui/theme_file.h"

#include "base/suggest.h"
#include "tui/style.h"

#include <stdio.h>
#include <string.h>

static const char *const role_names[ROLES] = {
#define X(id, name, help) name,
    THEME_ROLES(X)
#undef X
};

static const char *const color_names[] = {
    "black",        "red",        "green",        "yellow",        "blue",        "magenta",        "cyan",        "white",
    "bright-black", "bright-red", "bright-green", "bright-yellow", "bright-blue", "bright-magenta", "bright-cyan", "bright-white"};

static const struct {
    const char *name;
    uint8_t bit;
} attributes[] = {
    {"bold", STYLE_BOLD}, {"dim", STYLE_DIM}, {"underline", STYLE_UNDERLINE}, {"reverse", STYLE_REVERSE}, {"italic", STYLE_ITALIC},
};

#define LENGTH(array) (sizeof(array) / sizeof *(array))

struct parser {
    const char *name;
    int line;
    const char **problem;
};

static char message[256];

static bool fail(struct parser *p, const char *what, struct slice word, const char *instead)
{
    int n = (int)(word.len > 40 ? 40 : word.len);
    char shown[48];
    snprintf(shown, sizeof shown, "%.*s", n, word.ptr ? word.ptr : "");
    for (char *c = shown; *c; c++)
        if ((unsigned char)*c < 0x20 || (unsigned char)*c > 0x7E) *c = '?';
    if (instead) snprintf(message, sizeof message, "%s:%d: %s \"%s\"; did you mean \"%s\"?", p->name, p->line, what, shown, instead);
    else snprintf(message, sizeof message, "%s:%d: %s \"%s\"", p->name, p->line, what, shown);
    *p->problem = message;
    return false;
}

static const char *const role_helps[ROLES] = {
#define X(id, name, help) help,
    THEME_ROLES(X)
#undef X
};

const char *theme_role_name(enum role role) { return role_names[role]; }
const char *theme_role_help(enum role role) { return role_helps[role]; }

void theme_plain(struct theme *t)
{
    for (int i = 0; i < ROLES; i++) t->looks[i] = (struct theme_look){COLOR_OWN, COLOR_OWN, 0};
}

static bool blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

static struct slice trim(struct slice s)
{
    while (s.len && blank(s.ptr[0])) s = slice_of(s.ptr + 1, s.len - 1);
    while (s.len && blank(s.ptr[s.len - 1])) s.len--;
    return s;
}

/* Takes the first `end`-terminated part off *rest; the whole of it where there is no `end`. */
static struct slice take(struct slice *rest, char end)
{
    const char *at = rest->len ? memchr(rest->ptr, end, rest->len) : NULL;
    struct slice part = {rest->ptr, at ? (size_t)(at - rest->ptr) : rest->len};
    size_t used = part.len + (at != NULL);
    *rest = slice_of(rest->ptr + used, rest->len - used);
    return part;
}

static struct slice next_word(struct slice *rest)
{
    *rest = trim(*rest);
    size_t n = 0;
    while (n < rest->len && !blank(rest->ptr[n])) n++;
    struct slice word = {rest->ptr, n};
    *rest = slice_of(rest->ptr + n, rest->len - n);
    return word;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

static bool read_rgb(struct slice word, int32_t *color)
{
    if (word.len != 7 || word.ptr[0] != '#') return false;
    int32_t value = 0;
    for (size_t i = 1; i < 7; i++) {
        int digit = hex_digit(word.ptr[i]);
        if (digit < 0) return false;
        value = value << 4 | digit;
    }
    *color = COLOR_RGB | value;
    return true;
}

static bool read_number(struct slice word, int32_t *color)
{
    if (word.len == 0 || word.len > 3) return false;
    int32_t value = 0;
    for (size_t i = 0; i < word.len; i++) {
        if (word.ptr[i] < '0' || word.ptr[i] > '9') return false;
        value = value * 10 + (word.ptr[i] - '0');
    }
    *color = value;
    return value <= 255;
}

static bool read_color(struct slice word, int32_t *color)
{
    if (slice_is(word, "default")) {
        *color = COLOR_OWN;
        return true;
    }
    for (size_t i = 0; i < LENGTH(color_names); i++)
        if (slice_is(word, color_names[i])) {
            *color = (int32_t)i;
            return true;
        }
    return read_rgb(word, color) || read_number(word, color);
}

static uint8_t read_attribute(struct slice word)
{
    for (size_t i = 0; i < LENGTH(attributes); i++)
        if (slice_is(word, attributes[i].name)) return attributes[i].bit;
    return 0;
}

static const char *near_value(struct slice word, bool color_only)
{
    struct suggest s = suggest_for(word);
    suggest_try(&s, "default");
    for (size_t i = 0; i < LENGTH(color_names); i++) suggest_try(&s, color_names[i]);
    for (size_t i = 0; !color_only && i < LENGTH(attributes); i++) suggest_try(&s, attributes[i].name);
    return s.best;
}

static bool read_look(struct parser *p, struct slice value, struct theme_look *look)
{
    bool fg = false, bg = false;
    *look = (struct theme_look){COLOR_OWN, COLOR_OWN, 0};
    for (struct slice word = next_word(&value); word.len; word = next_word(&value)) {
        uint8_t bit = read_attribute(word);
        if (bit) {
            look->attributes |= bit;
        } else if (slice_is(word, "on")) {
            word = next_word(&value);
            if (bg) return fail(p, "a second background", word, NULL);
            if (!read_color(word, &look->bg)) return fail(p, "no colour after \"on\":", word, near_value(word, true));
            bg = true;
        } else if (!fg && read_color(word, &look->fg)) {
            fg = true;
        } else if (fg && read_color(word, &look->bg)) {
            return fail(p, "a second colour (a background is \"on COLOUR\"):", word, NULL);
        } else {
            return fail(p, "no colour or attribute", word, near_value(word, false));
        }
    }
    return true;
}

static int find_role(struct slice name)
{
    for (int i = 0; i < ROLES; i++)
        if (slice_is(name, role_names[i])) return i;
    return -1;
}

static const char *near_role(struct slice name)
{
    struct suggest s = suggest_for(name);
    for (int i = 0; i < ROLES; i++) suggest_try(&s, role_names[i]);
    return s.best;
}

static bool read_line(struct parser *p, struct theme *t, struct slice line)
{
    if (!memchr(line.ptr, '=', line.len)) return fail(p, "expected \"role = look\", found", line, NULL);
    struct slice name = trim(take(&line, '='));
    int role = find_role(name);
    if (role < 0) return fail(p, "no role", name, near_role(name));
    return read_look(p, line, &t->looks[role]);
}

static bool next_line(struct slice *text, struct slice *line, int *number)
{
    while (text->len) {
        *line = trim(take(text, '\n'));
        ++*number;
        if (line->len && line->ptr[0] != '#') return true;
    }
    return false;
}

static bool names_base(struct slice line, struct slice *base)
{
    if (!memchr(line.ptr, '=', line.len) || !slice_is(trim(take(&line, '=')), "base")) return false;
    *base = trim(line);
    return true;
}

bool theme_parse(struct theme *t, const char *name, struct slice text, const char **problem)
{
    struct theme made = *t;
    struct slice line, base;
    struct parser p = {.name = name, .problem = problem};
    for (bool first = true; next_line(&text, &line, &p.line); first = false) {
        if (first && names_base(line, &base)) continue;
        if (names_base(line, &base)) return fail(&p, "the base must come before every role:", base, NULL);
        if (!read_line(&p, &made, line)) return false;
    }
    *t = made;
    return true;
}

struct slice theme_base(struct slice text, int *number)
{
    struct slice line, base = {0};
    *number = 0;
    if (next_line(&text, &line, number)) names_base(line, &base);
    return base;
}

struct slice theme_about(struct slice text)
{
    struct slice line = trim(take(&text, '\n'));
    if (line.len == 0 || line.ptr[0] != '#') return (struct slice){0};
    return trim(slice_of(line.ptr + 1, line.len - 1));
}
