/* What the files of the issue screen share. */
#ifndef SCREENS_ISSUE_VIEW_H
#define SCREENS_ISSUE_VIEW_H

#include "base/arena.h"
#include "screens/issue_work.h"
#include "screens/sheet.h"

/* Headings that a key goes to; lines of the sheet, -1: there is none. */
enum issue_part { PART_EVIDENCE, PART_EFFECT, PART_TIMELINE, PARTS };

struct issue_view {
    struct view v;
    struct fetch get, teams;
    struct issue_work work;
    struct sheet *sheet;
    struct arena *texts;
    char *id, *title;
    int parts[PARTS];
    int width;      /* what the sheet was built for, 0: build it anew */
    int wanted;     /* the part to show once the sheet is built, -1: none */
    bool leaving;   /* Q was pressed while changes were under way */
    bool assigning; /* the menu of teams opens when they are there */
    int height;
};

/* ---- issue_view.c ---- */
const json_t *issue_node(const struct issue_view *s);
/* "" where absent; in s->texts. */
const char *issue_text(const struct issue_view *s, const char *path);
void issue_stale(struct issue_view *s);
/* Goes to the next row of the list, if there is one. */
void issue_next(struct issue_view *s, int by);
void issue_show(struct issue_view *s, enum issue_part part);

/* ---- issue_sheet.c ---- */
void issue_build(struct issue_view *s, int width);

/* ---- issue_proposal.c ---- */
void issue_build_effect(struct issue_view *s, int width);
/* "drops 2.1K records/h, saves $31K a year" of an issue; static. */
const char *issue_effect_line(const json_t *issue);
bool issue_has_policy(const json_t *issue);

/* ---- issue_act.c ---- */
bool issue_act(struct issue_view *s, int action);
const char *issue_act_disabled(const struct issue_view *s, int action);

#endif
