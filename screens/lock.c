#include "screens/lock.h"

#include "base/clock.h"
#include "base/die.h"
#include "base/utf8.h"
#include "screens/app.h"
#include "tui/prompt.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { TYPED_MAX = 1024, TRIES = 10, WAIT_MOST_S = 30 };

struct lock {
    struct app *app;
    const struct screens_lock *program;
    bool on, gave_up, asking;
    int timer;        /* -1: no time is set */
    int64_t last_key; /* as alive() */
    char since[32];   /* "14:05", "Tue 14:05" */
    char *typed;      /* locked memory */
    size_t len;
    unsigned wrong;
    int64_t not_before; /* monotonic: the next try; 0: now */
    char said[160];
};

/* Goes on while the machine sleeps. */
static int64_t alive(void)
{
    struct timespec t;
    clock_gettime(CLOCK_BOOTTIME, &t);
    return (int64_t)t.tv_sec * NS_PER_SECOND + t.tv_nsec;
}

static void arm(struct lock *l, int64_t at)
{
    struct itimerspec when = {.it_value = {.tv_sec = at / NS_PER_SECOND, .tv_nsec = at % NS_PER_SECOND}};
    if (l->timer >= 0) timerfd_settime(l->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

struct lock *lock_new(struct app *app)
{
    const struct screens_lock *program = app->options->lock;
    if (!program) return NULL;
    if (sodium_init() < 0) die("libsodium does not start");
    struct lock *l = xcalloc(1, sizeof *l);
    *l = (struct lock){.app = app, .program = program, .timer = -1, .last_key = alive()};
    if (program->after_ns && program->refused) app_message(app, ROLE_WARN, "lock.after has no effect: %s", program->refused);
    if (!program->after_ns || program->refused) return l;
    l->timer = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    if (l->timer < 0) die("no timer for lock.after");
    arm(l, l->last_key + program->after_ns);
    return l;
}

static void forget_typed(struct lock *l)
{
    sodium_free(l->typed);
    l->typed = NULL;
    l->len = 0;
}

void lock_free(struct lock *l)
{
    if (!l) return;
    forget_typed(l);
    if (l->timer >= 0) close(l->timer);
    free(l);
}

bool lock_is_on(const struct lock *l) { return l && l->on; }
bool lock_gave_up(const struct lock *l) { return l && l->gave_up; }

/* ---- on and off ---- */

static void end_live(struct view *v, void *context)
{
    (void)context;
    if (v->ops->context(v) & CONTEXT_TAP && v->ops->action) v->ops->action(v, ACT_TAP_STOP);
}

/* What was half done is given up: it must not wait under the fingers of whoever unlocks. */
static void give_up_half_done(struct app *app)
{
    app->before = 0;
    app->message[0] = '\0';
    app_confirm(app, NULL, NULL, NULL);
    while (prompt_is_open()) prompt_key(3);
}

static void turn_on(struct lock *l)
{
    struct app *app = l->app;
    time_t now = time(NULL);
    struct tm local;
    if (l->on) return;
    localtime_r(&now, &local);
    strftime(l->since, sizeof l->since, "%a %H:%M", &local);
    give_up_half_done(app);
    stack_each(app, end_live, NULL);
    api_flush(app->api);
    l->on = true;
    l->asking = false;
    l->wrong = 0;
    l->not_before = 0;
    l->said[0] = '\0';
    l->typed = sodium_malloc(TYPED_MAX + 1);
    if (!l->typed) die("no memory can be locked for a passphrase");
    l->program->lock(l->program->context);
    if (l->timer >= 0) arm(l, 0);
    term_repaint();
    app_dirty(app);
}

static void turn_off(struct lock *l)
{
    l->on = false;
    l->app->message[0] = '\0';
    forget_typed(l);
    l->last_key = alive();
    arm(l, l->last_key + l->program->after_ns);
    term_repaint();
    app_refresh_shown(l->app);
    app_message(l->app, ROLE_GOOD, "unlocked");
}

void lock_by_hand(struct app *app)
{
    struct lock *l = app->lock;
    if (!l) app_message(app, ROLE_WARN, "this console cannot be locked");
    else if (l->program->refused) app_message(app, ROLE_WARN, "not locked: %s", l->program->refused);
    else turn_on(l);
}

/* A key only puts off what the timer asks: it is set anew when it has run down, not with each key. */
void lock_check(struct lock *l)
{
    if (!l || l->on || l->timer < 0) return;
    if (alive() - l->last_key >= l->program->after_ns) turn_on(l);
}

/* ---- trying ---- */

static void say(struct lock *l, const char *text)
{
    snprintf(l->said, sizeof l->said, "%s", text);
    app_dirty(l->app);
}

static void refuse(struct lock *l)
{
    unsigned shift = l->wrong < 5 ? l->wrong : 5;
    int64_t wait = (NS_PER_SECOND / 2) << shift, most = WAIT_MOST_S * NS_PER_SECOND;
    l->not_before = clock_monotonic() + (wait < most ? wait : most);
    if (++l->wrong < TRIES) {
        say(l, "wrong passphrase");
        return;
    }
    l->gave_up = l->app->quit = true;
}

static void take(struct lock *l, enum unlock outcome)
{
    l->asking = outcome == UNLOCK_WAIT && l->asking;
    switch (outcome) {
    case UNLOCK_YES: turn_off(l); break;
    case UNLOCK_NO: refuse(l); break;
    case UNLOCK_UNABLE: say(l, l->program->said(l->program->context)); break;
    case UNLOCK_WAIT: break;
    }
}

/* Making the key takes most of a second, and nothing else happens meanwhile. */
static void submit(struct lock *l)
{
    say(l, "a moment");
    term_frame_begin();
    lock_paint(l);
    term_frame_end();
    enum unlock outcome = l->program->unlock(l->program->context, l->typed, l->len);
    sodium_memzero(l->typed, TYPED_MAX + 1);
    l->len = 0;
    say(l, "");
    take(l, outcome);
}

static void ask_agent(struct lock *l)
{
    l->asking = true;
    say(l, "the ssh-agent is asked");
    take(l, l->program->ask_agent(l->program->context));
}

static void enter(struct lock *l)
{
    if (l->len) submit(l);
    else if (l->program->agent && !l->asking) ask_agent(l);
}

/* ---- events ---- */

static void type(struct lock *l, int key)
{
    struct buf bytes;
    buf_init_secret(&bytes, 8);
    utf8_put(&bytes, (uint32_t)key);
    if (l->len + bytes.len <= TYPED_MAX) {
        memcpy(l->typed + l->len, bytes.data, bytes.len);
        l->len += bytes.len;
    }
    buf_free(&bytes);
}

static void rub_out(struct lock *l)
{
    while (l->len && ((unsigned char)l->typed[--l->len] & 0xC0) == 0x80) {}
}

static bool is_text(int key) { return key >= ' ' && key < KEY_BASE; }

static void press(struct lock *l, int key)
{
    app_dirty(l->app);
    if (clock_monotonic() < l->not_before) return;
    if (l->not_before || !l->asking) l->said[0] = '\0';
    l->not_before = 0;
    if (key == TERM_ENTER) enter(l);
    else if (key == TERM_BACKSPACE) rub_out(l);
    else if (key == TERM_ESCAPE || key == 21 /* ^U */) l->len = 0;
    else if (key == 12 /* ^L */) term_repaint();
    else if (is_text(key)) type(l, key);
}

/* A line of a password manager; Enter is still to be pressed. */
static void paste(struct lock *l, const char *text)
{
    size_t n = strcspn(text, "\n");
    app_dirty(l->app);
    if (clock_monotonic() < l->not_before || l->len + n > TYPED_MAX) return;
    memcpy(l->typed + l->len, text, n);
    l->len += n;
}

static bool locked_event(struct lock *l, const struct term_event *event)
{
    switch (event->what) {
    case TERM_KEY: press(l, event->key); return true;
    case TERM_PASTE: paste(l, event->text); return true;
    case TERM_INTERRUPT: press(l, TERM_ESCAPE); return true;
    case TERM_MOUSE: return true;
    case TERM_RESIZE:
    case TERM_RESUMED: app_dirty(l->app); return true;
    case TERM_QUIT: break;
    }
    return false;
}

bool lock_event(struct lock *l, const struct term_event *event)
{
    if (!l) return false;
    lock_check(l);
    if (l->on) return locked_event(l, event);
    bool person = event->what == TERM_KEY || event->what == TERM_PASTE || event->what == TERM_MOUSE || event->what == TERM_INTERRUPT;
    if (l->timer >= 0 && person) l->last_key = alive();
    return false;
}

/* ---- waiting ---- */

size_t lock_fds(const struct lock *l, int fds[LOCK_FDS])
{
    size_t n = 0;
    if (!l) return 0;
    int other = l->program->fd(l->program->context);
    if (l->timer >= 0) fds[n++] = l->timer;
    if (other >= 0) fds[n++] = other;
    return n;
}

void lock_readable(struct lock *l, int fd)
{
    uint64_t times;
    if (fd != l->timer) {
        enum unlock outcome = l->program->readable(l->program->context);
        if (l->on) take(l, outcome);
        return;
    }
    if (read(fd, &times, sizeof times) != sizeof times) return;
    lock_check(l);
    if (!l->on) arm(l, l->last_key + l->program->after_ns);
}

/* ---- painting ---- */

static void line(int y, enum role role, const char *text)
{
    if (y >= 0 && y < term_rows()) paint_text(y, 2, term_columns() - 2, role, text);
}

void lock_paint(struct lock *l)
{
    char text[200];
    int rows = term_rows(), y = rows > 12 ? rows / 2 - 4 : 0, step = rows > 7 ? 2 : 1;
    int64_t wait = l->not_before - clock_monotonic();
    for (int row = 0; row < rows; row++) paint_clear(row, 0, ROLE_TEXT);
    snprintf(text, sizeof text, "Tero  %.100s", l->app->options->profile);
    line(y, ROLE_TITLE, text);
    snprintf(text, sizeof text, "locked since %s", l->since);
    line(y += step, ROLE_TEXT, text);
    snprintf(text, sizeof text, "passphrase: %s", l->len ? "***" : "");
    line(y += step, ROLE_TEXT, text);
    if (y < rows) term_cursor(y, 2 + text_width(text));
    if (wait > 0) snprintf(text, sizeof text, "%s; wait %d s", l->said, (int)((wait + NS_PER_SECOND - 1) / NS_PER_SECOND));
    else if (l->not_before) snprintf(text, sizeof text, "%s; try again", l->said);
    else if (*l->said) snprintf(text, sizeof text, "%s", l->said);
    else snprintf(text, sizeof text, "%s", l->program->agent ? "Enter alone asks the ssh-agent" : "");
    line(y + step, ROLE_DIM, text);
    l->app->redraw = wait > 0 ? clock_monotonic() + (wait % NS_PER_SECOND ? wait % NS_PER_SECOND : NS_PER_SECOND) : 0;
}
