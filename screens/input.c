/* Keys and pastes: question, prompt, view, key map, in this order. */
#include "screens/app.h"
#include "screens/export_page.h"
#include "screens/theme_pick.h"
#include "screens/views.h"
#include "tui/prompt.h"

#include <stdio.h>

static void toggle_read_only(struct app *app)
{
    api_set_read_only(app->api, !api_read_only(app->api));
    if (app->options->bundle) app_message(app, ROLE_WARN, "%s", app_no_changes(app));
    else if (app->options->read_only) app_message(app, ROLE_WARN, "%s; R cannot lift it, --read-write does", app_no_changes(app));
    else if (api_read_only(app->api)) app_message(app, ROLE_INFO, "read-only: nothing is changed until R is pressed again");
    else app_message(app, ROLE_INFO, "changes are allowed");
}

static void turn_tab(struct app *app, int step) { app_tab(app, (enum tab)(((int)app->tab + step + TABS) % TABS)); }

static void refresh(struct app *app)
{
    struct view *v = app_top(app);
    offline_try_now(app);
    overview_refresh(&app->overview);
    if (v->ops->refresh) v->ops->refresh(v);
}

static void pane_of(struct app *app, struct view *(*make)(struct app *app)) { app_push(app, make(app)); }

static void ingest(struct app *app)
{
    if (app->options->demo) app_message(app, ROLE_WARN, "a demo takes in no real logs: start tero-console without --demo for that");
    else pane_of(app, ingest_new);
}

static void perform(struct app *app, int action)
{
    switch (action) {
    case ACT_BACK: app_back(app); break;
    case ACT_QUIT: app->quit = true; break;
    case ACT_HELP: pane_of(app, help_new); break;
    case ACT_REQUESTS: pane_of(app, requests_new); break;
    case ACT_COMMAND: command_open(app, NULL); break;
    case ACT_THEME: theme_pick(app); break;
    case ACT_READ_ONLY: toggle_read_only(app); break;
    case ACT_REDRAW: term_repaint(); break;
    case ACT_LOCK: lock_by_hand(app); break;
    case ACT_SUSPEND: term_suspend(); break;
    case ACT_TAB_HOME: app_tab(app, TAB_HOME); break;
    case ACT_TAB_ISSUES: app_tab(app, TAB_ISSUES); break;
    case ACT_TAB_POLICIES: app_tab(app, TAB_POLICIES); break;
    case ACT_TAB_EDGE: app_tab(app, TAB_EDGE); break;
    case ACT_TAB_SERVICES: app_tab(app, TAB_SERVICES); break;
    case ACT_TAB_EVENTS: app_tab(app, TAB_EVENTS); break;
    case ACT_TAB_NEXT: turn_tab(app, 1); break;
    case ACT_TAB_PREVIOUS: turn_tab(app, -1); break;
    case ACT_REFRESH: refresh(app); break;
    case ACT_INGEST: ingest(app); break;
    case ACT_EXPORT:
    case ACT_EXPORT_PAGE: export_page_prompt(app, app_top(app)); break;
    }
}

static const struct action *action_of(int id)
{
    size_t count;
    const struct action *table = actions_table(&count);
    for (size_t i = 0; i < count; i++)
        if (table[i].id == id) return &table[i];
    return NULL;
}

const char *app_why_not(const struct app *app, const struct view *v, const struct action *a)
{
    const char *why = a->needs_write ? app_no_changes(app) : NULL;
    if (!why && v->ops->disabled) why = v->ops->disabled(v, a->id);
    return why;
}

const char *app_why_not_here(const struct app *app, const struct action *a)
{
    static char text[120];
    struct view *v = app_top(app);
    if (!a->contexts || (a->contexts & v->ops->context(v))) return app_why_not(app, v, a);
    struct buf places;
    buf_init(&places, 90);
    actions_places(a->contexts, &places);
    snprintf(text, sizeof text, "not on this screen; on: %s", places.data ? places.data : "");
    buf_free(&places);
    return text;
}

void app_action(struct app *app, int id)
{
    struct view *v = app_top(app);
    const struct action *a = action_of(id);
    const char *why = a ? app_why_not(app, v, a) : NULL;
    app_dirty(app);
    if (why) app_message(app, ROLE_WARN, "%s: %s", a->name, why);
    else if (!v->ops->action || !v->ops->action(v, id)) perform(app, id);
}

static bool answer_question(struct app *app, int key)
{
    void (*yes)(void *) = app->yes;
    if (!*app->question) return false;
    app->question[0] = '\0';
    if (key == 'y' || key == 'Y') yes(app->yes_context);
    else app_message(app, ROLE_DIM, "nothing was changed");
    return true;
}

/* The key means something, but not here. */
static void say_elsewhere(struct app *app, int key)
{
    const struct action *a = keymap_find(app->keymap, 0, key, ~0u);
    const char *name = key_name(key);
    if (!name || !*name) return;
    if (!a) {
        app_message(app, ROLE_DIM, "%s is no key of this console; ? lists those that are", name);
        return;
    }
    struct buf places;
    buf_init(&places, 60);
    actions_places(a->contexts, &places);
    app_message(app, ROLE_DIM, "%s does nothing on this screen; %s on: %s", name, a->hint ? a->hint : a->name,
                places.data ? places.data : "");
    buf_free(&places);
}

struct continuations {
    struct buf text;
    struct app *app;
};

static void add_continuation(void *context, int key, const struct action *a)
{
    struct continuations *c = context;
    buf_printf(&c->text, "%s%s %s", c->text.len ? "  " : "", key_name(key), a->name);
}

/* Waits for the second key, and shows what there is. */
static void begin_two(struct app *app, int key, unsigned context)
{
    struct continuations c = {.app = app};
    buf_init(&c.text, MESSAGE_MAX - 20);
    keymap_after(app->keymap, key, context, add_continuation, &c);
    app->before = key;
    app_message(app, ROLE_INFO, "%s, then: %s", key_name(key), c.text.data ? c.text.data : "");
    buf_free(&c.text);
}

static void press_mapped(struct app *app, int key, unsigned context)
{
    const struct action *a = keymap_find(app->keymap, 0, key, context);
    if (keymap_begins(app->keymap, key, context) && !(a && a->contexts)) begin_two(app, key, context);
    else if (a) app_action(app, a->id);
    else say_elsewhere(app, key);
}

static void press_second(struct app *app, int key, unsigned context)
{
    int before = app->before;
    const struct action *a = keymap_find(app->keymap, before, key, context);
    app->before = 0;
    const struct action *alone = keymap_find(app->keymap, 0, key, 0);
    if (a) app_action(app, a->id);
    else if (key != TERM_ESCAPE && !(alone && alone->id == ACT_BACK))
        app_message(app, ROLE_DIM, "no key %s %s", key_name(before), key_name(key));
}

static void press(struct app *app, int key)
{
    struct view *v = app_top(app);
    app->message[0] = '\0';
    app_dirty(app);
    if (app->before) {
        press_second(app, key, v->ops->context(v));
        return;
    }
    if (answer_question(app, key)) return;
    if (v->ops->key && v->ops->key(v, key)) return;
    press_mapped(app, key, v->ops->context(v));
}

static void key_event(struct app *app, int key)
{
    app->interrupted = false;
    if (frame_too_small()) {
        const struct action *a = keymap_find(app->keymap, 0, key, 0);
        if (a && (a->id == ACT_QUIT || a->id == ACT_SUSPEND || a->id == ACT_REDRAW)) perform(app, a->id);
    } else if (prompt_is_open()) {
        prompt_key(key);
        app_dirty(app);
    } else {
        press(app, key);
    }
}

static void interrupt(struct app *app)
{
    if (prompt_is_open()) {
        prompt_key(3);
    } else if (app->before) {
        press(app, 3);
    } else if (app->interrupted) {
        app->quit = true;
    } else {
        app->question[0] = '\0';
        app_message(app, ROLE_WARN, "^C again ends the console");
        app->interrupted = true;
    }
    app_dirty(app);
}

static void paste(struct app *app, const char *text)
{
    if (prompt_is_open()) prompt_paste(text);
    else app_message(app, ROLE_WARN, "pasted text is taken at a prompt only: press : or /");
    app_dirty(app);
}

void input_event(struct app *app, const struct term_event *event)
{
    switch (event->what) {
    case TERM_KEY: key_event(app, event->key); break;
    case TERM_MOUSE: mouse_event(app, event); break;
    case TERM_PASTE: paste(app, event->text); break;
    case TERM_RESIZE:
    case TERM_RESUMED: app_dirty(app); break;
    case TERM_INTERRUPT: interrupt(app); break;
    case TERM_QUIT: app->quit = true; break;
    }
}
