/* Making and revoking edge keys. A new key is shown once, on a screen of its own, and nowhere kept. */
#include "screens/edge_view.h"

#include "base/die.h"
#include "screens/fetch.h"
#include "screens/overview.h"
#include "screens/list_view.h"
#include "screens/text.h"
#include "tui/prompt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the screen of a new key, on top of the list while it is made ---- */

struct new_key {
    struct view v;
    struct fetch create;
    char *name;
};

static struct new_key *self(struct view *v) { return (struct new_key *)v; }
static const struct new_key *seen(const struct view *v) { return (const struct new_key *)v; }

static const char *secret(const struct new_key *k)
{
    const char *text = json_string_value(api_at(k->create.data, "createEdgeApiKey.plainKey"));
    return text ? text : "";
}

static void paint(struct view *v, int y, int height)
{
    struct new_key *k = self(v);
    for (int i = 0; i < height; i++) paint_clear(y + i, 0, ROLE_TEXT);
    if (height < 8) return;
    if (fetch_failed(&k->create)) {
        paint_text(y + 1, 2, term_columns() - 3, ROLE_BAD, k->create.message);
        paint_text(y + 2, 2, term_columns() - 3, ROLE_DIM, "No key was made.");
    }
    if (!*secret(k)) return;
    char *title = xasprintf("Edge key %s", k->name);
    paint_text(y, 2, term_columns() - 3, ROLE_TITLE, title);
    free(title);
    paint_text(y + 2, 4, term_columns() - 5, ROLE_GOOD, secret(k));
    paint_text(y + 4, 2, term_columns() - 3, ROLE_WARN, "This is the only time that it is shown: only a hash of it is kept.");
    paint_text(y + 5, 2, term_columns() - 3, ROLE_DIM, "y copies it. An edge sends it with each poll of /v1/policy/sync, as");
    paint_text(y + 6, 4, term_columns() - 5, ROLE_TEXT, "Authorization: Bearer KEY");
    if (term_plain()) term_cursor(y + 2, 4);
}

static bool action(struct view *v, int id)
{
    if (id != ACT_COPY) return false;
    app_copy(v->app, secret(self(v)), "the key");
    return true;
}

static unsigned context(const struct view *v)
{
    (void)v;
    return CONTEXT_PANE;
}

static void title(const struct view *v, struct buf *out)
{
    (void)v;
    buf_str(out, "new key");
}
static int64_t busy(const struct view *v) { return fetch_busy(&seen(v)->create); }

static void dispose(struct view *v)
{
    struct new_key *k = self(v);
    char *text = (char *)(uintptr_t)secret(k);
    prompt_close();
    explicit_bzero(text, strlen(text));
    fetch_free(&k->create);
    free(k->name);
    free(k);
}

static const struct view_ops ops = {.context = context, .paint = paint, .action = action, .title = title, .busy = busy, .close = dispose};

static void made(void *context)
{
    struct new_key *k = context;
    app_dirty(k->v.app);
    if (k->create.status == API_OK) app_refresh_all(k->v.app);
}

static const char *account(struct app *app)
{
    const char *id = json_string_value(api_at(overview_home(app_overview(app)), "accounts.edges.0.node.id"));
    return id ? id : "";
}

static void name_given(void *context, const char *name)
{
    struct view *list = context;
    app_dirty(list->app);
    if (!name || !*name) return;
    struct new_key *k = xcalloc(1, sizeof *k);
    k->v = (struct view){.ops = &ops, .app = list->app};
    k->name = xstrdup(name);
    fetch_init(&k->create, app_api(list->app), "CreateEdgeKey", made, k);
    fetch_send(&k->create, json_pack("{ssss}", "accountID", account(list->app), "name", name));
    app_push(list->app, &k->v);
}

/* ---- revoking; one at a time ---- */

static struct {
    struct app *app;
    char *id, *name, *label;
    uint64_t ticket;
} revoking;

static void revoked(void *context, const struct api_answer *answer)
{
    (void)context;
    revoking.ticket = 0;
    if (answer->status == API_OK) app_message(revoking.app, ROLE_GOOD, "%s is revoked: edges that use it are refused", revoking.name);
    else app_message(revoking.app, ROLE_BAD, "not revoked: %s", answer->message);
    if (answer->status == API_OK) app_refresh_all(revoking.app);
}

static void name_typed(void *context, const char *text)
{
    struct view *list = context;
    app_dirty(list->app);
    if (!text || strcmp(text, revoking.name) != 0) {
        app_message(list->app, ROLE_DIM, "nothing was changed: the name was not typed");
        return;
    }
    revoking.app = list->app;
    revoking.ticket = api_send(app_api(list->app), "RevokeEdgeKey", json_pack("{ss}", "id", revoking.id), revoked, NULL);
}

static void ask_revoke(struct view *list)
{
    const json_t *node = list_view_node(list);
    const char *name = json_string_value(json_object_get(node, "name"));
    char *id = xstrdup(list_view_id((const struct list_view *)list)), *copy = xstrdup(name ? name : "");
    free(revoking.id);
    free(revoking.name);
    revoking.id = id;
    revoking.name = copy;
    char *cut = text_cut(copy, 30);
    free(revoking.label);
    revoking.label = xasprintf("revoke for ever: type %s to confirm: ", cut);
    prompt_open(&(struct prompt_options){.label = revoking.label, .done = name_typed, .context = list});
    free(cut);
}

/* ---- the list ---- */

bool edge_key_list_action(struct view *list, int id)
{
    if (id == ACT_EDGE_KEY_CREATE)
        prompt_open(&(struct prompt_options){.label = "name of the new key: ", .done = name_given, .context = list});
    else if (id == ACT_EDGE_KEY_REVOKE) ask_revoke(list);
    else return false;
    return true;
}

const char *edge_key_list_disabled(const struct view *list, int id)
{
    const struct list_view *l = (const struct list_view *)list;
    if (id == ACT_EDGE_KEY_CREATE && !*account(list->app)) return "the account is not known yet";
    if (id != ACT_EDGE_KEY_REVOKE) return NULL;
    if (revoking.ticket) return "a change is under way";
    if (l->list.count == 0) return "the list is empty";
    return api_time(list_view_node(list), "revokedAt") ? "it is revoked already" : NULL;
}
