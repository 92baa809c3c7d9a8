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

/* ---- issue_many.c: decisions on the marked rows ---- */
bool issue_many_action(struct view *list, int action);
const char *issue_list_disabled(const struct view *list, int action);
/* Words that a reason often is; for a prompt. */
char *issue_reason_complete(void *context, const char *line, const char *word, int n);

/* ---- issue_team.c ---- */
/* team: its id, "" for the one of the service; now: the present one. The context outlives the menu: the view below. */
void issue_team_menu(struct app *app, const char *now, void (*picked)(void *context, const char *team, const char *name), void *context);

/* ---- issue_facets.c: a menu of severities and services with counts, of what the list shows ---- */
void issue_facets_open(struct view *list);

/* ---- issue_home.c: the issues on Home ---- */
/* Open issues by severity, and what their proposals would save a year; nothing where neither is offered. */
void issue_home_line(struct sheet *s, const json_t *home);
/* One issue, without sheet_end(). */
void issue_home_row(struct sheet *s, struct arena *texts, const json_t *issue, int width);

/* ---- check_view.c ---- */
struct view *check_view_new(struct app *app, const struct resource *resource, const char *id, const char *title);
/* The list of its open issues. */
void check_open_issues(struct app *app, const char *id);

/* ---- check_act.c ---- */
bool check_list_action(struct view *list, int action);
const char *check_list_disabled(const struct view *list, int action);

#endif
