#include "base/utf8.h"
#include "control-plane/api/change.h"
#include "control-plane/api/issue_rows.h"
#include "control-plane/api/leaves.h"

#include <stdio.h>

enum { NOTE_MAX = 1000, RUN_EVENTS = 20000 };

static bool given(const struct gql_value *v) { return v && v->kind != GQL_V_NULL; }

static struct issue *find(struct gql_call *call)
{
    struct issue *i = issue_argument(call, "id");
    if (!i) gql_fail(call, "NOT_FOUND", "no such issue");
    return i;
}

/* A person's words: printable, bounded; empty where absent. False: the call was answered. */
static bool read_note(struct gql_call *call, const char *name, struct slice *note)
{
    const struct gql_value *v = gql_arg(call, name);
    *note = given(v) ? v->text : SLICE("");
    bool fit = note->len <= NOTE_MAX && utf8_valid(*note);
    for (size_t at = 0; fit && at < note->len;) fit = !utf8_unsafe(utf8_next(*note, &at));
    if (!fit) gql_fail(call, "BAD_USER_INPUT", "%s: at most %d bytes of printable text", name, NOTE_MAX);
    return fit;
}

static void note_history(struct change *c, const struct issue *i, const char *action, struct slice note)
{
    sqlite3_stmt *st = db_prepare(c->x->db, "INSERT INTO issue_history (issue, at, actor, action, note) VALUES (?1, ?2, ?3, ?4, ?5)");
    db_bind(st, "iittt", i->row, c->x->now_ns, slice_str(c->x->viewer), slice_str(action), note);
    change_run(c, st);
}

static void set_status(struct change *c, const struct issue *i, const char *status)
{
    sqlite3_stmt *st = db_prepare(c->x->db, "UPDATE findings SET status = ?1, updated_at = ?2 WHERE row = ?3 AND status <> 'closed'");
    db_bind(st, "tii", slice_str(status), c->x->now_ns, i->finding);
    change_run(c, st);
}

/* `done` is what the history says, `stage` where the issue is then. */
static void finish(struct change *c, const struct issue *i, const char *action, const char *done, const char *stage, struct slice note)
{
    struct gql_call *call = c->call;
    struct request_context *x = c->x;
    note_history(c, i, done, note);
    change_field(&c->before, "stage", i->stage);
    change_field(&c->after, "stage", slice_str(stage));
    c->reason = note;
    if (change_end(c, action, "Issue", i->id)) gql_object(call, issue_by_row(x, i->row));
}

/* ---- close, ignore, reopen ---- */

static void close_issue(struct gql_call *call)
{
    struct issue *i = find(call);
    struct slice note;
    struct change c;
    if (!i || !read_note(call, "note", &note)) return;
    if (note.len == 0) {
        gql_fail(call, "BAD_USER_INPUT", "note: say why it is resolved");
        return;
    }
    if (!change_begin(&c, call)) return;
    if (i->closed) {
        change_cancel(&c);
        gql_object(call, i);
        return;
    }
    sqlite3_stmt *st =
        db_prepare(c.x->db, "UPDATE issues SET closed_at = ?1, resolution = 'person', ignored_at = NULL, note = ?2, updated_at = ?1"
                            " WHERE row = ?3");
    db_bind(st, "iti", c.x->now_ns, note, i->row);
    change_run(&c, st);
    set_status(&c, i, "suppressed");
    finish(&c, i, "issue.close", "closed", "resolved", note);
}

static void ignore_issue(struct gql_call *call)
{
    struct issue *i = find(call);
    struct slice note;
    struct change c;
    if (!i || !read_note(call, "reason", &note) || !change_begin(&c, call)) return;
    if (i->ignored) {
        change_cancel(&c);
        gql_object(call, i);
        return;
    }
    sqlite3_stmt *st = db_prepare(c.x->db, "UPDATE issues SET ignored_at = ?1, note = ?2, updated_at = ?1 WHERE row = ?3");
    db_bind(st, "iti", c.x->now_ns, note, i->row);
    if (note.len == 0) sqlite3_bind_null(st, 2);
    change_run(&c, st);
    set_status(&c, i, "suppressed");
    finish(&c, i, "issue.ignore", "ignored", "ignored", note);
}

static bool finding_gone(struct request_context *x, const struct issue *i)
{
    sqlite3_stmt *st = db_prepare(x->db, "SELECT 1 FROM findings WHERE row = ?1 AND status = 'closed'");
    db_bind(st, "i", i->finding);
    bool gone = db_step(x->db, st) == DB_ROW;
    sqlite3_reset(st);
    return gone;
}

static void reopen_issue(struct gql_call *call)
{
    struct issue *i = find(call);
    struct slice note;
    struct change c;
    if (!i || !read_note(call, "note", &note)) return;
    if (finding_gone(context_of(call), i)) {
        gql_fail(call, "CONFLICT", "the cause is gone; the issue opens by itself when it returns");
        return;
    }
    if (!change_begin(&c, call)) return;
    if (!i->closed && !i->ignored) {
        change_cancel(&c);
        gql_object(call, i);
        return;
    }
    sqlite3_stmt *st =
        db_prepare(c.x->db, "UPDATE issues SET closed_at = NULL, ignored_at = NULL, resolution = NULL, note = NULL, updated_at = ?1"
                            " WHERE row = ?2");
    db_bind(st, "ii", c.x->now_ns, i->row);
    change_run(&c, st);
    set_status(&c, i, "escalated");
    finish(&c, i, "issue.reopen", "reopened", "open", note);
}

/* ---- team ---- */

static struct team *read_team(struct gql_call *call, bool *fail)
{
    struct id128 id;
    *fail = false;
    if (!given(gql_arg(call, "teamID"))) return NULL;
    struct team *t = arg_id(call, "teamID", &id) ? team_by_id(context_of(call), id) : NULL;
    *fail = t == NULL;
    if (!t) gql_fail(call, "NOT_FOUND", "no such team");
    return t;
}

static void assign(struct gql_call *call)
{
    struct issue *i = find(call);
    struct change c;
    bool fail;
    if (!i) return;
    struct team *t = read_team(call, &fail);
    if (fail || !change_begin(&c, call)) return;
    sqlite3_stmt *st = db_prepare(c.x->db, "UPDATE issues SET team = ?1, updated_at = ?2 WHERE row = ?3");
    db_bind(st, "iii", t ? t->row : 0, c.x->now_ns, i->row);
    if (!t) sqlite3_bind_null(st, 1);
    change_run(&c, st);
    note_history(&c, i, "assigned", t ? t->name : SLICE("the team of the service"));
    struct team *had = i->team ? team_by_row(c.x, i->team) : NULL;
    change_field(&c.before, "team", had ? had->name : slice_of(NULL, 0));
    change_field(&c.after, "team", t ? t->name : slice_of(NULL, 0));
    if (change_end(&c, "issue.assign", "Issue", i->id)) gql_object(call, issue_by_row(c.x, i->row));
}

/* ---- checks ---- */

static void run_checks(struct gql_call *call)
{
    struct change c;
    if (!change_begin(&c, call)) return;
    struct checks_outcome *o = arena_zero(gql_arena(call), sizeof *o);
    if (!o) {
        change_cancel(&c);
        gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
        return;
    }
    if (c.ok) c.ok = checks_run(c.x->db, c.x->now_ns, RUN_EVENTS, o);
    change_number(&c.after, "services", (int64_t)o->services);
    change_number(&c.after, "opened", (int64_t)(o->opened + o->reopened));
    change_number(&c.after, "closed", (int64_t)o->closed);
    if (change_end(&c, "checks.run", "Account", c.x->account)) gql_object(call, o);
}

static const struct checks_outcome *outcome(struct gql_call *call) { return gql_parent(call); }
static void run_services(struct gql_call *call) { gql_int(call, (int64_t)outcome(call)->services); }
static void run_events(struct gql_call *call) { gql_int(call, (int64_t)outcome(call)->events); }
static void run_opened(struct gql_call *call) { gql_int(call, (int64_t)outcome(call)->opened); }
static void run_reopened(struct gql_call *call) { gql_int(call, (int64_t)outcome(call)->reopened); }
static void run_closed(struct gql_call *call) { gql_int(call, (int64_t)outcome(call)->closed); }
static void run_more(struct gql_call *call) { gql_bool(call, outcome(call)->more); }

static const struct check_threshold *threshold_of(const struct check *c, struct slice name)
{
    for (size_t i = 0; i < CHECK_THRESHOLDS && c->thresholds[i].name; i++)
        if (slice_is(name, c->thresholds[i].name)) return &c->thresholds[i];
    return NULL;
}

static double real_of(const struct gql_value *v) { return v->kind == GQL_V_INT ? (double)v->integer : v->real; }

static bool check_limits(struct gql_call *call, const struct check *c, const struct gql_value *list)
{
    for (size_t i = 0; given(list) && i < list->list.count; i++) {
        struct slice name = gql_entry(&list->list.items[i], "name")->text;
        const struct check_threshold *t = threshold_of(c, name);
        double value = real_of(gql_entry(&list->list.items[i], "value"));
        if (!t) return gql_fail(call, "BAD_USER_INPUT", "%s has no threshold %.*s", c->id, (int)name.len, name.ptr), false;
        if (!(value >= t->least && value <= t->most))
            return gql_fail(call, "BAD_USER_INPUT", "%s: %g to %g", t->name, t->least, t->most), false;
    }
    return true;
}

static void set_value(struct change *c, const struct check *k, const char *name, double value)
{
    char before[40], after[40];
    snprintf(before, sizeof before, "%g", check_value(c->x->db, c->x->account_row, k, name));
    snprintf(after, sizeof after, "%g", value);
    change_field(&c->before, name, slice_str(before));
    change_field(&c->after, name, slice_str(after));
    if (c->ok) c->ok = check_set(c->x->db, c->x->account_row, k, name, value, c->x->now_ns);
}

static void update_check(struct gql_call *call)
{
    const struct check *k = check_find(gql_arg(call, "id")->text);
    const struct gql_value *enabled = gql_arg(call, "enabled"), *limits = gql_arg(call, "thresholds");
    struct change c;
    if (!k) {
        gql_fail(call, "NOT_FOUND", "no such check");
        return;
    }
    if (!check_limits(call, k, limits) || !change_begin(&c, call)) return;
    if (given(enabled)) set_value(&c, k, "enabled", enabled->boolean);
    for (size_t i = 0; given(limits) && i < limits->list.count; i++) {
        const struct check_threshold *t = threshold_of(k, gql_entry(&limits->list.items[i], "name")->text);
        set_value(&c, k, t->name, real_of(gql_entry(&limits->list.items[i], "value")));
    }
    if (c.ok) c.ok = checks_forget(c.x->db, c.x->account_row);
    if (change_end(&c, "check.update", "Check", check_object(k))) gql_object(call, (void *)(uintptr_t)k);
}

const struct gql_binding issue_mutation_bindings[] = {
    {"Mutation", "closeIssue", close_issue},
    {"Mutation", "ignoreIssue", ignore_issue},
    {"Mutation", "reopenIssue", reopen_issue},
    {"Mutation", "assignIssue", assign},
    {"Mutation", "runChecks", run_checks},
    {"Mutation", "updateCheck", update_check},
    {"ChecksRun", "servicesLookedAt", run_services},
    {"ChecksRun", "logEventsLookedAt", run_events},
    {"ChecksRun", "openedIssues", run_opened},
    {"ChecksRun", "reopenedIssues", run_reopened},
    {"ChecksRun", "closedIssues", run_closed},
    {"ChecksRun", "more", run_more},
    {NULL, NULL, NULL},
};
