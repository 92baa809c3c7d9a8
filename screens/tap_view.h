/* The live preview of a policy: records as they come in, before and after it. Nothing of it is written anywhere.
 *
 * tap_view.c asks, starts, polls and ends; tap_sheet.c shows. */
#ifndef SCREENS_TAP_VIEW_H
#define SCREENS_TAP_VIEW_H

#include "screens/fetch.h"
#include "screens/sheet.h"
#include "screens/view.h"

struct tap_subject {
    const char *policy; /* its id, or NULL: `text` is the policy */
    const char *text;
    const char *title; /* "POL-3 Mask cards" */
};

/* All is copied. */
struct view *tap_view_new(struct app *app, const struct tap_subject *subject);
/* Why there can be none on this control plane, or NULL. */
const char *tap_view_refused(struct app *app);

/* ---- the parts ---- */

enum tap_phase { TAP_ASKING, TAP_FORBIDDEN, TAP_READY, TAP_STARTING, TAP_LIVE, TAP_OVER };

struct tap_view {
    struct view v;
    enum tap_phase phase;
    char *policy, *text, *title;
    struct fetch setting, permit, start, poll, reveal;
    uint64_t stopping;
    char *id, *reason;
    int64_t expires_ns; /* wall clock */
    int64_t last;       /* sequence of the newest record that is shown */
    json_t *records;    /* an array, newest first */
    bool paused, all_fields, may_reveal;
    struct sheet *sheet;
    struct arena *texts;
    int width; /* that the sheet was built for; 0: build it anew */
};

/* Lines above the sheet. */
enum { TAP_HEAD = 3 };
void tap_head_paint(struct tap_view *t, int y);
/* Fills the sheet for the width. */
void tap_sheet_build(struct tap_view *t, int width);

#endif
