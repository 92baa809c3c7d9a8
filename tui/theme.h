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
    X(CHART, "chart", "bars and lines of charts")                                                                                          \
    X(VARIABLE, "variable", "variable parts of a template")

enum role {
#define X(id, name, help) ROLE_##id,
    THEME_ROLES(X)
#undef X
        ROLES
};

/* Loads an embedded theme by name ("default", "mono") or a file path (it holds a "/" or "."); a file overrides only the
 * roles that it names. False: *problem (static) with file:line, the old theme stays. Works before and after term_open. */
bool theme_load(const char *name, const char **problem);
/* The theme in use: the last one loaded, or "mono" where there are no colours. */
const char *theme_name(void);
/* The names of the embedded themes; NULL beyond the last. Static, until the next call. */
const char *theme_embedded(int n);

#endif
