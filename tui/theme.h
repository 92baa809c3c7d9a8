/* Colour roles and themes. A role always carries meaning that the text also says in words or glyphs. */
#ifndef TUI_THEME_H
#define TUI_THEME_H

#include <stdbool.h>

#define THEME_ROLES(X)                                                                                                                     \
    X(TEXT, "text", "ordinary text")                                                                                                       \
    X(DIM, "dim", "secondary text, hints, units")                                                                                          \
    X(TITLE, "title", "name of the program and of a screen")                                                                               \
    X(BAR, "bar", "the top line")                                                                                                          \
    X(TAB, "tab", "a tab")                                                                                                                 \
    X(TAB_CURRENT, "tab-current", "the open tab")                                                                                          \
    X(RULE, "rule", "lines between parts")                                                                                                 \
    X(HEADING, "heading", "column titles, headings of sections")                                                                           \
    X(SELECTED, "selected", "the row under the cursor")                                                                                    \
    X(MARKED, "marked", "marked rows")                                                                                                     \
    X(KEY, "key", "a key in a hint")                                                                                                       \
    X(MATCH, "match", "found text")                                                                                                        \
    X(GOOD, "good", "passing, healthy, saving")                                                                                            \
    X(WARN, "warn", "attention, stale")                                                                                                    \
    X(BAD, "bad", "failing, error")                                                                                                        \
    X(INFO, "info", "neutral state, link")                                                                                                 \
    X(SEV_DEBUG, "severity-debug", "debug and trace records")                                                                              \
    X(SEV_INFO, "severity-info", "info records")                                                                                           \
    X(SEV_WARN, "severity-warn", "warnings")                                                                                               \
    X(SEV_ERROR, "severity-error", "errors and fatal records")                                                                             \
    X(MONEY, "money", "amounts of money")                                                                                                  \
    X(CHART, "chart", "bars and lines of charts; the first of several series")                                                             \
    X(CHART_2, "chart-2", "second series of a chart")                                                                                      \
    X(CHART_3, "chart-3", "third series")                                                                                                  \
    X(CHART_4, "chart-4", "fourth series")                                                                                                 \
    X(CHART_5, "chart-5", "fifth series")                                                                                                  \
    X(CHART_REST, "chart-rest", "what is left over beside the series")                                                                     \
    X(VARIABLE, "variable", "variable parts of a template")

enum role {
#define X(id, name, help) ROLE_##id,
    THEME_ROLES(X)
#undef X
        ROLES
};

/* Loads a theme by name: one of the person's own ($XDG_CONFIG_HOME/tero/themes/NAME.theme) or an embedded one; or by a
 * file path (it holds a "/" or "."). A file overrides only the roles that it names, of its base or of "default". False:
 * *problem (static) with file:line, the old theme stays. Works before and after term_open. */
bool theme_load(const char *name, const char **problem);
/* Loads the theme in use anew from its files. */
bool theme_reload(const char **problem);
/* The theme in use: the last one loaded, or "mono" where there are no colours. */
const char *theme_name(void);
/* What would load it again: its name, or the path that was given. */
const char *theme_wanted(void);
/* The files that it was made of, NULL beyond the last; none for an embedded theme. */
const char *theme_source(int n);

/* The themes that can be had by name: embedded ones, then the person's own. False beyond the last. The texts are static,
 * until the next call. */
struct theme_entry {
    const char *name, *about;
    const char *path; /* NULL: embedded */
};
bool theme_entry(int n, struct theme_entry *entry);
/* The directory of the person's own; static. */
const char *theme_directory(void);

const char *theme_role_name(enum role role);
const char *theme_role_help(enum role role);

#endif
