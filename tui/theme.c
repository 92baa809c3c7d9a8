#include "tui/theme.h"

#include "base/embedded.h"
#include "tui/style.h"
#include "tui/theme_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THEME_FILE_MAX = 64 * 1024 };

static struct {
    struct theme chosen;
    char name[128];
    bool loaded;
    int colors;
    bool rgb;
    unsigned generation;
    uint16_t styles[ROLES];
    struct theme_pair pairs[THEME_PAIRS];
    int pair_count;
} state = {.colors = 256};

static char problem_text[256];

static const struct embedded *embedded_find(const char *name)
{
    size_t n = strlen(name);
    for (const struct embedded *e = embedded_themes; e->name; e++)
        if (!strncmp(e->name, name, n) && !strcmp(e->name + n, ".theme")) return e;
    return NULL;
}

static void embedded_load(struct theme *t, const char *name)
{
    const char *problem;
    const struct embedded *e = embedded_find(name);
    theme_plain(t);
    if (e) theme_parse(t, e->name, slice_of(e->text, e->len), &problem);
}

static int pair_for(int fg, int bg)
{
    for (int i = 0; i < state.pair_count; i++)
        if (state.pairs[i].fg == fg && state.pairs[i].bg == bg) return i;
    state.pairs[state.pair_count] = (struct theme_pair){fg, bg};
    return state.pair_count++;
}

static uint16_t style_of(const struct theme_look *look)
{
    unsigned attributes = look->attributes;
    bool bright = !(look->fg & COLOR_RGB) && look->fg >= 8 && look->fg < 16;
    if (bright && state.colors < 16) attributes |= STYLE_BOLD;
    int fg = color_degrade(look->fg, state.colors, state.rgb), bg = color_degrade(look->bg, state.colors, state.rgb);
    return (uint16_t)((unsigned)pair_for(fg, bg) << 8 | attributes);
}

static void apply(void)
{
    struct theme used = state.chosen;
    if (state.colors < 8) embedded_load(&used, "mono");
    state.pair_count = 0;
    pair_for(COLOR_OWN, COLOR_OWN);
    for (int i = 0; i < ROLES; i++) state.styles[i] = style_of(&used.looks[i]);
    state.generation++;
}

static void load_default(void)
{
    if (state.loaded) return;
    embedded_load(&state.chosen, "default");
    snprintf(state.name, sizeof state.name, "default");
    state.loaded = true;
    apply();
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool fail(const char **problem, const char *name, const char *why)
{
    snprintf(problem_text, sizeof problem_text, "%.200s: %s", name, why);
    *problem = problem_text;
    return false;
}

static bool read_theme(const char *path, struct theme *t, const char **problem)
{
    FILE *file = fopen(path, "re");
    if (!file) return fail(problem, path, strerror(errno));
    char *text = malloc(THEME_FILE_MAX + 1);
    size_t n = text ? fread(text, 1, THEME_FILE_MAX + 1, file) : 0;
    bool ok = text && !ferror(file) && n <= THEME_FILE_MAX;
    fclose(file);
    if (ok) ok = theme_parse(t, path, slice_of(text, n), problem);
    else fail(problem, path, n > THEME_FILE_MAX ? "too large for a theme" : "cannot be read");
    free(text);
    return ok;
}

bool theme_load(const char *name, const char **problem)
{
    load_default();
    struct theme made;
    const struct embedded *e = embedded_find(name);
    if (e) {
        embedded_load(&made, name);
    } else if (!strchr(name, '/') && !strchr(name, '.')) {
        return fail(problem, name, "no theme of this name");
    } else {
        embedded_load(&made, "default");
        if (!read_theme(name, &made, problem)) return false;
    }
    state.chosen = made;
    snprintf(state.name, sizeof state.name, "%.*s", (int)strcspn(base_name(name), "."), base_name(name));
    apply();
    return true;
}

const char *theme_name(void)
{
    load_default();
    return state.colors < 8 ? "mono" : state.name;
}

const char *theme_embedded(int n)
{
    static char name[64];
    for (int i = 0; i <= n; i++)
        if (!embedded_themes[i].name) return NULL;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(embedded_themes[n].name, "."), embedded_themes[n].name);
    return name;
}

uint16_t theme_style(enum role role)
{
    load_default();
    return state.styles[role];
}

uint16_t theme_over(uint16_t style, enum role role)
{
    uint16_t top = theme_style(role);
    unsigned pair = top >> 8 ? (unsigned)top & 0xFF00U : (unsigned)style & 0xFF00U;
    return (uint16_t)(pair | ((style | top) & 0xFFU));
}

void theme_terminal(int colors, bool rgb)
{
    load_default();
    state.colors = colors;
    state.rgb = rgb;
    apply();
}

const struct theme_pair *theme_pairs(int *count, unsigned *generation)
{
    load_default();
    *count = state.pair_count;
    *generation = state.generation;
    return state.pairs;
}
