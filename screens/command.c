/* The `:` prompt: one table of commands, from which help and completion are made. */
#include "screens/command.h"

#include "base/die.h"
#include "base/suggest.h"
#include "screens/app.h"
#include "screens/list_state.h"
#include "screens/saved_views.h"
#include "screens/complete.h"
#include "screens/export_page.h"
#include "screens/live.h"
#include "screens/open.h"
#include "screens/text.h"
#include "screens/theme_pick.h"
#include "screens/views.h"
#include "screens/views_menu.h"
#include "tui/prompt.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

struct command {
    const char *name, *arguments, *help;
    void (*run)(struct app *app, const char *arguments);
    char *(*complete)(struct app *app, const char *word, int n);
};

static struct view *current_list(struct app *app)
{
    struct view *v = app_top(app);
    return list_view_is(v, NULL) ? v : NULL;
}

static void set_filter(struct app *app, const char *filter)
{
    const char *problem = "open a list first";
    struct view *list = current_list(app);
    if (!list || !list_view_filter(list, filter, &problem)) app_message(app, ROLE_BAD, "filter: %s", problem);
}

static void open_list(struct app *app, const char *name, const char *state)
{
    const char *problem;
    char *text = xasprintf("%s %s", name, state);
    if (!list_open(app, text, *state != '\0', &problem)) app_message(app, ROLE_BAD, "%s", problem);
    free(text);
}

static void run_home(struct app *app, const char *a)
{
    (void)a;
    app_tab(app, TAB_HOME);
}

static void run_policies(struct app *app, const char *a) { open_list(app, "policies", a); }
static void run_edges(struct app *app, const char *a) { open_list(app, "edges", a); }
static void run_edge_keys(struct app *app, const char *a) { open_list(app, "edge-keys", a); }
static void run_issues(struct app *app, const char *a) { open_list(app, "issues", a); }
static void run_checks(struct app *app, const char *a) { open_list(app, "checks", a); }
static void run_services(struct app *app, const char *a) { open_list(app, "services", a); }
static void run_events(struct app *app, const char *a) { open_list(app, "events", a); }
static void run_filter(struct app *app, const char *a) { set_filter(app, a); }

static void run_sort(struct app *app, const char *column)
{
    const char *problem = "open a list first";
    struct view *list = current_list(app);
    if (!list || !list_view_sort(list, column, &problem)) app_message(app, ROLE_BAD, "sort %s: %s", column, problem);
}

static void run_columns(struct app *app, const char *columns)
{
    const char *problem = "open a list first";
    struct view *list = current_list(app);
    if (!list || !list_view_columns(list, columns, &problem)) app_message(app, ROLE_BAD, "columns: %s", problem);
}

static void run_export(struct app *app, const char *arguments)
{
    struct view *list = app_top(app);
    while (list->ops->height && list->below) list = list->below;
    if (list_view_is(list, NULL)) list_view_export(list, arguments);
    else export_page(app, list, arguments);
}

static void run_save(struct app *app, const char *name)
{
    struct buf text;
    const char *problem = "open a list first";
    struct view *list = current_list(app);
    buf_init(&text, 2 * LIST_STATE_MAX);
    if (list) list_view_state(list, &text);
    if (list && saved_views_put(name, text.data, &problem)) app_message(app, ROLE_GOOD, ":view %s opens  %s", name, text.data);
    else app_message(app, ROLE_BAD, "save: %s", problem);
    buf_free(&text);
}

/* Completion leaves a blank behind the word. */
static const char *one_word(const char *argument)
{
    static char word[SAVED_NAME_MAX + 2];
    snprintf(word, sizeof word, "%.*s", (int)strcspn(argument, " "), argument);
    return word;
}

static void run_unsave(struct app *app, const char *argument)
{
    const char *problem, *name = one_word(argument);
    if (saved_views_put(name, NULL, &problem)) app_message(app, ROLE_GOOD, "the view %s is gone", name);
    else app_message(app, ROLE_BAD, "unsave: %s", problem);
}

static void run_view(struct app *app, const char *argument)
{
    const char *name = one_word(argument), *problem = "no saved view of that name; :views lists them";
    struct saved_views v = saved_views_read();
    const char *text = saved_views_find(&v, name);
    if (!text || !list_open(app, text, true, &problem)) app_message(app, ROLE_BAD, "view %s: %s", name, problem);
    saved_views_free(&v);
}

static void run_views(struct app *app, const char *a)
{
    (void)a;
    views_menu_open(app);
}

static char *complete_view(struct app *app, const char *word, int n)
{
    (void)app;
    char *found = NULL;
    struct saved_views v = saved_views_read();
    for (size_t i = 0; i < v.count && !found; i++)
        if (!strncmp(v.items[i].name, word, strlen(word)) && n-- == 0) found = xstrdup(v.items[i].name);
    saved_views_free(&v);
    return found;
}

static void run_theme(struct app *app, const char *name)
{
    if (*name) theme_take(app, name);
    else theme_pick(app);
}

static void run_action(struct app *app, const char *name)
{
    const struct action *a = action_by_name(name);
    if (a) app_action(app, a->id);
}

static void run_ingest(struct app *app, const char *a)
{
    (void)a;
    app_tab(app, TAB_HOME);
    while (app_top(app)->below && app_context(app) != CONTEXT_INGEST) app_back(app);
    if (app_context(app) != CONTEXT_INGEST) app_action(app, ACT_INGEST);
}

static void run_help(struct app *app, const char *a)
{
    (void)a;
    run_action(app, "help");
}

static void run_requests(struct app *app, const char *a)
{
    (void)a;
    run_action(app, "requests");
}

static void run_profile(struct app *app, const char *name) { live_profile(app, name); }
static void run_open(struct app *app, const char *name) { open_anything(app, name); }

static void run_quit(struct app *app, const char *a)
{
    (void)a;
    app->quit = true;
}

static char *complete_theme(struct app *app, const char *word, int n)
{
    (void)app;
    struct theme_entry e;
    for (int i = 0; theme_entry(i, &e); i++)
        if (!strncmp(e.name, word, strlen(word)) && n-- == 0) return xstrdup(e.name);
    return NULL;
}

static const struct command commands[] = {
    {"home", "", "totals and what costs most", run_home, NULL},
    {"policies", "[FILTER]", "the policies, filtered: policies state:proposed", run_policies, NULL},
    {"edges", "[FILTER]", "the edge instances, filtered", run_edges, NULL},
    {"edge-keys", "[FILTER]", "the keys that edges sign in with", run_edge_keys, NULL},
    {"issues", "[FILTER]", "the issues, filtered: issues stage:open severity:high", run_issues, NULL},
    {"checks", "[FILTER]", "the checks that find issues", run_checks, NULL},
    {"services", "[FILTER]", "the services, filtered", run_services, NULL},
    {"events", "[FILTER]", "the log events: events severity:error order:cost,name", run_events, NULL},
    {"filter", "[FILTER]", "filter the list that is open; without a filter: all of it", run_filter, NULL},
    {"sort", "COLUMN,...", "sort the list that is open: cost,-name; again turns it around", run_sort, NULL},
    {"save", "NAME", "save this list's filter, order and columns", run_save, complete_view},
    {"unsave", "NAME", "delete a saved view", run_unsave, complete_view},
    {"view", "NAME", "open a saved view", run_view, complete_view},
    {"views", "", "choose among the saved views, rename or delete them", run_views, NULL},
    {"export", "[FORMAT] FILE", "every row of the list that is open, or the page: csv, json, yaml, markdown, text", run_export, NULL},
    {"columns", "[COLUMN,...]", "the columns from left to right; without: the default ones", run_columns, NULL},
    {"ingest", "", "read logs of this machine or a file", run_ingest, NULL},
    {"theme", "NAME|FILE", "change the colours", run_theme, complete_theme},
    {"profile", "[NAME]", "go on with another profile; without a name: which there are", run_profile, live_profile_completion},
    {"requests", "", "the requests that were sent to the control plane", run_requests, NULL},
    {"help", "", "keys, commands and filters", run_help, NULL},
    {"open", "ISS-12|POL-3|ID|NAME", "open an issue, a policy, a service, a log event or an edge", run_open, NULL},
    {"quit", "", "end the console", run_quit, NULL},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

/* A name, or the only one that begins so. */
static const struct command *find_command(const char *word, size_t len)
{
    const struct command *found = NULL;
    for (int i = 0; i < COMMANDS; i++) {
        if (strncmp(commands[i].name, word, len) != 0) continue;
        if (commands[i].name[len] == '\0') return &commands[i];
        if (found) return NULL;
        found = &commands[i];
    }
    return found;
}

static const struct action *exact_action(const char *word, size_t len)
{
    char name[40];
    snprintf(name, sizeof name, "%.*s", (int)len, word);
    return len < sizeof name ? action_by_name(name) : NULL;
}

static const struct command *find(const char *word, size_t len)
{
    const struct command *c = len ? find_command(word, len) : NULL;
    if (c && c->name[len] && exact_action(word, len)) return NULL;
    return c;
}

const char *command_name(const char *word, size_t len)
{
    const struct command *c = find(word, len);
    return c ? c->name : NULL;
}

const struct action *command_action(const char *word, size_t len)
{
    size_t count;
    const struct action *table = actions_table(&count), *found = exact_action(word, len);
    if (found || !len || find(word, len)) return found;
    for (size_t i = 0; i < count; i++) {
        if (strncmp(table[i].name, word, len) != 0) continue;
        if (found) return NULL;
        found = &table[i];
    }
    return found;
}

static void unknown(struct app *app, const char *word, size_t len)
{
    size_t count;
    const struct action *table = actions_table(&count);
    struct suggest s = suggest_for(slice_of(word, len));
    for (int i = 0; i < COMMANDS; i++) suggest_try(&s, commands[i].name);
    for (size_t i = 0; i < count; i++) suggest_try(&s, table[i].name);
    if (s.best) app_message(app, ROLE_BAD, "no command %.*s; did you mean %s?", (int)len, word, s.best);
    else app_message(app, ROLE_BAD, "no command %.*s; ? lists them", (int)len, word);
}

static void take_action(struct app *app, const struct action *a)
{
    const char *why = app_why_not_here(app, a);
    if (why) app_message(app, ROLE_WARN, "%s: %s", a->name, why);
    else app_action(app, a->id);
}

void command_run(struct app *app, const char *line)
{
    while (*line == ' ' || *line == ':') line++;
    size_t len = strcspn(line, " ");
    const struct command *c = find(line, len);
    const struct action *a = c ? NULL : command_action(line, len);
    const char *arguments = line + len + strspn(line + len, " ");
    app_dirty(app);
    if (c) c->run(app, arguments);
    else if (a) take_action(app, a);
    else if (len) unknown(app, line, len);
}

static void done(void *context, const char *text)
{
    struct app *app = context;
    app_dirty(app);
    if (text) command_run(app, text);
}

char *command_completion(struct app *app, const char *name, const char *word, int n)
{
    const struct command *c = find(name, strlen(name));
    return c && c->complete ? c->complete(app, word, n) : NULL;
}

bool command_info(int n, struct command_info *info)
{
    if (n < 0 || n >= COMMANDS) return false;
    *info = (struct command_info){commands[n].name, commands[n].arguments, commands[n].help};
    return true;
}

static void offer(void *context, struct completions *c) { complete_command(context, c); }
static const char *help(void *context, const char *line) { return complete_command_help(context, line); }

void command_open(struct app *app, const char *initial)
{
    prompt_open(&(struct prompt_options){
        .label = ":", .initial = initial, .history = "commands", .offer = offer, .help = help, .done = done, .context = app});
}

const char *command_help(int n)
{
    static char line[200];
    if (n >= COMMANDS) return NULL;
    snprintf(line, sizeof line, "  :%-8s %-10s %s", commands[n].name, commands[n].arguments, commands[n].help);
    return line;
}

const char *filter_help(int n)
{
    static const char *const lines[] = {
        "  payment              the name holds the word; \"two words\" in quotes",
        "  service:api          a field holds it",
        "  service:api-*        it begins so; *-api: it ends so; =api: it is exactly that",
        "  severity:debug,info  one of these",
        "  enabled:no           yes or no",
        "  -payment             not that",
    };
    return n < (int)(sizeof lines / sizeof *lines) ? lines[n] : NULL;
}
