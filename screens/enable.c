#include "screens/enable.h"

#include "base/die.h"

#include <stdio.h>
#include <stdlib.h>

static void changed(void *context)
{
    struct enable *e = context;
    if (e->change.status == API_OK) {
        app_message(e->app, ROLE_GOOD, "%s is %s", e->name, e->wanted ? "enabled" : "disabled");
        app_refresh_all(e->app);
    } else {
        app_message(e->app, ROLE_BAD, "nothing was changed: %s", e->change.message);
    }
}

void enable_init(struct enable *e, struct app *app)
{
    *e = (struct enable){.app = app};
    fetch_init(&e->change, app_api(app), "SetServiceEnabled", changed, e);
}

void enable_free(struct enable *e)
{
    fetch_free(&e->change);
    free(e->id);
    free(e->name);
}

static void apply(void *context)
{
    struct enable *e = context;
    fetch_send(&e->change, json_pack("{s:s, s:b}", "id", e->id, "enabled", e->wanted));
    app_message(e->app, ROLE_DIM, "%s %s%s", e->wanted ? "enabling" : "disabling", e->name, glyph(GLYPH_ELLIPSIS));
}

void enable_ask(struct enable *e, const char *id, const char *name, bool enabled)
{
    char *new_id = xstrdup(id), *new_name = xstrdup(name);
    free(e->id);
    free(e->name);
    e->id = new_id;
    e->name = new_name;
    e->wanted = !enabled;
    char *question = xasprintf(e->wanted ? "Enable %s? It counts as spend again." : "Disable %s? It counts as spend no more.", e->name);
    app_confirm(e->app, question, apply, e);
    free(question);
}

const char *enable_disabled(const struct enable *e) { return e->change.ticket ? "a change is under way" : NULL; }
