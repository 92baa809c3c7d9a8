/* The screens of issues and checks, by what opens them: for screens/kind.c. */
#ifndef SCREENS_ISSUE_H
#define SCREENS_ISSUE_H

#include "base/arena.h"
#include "screens/sheet.h"
#include "screens/view.h"

struct resource;

/* ---- issue_view.c ---- */
struct view *issue_view_new(struct app *app, const struct resource *resource, const char *id, const char *title);

/* ---- issue_list.c: what only the list of issues can do ---- */
bool issue_list_action(struct view *list, int action);

/* ---- issue_facets.c: a menu of severities and services with counts, of what the list shows ---- */
void issue_facets_open(struct view *list);

/* ---- issue_home.c: the issues on Home ---- */
/* Open issues by severity, and what their proposals would save a year; nothing where neither is offered. */
void issue_home_line(struct sheet *s, const json_t *home);
/* One issue, without sheet_end(). */
void issue_home_row(struct sheet *s, struct arena *texts, const json_t *issue, int width);

/* ---- check_view.c ---- */
struct view *check_view_new(struct app *app, const struct resource *resource, const char *id, const char *title);
bool check_list_action(struct view *list, int action);

#endif
