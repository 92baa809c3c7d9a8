#include "tui/theme.h"

#include "base/suggest.h"
#include "tui/style.h"
#include "tui/theme_file.h"
#include "tui/theme_find.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 4 };

struct made {
    struct theme theme;
    char sources[DEPTH_MAX][PATH_MAX];
    int source_count;
};

static struct {
    struct made chosen;
    char name[128], wanted[PATH_MAX];
    bool loaded;
    int colors;
    bool rgb;
    unsigned generation;
    uint16_t styles[ROLES];
    bool colored[ROLES];
    struct theme_pair pairs[THEME_PAIRS];
    int pair_count;
} state = {.colors = 256};

static char problem_text[PATH_MAX + 256];

static bool fail(const char **problem, const char *name, const char *why)
{
    snprintf(problem_text, sizeof problem_text, "%s: %s", name, why);
    *problem = problem_text;
    return false;
}

/* ---- from roles to pairs of colours ---- */

static int pair_for(int fg, int bg)
{
    for (int i = 0; i < state.pair_count; i++)
        if (state.pairs[i].fg == fg && state.pairs[i].bg == bg) return i;
    if (state.pair_count == THEME_PAIRS) return 0;
    state.pairs[state.pair_count] = (struct theme_pair){fg, bg};
    return state.pair_count++;
}

static uint16_t style_of(const struct theme_look *look, const struct theme_look *text)
{
    unsigned attributes = look->attributes;
    int32_t fg = look->fg == COLOR_OWN ? text->fg : look->fg, bg = look->bg == COLOR_OWN ? text->bg : look->bg;
    bool bright = !(fg & COLOR_RGB) && fg >= 8 && fg < 16;
    if (bright && state.colors < 16) attributes |= STYLE_BOLD;
    struct theme_pair shown = color_pair(fg, bg, state.colors, state.rgb);
    return (uint16_t)((unsigned)pair_for(shown.fg, shown.bg) << 8 | attributes);
}

static void apply(void)
{
    struct made mono, *used = &state.chosen;
    const char *problem;
    if (state.colors < 8) {
        theme_plain(&mono.theme);
        theme_find_embedded(&mono.theme, "mono", &problem);
        used = &mono;
    }
    state.pair_count = 0;
    pair_for(COLOR_OWN, COLOR_OWN);
    for (int i = 0; i < ROLES; i++) {
        const struct theme_look *look = &used->theme.looks[i];
        state.styles[i] = style_of(look, &used->theme.looks[ROLE_TEXT]);
        state.colored[i] = look->fg != COLOR_OWN || look->bg != COLOR_OWN;
    }
    state.generation++;
}

/* ---- loading ---- */

static bool load_named(struct made *m, const char *name, bool embedded_only, const char **problem);

static bool load_base(struct made *m, const char *path, struct slice text, const char **problem)
{
    int line;
    char name[128], file[PATH_MAX], place[PATH_MAX + 32];
    struct slice base = theme_base(text, &line);
    snprintf(name, sizeof name, "%.*s", (int)(base.len < 100 ? base.len : 100), base.ptr ? base.ptr : "");
    if (!*name) return theme_find_embedded(&m->theme, "default", problem);
    bool itself = theme_find_file(name, file) && !strcmp(file, path);
    if (load_named(m, name, itself, problem)) return true;
    if (strchr(*problem, '/')) return false;
    snprintf(place, sizeof place, "%s:%d: base %s", path, line, *problem);
    snprintf(problem_text, sizeof problem_text, "%s", place);
    *problem = problem_text;
    return false;
}

static bool load_file(struct made *m, const char *path, const char **problem)
{
    const char *why;
    if (m->source_count == DEPTH_MAX) return fail(problem, path, "the bases of this theme go in a circle");
    snprintf(m->sources[m->source_count++], PATH_MAX, "%s", path);
    char *text = theme_find_read(path, &why);
    if (!text) return fail(problem, path, why);
    bool ok = load_base(m, path, slice_str(text), problem) && theme_parse(&m->theme, path, slice_str(text), problem);
    free(text);
    return ok;
}

static bool unknown(const char *name, const char **problem)
{
    struct theme_entry e;
    struct suggest s = suggest_for(slice_str(name));
    char best[128] = "";
    for (int i = 0; theme_entry(i, &e); i++) {
        s.best = NULL;
        suggest_try(&s, e.name);
        if (s.best) snprintf(best, sizeof best, "%s", e.name);
    }
    if (!*best) return fail(problem, name, "no theme of this name");
    char why[200];
    snprintf(why, sizeof why, "no theme of this name; did you mean %s?", best);
    return fail(problem, name, why);
}

static bool load_named(struct made *m, const char *name, bool embedded_only, const char **problem)
{
    char path[PATH_MAX];
    if (!embedded_only && theme_find_file(name, path)) return load_file(m, path, problem);
    return theme_find_embedded(&m->theme, name, problem) || unknown(name, problem);
}

static bool is_path(const char *name) { return strchr(name, '/') || strchr(name, '.'); }

static void take(const struct made *made, const char *name)
{
    const char *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name;
    state.chosen = *made;
    snprintf(state.name, sizeof state.name, "%.*s", (int)strcspn(base, "."), base);
    if (name != state.wanted) snprintf(state.wanted, sizeof state.wanted, "%s", name);
    state.loaded = true;
    apply();
}

bool theme_load(const char *name, const char **problem)
{
    static struct made made;
    made.source_count = 0;
    theme_plain(&made.theme);
    bool ok = is_path(name) ? load_file(&made, name, problem) : load_named(&made, name, false, problem);
    if (ok) take(&made, name);
    return ok;
}

static void load_default(void)
{
    static struct made made;
    const char *problem;
    if (state.loaded) return;
    theme_plain(&made.theme);
    theme_find_embedded(&made.theme, "default", &problem);
    take(&made, "default");
}

bool theme_reload(const char **problem)
{
    load_default();
    return theme_load(state.wanted, problem);
}

/* ---- what is told ---- */

const char *theme_name(void)
{
    load_default();
    return state.colors < 8 ? "mono" : state.name;
}

const char *theme_wanted(void)
{
    load_default();
    return state.wanted;
}

const char *theme_source(int n) { return n < state.chosen.source_count ? state.chosen.sources[n] : NULL; }

uint16_t theme_style(enum role role)
{
    load_default();
    return state.styles[role];
}

uint16_t theme_over(uint16_t style, enum role role)
{
    uint16_t top = theme_style(role);
    unsigned pair = state.colored[role] ? (unsigned)top & 0xFF00U : (unsigned)style & 0xFF00U;
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
