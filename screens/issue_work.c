#include "screens/issue_work.h"

#include <string.h>

static json_t *current(const struct issue_work *w) { return json_array_get(w->queue, 0); }
size_t issue_work_left(const struct issue_work *w) { return json_array_size(w->queue); }

/* ---- running ---- */

static void run(struct issue_work *w);

static void say_done(struct issue_work *w, const json_t *deed)
{
    const char *name = issue_deed_text(deed, "name"), *what = issue_deed_text(deed, "note");
    const char *undo = issue_deed_of(deed) == DEED_UNDO || issue_deed_of(deed) == DEED_REOPEN ? "" : "; u takes it back";
    if (issue_deed_held(deed)) app_message(w->app, ROLE_WARN, "%s: proposed; %s%s", name, issue_deed_text(deed, "why"), undo);
    else app_message(w->app, ROLE_GOOD, "%s %s%s%s%s", name, issue_deed_words(issue_deed_of(deed))->past, *what ? ": " : "", what, undo);
}

static void finish(struct issue_work *w, bool good)
{
    json_t *deed = json_incref(current(w));
    json_array_remove(w->queue, 0);
    w->changes += issue_deed_of(deed) == DEED_UNDO ? 0 : 1;
    w->touched = true;
    bool keep = issue_deed_of(deed) != DEED_UNDO && issue_deed_of(deed) != DEED_REOPEN;
    if (keep && (good || json_array_size(json_object_get(deed, "policies")))) json_array_append(w->done, deed);
    if (json_array_size(w->done) > ISSUE_WORK_MAX) json_array_remove(w->done, 0);
    if (good) say_done(w, deed);
    else
        app_message(w->app, ROLE_BAD, "%s %s: %s", issue_deed_text(deed, "name"), issue_deed_words(issue_deed_of(deed))->failed,
                    w->send.message);
    w->changed(w->context, issue_deed_text(deed, "id"));
    json_decref(deed);
    run(w);
}

static void answered(void *context)
{
    struct issue_work *w = context;
    json_t *deed = current(w);
    if (!issue_deed_answered(deed, w->send.status, w->send.data, w->send.message)) finish(w, false);
    else run(w);
}

/* An undo finds out what it takes back when its turn comes. */
static void prepare_undo(struct issue_work *w)
{
    size_t last = json_array_size(w->done);
    if (last == 0) return;
    json_array_set_new(w->queue, 0, issue_deed_undo(json_array_get(w->done, last - 1)));
    json_array_remove(w->done, last - 1);
}

static void run(struct issue_work *w)
{
    const char *operation;
    if (!current(w)) return;
    if (issue_deed_of(current(w)) == DEED_UNDO && !*issue_deed_text(current(w), "id")) prepare_undo(w);
    json_t *variables = issue_deed_next(current(w), &operation);
    if (!variables) {
        finish(w, true);
        return;
    }
    w->send.operation = operation;
    fetch_send(&w->send, variables);
}

static void add(struct issue_work *w, json_t *deed)
{
    if (issue_work_left(w) >= ISSUE_WORK_MAX) {
        app_message(w->app, ROLE_WARN, "the control plane is not done with the last %d decisions", ISSUE_WORK_MAX);
        json_decref(deed);
        return;
    }
    json_array_append_new(w->queue, deed);
    if (issue_work_left(w) == 1) run(w);
}

/* ---- deeds ---- */

void issue_work_init(struct issue_work *w, struct app *app, void (*changed)(void *context, const char *issue), void *context)
{
    *w = (struct issue_work){.app = app, .queue = json_array(), .done = json_array(), .changed = changed, .context = context};
    fetch_init(&w->send, app_api(app), "", answered, w);
}

void issue_work_free(struct issue_work *w)
{
    fetch_free(&w->send);
    json_decref(w->queue);
    json_decref(w->done);
}

void issue_work_do(struct issue_work *w, enum issue_deed deed, const json_t *issue, const char *text, const char *team_name)
{
    add(w, issue_deed_new(deed, issue, text, team_name));
}

/* What a deed that waits adds to what can be taken back. */
static int undoable(const json_t *deed)
{
    if (issue_deed_of(deed) == DEED_REOPEN) return 0;
    if (issue_deed_of(deed) != DEED_UNDO) return 1;
    return *issue_deed_text(deed, "id") ? 0 : -1;
}

const char *issue_work_no_undo(const struct issue_work *w)
{
    long left = (long)json_array_size(w->done);
    for (size_t i = 0; i < json_array_size(w->queue); i++) left += undoable(json_array_get(w->queue, i));
    return left > 0 ? NULL : "nothing was done here that could be taken back";
}

void issue_work_undo(struct issue_work *w) { add(w, issue_deed_new(DEED_UNDO, NULL, "", "")); }
