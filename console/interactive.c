#include "console/interactive.h"

#include "base/die.h"
#include "console/config_check.h"
#include "console/headless.h"
#include "console/locker.h"
#include "console/session.h"
#include "console/setup.h"
#include "console/token.h"
#include "screens/screens.h"
#include "tui/prompt.h"
#include "tui/theme.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct interactive {
    const struct options *typed;
    struct setup first, latest; /* what the session was opened with stays; latest: where `reread` */
    bool reread;
    struct binding *bindings;
    const char **profiles;
    char *said, *next /* the profile to begin anew with */;
};

static const struct setup *current(const struct interactive *in) { return in->reread ? &in->latest : &in->first; }

/* ---- a changed file ---- */

static bool same(const struct effective *a, const struct effective *b, enum setting_id id)
{
    const char *x = a->values[id].text, *y = b->values[id].text;
    return x == y || (x && y && !strcmp(x, y));
}

static bool same_keys(const struct config *a, const struct config *b)
{
    bool same = a->binding_count == b->binding_count;
    for (size_t i = 0; same && i < a->binding_count; i++)
        same = !strcmp(a->bindings[i].action, b->bindings[i].action) && !strcmp(a->bindings[i].keys, b->bindings[i].keys);
    return same;
}

static void name_changed(struct buf *out, const struct setup *old, const struct setup *new, bool live)
{
    for (int i = 0; i < SETTINGS; i++) {
        enum setting_id id = (enum setting_id)i;
        bool unchanged = id == SET_BIND ? same_keys(&old->config, &new->config) : same(&old->effective, &new->effective, id);
        if (!unchanged && setting_of(id)->live == live) buf_printf(out, "%s%s", out->len ? ", " : "", setting_of(id)->name);
    }
}

static char *describe(const struct setup *old, const struct setup *new)
{
    struct buf now, later;
    buf_init(&now, 400);
    buf_init(&later, 400);
    name_changed(&now, old, new, true);
    name_changed(&later, old, new, false);
    char *text = xasprintf("%s%s%s%s%s", now.len ? "settings changed: " : "", now.len ? now.data : "", now.len && later.len ? "; " : "",
                           later.len ? "from the next start on: " : "", later.len ? later.data : "");
    buf_free(&now);
    buf_free(&later);
    return text;
}

static bool load_theme(const struct setup *old, const struct setup *new, bool *loaded, char **problem)
{
    const char *text = new->effective.values[SET_THEME].text, *why;
    if (same(&old->effective, &new->effective, SET_THEME)) return true;
    *loaded = theme_load(text, &why);
    if (*loaded) return true;
    *problem = xasprintf("%s:%u: theme: %s", new->config.path, new->effective.values[SET_THEME].at.line, why);
    return false;
}

/* The name of the file is enough in a line of the screen. */
static char *brief(const struct setup *s, char *problem)
{
    const char *path = s->config.path, *slash = strrchr(path, '/');
    size_t directory = slash ? (size_t)(slash - path) + 1 : 0;
    if (!strncmp(problem, path, directory)) memmove(problem, problem + directory, strlen(problem + directory) + 1);
    return problem;
}

static bool open_again(struct interactive *in, struct setup *new, bool *theme, char **problem)
{
    if (!setup_open(new, in->typed, false, problem)) return false;
    config_check_keys(&new->config);
    if (new->config.problems.count) *problem = problems_summary(&new->config.problems);
    if (!*problem && load_theme(current(in), new, theme, problem)) return true;
    setup_close(new);
    return false;
}

static bool reread(void *context, struct screens_live *live)
{
    struct interactive *in = context;
    struct setup new;
    char *problem = NULL;
    *live = (struct screens_live){0};
    bool good = open_again(in, &new, &live->theme, &problem);
    free(in->said);
    in->said = good ? describe(current(in), &new) : brief(&in->first, problem);
    live->said = in->said;
    if (!good) return false;
    if (in->reread) setup_close(&in->latest);
    in->latest = new;
    in->reread = true;
    free(in->bindings);
    in->bindings = config_bindings(&new.config);
    live->keymap = new.options.keymap;
    live->bindings = in->bindings;
    live->binding_count = new.config.binding_count;
    return true;
}

/* ---- another profile ---- */

static const char *wins(const struct options *typed)
{
    const char *variable = setting_of(SET_ENDPOINT)->environment, *set = getenv(variable);
    if (typed->demo) return "a demo has no profiles";
    if (typed->endpoint) return "--endpoint was given: it wins over every profile";
    if (typed->data) return "--data was given: it wins over every profile";
    return set && *set ? "TERO_API_ENDPOINT is set: it wins over every profile" : NULL;
}

static bool try_profile(const struct options *typed, const char *name, char **problem)
{
    struct setup s;
    struct options other = *typed;
    other.profile = name;
    if (!setup_open(&s, &other, false, problem)) return false;
    const char *file = s.options.endpoint ? s.options.token_file : NULL;
    char *token = file ? token_read(file, problem) : NULL;
    token_free(token);
    setup_close(&s);
    return !*problem;
}

static const char *switch_profile(void *context, const char *name)
{
    struct interactive *in = context;
    const char *why = wins(in->typed);
    char *problem = NULL;
    if (why) return why;
    if (try_profile(in->typed, name, &problem)) {
        in->next = xstrdup(name);
        return NULL;
    }
    free(in->said);
    return in->said = problem;
}

static bool names_profile(const char *word, bool *alone)
{
    *alone = !strcmp(word, "-p") || !strcmp(word, "--profile");
    return *alone || !strncmp(word, "-p=", 3) || !strncmp(word, "--profile=", 10);
}

/* As this one was started, but for the profile. Comes back only where that fails. */
static int begin_anew(const char *name, char **argv)
{
    size_t count = 0, n = 0;
    bool alone;
    while (argv[count]) count++;
    char **words = xcalloc(count + 3, sizeof *words);
    words[n++] = argv[0];
    words[n++] = xasprintf("--profile=%s", name);
    for (size_t i = 1; i < count; i++) {
        if (!names_profile(argv[i], &alone)) words[n++] = argv[i];
        else if (alone && argv[i + 1]) i++;
    }
    execv("/proc/self/exe", words);
    if (argv[0]) execvp(argv[0], words);
    free(words[1]);
    free(words);
    return complain("the console could not begin anew with profile %s", name);
}

/* ---- the run ---- */

static void list_profiles(struct interactive *in)
{
    const struct config *c = &in->first.config;
    in->profiles = xcalloc(c->profile_count + 1, sizeof *in->profiles);
    for (size_t i = 0; i < c->profile_count; i++) in->profiles[i] = c->profiles[i].name;
}

static int show(struct interactive *in, const struct session *s)
{
    struct buf from;
    const struct options *o = &in->first.options;
    struct locker *locker = locker_new(s, o->lock_ms);
    struct screens_host host = {
        .context = in, .config = in->first.config.path, .reread = reread, .profiles = in->profiles, .switch_profile = switch_profile};
    bool kept = !o->fresh && !o->demo && !s->bundle;
    char *place = kept ? xasprintf("%s %s", s->name, o->endpoint ? o->endpoint : s->directory) : NULL;
    buf_init(&from, 8192);
    effective_origin(&in->first.effective, SET_READ_ONLY, true, &from);
    prompt_remember(o->history);
    int code = screens_run(s->api, &(struct screens_options){
                                       .profile = s->name,
                                       .kind = s->kind,
                                       .read_only = o->read_only || s->bundle,
                                       .read_only_soft = o->read_only_soft,
                                       .read_only_from = from.data,
                                       .ascii = o->ascii,
                                       .no_color = o->no_color,
                                       .plain = o->plain,
                                       .mouse = o->mouse,
                                       .theme = o->theme,
                                       .keymap = o->keymap,
                                       .bindings = in->bindings,
                                       .binding_count = in->first.config.binding_count,
                                       .stale_ms = o->stale_ms,
                                       .data_directory = s->directory,
                                       .demo = o->demo,
                                       .bundle = s->bundle,
                                       .place = place,
                                       .host = &host,
                                       .lock = locker_screens(locker),
                                   });
    buf_free(&from);
    free(place);
    locker_free(locker);
    return code;
}

static int run(struct interactive *in)
{
    struct session s;
    char *problem = NULL;
    int code = EXIT_USAGE;
    in->bindings = config_bindings(&in->first.config);
    list_profiles(in);
    if (session_open(&s, &in->first.options, 0, &problem)) code = show(in, &s);
    else complain("%s", problem), code = s.code;
    free(problem);
    session_close(&s);
    return code;
}

int interactive_run(const struct options *typed, char **argv)
{
    struct interactive in = {.typed = typed};
    char *problem;
    if (!setup_open(&in.first, typed, true, &problem)) {
        int code = complain("%s", problem);
        free(problem);
        return code;
    }
    int code = run(&in);
    setup_close(&in.first);
    if (in.reread) setup_close(&in.latest);
    free(in.bindings);
    free(in.profiles);
    free(in.said);
    if (in.next) code = begin_anew(in.next, argv);
    free(in.next);
    return code;
}
