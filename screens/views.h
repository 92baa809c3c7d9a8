/* The views, by what opens them. Each gives a view to app_push(), or a root. */
#ifndef SCREENS_VIEWS_H
#define SCREENS_VIEWS_H

#include "screens/resource.h"
#include "screens/view.h"

struct view *home_new(struct app *app);
/* Shown instead of the totals while the catalog is empty, and by `i`. */
struct view *ingest_new(struct app *app);

/* `filter`: in the filter language, NULL for none. */
struct view *list_view_new(struct app *app, const struct resource *resource, const char *filter);
/* The node that is `step` rows from the list's cursor, which goes there; NULL: no such row, or not loaded yet. */
const json_t *list_view_step(struct view *list, int step);
/* The node under the cursor, borrowed until the next event; NULL: the list is empty or the row is not loaded. */
const json_t *list_view_node(const struct view *list);
/* Row of the cursor, from 1, and how many there are. False: not known yet. */
bool list_view_place(const struct view *list, long *row, long *count);
/* Takes the mark off, where there is one. */
void list_view_unmark(struct view *list, const char *id);
/* The filter in force. */
const char *list_view_text(const struct view *list);
bool list_view_is(const struct view *v, const struct resource *resource);
/* For the prompt's commands; false: *problem (static). */
bool list_view_filter(struct view *list, const char *filter, const char **problem);
bool list_view_sort(struct view *list, const char *column, const char **problem);

/* Of one object by id; `title` stands in until the answer is there. */
struct view *service_view_new(struct app *app, const struct resource *resource, const char *id, const char *title);
struct view *event_view_new(struct app *app, const struct resource *resource, const char *id, const char *title);

struct view *help_new(struct app *app);
struct view *requests_new(struct app *app);

#endif
