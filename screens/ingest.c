/* The way in (of a demo: the made-up records): this machine's logs, a file, or an address for OTLP. Reading runs in the background and
 * shows how far it is; leaving the tab does not stop it. */
#include "base/clock.h"
#include "base/die.h"
#include "screens/age.h"
#include "screens/format.h"
#include "screens/ingest.h"
#include "screens/otlp.h"
#include "screens/overview.h"
#include "tui/prompt.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#define LOG_DIRECTORY "/var/log"
#define REAP_PAUSE    (10 * (NS_PER_SECOND / 1000))

static struct ingest *self(struct view *v) { return (struct ingest *)v; }
static const struct ingest *seen(const struct view *v) { return (const struct ingest *)v; }

static void add_progress(struct job_progress *sum, const struct job_progress *p)
{
    sum->records += p->records;
    sum->bytes += p->bytes;
    sum->patterns += p->patterns;
    sum->rejected += p->rejected;
}

/* ---- running ---- */

static const char *cannot_read(const struct ingest *g)
{
    if (!app_options(g->v.app)->data_directory)
        return "files are read on the machine of the control plane: use `tero-control-plane ingest` there";
    return app_no_changes(g->v.app);
}

static bool is_demo(const struct ingest *g) { return app_options(g->v.app)->demo; }

/* The files at once, then the journal; a demo's made-up records are one step. */
static size_t arguments_of(const struct ingest *g, const char *arguments[], size_t max)
{
    size_t n = 0;
    arguments[n++] = is_demo(g) ? "demo" : "ingest";
    arguments[n++] = "--data";
    arguments[n++] = app_options(g->v.app)->data_directory;
    arguments[n++] = "--progress";
    size_t fixed = n;
    if (is_demo(g)) {
        arguments[n] = NULL;
        return g->step == STEP_FILES;
    }
    for (size_t i = 0; i < g->sources.count && n + 2 < max; i++) {
        const struct source *s = &g->sources.list[i];
        if (!s->chosen || !s->path != (g->step == STEP_JOURNAL)) continue;
        arguments[n++] = s->path ? s->path : "--journal";
    }
    arguments[n] = NULL;
    return n - fixed;
}

static void finish(struct ingest *g)
{
    g->state = INGEST_DONE;
    g->ended_at = clock_monotonic();
    app_refresh_all(g->v.app);
    if (is_demo(g) && !g->error && !g->stopped && app_is_top(g->v.app, &g->v)) app_back(g->v.app);
}

static void run_step(struct ingest *g)
{
    const char *arguments[SOURCES_MAX + 16], *problem;
    for (; g->step < STEPS && arguments_of(g, arguments, SOURCES_MAX + 16) == 0; g->step++)
        ;
    app_dirty(g->v.app);
    if (g->step == STEPS) {
        finish(g);
    } else if (!job_start(&g->job, arguments, &problem)) {
        free(g->error);
        g->error = xstrdup(problem);
        finish(g);
    }
}

static void start(struct ingest *g)
{
    free(g->error);
    g->error = NULL;
    g->stopped = false;
    g->sum = (struct job_progress){0};
    g->step = STEP_FILES;
    g->state = INGEST_RUNNING;
    g->started_at = clock_monotonic();
    run_step(g);
}

static void ended(struct ingest *g)
{
    bool good = WIFEXITED(g->job.status) && WEXITSTATUS(g->job.status) == 0;
    add_progress(&g->sum, &g->job.progress);
    if (!good && !g->stopped && !g->error) {
        g->error = job_error(&g->job);
        if (!*g->error) {
            free(g->error);
            g->error = xstrdup("tero-control-plane ended with an error and did not say why");
        }
    }
    job_free(&g->job);
    g->step++;
    if (g->stopped) finish(g);
    else run_step(g);
}

static void tick(struct view *v)
{
    struct ingest *g = self(v);
    if (job_end(&g->job)) ended(g);
    else v->wake = clock_monotonic() + REAP_PAUSE;
}

static void readable(struct view *v)
{
    struct ingest *g = self(v);
    app_dirty(v->app);
    if (!job_read(&g->job)) tick(v);
}

static int fd(const struct view *v) { return seen(v)->state == INGEST_RUNNING ? seen(v)->job.out : -1; }

static void stop(struct ingest *g)
{
    g->stopped = true;
    job_stop(&g->job);
    app_message(g->v.app, ROLE_WARN, "stopping: what was counted so far stays");
}

/* ---- choosing ---- */

static void path_given(void *context, const char *path)
{
    struct ingest *g = context;
    const char *problem;
    app_dirty(g->v.app);
    if (!path || !*path) return;
    if (sources_add(&g->sources, path, &problem)) g->cursor = ROW_SOURCES + (int)g->sources.count - 1;
    else app_message(g->v.app, ROLE_BAD, "%s: %s", path, problem);
}

static char *path_completion(void *context, const char *line, const char *word, int n)
{
    (void)context;
    (void)line;
    return sources_complete(word, n);
}

static void ask_path(struct ingest *g)
{
    prompt_open(&(struct prompt_options){.label = "file: ",
                                         .initial = LOG_DIRECTORY "/",
                                         .history = "files",
                                         .complete = path_completion,
                                         .done = path_given,
                                         .context = g});
}

static void copy_address(struct ingest *g)
{
    const char *address = otlp_address(app_options(g->v.app), overview_server(app_overview(g->v.app))), *line;
    struct buf text;
    buf_init(&text, 2000);
    for (int n = 0; (line = otlp_environment(address, n)); n++) buf_printf(&text, "%s\n", line);
    app_copy(g->v.app, text.data, "environment for an SDK");
    buf_free(&text);
}

static void begin(struct ingest *g)
{
    const char *why = cannot_read(g);
    size_t chosen = 0;
    for (size_t i = 0; i < g->sources.count; i++) chosen += g->sources.list[i].chosen;
    if (why) app_message(g->v.app, ROLE_WARN, "%s", why);
    else if (chosen == 0) app_message(g->v.app, ROLE_WARN, "nothing is chosen: Space switches a line on");
    else start(g);
}

static void turn(struct ingest *g)
{
    int at = g->cursor - ROW_SOURCES;
    if (at >= 0 && at < (int)g->sources.count) g->sources.list[at].chosen = !g->sources.list[at].chosen;
}

static void turn_all(struct ingest *g)
{
    bool any = false;
    for (size_t i = 0; i < g->sources.count; i++) any = any || g->sources.list[i].chosen;
    for (size_t i = 0; i < g->sources.count; i++) g->sources.list[i].chosen = !any && g->sources.list[i].readable;
}

static void open_row(struct ingest *g)
{
    int sources = (int)g->sources.count;
    struct app *app = g->v.app;
    if (g->state == INGEST_DONE) {
        enum tab next = is_demo(g) ? TAB_ISSUES : TAB_EVENTS;
        app_back(app);
        app_tab(app, next);
    } else if (g->cursor == ROW_START) {
        begin(g);
    } else if (g->cursor < ROW_SOURCES + sources) {
        turn(g);
    } else if (g->cursor == ROW_SOURCES + sources) {
        ask_path(g);
    } else {
        copy_address(g);
    }
}

static void move(struct ingest *g, int by)
{
    int last = ROW_SOURCES + (int)g->sources.count + 1;
    g->cursor += by;
    if (g->cursor > last) g->cursor = last;
    if (g->cursor < 0) g->cursor = 0;
}

static void again(struct ingest *g)
{
    if (g->state == INGEST_RUNNING) return;
    sources_free(&g->sources);
    sources_find(&g->sources, LOG_DIRECTORY);
    g->state = INGEST_CHOOSING;
    g->cursor = 0;
}

static void stop_and_leave(void *context)
{
    struct ingest *g = context;
    stop(g);
}

static bool back(struct ingest *g)
{
    if (g->state != INGEST_RUNNING) return false;
    app_confirm(g->v.app,
                is_demo(g) ? "Stop filling the demo? What was counted so far stays." : "Stop reading? What was counted so far stays.",
                stop_and_leave, g);
    return true;
}

static bool action(struct view *v, int id)
{
    struct ingest *g = self(v);
    int page = g->height > 4 ? g->height - 4 : 1;
    switch (id) {
    case ACT_DOWN: move(g, 1); return true;
    case ACT_UP: move(g, -1); return true;
    case ACT_PAGE_DOWN: move(g, page); return true;
    case ACT_PAGE_UP: move(g, -page); return true;
    case ACT_HALF_DOWN: move(g, page / 2); return true;
    case ACT_HALF_UP: move(g, -page / 2); return true;
    case ACT_FIRST: g->cursor = 0; return true;
    case ACT_LAST: move(g, 1 << 20); return true;
    case ACT_CHOOSE: open_row(g); return true;
    case ACT_SWITCH: turn(g); return true;
    case ACT_SWITCH_ALL: turn_all(g); return true;
    case ACT_COPY: copy_address(g); return true;
    case ACT_CANCEL: stop(g); return true;
    case ACT_INGEST: again(g); return true;
    case ACT_BACK: return back(g);
    }
    return false;
}

static const char *disabled(const struct view *v, int id)
{
    const struct ingest *g = seen(v);
    bool running = g->state == INGEST_RUNNING;
    if (is_demo(g) && (id == ACT_COPY || id == ACT_INGEST)) return "a demo takes in no real logs";
    if (id == ACT_CANCEL && !running) return "nothing is being read";
    if ((id == ACT_CHOOSE || id == ACT_INGEST) && running) return "logs are being read; x stops that";
    if ((id == ACT_SWITCH || id == ACT_SWITCH_ALL) && g->state != INGEST_CHOOSING) return "choose when nothing is being read";
    return NULL;
}

/* ---- the rest ---- */

static unsigned context(const struct view *v)
{
    (void)v;
    return CONTEXT_INGEST;
}

static void title(const struct view *v, struct buf *out) { buf_str(out, is_demo(seen(v)) ? "Demo" : "Ingest logs"); }

static void status(const struct view *v, struct buf *out)
{
    const struct ingest *g = seen(v);
    size_t files = 0;
    for (size_t i = 0; i < g->sources.count; i++) files += g->sources.list[i].path != NULL;
    if (g->state != INGEST_CHOOSING || !app_options(v->app)->data_directory) return;
    buf_printf(out, "%zu readable files below " LOG_DIRECTORY "%s", files, g->sources.more ? ", and more" : "");
}

static void dispose(struct view *v)
{
    struct ingest *g = self(v);
    prompt_close();
    job_free(&g->job);
    sources_free(&g->sources);
    sheet_free(g->sheet);
    free(g->error);
    free(g);
}

static const struct view_ops ops = {
    .context = context,
    .paint = ingest_paint,
    .action = action,
    .tick = tick,
    .fd = fd,
    .readable = readable,
    .title = title,
    .status = status,
    .disabled = disabled,
    .close = dispose,
};

struct view *ingest_new(struct app *app)
{
    struct ingest *g = xcalloc(1, sizeof *g);
    g->v = (struct view){.ops = &ops, .app = app};
    g->sheet = sheet_new();
    job_free(&g->job);
    if (is_demo(g)) start(g);
    else if (app_options(app)->data_directory) sources_find(&g->sources, LOG_DIRECTORY);
    return &g->v;
}
