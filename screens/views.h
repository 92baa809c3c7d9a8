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
/* "cost", "cost,-name": see screens/list_state.h; one plain column turns around where it is in force. */
bool list_view_sort(struct view *list, const char *columns, const char **problem);
/* The list's whole state as one text (screens/list_state.h): takes it on, tells it. The text is of the list's resource. */
bool list_view_apply(struct view *list, const char *text, const char **problem);
void list_view_state(const struct view *list, struct buf *out);
/* Every row to a file: "[FORMAT] FILE". */
void list_view_export(struct view *list, const char *arguments);
/* The id under the cursor, "" for none; the row to put the cursor on when the first rows are there. */
const char *list_view_row(const struct view *list);
void list_view_want(struct view *list, const char *id);

bool list_view_columns(struct view *list, const char *columns, const char **problem);
/* Goes to the list that the text (screens/list_state.h) names. `apply`: with its state, else as it was left. False: *problem. */
bool list_open(struct app *app, const char *text, bool apply, const char **problem);

/* Of one object by id; `title` stands in until the answer is there. */
struct view *service_view_new(struct app *app, const struct resource *resource, const char *id, const char *title);
struct view *event_view_new(struct app *app, const struct resource *resource, const char *id, const char *title);

struct view *help_new(struct app *app);
struct view *requests_new(struct app *app);

#endif
