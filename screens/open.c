#include "screens/open.h"

#include "base/clock.h"
#include "base/die.h"
#include "base/hash.h"
#include "screens/app.h"
#include "screens/fetch.h"
#include "screens/kind.h"
#include "screens/known.h"
#include "screens/menu.h"

#include <stdlib.h>
#include <strings.h>

enum { KINDS = 5, FOUND_MAX = 30, NUMBERS_MAX = 500 };

static const struct resource *const kinds[KINDS] = {&resource_services, &resource_issues, &resource_policies, &resource_events,
                                                    &resource_edges};

struct found {
    const struct resource *resource;
    char *id, *name, *number;
    bool exact;
};

struct opener {
    struct app *app;
    char *text;
    struct fetch fetches[KINDS];
    struct found found[FOUND_MAX];
    int count;
    struct arena *texts;
};

void opener_free(struct opener *o)
{
    if (!o) return;
    for (int i = 0; i < KINDS; i++) fetch_free(&o->fetches[i]);
    for (int i = 0; i < o->count; i++) {
        free(o->found[i].id);
        free(o->found[i].name);
        free(o->found[i].number);
    }
    arena_free(o->texts);
    free(o->text);
    free(o);
}

static bool is_exactly(const char *text, const struct known_object *o)
{
    return !strcasecmp(o->id, text) || !strcasecmp(o->name, text) || (*o->number && !strcasecmp(o->number, text));
}

static void keep(void *context, const struct known_object *object)
{
    struct opener *o = context;
    bool exact = is_exactly(o->text, object);
    if (!exact && !strcasestr(object->name, o->text)) return;
    for (int i = 0; i < o->count; i++)
        if (!strcmp(o->found[i].id, object->id)) return;
    if (o->count == FOUND_MAX) return;
    o->found[o->count++] = (struct found){object->resource, xstrdup(object->id), xstrdup(object->name), xstrdup(object->number), exact};
}

static int exact_ones(const struct opener *o, int *first)
{
    int n = 0;
    for (int i = o->count - 1; i >= 0; i--)
        if (o->found[i].exact) {
            *first = i;
            n++;
        }
    return n;
}

static void show(struct opener *o, int at)
{
    const struct found *f = &o->found[at];
    kind_open(o->app, f->resource, f->id, f->name);
}

static bool pick(void *context, int item)
{
    show(context, item);
    return true;
}

static void closed(void *context)
{
    struct opener *o = context;
    if (o->app->opener == o) o->app->opener = NULL;
    opener_free(o);
}

static void ask_which(struct opener *o)
{
    struct menu_options menu = {.title = "Which one?", .pick = pick, .closed = closed, .context = o, .count = o->count};
    menu.items = xcalloc((size_t)o->count, sizeof *menu.items);
    for (int i = 0; i < o->count; i++)
        menu.items[i].text = xasprintf("%-8s %-9s %s", o->found[i].resource->singular, o->found[i].number, o->found[i].name);
    o->app->opener = NULL;
    app_push(o->app, menu_new(o->app, &menu));
}

static void gather(struct opener *o, int kind)
{
    const struct fetch *f = &o->fetches[kind];
    json_t *edges = f->status == API_OK ? (json_t *)(uintptr_t)api_at(api_at(f->data, kinds[kind]->connection), "edges") : NULL, *edge;
    size_t n;
    json_array_foreach(edges, n, edge)
    {
        struct known_object object = known_object(kinds[kind], json_object_get(edge, "node"), o->texts);
        keep(o, &object);
    }
}

/* What could not be asked for matters only where nothing was found. */
static const char *trouble(const struct opener *o)
{
    for (int i = 0; i < KINDS; i++) {
        const struct fetch *f = &o->fetches[i];
        if (f->status != API_OK && f->status != API_NOT_OFFERED) return f->message;
    }
    return NULL;
}

static void finish(struct opener *o)
{
    int first = 0, exact = exact_ones(o, &first);
    app_dirty(o->app);
    o->app->message[0] = '\0';
    if (o->count > 1 && exact != 1) {
        ask_which(o);
        return;
    }
    if (o->count) show(o, exact ? first : 0);
    else if (trouble(o)) app_message(o->app, ROLE_BAD, "open %s: %s", o->text, trouble(o));
    else app_message(o->app, ROLE_BAD, "open: nothing is called %s", o->text);
    o->app->opener = NULL;
    opener_free(o);
}

static void answered(void *context)
{
    struct opener *o = context;
    for (int i = 0; i < KINDS; i++)
        if (o->fetches[i].ticket) return;
    for (int i = 0; i < KINDS; i++) gather(o, i);
    finish(o);
}

static long number_in(const char *text)
{
    const char *dash = strchr(text, '-');
    return dash && strspn(dash + 1, "0123456789") == strlen(dash + 1) && dash[1] ? strtol(dash + 1, NULL, 10) : 0;
}

/* By id where it is one, by number where the text has one, else by name. */
static json_t *variables(const struct resource *r, const char *text)
{
    struct id128 id;
    long number = number_in(text);
    if (id_parse(slice_str(text), &id)) {
        json_t *where = json_pack("{ss}", "id", text);
        json_t *made = resource_list_variables(&(struct list_query){.where = where, .size = 1}, clock_now());
        json_decref(where);
        return made;
    }
    bool numbered = number > 0 && ((r == &resource_issues && !strncasecmp(text, "ISS-", 4)) ||
                                   (r == &resource_policies && !strncasecmp(text, "POL-", 4)));
    if (!numbered) return known_variables(r, text);
    unsigned size = number < NUMBERS_MAX ? (unsigned)number : NUMBERS_MAX;
    json_t *made = resource_list_variables(&(struct list_query){.size = size}, clock_now());
    json_object_set_new(made, "orderBy", json_pack("{ssss}", "field", "NUMBER", "direction", "ASC"));
    return made;
}

static bool open_known(struct opener *o)
{
    int first = 0;
    for (int i = 0; i < KINDS; i++) known_each(o->app, kinds[i], keep, o);
    if (exact_ones(o, &first) != 1) return false;
    show(o, first);
    return true;
}

void open_anything(struct app *app, const char *text)
{
    size_t len = strlen(text);
    while (len && text[len - 1] == ' ') len--;
    opener_free(app->opener);
    app->opener = NULL;
    if (!len) {
        app_message(app, ROLE_WARN, "open what? ISS-12, POL-3, an id, or a name; Tab shows what there is");
        return;
    }
    struct opener *o = xcalloc(1, sizeof *o);
    o->app = app;
    o->text = xstrndup(text, len);
    o->texts = arena_new(8 << 20);
    if (open_known(o)) {
        opener_free(o);
        return;
    }
    app->opener = o;
    app_message(app, ROLE_INFO, "looking for %s%s", o->text, glyph(GLYPH_ELLIPSIS));
    for (int i = 0; i < KINDS; i++) fetch_init(&o->fetches[i], app_api(app), kinds[i]->list, answered, o);
    for (int i = 0; i < KINDS; i++) fetch_send(&o->fetches[i], variables(kinds[i], o->text));
}
