/* The filter prompt: asks the control plane while the person types, a moment after the last key. */
#include "screens/list_view.h"

#include "base/clock.h"
#include "base/die.h"
#include "screens/complete.h"
#include "tui/prompt.h"

#include <stdlib.h>

#define TYPING_PAUSE (150 * (NS_PER_SECOND / 1000))

static void forget_pending(struct list_view *l)
{
    free(l->pending);
    l->pending = NULL;
    l->v.wake = 0;
}

bool list_filter_set(struct list_view *l, const char *text, const char **problem)
{
    json_t *where = filter_parse(l->resource, text, problem);
    if (!where) return false;
    json_decref(where);
    forget_pending(l);
    if (!strcmp(text, l->filter)) return true;
    char *copy = xstrdup(text);
    free(l->filter);
    l->filter = copy;
    list_view_ask(l, false);
    return true;
}

/* While typing, a term that is not complete yet is no error. */
void list_filter_due(struct list_view *l)
{
    const char *problem;
    char *text = l->pending;
    l->pending = NULL;
    if (text) list_filter_set(l, text, &problem);
    free(text);
}

static void changed(void *context, const char *text)
{
    struct list_view *l = context;
    char *copy = xstrdup(text);
    forget_pending(l);
    l->pending = copy;
    l->v.wake = clock_monotonic() + TYPING_PAUSE;
}

static void done(void *context, const char *text)
{
    struct list_view *l = context;
    const char *problem = NULL;
    char *wanted = xstrdup(text ? text : l->before);
    forget_pending(l);
    if (!list_filter_set(l, wanted, &problem)) app_message(l->v.app, ROLE_BAD, "filter: %s", problem);
    free(wanted);
    app_dirty(l->v.app);
}

static void offer(void *context, struct completions *c)
{
    struct list_view *l = context;
    complete_terms(l->v.app, l->resource, c);
}

void list_filter_prompt(struct list_view *l)
{
    free(l->before);
    l->before = xstrdup(l->filter);
    prompt_open(&(struct prompt_options){
        .label = "/", .initial = l->filter, .history = "filter", .offer = offer, .changed = changed, .done = done, .context = l});
}
