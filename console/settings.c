#include "console/settings.h"

#include "base/buf.h"
#include "console/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define OPTION(name, field) .option = (name), .at = offsetof(struct options, field)

static const struct setting table[SETTINGS] = {
    [SET_PROFILE] = {.name = "profile",
                     .type = SETTING_TEXT,
                     OPTION("profile", profile),
                     .environment = "TERO_PROFILE",
                     .help = "the profile to use where none is named",
                     .sample = "production"},
    [SET_ENDPOINT] = {.name = "endpoint",
                      .type = SETTING_TEXT,
                      OPTION("endpoint", endpoint),
                      .environment = "TERO_API_ENDPOINT",
                      .per_profile = true,
                      .connection = true,
                      .help = "another control plane than the embedded one: https://host",
                      .sample = "https://tero.example.com"},
    [SET_CA] = {.name = "ca",
                .type = SETTING_PATH,
                OPTION("ca", ca),
                .environment = "TERO_CA_FILE",
                .per_profile = true,
                .connection = true,
                .help = "authorities (PEM) to trust for the endpoint instead of the system's",
                .sample = "/etc/ssl/tero-ca.pem"},
    [SET_ACCOUNT] = {.name = "account",
                     .type = SETTING_TEXT,
                     OPTION("account", account),
                     .environment = "TERO_ACCOUNT_ID",
                     .per_profile = true,
                     .connection = true,
                     .help = "id of the workspace, where there are several",
                     .sample = "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b"},
    [SET_DATA] = {.name = "data",
                  .type = SETTING_PATH,
                  OPTION("data", data),
                  .environment = "TERO_DATA",
                  .per_profile = true,
                  .connection = true,
                  .help = "directory of the embedded control plane",
                  .sample = "~/.local/share/tero"},
    [SET_TRUST] = {.name = "trust",
                   .type = SETTING_TEXT,
                   OPTION("trust", trust),
                   .environment = "TERO_TRUST",
                   .help = "public keys whose offline bundles are taken, between commas; tero-control-plane version says its own",
                   .sample = "8825fefd83341d4291fbab93b6cd07099cc9642eee0a09149f289b441baf8414"},
    [SET_TOKEN_FILE] = {.name = "token_file",
                        .type = SETTING_PATH,
                        .per_profile = true,
                        .connection = true,
                        .help = "file with the bearer token for the endpoint: owned by you, mode 0600; TERO_API_TOKEN wins over it",
                        .sample = "~/.config/tero/token"},
    [SET_READ_ONLY] = {.name = "read_only",
                       .type = SETTING_CHOICE,
                       .choices = "false soft true",
                       .fallback = "false",
                       OPTION("read-only", read_only),
                       .per_profile = true,
                       .connection = true,
                       .help = "true: nothing that changes anything is sent, and R cannot lift it; soft: so at the start, R lifts it"},
    [SET_LOCK_AFTER] = {.name = "lock.after",
                        .type = SETTING_DURATION,
                        .choices = "off 0",
                        .fallback = "off",
                        .min = 1000,
                        .max = 86400000,
                        .per_profile = true,
                        .help = "without a key for so long the console clears its screen, forgets its token and asks for the passphrase"},
    [SET_PATIENCE] = {.name = "patience",
                      .type = SETTING_DURATION,
                      .fallback = "15s",
                      .min = 100,
                      .max = 3600000,
                      .per_profile = true,
                      .help = "how long a command without a screen goes on trying to reach the control plane"},
    [SET_STALE_AFTER] = {.name = "stale_after",
                         .type = SETTING_DURATION,
                         .fallback = "10m",
                         .min = 1000,
                         .max = 86400000,
                         .per_profile = true,
                         .help = "what is shown and was loaded longer ago is marked as stale; r asks for it anew"},
    [SET_THEME] = {.name = "theme",
                   .type = SETTING_TEXT,
                   .fallback = "default",
                   OPTION("theme", theme),
                   .environment = "TERO_THEME",
                   .per_profile = true,
                   .live = true,
                   .help = "name of a theme, or the path of a *.theme file"},
    [SET_COLOR] = {.name = "color",
                   .type = SETTING_BOOL,
                   .fallback = "true",
                   OPTION("no-color", no_color),
                   .inverse = true,
                   .environment = "NO_COLOR",
                   .help = "false: no colours"},
    [SET_ASCII] = {.name = "ascii",
                   .type = SETTING_BOOL,
                   .fallback = "false",
                   OPTION("ascii", ascii),
                   .help = "no characters beyond ASCII in frames and marks"},
    [SET_PLAIN] = {.name = "plain",
                   .type = SETTING_BOOL,
                   .fallback = "false",
                   OPTION("plain", plain),
                   .help = "for screen readers and serial lines: no lines, the cursor on the selected row"},
    [SET_MOUSE] = {.name = "mouse",
                   .type = SETTING_BOOL,
                   .fallback = "false",
                   OPTION("mouse", mouse),
                   .help = "click tabs, rows and column titles, turn the wheel; selecting text then needs Shift"},
    [SET_HISTORY] = {.name = "history",
                     .type = SETTING_COUNT,
                     .fallback = "500",
                     .min = 0,
                     .max = 10000,
                     .help = "lines of each prompt that are remembered on disk; 0: nothing is read or written"},
    [SET_SESSION] = {.name = "session",
                     .type = SETTING_CHOICE,
                     .choices = "restore fresh",
                     .fallback = "restore",
                     OPTION("fresh", fresh),
                     .per_profile = true,
                     .help = "restore: begin with the tab, filters, orders, columns and rows of the last run; fresh: keep none of it"},
    [SET_KEYMAP] = {.name = "keys.keymap",
                    .type = SETTING_CHOICE,
                    .choices = "default vim emacs",
                    .fallback = "default",
                    .live = true,
                    .help = "which keys to begin with"},
    [SET_BIND] = {.name = "keys.bind",
                  .type = SETTING_KEYS,
                  .live = true,
                  .help = "other keys for actions, several between blanks, none: \"\"; tero-console keys lists the actions",
                  .sample = "{sort: \"% F6\", suspend: \"\"}"},
};

const struct setting *setting_of(enum setting_id id) { return &table[id]; }

enum setting_id setting_named(const char *name)
{
    int i = 0;
    while (i < SETTINGS && strcmp(table[i].name, name) != 0) i++;
    return (enum setting_id)i;
}

const struct setting *setting_of_option(const char *option)
{
    for (int i = 0; i < SETTINGS; i++)
        if (table[i].option && !strcmp(table[i].option, option)) return &table[i];
    return NULL;
}

static const struct {
    const char *name;
    long ms;
} units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}};
enum { UNITS = sizeof units / sizeof *units };

/* -1: not a number from 0 to a billion with one of the units after it. */
static long with_unit(const char *word)
{
    char *end;
    if (*word < '0' || *word > '9' || strlen(word) > 11) return -1;
    long n = strtol(word, &end, 10);
    for (int i = 0; i < UNITS; i++)
        if (!strcmp(end, units[i].name)) return n > 1000000000 / units[i].ms ? -1 : n * units[i].ms;
    return -1;
}

long setting_milliseconds(const char *text) { return with_unit(text); }

static void duration_text(struct buf *out, long ms)
{
    int i = UNITS - 1;
    while (i > 0 && ms % units[i].ms != 0) i--;
    buf_printf(out, "%ld%s", ms / units[i].ms, units[i].name);
}

static void choice_text(struct buf *out, const char *choices)
{
    for (const char *c = choices; *c;) {
        size_t n = strcspn(c, " ");
        buf_printf(out, "%s%.*s", c == choices ? "one of " : ", ", (int)n, c);
        c += n + strspn(c + n, " ");
    }
}

const char *setting_expects(const struct setting *s)
{
    static char text[200];
    struct buf out;
    buf_init(&out, sizeof text - 1);
    switch (s->type) {
    case SETTING_BOOL: buf_str(&out, "true or false"); break;
    case SETTING_TEXT: buf_str(&out, "a text of one line"); break;
    case SETTING_CHOICE: choice_text(&out, s->choices); break;
    case SETTING_DURATION:
        buf_str(&out, "a duration such as 1500ms, 15s or 5m, from ");
        duration_text(&out, s->min);
        buf_str(&out, " to ");
        duration_text(&out, s->max);
        if (s->choices) buf_printf(&out, ", or %.*s", (int)strcspn(s->choices, " "), s->choices);
        break;
    case SETTING_COUNT: buf_printf(&out, "a number from %ld to %ld", s->min, s->max); break;
    case SETTING_PATH: buf_str(&out, "the path of a file or directory"); break;
    case SETTING_KEYS: buf_str(&out, "a map of action names to keys: {sort: \"%\"}"); break;
    }
    snprintf(text, sizeof text, "%s", out.data);
    buf_free(&out);
    return text;
}

static bool word_of(const char *words, const char *word)
{
    size_t len = strlen(word);
    for (const char *c = words; *c && len;) {
        size_t n = strcspn(c, " ");
        if (n == len && !memcmp(c, word, n)) return true;
        c += n + strspn(c + n, " ");
    }
    return false;
}

/* The words of YAML 1.1 as well, which people type. */
static const char *boolean(const char *word, bool quoted)
{
    static const char *const yes[] = {"true", "yes", "on"}, *const no[] = {"false", "no", "off"};
    for (size_t i = 0; !quoted && i < 3; i++) {
        if (!strcasecmp(word, yes[i])) return "true";
        if (!strcasecmp(word, no[i])) return "false";
    }
    return NULL;
}

static bool in_range(const struct setting *s, long n) { return n >= s->min && n <= s->max; }

static bool one_line(const char *word)
{
    for (const char *c = word; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127) return false;
    return *word;
}

static const char *normal(const struct setting *s, const char *word, bool quoted)
{
    char *end;
    const char *truth = boolean(word, quoted);
    switch (s->type) {
    case SETTING_BOOL: return truth;
    case SETTING_CHOICE: return truth && word_of(s->choices, truth) ? truth : word_of(s->choices, word) ? word : NULL;
    case SETTING_DURATION:
        if (s->choices && (word_of(s->choices, word) || (truth && !strcmp(truth, "false")))) return "off";
        return in_range(s, with_unit(word)) ? word : NULL;
    case SETTING_COUNT:
        return *word >= '0' && *word <= '9' && strlen(word) < 10 && in_range(s, strtol(word, &end, 10)) && !*end ? word : NULL;
    case SETTING_TEXT:
    case SETTING_PATH: return one_line(word) ? word : NULL;
    case SETTING_KEYS: break;
    }
    return NULL;
}

bool setting_read(const struct setting *s, const char *word, bool quoted, char out[SETTING_TEXT_MAX], const char **problem)
{
    static char text[300];
    const char *shown = *word ? word : "\"\"", *form = normal(s, word, quoted);
    if (form && strlen(form) < SETTING_TEXT_MAX) {
        snprintf(out, SETTING_TEXT_MAX, "%s", form);
        return true;
    }
    snprintf(text, sizeof text, "%.60s%s is not %s", shown, form ? "... (too long)" : "", setting_expects(s));
    *problem = text;
    return false;
}
