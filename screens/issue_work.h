/* Decisions on issues, done in the order in which they were made while the person goes on reading: a deed is one or more
 * requests, sent one after the other. What was done is remembered, newest first, so that it can be taken back. */
#ifndef SCREENS_ISSUE_WORK_H
#define SCREENS_ISSUE_WORK_H

#include "screens/fetch.h"
#include "screens/issue_deed.h"
#include "screens/view.h"

enum { ISSUE_WORK_MAX = 200 };

struct issue_work {
    struct app *app;
    struct fetch send;
    json_t *queue;    /* deeds that wait, the first is under way */
    json_t *done;     /* deeds that can be taken back, newest last */
    unsigned changes; /* how many deeds were done, undoing not counted */
    bool touched;     /* something was changed, or tried */
    void (*changed)(void *context, const char *issue);
    void *context;
};

/* `changed` is called after each deed, good or not, with the id of its issue. */
void issue_work_init(struct issue_work *w, struct app *app, void (*changed)(void *context, const char *issue), void *context);
void issue_work_free(struct issue_work *w);

/* As issue_deed_new(). */
void issue_work_do(struct issue_work *w, enum issue_deed deed, const json_t *issue, const char *text, const char *team_name);
/* Takes back the newest deed that was not taken back yet, also one that waits. */
void issue_work_undo(struct issue_work *w);

/* How many deeds wait or are under way. */
size_t issue_work_left(const struct issue_work *w);
/* Why nothing can be taken back, or NULL. */
const char *issue_work_no_undo(const struct issue_work *w);

#endif
