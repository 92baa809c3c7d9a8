/* The event loop: all input, then at most one frame, then wait. Nothing here blocks. */
#include "screens/app.h"

#include "base/clock.h"
#include "base/die.h"
#include "base/utf8.h"
#include "base/watch.h"
#include "screens/known.h"
#include "screens/live.h"
#include "screens/open.h"
#include "screens/resume_app.h"
#include "screens/theme_pick.h"
#include "screens/views.h"
#include "tui/prompt.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void app_dirty(struct app *app) { app->dirty = true; }
struct api *app_api(struct app *app) { return app->api; }
const struct screens_options *app_options(const struct app *app) { return app->options; }
const struct overview *app_overview(const struct app *app) { return &app->overview; }
struct keymap *app_keymap(struct app *app) { return app->keymap; }
const char *app_no_changes(const struct app *app)
{
    static char text[MESSAGE_MAX];
    const struct screens_options *o = app->options;
    if (!api_read_only(app->api)) return NULL;
    if (o->bundle) return "read-only: a bundle cannot be changed";
    if (o->read_only) snprintf(text, sizeof text, "read-only by %s", o->read_only_from ? o->read_only_from : "--read-only");
    else if (o->read_only_soft) snprintf(text, sizeof text, "read-only by %s; R switches it off", o->read_only_from);
    else return "read-only is on; R switches it off";
    return text;
}

void app_message(struct app *app, enum role role, const char *format, ...)
{
    struct buf clean;
    char text[MESSAGE_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    buf_init(&clean, MESSAGE_MAX - 1);
    utf8_clean(&clean, slice_str(text));
    snprintf(app->message, sizeof app->message, "%s", clean.data ? clean.data : "");
    buf_free(&clean);
    app->message_role = role;
    app_dirty(app);
}

void app_confirm(struct app *app, const char *question, void (*yes)(void *context), void *context)
{
    snprintf(app->question, sizeof app->question, "%s", question ? question : "");
    app->yes = yes;
    app->yes_context = context;
    app_dirty(app);
}

void app_copy(struct app *app, const char *text, const char *what)
{
    if (!*text) app_message(app, ROLE_WARN, "nothing to copy here");
    else app_message(app, ROLE_INFO, "%s: %s", what, term_copy(text));
}

/* ---- waiting ---- */

enum { WATCHED = 16, FILES = 2 /* after the terminal's */, OWN, VIEWS_MOST = WATCHED - LOCK_FDS };

struct waits {
    int fds[WATCHED];
    bool ready[WATCHED];
    struct view *views[WATCHED]; /* NULL: the lock's */
    size_t count;
    int64_t wake; /* the earliest timer of a view */
    bool working; /* a view waits for something that is no input */
};

static void watch_lock(const struct app *app, struct waits *w)
{
    int fds[LOCK_FDS];
    size_t n = lock_fds(app->lock, fds);
    for (size_t i = 0; i < n; i++) w->fds[w->count++] = fds[i];
    if (lock_is_on(app->lock)) w->wake = 0;
}

static void watch_view(struct view *v, void *context)
{
    struct waits *w = context;
    int fd = v->ops->fd ? v->ops->fd(v) : -1;
    if (v->wake && (!w->wake || v->wake < w->wake)) w->wake = v->wake;
    if (v->wake && !v->repeats) w->working = true;
    if (fd < 0 || w->count == VIEWS_MOST) return;
    w->fds[w->count] = fd;
    w->views[w->count++] = v;
    w->working = true;
}

static int until(int64_t wake, int64_t now)
{
    if (wake <= now) return 0;
    int64_t ms = (wake - now + 999999) / 1000000;
    return ms > 3600000 ? 3600000 : (int)ms;
}

static int sooner(int a, int b) { return a < 0 || (b >= 0 && b < a) ? b : a; }

/* Once: questions of the background that change nothing on the screen are nobody's business. */
static void tell_idle(struct app *app)
{
    if (!app->idle) term_idle();
    app->idle = true;
}

static void wait_for_something(struct app *app)
{
    struct waits w = {.count = OWN};
    int64_t now = clock_monotonic();
    term_fds(w.fds);
    w.fds[FILES] = watch_fd(app->watch);
    stack_each(app, watch_view, &w);
    watch_lock(app, &w);
    bool locked = lock_is_on(app->lock);
    int timeout = term_timeout();
    bool asking = api_in_flight(app->api) && !app->silent && !(offline_shown(app) && api_next_try(app->api));
    if (locked || (!w.working && timeout < 0 && !asking)) tell_idle(app);
    if (w.wake) timeout = sooner(timeout, until(w.wake, now));
    if (app->redraw) timeout = sooner(timeout, until(app->redraw, now));
    if (app->follow.wake && !locked) timeout = sooner(timeout, until(app->follow.wake, now));
    api_poll(app->api, w.fds, w.ready, w.count, timeout);
    offline_note(app);
    if (w.ready[FILES]) watch_read(app->watch);
    for (size_t i = OWN; i < w.count; i++)
        if (w.ready[i] && w.views[i]) w.views[i]->ops->readable(w.views[i]);
        else if (w.ready[i]) lock_readable(app->lock, w.fds[i]);
}

static void ring(struct view *v, void *context)
{
    const int64_t *now = context;
    if (!v->wake || v->wake > *now) return;
    v->wake = 0;
    v->ops->tick(v);
}

static void run_timers(struct app *app)
{
    int64_t now = clock_monotonic();
    lock_check(app->lock);
    bool locked = lock_is_on(app->lock);
    if (!locked) stack_each(app, ring, &now);
    if (!locked && app->follow.wake && app->follow.wake <= now) follow_tick(&app->follow);
    if (app->redraw && app->redraw <= now) app_dirty(app);
}

static void paint(struct app *app)
{
    app->dirty = app->idle = false;
    term_frame_begin();
    if (lock_is_on(app->lock)) lock_paint(app->lock);
    else frame_paint(app);
    term_frame_end();
}

static void loop(struct app *app)
{
    struct term_event event;
    while (!app->quit) {
        run_timers(app);
        while (!app->quit && term_next(&event)) {
            app->idle = false;
            if (!lock_event(app->lock, &event)) input_event(app, &event);
        }
        offline_note(app);
        if (app->dirty && !app->quit) paint(app);
        if (!app->quit) wait_for_something(app);
    }
}

/* ---- start and end ---- */

static bool open_terminal(const struct screens_options *o)
{
    const char *problem = "";
    if (!theme_load(o->theme ? o->theme : "default", &problem)) {
        fprintf(stderr, "tero-console: theme %s: %s\n", o->theme ? o->theme : "default", problem);
        return false;
    }
    if (!term_open(&(struct term_options){.no_color = o->no_color, .ascii = o->ascii, .plain = o->plain, .mouse = o->mouse}, &problem)) {
        fprintf(stderr, "tero-console: %s\n", problem);
        return false;
    }
    return true;
}

static struct keymap *open_keymap(const struct screens_options *o)
{
    const char *problem = "";
    struct keymap *m = keymaps_make(o->keymap, o->bindings, o->binding_count, NULL, &problem);
    if (!m) fprintf(stderr, "tero-console: keys: %s\n", problem);
    return m;
}

int screens_run(struct api *api, const struct screens_options *options)
{
    struct keymap *keymap = open_keymap(options);
    if (!keymap) return 1;
    struct app app = {.api = api, .options = options, .keymap = keymap, .dirty = true};
    if (options->read_only || options->read_only_soft) api_set_read_only(api, true);
    overview_open(&app.overview, &app, api);
    api_flush(api); /* the control plane works on it while the terminal is opened */
    if (!open_terminal(options)) {
        overview_close(&app.overview);
        keymap_free(keymap);
        return 1;
    }
    app.watch = watch_new();
    app.known = known_new(&app);
    follow_open(&app.follow, &app, api);
    theme_follow(&app);
    live_follow(&app);
    app_tab(&app, resume_open(&app));
    app.lock = lock_new(&app);
    if (options->demo) app_push(&app, ingest_new(&app));
    if (options->start) command_run(&app, options->start);
    loop(&app);
    prompt_close();
    term_close();
    if (lock_gave_up(app.lock)) fputs("tero-console: ended after too many wrong passphrases\n", stderr);
    stack_close_all(&app);
    resume_close(&app);
    opener_free(app.opener);
    known_free(app.known);
    overview_close(&app.overview);
    follow_close(&app.follow);
    watch_free(app.watch);
    keymap_free(app.keymap);
    lock_free(app.lock);
    return 0;
}
