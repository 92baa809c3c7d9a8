#include "screens/overview.h"

#include "base/clock.h"
#include "screens/resource.h"
#include "screens/view.h"

#include <ctype.h>

static void server_answered(void *context)
{
    struct overview *s = context;
    app_dirty(s->app);
    if (!s->server.data) return;
    arena_reset(s->texts);
    char *role = (char *)(uintptr_t)api_text(s->texts, s->server.data, "viewer.role");
    for (char *c = role; c && *c; c++) *c = (char)tolower((unsigned char)*c);
    s->role = role ? role : "";
}

static void home_answered(void *context)
{
    struct overview *s = context;
    s->refreshes++;
    app_dirty(s->app);
    bool first = !s->known && s->home.data;
    if (s->home.data) s->known = true;
    if (first && overview_empty(s) && app_context(s->app) == CONTEXT_HOME && !app_no_changes(s->app)) app_action(s->app, ACT_INGEST);
}

void overview_refresh(struct overview *s)
{
    json_t *v = resource_get_variables("", clock_now()), *wanted = json_object();
    json_object_set(wanted, "day", json_object_get(v, "day"));
    json_decref(v);
    fetch_send(&s->home, wanted);
    if (!s->server.data && !s->server.ticket) fetch_send(&s->server, NULL);
}

void overview_open(struct overview *s, struct app *app, struct api *api)
{
    *s = (struct overview){.app = app, .texts = arena_new(1 << 16), .role = ""};
    fetch_init(&s->server, api, "ServerInfo", server_answered, s);
    fetch_init(&s->home, api, "Home", home_answered, s);
    overview_refresh(s);
}

void overview_close(struct overview *s)
{
    fetch_free(&s->server);
    fetch_free(&s->home);
    arena_free(s->texts);
}

const json_t *overview_home(const struct overview *s) { return s->home.data; }
const json_t *overview_server(const struct overview *s) { return s->server.data; }
long overview_services(const struct overview *s) { return (long)api_integer(s->home.data, "services.totalCount", -1); }
long overview_events(const struct overview *s) { return (long)api_integer(s->home.data, "logEvents.totalCount", -1); }
long overview_policies(const struct overview *s) { return (long)api_integer(s->home.data, "logEventPolicies.totalCount", -1); }
long overview_edges(const struct overview *s) { return (long)api_integer(s->home.data, "edgeInstances.totalCount", -1); }
long overview_issues(const struct overview *s) { return (long)api_integer(s->home.data, "issues.totalCount", -1); }
const char *overview_role(const struct overview *s) { return s->role; }
bool overview_empty(const struct overview *s) { return overview_services(s) == 0 && overview_events(s) == 0; }
