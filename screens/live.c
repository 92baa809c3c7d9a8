#include "screens/live.h"

#include "base/die.h"
#include "base/watch.h"
#include "screens/app.h"
#include "screens/theme_pick.h"

static bool take_keys(struct app *app, const struct screens_live *live)
{
    const char *problem;
    struct keymap *m = keymaps_make(live->keymap, live->bindings, live->binding_count, NULL, &problem);
    if (!m) {
        app_message(app, ROLE_BAD, "keys: %s", problem);
        return false;
    }
    keymap_free(app->keymap);
    app->keymap = m;
    app->before = 0;
    return true;
}

static void changed(void *context, const char *path)
{
    struct app *app = context;
    struct screens_live live;
    const struct screens_host *host = app->options->host;
    (void)path;
    if (!host->reread(host->context, &live)) {
        app_message(app, ROLE_BAD, "%s", live.said);
        return;
    }
    if (live.theme) theme_follow(app);
    if (take_keys(app, &live) && *live.said) app_message(app, ROLE_INFO, "%s", live.said);
}

void live_follow(struct app *app)
{
    const struct screens_host *host = app->options->host;
    if (host && host->config) watch_file(app->watch, host->config, changed, app);
}

/* ---- profiles ---- */

static const char *const *profiles(const struct app *app)
{
    static const char *const none[] = {NULL};
    const struct screens_host *host = app->options->host;
    return host && host->profiles ? host->profiles : none;
}

static void list(struct app *app)
{
    struct buf text;
    buf_init(&text, MESSAGE_MAX);
    for (const char *const *p = profiles(app); *p; p++)
        buf_printf(&text, "%s%s%s", text.len ? "  " : "", *p, !strcmp(*p, app->options->profile) ? " (this one)" : "");
    if (text.len) app_message(app, ROLE_INFO, "profiles: %s", text.data);
    else app_message(app, ROLE_INFO, "there are no profiles; tero-console config edit makes some");
    buf_free(&text);
}

void live_profile(struct app *app, const char *name)
{
    const struct screens_host *host = app->options->host;
    const char *why = !*name ? NULL : host ? host->switch_profile(host->context, name) : "there are no profiles here";
    if (!*name) list(app);
    else if (why) app_message(app, ROLE_BAD, "profile: %s", why);
    else app->quit = true;
}

char *live_profile_completion(struct app *app, const char *word, int n)
{
    for (const char *const *p = profiles(app); *p; p++)
        if (!strncmp(*p, word, strlen(word)) && n-- == 0) return xstrdup(*p);
    return NULL;
}
