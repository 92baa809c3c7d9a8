/* The menu of teams, filled once they are there. */
#include "screens/issue.h"

#include "base/arena.h"
#include "base/die.h"
#include "screens/fetch.h"
#include "screens/menu.h"

#include <stdlib.h>
#include <string.h>

static const char own[] = "the team of its service";

struct teams {
    struct app *app;
    struct fetch get;
    struct arena *texts;
    struct view *menu;
    char *now;
    void (*picked)(void *context, const char *team, const char *name);
    void *context;
};

static const json_t *team_at(const struct teams *t, int item)
{
    return json_object_get(json_array_get(api_at(t->get.data, "teams.edges"), (size_t)item), "node");
}

static bool pick(void *context, int item)
{
    struct teams *t = context;
    const json_t *team = team_at(t, item);
    if (team) t->picked(t->context, json_string_value(json_object_get(team, "id")), api_text(t->texts, team, "name"));
    else if (t->get.data) t->picked(t->context, "", own);
    return true;
}

static void close_menu(struct teams *t, enum role role, const char *why)
{
    app_message(t->app, role, "%s", why);
    if (app_is_top(t->app, t->menu)) app_back(t->app);
}

static void answered(void *context)
{
    struct teams *t = context;
    size_t count = json_array_size(api_at(t->get.data, "teams.edges"));
    if (fetch_failed(&t->get) || count == 0) {
        close_menu(t, ROLE_WARN, fetch_failed(&t->get) ? t->get.message : "there are no teams yet");
        return;
    }
    struct menu_item *items = xcalloc(count + 1, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        const json_t *team = team_at(t, (int)i);
        items[i] = (struct menu_item){xstrdup(api_text(t->texts, team, "name")), !strcmp(api_text(t->texts, team, "id"), t->now)};
    }
    items[count] = (struct menu_item){xstrdup(own), !*t->now};
    menu_fill(t->menu, items, (int)count + 1);
}

static void closed(void *context)
{
    struct teams *t = context;
    fetch_free(&t->get);
    arena_free(t->texts);
    free(t->now);
    free(t);
}

void issue_team_menu(struct app *app, const char *now, void (*picked)(void *context, const char *team, const char *name), void *context)
{
    struct teams *t = xcalloc(1, sizeof *t);
    struct menu_item *items = xcalloc(1, sizeof *items);
    items[0].text = xstrdup(glyph(GLYPH_ELLIPSIS));
    *t = (struct teams){.app = app, .texts = arena_new(1 << 18), .now = xstrdup(now), .picked = picked, .context = context};
    t->menu = menu_new(
        app, &(struct menu_options){.title = "Which team", .items = items, .count = 1, .pick = pick, .closed = closed, .context = t});
    app_push(app, t->menu);
    fetch_init(&t->get, app_api(app), "ListTeams", answered, t);
    fetch_send(&t->get, NULL);
}
