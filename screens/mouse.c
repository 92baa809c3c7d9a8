/* The mouse: tabs, what the top view makes of a click, the wheel as three rows. */
#include "screens/app.h"

#include "tui/prompt.h"

enum { WHEEL_ROWS = 3, TABS_Y = 1 };

static void click_tab(struct app *app, int x)
{
    for (int tab = 0; tab < TABS; tab++)
        if (x < app->tab_ends[tab]) {
            app_tab(app, (enum tab)tab);
            return;
        }
}

static void click(struct app *app, int y, int x)
{
    struct view *v = app_top(app);
    bool inside = y >= app->top_y && y < app->top_y + app->top_height;
    if (y == TABS_Y) click_tab(app, x);
    else if (inside && v->ops->click) v->ops->click(v, y, x);
}

static void wheel(struct app *app, int action)
{
    for (int i = 0; i < WHEEL_ROWS; i++) app_action(app, action);
}

/* A question wants its key, a prompt its line: the mouse must not answer either. */
void mouse_event(struct app *app, const struct term_event *event)
{
    if (frame_too_small() || prompt_is_open() || *app->question) return;
    app->message[0] = '\0';
    app_dirty(app);
    switch (event->button) {
    case TERM_CLICK: click(app, event->y, event->x); break;
    case TERM_WHEEL_UP: wheel(app, ACT_UP); break;
    case TERM_WHEEL_DOWN: wheel(app, ACT_DOWN); break;
    }
}
