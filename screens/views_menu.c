#include "screens/views_menu.h"

#include "base/die.h"
#include "screens/menu.h"
#include "screens/saved_views.h"
#include "screens/views.h"
#include "tui/prompt.h"

#include <stdlib.h>
#include <string.h>

struct views_menu {
    struct app *app;
    struct view *menu;
    struct saved_views views; /* as they are shown */
    int at;                   /* the one that is renamed or deleted */
};

static struct menu_item *items_of(const struct saved_views *v)
{
    struct menu_item *items = xcalloc(v->count + 1, sizeof *items);
    for (size_t i = 0; i < v->count; i++) items[i].text = xasprintf("%-20s %s", v->items[i].name, v->items[i].text);
    return items;
}

static bool pick(void *context, int item)
{
    struct views_menu *m = context;
    const char *problem;
    if (!list_open(m->app, m->views.items[item].text, true, &problem)) app_message(m->app, ROLE_BAD, "%s", problem);
    return true;
}

static void closed(void *context)
{
    struct views_menu *m = context;
    prompt_close();
    saved_views_free(&m->views);
    free(m);
}

/* The file as it is now. */
static void fill(struct views_menu *m)
{
    saved_views_free(&m->views);
    m->views = saved_views_read();
    int last = (int)m->views.count - 1;
    menu_fill(m->menu, items_of(&m->views), (int)m->views.count);
    if (last < 0) app_back(m->app);
    else menu_go(m->menu, m->at < last ? m->at : last);
}

static void renamed(void *context, const char *text)
{
    struct views_menu *m = context;
    const char *problem = "";
    app_dirty(m->app);
    if (!text || !strcmp(text, m->views.items[m->at].name)) return;
    if (saved_views_rename(m->views.items[m->at].name, text, &problem)) app_message(m->app, ROLE_GOOD, ":view %s opens it now", text);
    else app_message(m->app, ROLE_BAD, "rename: %s", problem);
    fill(m);
}

static void delete_it(void *context)
{
    struct views_menu *m = context;
    const char *problem = "";
    char *name = xstrdup(m->views.items[m->at].name);
    if (saved_views_put(name, NULL, &problem)) app_message(m->app, ROLE_GOOD, "the view %s is gone", name);
    else app_message(m->app, ROLE_BAD, "delete: %s", problem);
    free(name);
    fill(m);
}

static void ask_delete(struct views_menu *m)
{
    char *question = xasprintf("delete the saved view %s?", m->views.items[m->at].name);
    app_confirm(m->app, question, delete_it, m);
    free(question);
}

static bool other(void *context, struct view *menu, int action, int item)
{
    struct views_menu *m = context;
    (void)menu;
    if (action != ACT_VIEW_RENAME && action != ACT_VIEW_DELETE) return false;
    if ((size_t)item >= m->views.count) return true;
    m->at = item;
    if (action == ACT_VIEW_DELETE) ask_delete(m);
    else
        prompt_open(&(struct prompt_options){
            .label = "new name: ", .initial = m->views.items[item].name, .history = "views", .done = renamed, .context = m});
    return true;
}

void views_menu_open(struct app *app)
{
    struct saved_views v = saved_views_read();
    if (v.broken) app_message(app, ROLE_WARN, "%zu lines of the file of saved views are none, and left out", v.broken);
    else if (!v.count) app_message(app, ROLE_INFO, "no view is saved yet; :save NAME saves the list that is open");
    if (!v.count) {
        saved_views_free(&v);
        return;
    }
    struct views_menu *m = xcalloc(1, sizeof *m);
    m->app = app;
    m->views = v;
    m->menu = menu_new(app, &(struct menu_options){.title = "Saved views",
                                                   .items = items_of(&v),
                                                   .count = (int)v.count,
                                                   .pick = pick,
                                                   .closed = closed,
                                                   .context_bits = CONTEXT_VIEWS,
                                                   .other = other,
                                                   .context = m});
    app_push(app, m->menu);
}
