#include "console/options.h"
#include "base/suggest.h"

#include "base/buf.h"
#include "base/die.h"
#include "base/hash.h"
#include "console/settings.h"
#include "screens/resource.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum kind { KIND_FLAG, KIND_TEXT, KIND_COUNT, KIND_OUTPUT, KIND_HELP, KIND_VERSION };

static const struct option {
    const char *name;
    char letter;
    enum kind kind;
    size_t at; /* in struct options */
    const char *argument, *help;
} table[] = {
    {"output", 'o', KIND_OUTPUT, offsetof(struct options, output), "FORMAT", "table (default), json, csv, yaml or markdown"},
    {"sort", 's', KIND_TEXT, offsetof(struct options, sort), "COLUMN,-COLUMN,...",
     "order of the rows; a minus turns a column around, three at most"},
    {"columns", 'c', KIND_TEXT, offsetof(struct options, columns), "A,B,...", "which columns, in this order; all: every one"},
    {"limit", 'n', KIND_COUNT, offsetof(struct options, limit), "N", "at most N rows; default: every row"},
    {"data", 'd', KIND_TEXT, offsetof(struct options, data), "DIRECTORY", "of the embedded control plane (default ~/.local/share/tero)"},
    {"profile", 'p', KIND_TEXT, offsetof(struct options, profile), "NAME", "profile of the settings file: which control plane, and how"},
    {"endpoint", 'e', KIND_TEXT, offsetof(struct options, endpoint), "URL",
     "another control plane: https://host; its token is read from TERO_API_TOKEN"},
    {"ca", 0, KIND_TEXT, offsetof(struct options, ca), "FILE", "authorities (PEM) to trust for the endpoint instead of the system's"},
    {"bundle", 'b', KIND_TEXT, offsetof(struct options, bundle), "FILE",
     "an offline bundle instead of a control plane; nothing is changed"},
    {"trust", 0, KIND_TEXT, offsetof(struct options, trust), "KEY,...",
     "whose bundles are taken: public keys (tero-control-plane version)"},
    {"account", 'a', KIND_TEXT, offsetof(struct options, account), "ID", "workspace, where there are several"},
    {"read-only", 'r', KIND_FLAG, offsetof(struct options, read_only), NULL, "nothing that changes anything is sent"},
    {"read-write", 0, KIND_FLAG, offsetof(struct options, read_write), NULL, "changes are allowed, whatever the settings file says"},
    {"demo", 0, KIND_FLAG, offsetof(struct options, demo), NULL, "a workspace with made-up data, thrown away at the end"},
    {"theme", 't', KIND_TEXT, offsetof(struct options, theme), "NAME", "theme, or the path of a *.theme file"},
    {"no-color", 0, KIND_FLAG, offsetof(struct options, no_color), NULL, "no colours"},
    {"ascii", 0, KIND_FLAG, offsetof(struct options, ascii), NULL, "no characters beyond ASCII in frames and marks"},
    {"mouse", 0, KIND_FLAG, offsetof(struct options, mouse), NULL, "click tabs, rows, column titles; the wheel scrolls"},
    {"fresh", 0, KIND_FLAG, offsetof(struct options, fresh), NULL, "do not go on where the last run ended, keep nothing of this one"},
    {"plain", 0, KIND_FLAG, offsetof(struct options, plain), NULL, "for screen readers and serial lines"},
    {"markdown", 0, KIND_FLAG, offsetof(struct options, markdown), NULL, "with keys and config schema: as Markdown"},
    {"agent", 0, KIND_FLAG, offsetof(struct options, agent), NULL, "with lock set: a key of the ssh-agent unlocks as well"},
    {"help", 'h', KIND_HELP, 0, NULL, "this text; help COMMAND tells more"},
    {"version", 'V', KIND_VERSION, 0, NULL, "the version"},
};
enum { OPTIONS = sizeof table / sizeof *table };

static const struct named_command {
    const char *name;
    enum command command;
    const char *arguments, *help;
} commands[] = {
    {"issues", COMMAND_LIST, "[ID] [FILTER...]", "what the checks found, with what it costs"},
    {"checks", COMMAND_LIST, "[ID] [FILTER...]", "the checks: state, findings, issues"},
    {"policies", COMMAND_LIST, "[ID] [FILTER...]", "what is dropped, kept and changed at the edges, and what waits for approval"},
    {"services", COMMAND_LIST, "[ID] [FILTER...]", "what sends logs"},
    {"events", COMMAND_LIST, "[ID] [FILTER...]", "the kinds of log records"},
    {"edges", COMMAND_LIST, "[ID] [FILTER...]", "the instances that carry policies out"},
    {"edge-keys", COMMAND_LIST, "[ID] [FILTER...]", "the keys that edges sign in with"},
    {"status", COMMAND_STATUS, "", "the control plane and its totals"},
    {"snapshot", COMMAND_SNAPSHOT, "FILE", "an offline bundle of the control plane of this machine, to be opened with --bundle"},
    {"policy", COMMAND_POLICY, "ACTION FILE...", "policy files: lint, diff, print, eval, preview, import; policy --help tells more"},
    {"config", COMMAND_CONFIG, "ACTION", "the settings file: show, check [FILE], edit, path, schema"},
    {"token", COMMAND_TOKEN, "ACTION", "tokens sealed with a passphrase: set, fingerprint, remove, list"},
    {"lock", COMMAND_LOCK, "ACTION", "what unlocks the console: set [--agent [FINGERPRINT]], show, remove"},
    {"keys", COMMAND_KEYS, "", "every key of the console"},
    {"themes", COMMAND_THEMES, "", "the themes, the roles that they colour, and how to write one"},
    {"generate", COMMAND_GENERATE, "man|bash|zsh|fish", "the man page, or the completion of a shell"},
    {"version", COMMAND_VERSION, "", "the version"},
    {"help", COMMAND_HELP, "[COMMAND]", "this text; of lists also columns and filters"},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

static char problem_text[256];

static bool fail(const char **problem, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool fail(const char **problem, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(problem_text, sizeof problem_text, format, args);
    va_end(args);
    *problem = problem_text;
    return false;
}

static const char *nearest_option(const char *word)
{
    struct suggest s = suggest_for(slice_str(word));
    for (size_t i = 0; i < OPTIONS; i++) suggest_try(&s, table[i].name);
    return s.best;
}

static const char *nearest_command(const char *word)
{
    struct suggest s = suggest_for(slice_str(word));
    for (size_t i = 0; i < COMMANDS; i++) suggest_try(&s, commands[i].name);
    return s.best;
}

static bool unknown(const char **problem, const char *what, const char *dashes, const char *word, const char *near)
{
    if (near) return fail(problem, "no %s %s%.60s; did you mean %s%s?", what, dashes, word, dashes, near);
    return fail(problem, "no %s %s%.60s; tero-console --help lists them", what, dashes, word);
}

static bool set_output(struct options *o, const char *value, const char **problem)
{
    int format = strchr(value, '.') ? -1 : output_named(value);
    if (format >= 0) return (o->output = (enum output)format), true;
    return fail(problem, "-o %.40s: table, json, csv, yaml or markdown", value);
}

static bool set(struct options *o, const struct option *option, const char *value, const char **problem)
{
    void *at = (char *)o + option->at;
    char *end;
    switch (option->kind) {
    case KIND_FLAG: *(bool *)at = true; return true;
    case KIND_TEXT: *(const char **)at = value; return true;
    case KIND_OUTPUT: return set_output(o, value, problem);
    case KIND_HELP: o->command = COMMAND_HELP; return true;
    case KIND_VERSION: o->command = COMMAND_VERSION; return true;
    case KIND_COUNT: break;
    }
    *(unsigned long *)at = strtoul(value, &end, 10);
    if (*value >= '1' && *value <= '9' && !*end) return true;
    return fail(problem, "--%s %.40s: a number from 1", option->name, value);
}

static const struct option *find_long(const char *name, size_t len)
{
    for (size_t i = 0; i < OPTIONS; i++)
        if (strlen(table[i].name) == len && !memcmp(table[i].name, name, len)) return &table[i];
    return NULL;
}

static const struct option *find_letter(char letter)
{
    for (size_t i = 0; i < OPTIONS; i++)
        if (letter && table[i].letter == letter) return &table[i];
    return NULL;
}

struct arguments {
    int count, at;
    char **words;
};

static bool read_option(struct options *o, struct arguments *a, const char **problem)
{
    const char *word = a->words[a->at], *name = word + (word[1] == '-' ? 2 : 1);
    size_t len = strcspn(name, "=");
    const struct option *option = word[1] == '-' ? find_long(name, len) : len == 1 ? find_letter(*name) : NULL;
    const char *value = name[len] == '=' ? name + len + 1 : NULL;
    if (!option) return unknown(problem, "option", word[1] == '-' ? "--" : "-", name, nearest_option(name));
    if (!option->argument && value) return fail(problem, "--%s takes no value", option->name);
    if (option->argument && !value) {
        if (a->at + 1 >= a->count) return fail(problem, "--%s: %s is missing", option->name, option->argument);
        value = a->words[++a->at];
    }
    return set(o, option, value ? value : "", problem);
}

/* After a resource "-word" is a filter that says not, unless it is "-x" for a known letter. */
static bool is_option(const struct options *o, const char *word)
{
    if (word[0] != '-' || !word[1]) return false;
    if (word[1] == '-' || o->command != COMMAND_LIST) return true;
    return (word[2] == '\0' || word[2] == '=') && find_letter(word[1]);
}

/* One word of the shell is one term: what holds blanks gets quotes. */
static void add_filter(struct buf *filter, const char *word)
{
    const char *colon = strchr(word, ':');
    size_t name = colon && strcspn(word, " \"") > (size_t)(colon - word) ? (size_t)(colon - word) + 1 : *word == '-';
    if (filter->len) buf_char(filter, ' ');
    if (!strchr(word, ' ') || strchr(word, '"')) {
        buf_str(filter, word);
        return;
    }
    buf_add(filter, word, name);
    buf_char(filter, '"');
    for (const char *c = word + name; *c; c++) {
        if (*c == '\\') buf_char(filter, '\\');
        buf_char(filter, *c);
    }
    buf_char(filter, '"');
}

static bool read_command(struct options *o, const char *word, const char **problem)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (!strcmp(commands[i].name, word)) {
            o->command = commands[i].command;
            if (o->command == COMMAND_LIST) o->resource = commands[i].name;
            return true;
        }
    return unknown(problem, "command", "", word, nearest_command(word));
}

static bool has_action(enum command c) { return c == COMMAND_CONFIG || c == COMMAND_GENERATE || c == COMMAND_TOKEN || c == COMMAND_LOCK; }

static bool read_word(struct options *o, bool *named, struct buf *filter, const char *word, const char **problem)
{
    struct id128 id;
    if (!*named) {
        *named = true;
        return read_command(o, word, problem);
    }
    if (o->command == COMMAND_HELP && !o->resource) {
        o->resource = word;
        return true;
    }
    if (has_action(o->command) && !o->action) {
        o->action = word;
        return true;
    }
    bool more = (o->command == COMMAND_CONFIG && !strcmp(o->action, "check")) || (o->command == COMMAND_LOCK && !strcmp(o->action, "set"));
    if (more && !o->path) {
        o->path = word;
        return true;
    }
    if (o->command == COMMAND_SNAPSHOT && !o->path) {
        o->path = word;
        return true;
    }
    if (o->command != COMMAND_LIST) return fail(problem, "%.60s: nothing more is expected here", word);
    if (!o->id && !filter->len && id_parse(slice_str(word), &id)) o->id = word;
    else add_filter(filter, word);
    return true;
}

/* What else says where real workspaces are does not matter to a demo; what was typed is a mistake. */
static bool check_demo(const struct options *o, const char **problem)
{
    if (!o->demo) return true;
    if (o->command != COMMAND_CONSOLE && o->command != COMMAND_HELP && o->command != COMMAND_VERSION)
        return fail(problem, "--demo is for the console alone: no command goes with it");
    const char *place = o->data ? "data" : o->endpoint ? "endpoint" : o->ca ? "ca" : o->account ? "account" : o->profile ? "profile" : NULL;
    return !place || fail(problem, "--demo and --%s exclude each other", place);
}

static bool check_bundle(const struct options *o, const char **problem)
{
    if (!o->bundle) return true;
    if (o->read_write) return fail(problem, "--bundle and --read-write exclude each other: a bundle cannot be changed");
    if (o->command == COMMAND_SNAPSHOT) return fail(problem, "--bundle: it is a snapshot already");
    const char *place = o->data ? "data" : o->endpoint ? "endpoint" : o->demo ? "demo" : o->profile ? "profile" : NULL;
    return !place || fail(problem, "--bundle and --%s exclude each other", place);
}

static bool check_pairs(const struct options *o, const char **problem)
{
    if (o->read_only && o->read_write) return fail(problem, "--read-only and --read-write exclude each other");
    if (o->endpoint && o->data) return fail(problem, "--endpoint and --data exclude each other");
    return check_bundle(o, problem) && check_demo(o, problem);
}

bool options_read(struct options *o, int argc, char **argv, const char **problem)
{
    struct arguments a = {argc, 1, argv};
    struct buf filter;
    bool named = false, only_words = false, ok = true;
    *o = (struct options){.filter = ""};
    buf_init(&filter, 1 << 16);
    for (; ok && a.at < argc; a.at++) {
        const char *word = argv[a.at];
        if (!only_words && !strcmp(word, "--")) only_words = true;
        else if (!only_words && is_option(o, word)) ok = read_option(o, &a, problem);
        else ok = read_word(o, &named, &filter, word, problem);
    }
    if (ok && filter.full) ok = fail(problem, "the filter is too long");
    if (ok && o->id && filter.len) ok = fail(problem, "an id needs no filter");
    ok = ok && check_pairs(o, problem);
    if (filter.len) o->filter = o->owned = xstrdup(filter.data);
    buf_free(&filter);
    return ok;
}

void options_free(struct options *o) { free(o->owned); }

static void help_options(FILE *out)
{
    fputs("\nOptions\n", out);
    for (size_t i = 0; i < OPTIONS; i++) {
        char left[64], letter[8] = "    ";
        if (table[i].letter) snprintf(letter, sizeof letter, "-%c, ", table[i].letter);
        const struct setting *s = setting_of_option(table[i].name);
        const char *variable = s ? s->environment : NULL;
        snprintf(left, sizeof left, "%s--%s %s", letter, table[i].name, table[i].argument ? table[i].argument : "");
        fprintf(out, "  %-30s %s%s%s%s\n", left, table[i].help, variable ? " [" : "", variable ? variable : "", variable ? "]" : "");
    }
}

static void help_all(FILE *out)
{
    fputs("tero-console [OPTION...]              the console\ntero-console [OPTION...] COMMAND ...  one answer, no screen\n\nCommands\n",
          out);
    for (size_t i = 0; i < COMMANDS; i++) {
        char left[48];
        snprintf(left, sizeof left, "%s %s", commands[i].name, commands[i].arguments);
        fprintf(out, "  %-30s %s\n", left, commands[i].help);
    }
    help_options(out);
    fputs("\nFilters: word  \"two words\"  name:value  name:begin*  name:=exactly  name:one,two  cost:>100  volume:1G..5T  -not\n"
          "order:COLUMN (order:-COLUMN: the other way) and columns:A,B may stand among them, as in the console and its commands.\n"
          "JSON is one array of objects, or one object for status and for an ID; money is dollars, sizes are bytes, times are\n"
          "RFC 3339. CSV is RFC 4180; a text that a spreadsheet would take for a formula (= + - @ first) gets a ' before it.\n"
          "\nExit codes: 0 fine, 1 usage, I/O or no answer, 2 the control plane says that it is failing,\n"
          "4 a bundle signed by a key that is not trusted, 5 a broken bundle.\n",
          out);
}

static void help_resource(FILE *out, const struct resource *r)
{
    fprintf(out, "tero-console %s [ID] [FILTER...] [OPTION...]\n\nColumns (* sortable by this name)\n", r->name);
    for (size_t i = 0; i < r->column_count; i++)
        fprintf(out, "  %-12s%c %s%s\n", r->columns[i].key, r->columns[i].order ? '*' : ' ', r->columns[i].help,
                r->columns[i].off ? " (not in the table unless asked for)" : "");
    fputs("\nFilters\n", out);
    for (size_t i = 0; i < r->filter_count; i++) fprintf(out, "  %-13s %s\n", r->filters[i].name, r->filters[i].help);
    fprintf(out, "\nSorted by %s unless --sort says otherwise.\n", r->sort);
}

bool options_help(FILE *out, const char *about)
{
    if (!about) {
        help_all(out);
        return true;
    }
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, about) != 0) continue;
        if (commands[i].command == COMMAND_LIST) help_resource(out, resource_find(about));
        else fprintf(out, "tero-console %s %s  %s\n", about, commands[i].arguments, commands[i].help);
        return true;
    }
    return false;
}

bool options_option(size_t n, struct usage_option *option)
{
    if (n >= OPTIONS) return false;
    const struct setting *s = setting_of_option(table[n].name);
    *option = (struct usage_option){table[n].name, table[n].letter, table[n].argument, s ? s->environment : NULL, table[n].help, NULL};
    return true;
}

bool options_command(size_t n, struct usage_command *command, enum command *kind)
{
    if (n >= COMMANDS) return false;
    *command = (struct usage_command){.name = commands[n].name, .arguments = commands[n].arguments, .help = commands[n].help};
    *kind = commands[n].command;
    return true;
}
