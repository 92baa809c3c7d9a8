#include "screens/issue_work.h"

#include "base/arena.h"

#include <string.h>

/* A deed: {deed, id, name, requests: [[operation, variables]...], policies: [{id, state}...], and what an undo needs}. */

static const struct {
    const char *past, *failed;
} words[] = {
    [DEED_DEPLOY] = {"deployed", "not deployed"}, [DEED_IGNORE] = {"ignored", "not ignored"},
    [DEED_CLOSE] = {"closed", "not closed"},      [DEED_ASSIGN] = {"assigned", "not assigned"},
    [DEED_REOPEN] = {"reopened", "not reopened"}, [DEED_UNDO] = {"taken back", "not taken back"},
};

static const char *text_of(const json_t *o, const char *key)
{
    const char *text = json_string_value(json_object_get(o, key));
    return text ? text : "";
}

static enum issue_deed deed_of(const json_t *deed) { return (enum issue_deed)json_integer_value(json_object_get(deed, "deed")); }
static json_t *current(const struct issue_work *w) { return json_array_get(w->queue, 0); }
static json_t *requests_of(const json_t *deed) { return json_object_get(deed, "requests"); }
size_t issue_work_left(const struct issue_work *w) { return json_array_size(w->queue); }

static void request(json_t *deed, const char *operation, json_t *variables)
{
    json_array_append_new(requests_of(deed), json_pack("[so]", operation, variables));
}

/* team: "" takes the issue back to the team of its service. */
static void request_team(json_t *deed, const char *issue, const char *team)
{
    json_t *v = json_pack("{ss}", "id", issue);
    if (*team) json_object_set_new(v, "teamID", json_string(team));
    request(deed, "AssignIssue", v);
}

static json_t *deed_new(const json_t *issue, enum issue_deed kind)
{
    const char *name = text_of(issue, "displayID");
    return json_pack("{si ss ss s[] s[]}", "deed", (int)kind, "id", text_of(issue, "id"), "name", *name ? name : text_of(issue, "title"),
                     "requests", "policies");
}

/* ---- running ---- */

static void run(struct issue_work *w);

static void say_done(struct issue_work *w, const json_t *deed)
{
    const char *name = text_of(deed, "name"), *what = text_of(deed, "note");
    const char *undo = deed_of(deed) == DEED_UNDO || deed_of(deed) == DEED_REOPEN ? "" : "; u takes it back";
    size_t held = json_array_size(json_object_get(deed, "held"));
    if (held) app_message(w->app, ROLE_WARN, "%s: proposed; %s%s", name, text_of(deed, "why"), undo);
    else app_message(w->app, ROLE_GOOD, "%s %s%s%s%s", name, words[deed_of(deed)].past, *what ? ": " : "", what, undo);
}

static void finish(struct issue_work *w, bool good)
{
    json_t *deed = json_incref(current(w));
    json_array_remove(w->queue, 0);
    w->changes += deed_of(deed) == DEED_UNDO ? 0 : 1;
    w->touched = true;
    bool keep = deed_of(deed) != DEED_UNDO && deed_of(deed) != DEED_REOPEN;
    if (keep && (good || json_array_size(json_object_get(deed, "policies")))) json_array_append(w->done, deed);
    if (json_array_size(w->done) > ISSUE_WORK_MAX) json_array_remove(w->done, 0);
    if (good) say_done(w, deed);
    else app_message(w->app, ROLE_BAD, "%s %s: %s", text_of(deed, "name"), words[deed_of(deed)].failed, w->send.message);
    w->changed(w->context, text_of(deed, "id"));
    json_decref(deed);
    run(w);
}

/* The policy that a request made or moved; one that waits for approval is approved next, for exactly this content. */
static void take_policy(json_t *deed, const json_t *data)
{
    const json_t *policy = json_object_get(data, "createLogEventPolicy");
    if (!policy) policy = json_object_get(data, "proposePolicy");
    if (!policy) return;
    json_array_append(json_object_get(deed, "policies"), (json_t *)(uintptr_t)policy);
    if (strcasecmp(text_of(policy, "state"), "proposed") != 0) return;
    json_t *approve = json_pack("{ss}", "id", text_of(policy, "id"));
    if (*text_of(policy, "contentHash")) json_object_set(approve, "contentHash", json_object_get(policy, "contentHash"));
    json_array_insert_new(requests_of(deed), 0, json_pack("[so]", "ApproveIssuePolicy", approve));
}

/* Approval by the requester may be forbidden: the proposal stands and waits for somebody else. */
static bool held(struct issue_work *w, json_t *deed)
{
    if (deed_of(deed) != DEED_DEPLOY || strcmp(w->send.operation, "ApproveIssuePolicy") != 0) return false;
    if (w->send.status != API_DENIED && w->send.status != API_REFUSED) return false;
    if (!json_object_get(deed, "held")) json_object_set_new(deed, "held", json_array());
    json_array_append_new(json_object_get(deed, "held"), json_true());
    json_object_set_new(deed, "why", json_string(w->send.message));
    return true;
}

/* A control plane that takes no reason is asked without. */
static bool without_reason(struct issue_work *w, json_t *deed)
{
    if (w->send.status != API_NOT_OFFERED || strcmp(w->send.operation, "IgnoreIssueWithReason") != 0) return false;
    json_object_set_new(deed, "note", json_string("the reason was not kept, this control plane takes none"));
    request(deed, "IgnoreIssue", json_pack("{ss}", "id", text_of(deed, "id")));
    return true;
}

/* Where issues have no team of their own, the service has one. */
static bool by_service(struct issue_work *w, json_t *deed)
{
    const char *service = text_of(deed, "service"), *team = text_of(deed, "team");
    if (w->send.status != API_NOT_OFFERED || strcmp(w->send.operation, "AssignIssue") != 0) return false;
    if (*team) request(deed, "AssignServiceToTeam", json_pack("{ssss}", "serviceID", service, "teamID", team));
    else request(deed, "RemoveServiceTeamMapping", json_pack("{ss}", "serviceID", service));
    return true;
}

static void answered(void *context)
{
    struct issue_work *w = context;
    json_t *deed = current(w);
    if (w->send.status == API_OK) take_policy(deed, w->send.data);
    else if (!held(w, deed) && !without_reason(w, deed) && !by_service(w, deed)) {
        finish(w, false);
        return;
    }
    if (json_array_size(requests_of(deed))) run(w);
    else finish(w, true);
}

static void undo_policies(json_t *undo, const json_t *policies, bool proposed)
{
    for (size_t i = 0; i < json_array_size(policies); i++)
        request(undo, proposed ? "RejectIssuePolicy" : "DisableIssuePolicy",
                json_pack("{ssss}", "id", text_of(json_array_get(policies, i), "id"), "reason", "taken back in the review"));
}

/* What takes the newest deed back. */
static void prepare_undo(struct issue_work *w, json_t *undo)
{
    size_t last = json_array_size(w->done);
    if (last == 0) return;
    json_t *deed = json_incref(json_array_get(w->done, last - 1));
    json_array_remove(w->done, last - 1);
    json_object_set(undo, "id", json_object_get(deed, "id"));
    json_object_set(undo, "name", json_object_get(deed, "name"));
    json_object_set_new(undo, "note", json_sprintf("%s no more", words[deed_of(deed)].past));
    switch (deed_of(deed)) {
    case DEED_DEPLOY: undo_policies(undo, json_object_get(deed, "policies"), json_object_get(deed, "held") != NULL); break;
    case DEED_ASSIGN:
        json_object_set(undo, "service", json_object_get(deed, "service"));
        json_object_set(undo, "team", json_object_get(deed, "before"));
        request_team(undo, text_of(deed, "id"), text_of(deed, "before"));
        break;
    default: request(undo, "ReopenIssue", json_pack("{ss}", "id", text_of(deed, "id"))); break;
    }
    json_decref(deed);
}

static void run(struct issue_work *w)
{
    json_t *deed = current(w);
    if (!deed) return;
    if (deed_of(deed) == DEED_UNDO && !*text_of(deed, "id")) prepare_undo(w, deed);
    if (json_array_size(requests_of(deed)) == 0) {
        finish(w, true);
        return;
    }
    json_t *next = json_incref(json_array_get(requests_of(deed), 0));
    json_array_remove(requests_of(deed), 0);
    json_object_set(deed, "sent", next);
    w->send.operation = json_string_value(json_array_get(next, 0));
    fetch_send(&w->send, json_incref(json_array_get(next, 1)));
    json_decref(next);
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

/* The parts of a spec that do something, in the input's words. */
static json_t *spec_input(const json_t *spec)
{
    json_t *out = json_object();
    const json_t *sample = json_object_get(spec, "sample"), *trim = json_object_get(spec, "trim"),
                 *rewrite = json_object_get(spec, "rewrite");
    json_t *entries = json_object_get(json_object_get(spec, "redact"), "entries");
    if (json_is_true(json_object_get(json_object_get(spec, "drop"), "enabled")))
        json_object_set(out, "drop", json_object_get(spec, "drop"));
    if (json_is_true(json_object_get(sample, "enabled")))
        json_object_set_new(out, "sample",
                            json_pack("{sbsO}", "enabled", 1, "intervalSeconds", json_object_get(sample, "intervalSeconds")));
    if (json_is_true(json_object_get(trim, "enabled"))) json_object_set(out, "trim", (json_t *)(uintptr_t)trim);
    if (json_array_size(entries)) json_object_set(out, "redact", json_object_get(spec, "redact"));
    if (json_is_object(json_object_get(rewrite, "severity")) || json_array_size(json_object_get(rewrite, "fields")))
        json_object_set(out, "rewrite", (json_t *)(uintptr_t)rewrite);
    return out;
}

static void deploy_one(json_t *deed, const json_t *issue, const json_t *proposal)
{
    if (*text_of(proposal, "text")) {
        json_t *input = json_pack("{ssss}", "issueID", text_of(issue, "id"), "text", text_of(proposal, "text"));
        static const char *const links[] = {"logEventID", "category"};
        for (size_t i = 0; i < sizeof links / sizeof *links; i++)
            if (*text_of(proposal, links[i])) json_object_set(input, links[i], json_object_get(proposal, links[i]));
        request(deed, "ProposeIssuePolicy", json_pack("{so}", "input", input));
        return;
    }
    json_t *v = json_pack("{ss so}", "issueID", text_of(issue, "id"), "spec", spec_input(json_object_get(proposal, "spec")));
    if (*text_of(proposal, "logEventID")) json_object_set(v, "logEventID", json_object_get(proposal, "logEventID"));
    request(deed, "CreateIssuePolicy", v);
}

void issue_work_deploy(struct issue_work *w, const json_t *issue)
{
    json_t *deed = deed_new(issue, DEED_DEPLOY);
    const json_t *proposals = json_object_get(issue, "logEventPolicyProposals");
    for (size_t i = 0; i < json_array_size(proposals); i++) deploy_one(deed, issue, json_array_get(proposals, i));
    add(w, deed);
}

void issue_work_ignore(struct issue_work *w, const json_t *issue, const char *reason)
{
    json_t *deed = deed_new(issue, DEED_IGNORE);
    request(deed, "IgnoreIssueWithReason", json_pack("{ssss}", "id", text_of(issue, "id"), "reason", reason));
    add(w, deed);
}

void issue_work_close(struct issue_work *w, const json_t *issue, const char *note)
{
    json_t *deed = deed_new(issue, DEED_CLOSE);
    request(deed, "CloseIssue", json_pack("{ssss}", "id", text_of(issue, "id"), "note", note));
    add(w, deed);
}

void issue_work_reopen(struct issue_work *w, const json_t *issue)
{
    json_t *deed = deed_new(issue, DEED_REOPEN);
    request(deed, "ReopenIssue", json_pack("{ss}", "id", text_of(issue, "id")));
    add(w, deed);
}

void issue_work_assign(struct issue_work *w, const json_t *issue, const char *team, const char *team_name)
{
    const json_t *service = json_object_get(issue, "service");
    json_t *deed = deed_new(issue, DEED_ASSIGN);
    json_object_set(deed, "service", json_object_get(service, "id"));
    const json_t *own = json_object_get(issue, "team");
    json_object_set_new(deed, "before", json_string(text_of(json_is_object(own) ? own : json_object_get(service, "team"), "id")));
    json_object_set_new(deed, "note", json_sprintf("to %s", team_name));
    json_object_set_new(deed, "team", json_string(team ? team : ""));
    request_team(deed, text_of(issue, "id"), team ? team : "");
    add(w, deed);
}

/* What a deed that waits adds to what can be taken back. */
static int undoable(const json_t *deed)
{
    if (deed_of(deed) == DEED_REOPEN) return 0;
    if (deed_of(deed) != DEED_UNDO) return 1;
    return *text_of(deed, "id") ? 0 : -1;
}

const char *issue_work_no_undo(const struct issue_work *w)
{
    long left = (long)json_array_size(w->done);
    for (size_t i = 0; i < json_array_size(w->queue); i++) left += undoable(json_array_get(w->queue, i));
    return left > 0 ? NULL : "nothing was done here that could be taken back";
}

void issue_work_undo(struct issue_work *w) { add(w, deed_new(NULL, DEED_UNDO)); }
