/* The filter prompt: asks the control plane while the person types, a moment after the last key. */
#include "screens/list_view.h"

#include "base/clock.h"
#include "base/die.h"
#include "screens/text.h"
#include "screens/kind.h"
#include "screens/complete.h"
#include "tui/prompt.h"

#include <stdio.h>
#include <stdlib.h>

#define TYPING_PAUSE (150 * (NS_PER_SECOND / 1000))

void list_filter_forget(struct list_view *l)
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
    list_filter_forget(l);
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
    list_filter_forget(l);
    l->pending = copy;
    l->v.wake = clock_monotonic() + TYPING_PAUSE;
}

static void done(void *context, const char *text)
{
    struct list_view *l = context;
    const char *problem = NULL;
    char *wanted = xstrdup(text ? text : l->before);
    list_filter_forget(l);
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

/* ---- the chips ---- */

/* The view that a tab opens with is no filter that somebody typed. */
static bool typed(const struct list_view *l)
{
    const char *usual = kind_of(l->resource)->initial;
    return strcmp(l->filter, usual ? usual : "") != 0;
}

bool list_filter_pop(struct list_view *l)
{
    const char *problem, *last = l->filter;
    if (!typed(l)) return false;
    for (struct slice w = list_state_word(l->filter); w.len; w = list_state_word(w.ptr + w.len)) last = w.ptr;
    size_t left = (size_t)(last - l->filter);
    while (left && l->filter[left - 1] == ' ') left--;
    char *shorter = xstrndup(l->filter, left);
    list_filter_set(l, shorter, &problem);
    free(shorter);
    return true;
}

int list_filter_height(const struct list_view *l) { return typed(l) && *l->filter ? 1 : 0; }

static int put(int y, int x, enum role role, const char *text) { return x + paint_text(y, x, term_columns() - x, role, text); }

/* "not payment" for -payment: readable without colours. */
static int paint_chip(int y, int x, struct slice word)
{
    bool negative = word.len > 1 && word.ptr[0] == '-';
    char *text = xstrndup(word.ptr + negative, word.len - negative);
    if (negative) x = put(y, x, ROLE_WARN, "not ");
    x = put(y, x, negative ? ROLE_WARN : ROLE_KEY, text);
    free(text);
    return x;
}

static void paint_hint(int y, int x, int chips, int negative)
{
    char text[100], off[40] = "";
    if (negative) snprintf(off, sizeof off, ", %d negative", negative);
    int count = snprintf(text, sizeof text, "%d term%s%s", chips, chips == 1 ? "" : "s", off);
    snprintf(text + count, sizeof text - (size_t)count, "%sBackspace takes off the last", text_dot());
    if (x + 3 + text_width(text) >= term_columns()) text[count] = '\0';
    int width = text_width(text);
    if (x + 3 + width < term_columns()) paint_text(y, term_columns() - 1 - width, width, ROLE_DIM, text);
}

void list_filter_paint(const struct list_view *l, int y)
{
    int chips = 0, negative = 0;
    paint_clear(y, 0, ROLE_TEXT);
    int x = put(y, 1, ROLE_DIM, "filter ");
    for (struct slice w = list_state_word(l->filter); w.len; w = list_state_word(w.ptr + w.len)) {
        if (chips++) x = put(y, x, ROLE_DIM, text_dot());
        negative += w.len > 1 && w.ptr[0] == '-';
        x = paint_chip(y, x, w);
    }
    paint_hint(y, x, chips, negative);
}
