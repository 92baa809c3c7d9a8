#include "screens/known.h"

#include "base/clock.h"
#include "base/die.h"
#include "screens/app.h"
#include "screens/fetch.h"
#include "screens/list_view.h"
#include "tui/prompt.h"

#include <stdlib.h>
#include <strings.h>

enum { ASKED = 8 };

const struct resource known_teams = {
    .name = "teams", .singular = "team", .title = "Teams", .connection = "teams", .list = "ListTeams", .free_text = "name"};

struct asked {
    struct fetch fetch;
    struct app *app;
    const struct resource *resource; /* NULL: not used yet */
    char *word, *answered;           /* of the request under way, of the last good answer */
};

struct known {
    struct app *app;
    struct asked asked[ASKED];
    struct arena *texts;
};

struct known *known_new(struct app *app)
{
    struct known *k = xcalloc(1, sizeof *k);
    k->app = app;
    k->texts = arena_new(4 << 20);
    return k;
}

void known_free(struct known *k)
{
    if (!k) return;
    for (int i = 0; i < ASKED; i++) {
        fetch_free(&k->asked[i].fetch);
        free(k->asked[i].word);
        free(k->asked[i].answered);
    }
    arena_free(k->texts);
    free(k);
}

static void answered(void *context)
{
    struct asked *a = context;
    if (a->fetch.status == API_OK) {
        free(a->answered);
        a->answered = a->word;
        a->word = NULL;
    }
    prompt_refresh();
    app_dirty(a->app);
}

static struct asked *asked_of(struct known *k, const struct resource *r)
{
    for (int i = 0; i < ASKED; i++) {
        struct asked *a = &k->asked[i];
        if (a->resource == r) return a;
        if (a->resource) continue;
        a->resource = r;
        a->app = k->app;
        fetch_init(&a->fetch, app_api(k->app), r->list, answered, a);
        return a;
    }
    return NULL;
}

static json_t *where_of(const struct resource *r, const char *word)
{
    struct buf text;
    const char *problem;
    buf_init(&text, 1024);
    if (*word) buf_char(&text, '"');
    for (const char *c = word; *c; c++) {
        if (*c == '"' || *c == '\\') buf_char(&text, '\\');
        buf_char(&text, *c);
    }
    if (*word) buf_char(&text, '"');
    json_t *where = filter_parse(r, text.data ? text.data : "", &problem);
    buf_free(&text);
    return where;
}

json_t *known_variables(const struct resource *r, const char *word)
{
    json_t *where = where_of(r, word);
    json_t *variables = resource_list_variables(&(struct list_query){.where = where, .size = KNOWN_ROWS}, clock_now());
    json_decref(where);
    return variables;
}

/* A complete answer for the beginning of a word holds those of the word. */
static bool covered(const struct asked *a, const char *word)
{
    const json_t *edges = api_at(api_at(a->fetch.data, a->resource->connection), "edges");
    if (!a->answered) return false;
    if (!strcasecmp(a->answered, word)) return true;
    return json_array_size(edges) < KNOWN_ROWS && !strncasecmp(a->answered, word, strlen(a->answered));
}

void known_ask(struct app *app, const struct resource *r, const char *word)
{
    struct asked *a = asked_of(app->known, r);
    if (!a || a->fetch.ticket || covered(a, word) || (a->word && !strcmp(a->word, word))) return;
    free(a->word);
    a->word = xstrdup(word);
    fetch_send(&a->fetch, known_variables(r, word));
}

struct known_object known_object(const struct resource *r, const json_t *node, struct arena *texts)
{
    static const char *const names[] = {"displayName", "name", "title", "instanceID"};
    struct known_object o = {.resource = r, .name = ""};
    o.id = api_text(texts, node, "id");
    o.number = api_text(texts, node, "displayID");
    for (size_t i = 0; i < sizeof names / sizeof *names && !*o.name; i++) o.name = api_text(texts, node, names[i]);
    return o;
}

struct loaded {
    struct known *known;
    const struct resource *resource;
    known_visit *visit;
    void *context;
};

static void visit_node(struct loaded *of, const json_t *node)
{
    if (!node) return;
    struct known_object o = known_object(of->resource, node, of->known->texts);
    of->visit(of->context, &o);
}

static void visit_list(struct view *v, void *context)
{
    struct loaded *of = context;
    long start, end;
    if (!list_view_is(v, of->resource)) return;
    const struct list_view *l = (const struct list_view *)v;
    pager_loaded(l->pager, &start, &end);
    for (long row = start; row < end; row++) visit_node(of, pager_row(l->pager, row));
}

void known_each(struct app *app, const struct resource *r, known_visit *visit, void *context)
{
    struct loaded of = {app->known, r, visit, context};
    struct asked *a = asked_of(app->known, r);
    arena_reset(app->known->texts);
    stack_each(app, visit_list, &of);
    const json_t *edges = a ? api_at(api_at(a->fetch.data, r->connection), "edges") : NULL;
    for (size_t i = 0; i < json_array_size(edges); i++) visit_node(&of, json_object_get(json_array_get(edges, i), "node"));
}
