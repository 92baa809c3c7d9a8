/* One issue, full screen: what is wrong, the evidence, what is proposed and what it would do. Made for going through
 * many: a decision goes on to the next row of the list while it is sent. */
#include "screens/issue_view.h"

#include "base/die.h"
#include "screens/issue.h"
#include "screens/tap_view.h"
#include "screens/text.h"
#include "screens/views.h"

#include <stdlib.h>
#include <string.h>

static struct issue_view *self(struct detail *d) { return (struct issue_view *)d; }
static const struct issue_view *seen(const struct detail *d) { return (const struct issue_view *)d; }

/* The list below is asked again once the person is back there: rows must not move during a review. */
static void worked(void *context, const char *issue)
{
    struct issue_view *s = context;
    app_changed(s->d.v.app);
    if (!strcmp(issue, s->d.id)) detail_ask(&s->d);
    app_dirty(s->d.v.app);
}

/* What was decided and is not done yet would be lost. */
static bool hold(struct issue_view *s, int action)
{
    size_t left = issue_work_left(&s->work);
    if (left == 0 || (action == ACT_QUIT && s->leaving)) return false;
    s->leaving = action == ACT_QUIT;
    app_message(s->d.v.app, ROLE_WARN, "%zu decision%s not sent yet%s", left, left == 1 ? " is" : "s are",
                action == ACT_QUIT ? "; again drops them" : "; a moment");
    return true;
}

/* The first of what is proposed. */
static const char *proposed_text(const struct detail *d)
{
    const char *text = json_string_value(api_at(detail_node(d), "logEventPolicyProposals.0.text"));
    return text && *text ? text : NULL;
}

static void open_tap(struct detail *d)
{
    size_t count = json_array_size(json_object_get(detail_node(d), "logEventPolicyProposals"));
    char *name = xasprintf("%s, %s", detail_text(d, "displayID"), count > 1 ? "the first proposal" : "as proposed");
    app_push(d->v.app, tap_view_new(d->v.app, &(struct tap_subject){.text = proposed_text(d), .title = name}));
    free(name);
}

static const char *tap_refused(const struct detail *d)
{
    return proposed_text(d) ? tap_view_refused(d->v.app) : "no policy is proposed here that could be looked at";
}

static bool action(struct detail *d, int id)
{
    if (id == ACT_TAP) return open_tap(d), true;
    if (id == ACT_BACK || id == ACT_QUIT) return hold(self(d), id);
    return issue_act(self(d), id);
}

static const char *disabled(const struct detail *d, int id) { return id == ACT_TAP ? tap_refused(d) : issue_act_disabled(seen(d), id); }

static void title(const struct detail *d, struct buf *out)
{
    const char *name = json_string_value(json_object_get(detail_node(d), "displayID"));
    buf_str(out, name ? name : d->title);
}

static void status(const struct detail *d, struct buf *out)
{
    const struct issue_view *s = seen(d);
    long row, count;
    if (list_view_is(d->v.below, &resource_issues) && list_view_place(d->v.below, &row, &count))
        buf_printf(out, "issue %ld of %ld", row, count);
    else buf_str(out, "issue");
    if (s->work.changes) buf_printf(out, "%s%u decided", text_dot(), s->work.changes);
    if (issue_work_left(&s->work)) buf_printf(out, "%s%zu under way", text_dot(), issue_work_left(&s->work));
}

/* Rows that were decided leave a list of open issues: its cursor goes up with them. */
static void refresh_below(struct issue_view *s)
{
    struct view *list = s->d.v.below;
    if (!s->work.touched) return;
    long row = 1, count, up = (long)s->work.changes;
    bool open = list_view_is(list, &resource_issues) && strstr(list_view_text(list), "stage:open");
    if (open && list_view_place(list, &row, &count)) list_view_step(list, -(int)(up < row - 1 ? up : row - 1));
    if (list && list->ops->refresh) list->ops->refresh(list);
    app_refresh_totals(s->d.v.app);
}

static void opened(struct detail *d) { issue_work_init(&self(d)->work, d->v.app, worked, d); }

static void closed(struct detail *d)
{
    refresh_below(self(d));
    issue_work_free(&self(d)->work);
}

static const struct detail_ops ops = {
    .size = sizeof(struct issue_view),
    .context = CONTEXT_ISSUE,
    .noun = "issue",
    .head = issue_head,
    .build = issue_build,
    .open = opened,
    .action = action,
    .disabled = disabled,
    .title = title,
    .status = status,
    .close = closed,
};

struct view *issue_view_new(struct app *app, const struct resource *resource, const char *id, const char *name)
{
    return detail_open(&ops, app, resource, id, name);
}
