#include "console/config_check.h"

#include "api-client/api.h"
#include "base/die.h"
#include "screens/actions.h"
#include "screens/keymaps.h"
#include "tui/theme.h"

#include <stdlib.h>

enum { KEY_PROBLEMS = 20 };

struct binding *config_bindings(const struct config *c)
{
    struct binding *list = xcalloc(c->binding_count + 1, sizeof *list);
    for (size_t i = 0; i < c->binding_count; i++) list[i] = (struct binding){c->bindings[i].action, c->bindings[i].keys};
    return list;
}

static const struct config_binding *binding_of(const struct config *c, const char *action)
{
    for (size_t i = 0; i < c->binding_count; i++)
        if (!strcmp(c->bindings[i].action, action)) return &c->bindings[i];
    return NULL;
}

static void say_key(struct config *c, const char *action, const char *problem)
{
    const struct config_binding *b = binding_of(c, action);
    bool known = action_by_name(action) != NULL;
    if (b) problems_add(&c->problems, known ? b->at : b->action_at, "keys.bind: %s", problem);
}

/* One wrong binding after the other is told and taken out, until the rest fits. */
void config_check_keys(struct config *c)
{
    struct binding *list = config_bindings(c);
    size_t count = c->binding_count, failed;
    const char *problem;
    for (int told = 0; told < KEY_PROBLEMS; told++) {
        struct keymap *m = keymaps_make(c->values[SET_KEYMAP].text, list, count, &failed, &problem);
        keymap_free(m);
        if (m) break;
        if (failed >= count) {
            problems_add(&c->problems, c->values[SET_KEYMAP].at, "keys: %s", problem);
            break;
        }
        say_key(c, list[failed].action, problem);
        count--;
        for (size_t i = failed; i < count; i++) list[i] = list[i + 1];
    }
    free(list);
}

static void check_theme(struct config *c, const struct config_value *theme)
{
    const char *problem;
    if (theme->text && !theme_load(theme->text, &problem)) problems_add(&c->problems, theme->at, "theme: %s", problem);
}

static void check_endpoint(struct config *c, const struct config_value *values)
{
    const struct config_value *endpoint = &values[SET_ENDPOINT];
    char *problem = NULL;
    if (!endpoint->text) return;
    struct api *api = api_open(&(struct api_profile){.name = "check", .kind = API_SELF_HOSTED, .endpoint = endpoint->text}, &problem);
    if (!api) problems_add(&c->problems, endpoint->at, "endpoint: %s", problem);
    api_close(api);
    free(problem);
}

static void check_values(struct config *c, const struct config_value *values)
{
    check_theme(c, &values[SET_THEME]);
    check_endpoint(c, values);
}

void config_check(struct config *c)
{
    config_check_keys(c);
    check_values(c, c->values);
    for (size_t i = 0; i < c->profile_count; i++) check_values(c, c->profiles[i].values);
}
