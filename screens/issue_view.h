/* What the files of the issue screen share. */
#ifndef SCREENS_ISSUE_VIEW_H
#define SCREENS_ISSUE_VIEW_H

#include "screens/detail_base.h"
#include "screens/issue_work.h"

enum issue_part { PART_EVIDENCE, PART_EFFECT, PART_TIMELINE };

struct issue_view {
    struct detail d;
    struct issue_work work;
    bool leaving; /* Q was pressed while changes were under way */
};

/* ---- issue_sheet.c ---- */
void issue_head(struct detail *d, struct sheet *sheet, int width);
void issue_build(struct detail *d, int width);

/* ---- issue_proposal.c ---- */
void issue_build_effect(struct detail *d, int width);
/* "drops 2.1K records/h, saves $31K a year" of an issue; static. */
const char *issue_effect_line(const json_t *issue);

/* ---- issue_act.c ---- */
bool issue_act(struct issue_view *s, int action);
const char *issue_act_disabled(const struct issue_view *s, int action);

#endif
