/* A menu of what the list of issues holds: picking a line adds it to the filter. */
#include "screens/issue.h"

#include "base/arena.h"
#include "base/die.h"
#include "screens/fetch.h"
#include "screens/menu.h"
#include "screens/text.h"
#include "screens/views.h"

#include <stdlib.h>
#include <string.h>

struct facets {
    struct view *list, *menu;
    struct fetch ask;
    struct arena *texts;
    char **terms;
    int count;
};

static void add(struct facets *f, struct menu_item *items, const char *term, const char *name, const char *value, const json_t *bucket)
{
    items[f->count].text = xasprintf("%-10s %-30s %lld", term, name, (long long)api_integer(bucket, "count", 0));
    items[f->count].on = false;
    f->terms[f->count++] = xasprintf("%s:%s", term, value);
}

static void add_service(struct facets *f, struct menu_item *items, const json_t *bucket)
{
    const char *name = api_text(f->texts, bucket, "service.name");
    add(f, items, "service", name, "", bucket);
    free(f->terms[f->count - 1]);
    f->terms[f->count - 1] = filter_for_service(name);
}

static const struct {
    const char *path, *term, *name, *value;
} parts[] = {
    {"priorities.buckets", "severity", "value", "value"},
    {"domains.buckets", "domain", "value", "value"},
    {"services.buckets", "service", NULL, NULL},
    {"checks.buckets", "check", "check.name", "check.id"},
};
enum { PARTS = sizeof parts / sizeof *parts, ITEMS_MAX = 64 };

static void add_part(struct facets *f, struct menu_item *items, size_t part)
{
    const json_t *buckets = api_at(api_at(f->ask.data, "issues.facets"), parts[part].path);
    for (size_t i = 0; i < json_array_size(buckets) && f->count < ITEMS_MAX; i++) {
        const json_t *bucket = json_array_get(buckets, i);
        if (!parts[part].name) add_service(f, items, bucket);
        else
            add(f, items, parts[part].term, api_text(f->texts, bucket, parts[part].name), api_text(f->texts, bucket, parts[part].value),
                bucket);
    }
}

static void fill(struct facets *f)
{
    struct menu_item *items = xcalloc(ITEMS_MAX, sizeof *items);
    f->terms = xcalloc(ITEMS_MAX, sizeof *f->terms);
    for (size_t part = 0; part < PARTS; part++) add_part(f, items, part);
    menu_fill(f->menu, items, f->count);
}

static void answered(void *context)
{
    struct facets *f = context;
    bool there = json_is_object(api_at(f->ask.data, "issues.facets"));
    if (fetch_failed(&f->ask)) app_message(f->list->app, ROLE_BAD, "facets: %s", f->ask.message);
    else if (!there) app_message(f->list->app, ROLE_WARN, "facets: not offered by this control plane");
    else fill(f);
    app_dirty(f->list->app);
}

/* The filter without its term of this name, and with the new one. */
static char *replaced(const char *filter, const char *term)
{
    struct buf out;
    size_t name = strcspn(term, ":") + 1;
    buf_init(&out, 4096);
    while (*filter) {
        size_t n = strcspn(filter, " ");
        if (n && strncmp(filter, term, name) != 0) buf_printf(&out, "%.*s ", (int)n, filter);
        filter += n + (filter[n] == ' ');
    }
    buf_str(&out, term);
    return out.data ? out.data : xstrdup("");
}

static bool pick(void *context, int item)
{
    struct facets *f = context;
    const char *problem;
    char *filter = replaced(list_view_text(f->list), f->terms[item]);
    if (!list_view_filter(f->list, filter, &problem)) app_message(f->list->app, ROLE_BAD, "filter: %s", problem);
    free(filter);
    return true;
}

static void closed(void *context)
{
    struct facets *f = context;
    fetch_free(&f->ask);
    arena_free(f->texts);
    for (int i = 0; i < f->count; i++) free(f->terms[i]);
    free(f->terms);
    free(f);
}

void issue_facets_open(struct view *list)
{
    struct facets *f = xcalloc(1, sizeof *f);
    const char *problem;
    json_t *where = filter_parse(&resource_issues, list_view_text(list), &problem);
    *f = (struct facets){.list = list, .texts = arena_new(1 << 20)};
    fetch_init(&f->ask, app_api(list->app), "IssueFacets", answered, f);
    f->menu = menu_new(list->app, &(struct menu_options){.title = "Only issues of", .pick = pick, .closed = closed, .context = f});
    app_push(list->app, f->menu);
    fetch_send(&f->ask, json_object_size(where) ? json_pack("{sO}", "where", where) : NULL);
    json_decref(where);
}
