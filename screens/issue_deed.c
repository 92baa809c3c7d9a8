#include "screens/issue_deed.h"

#include <string.h>

static const struct issue_deed_words words[ISSUE_DEEDS] = {
    [DEED_DEPLOY] = {"deploy", "deploying", "deployed", "not deployed", "createLogEventPolicy"},
    [DEED_IGNORE] = {"ignore", "ignoring", "ignored", "not ignored", "ignoreIssue"},
    [DEED_CLOSE] = {"close", "closing", "closed", "not closed", "closeIssue"},
    [DEED_ASSIGN] = {"assign", "assigning", "assigned", "not assigned", "assignServiceToTeam"},
    [DEED_REOPEN] = {"reopen", "reopening", "reopened", "not reopened", "reopenIssue"},
    [DEED_UNDO] = {"take back", "taking back", "taken back", "not taken back", ""},
};

const struct issue_deed_words *issue_deed_words(enum issue_deed deed) { return &words[deed]; }

static const char *text_of(const json_t *o, const char *key)
{
    const char *text = json_string_value(json_object_get(o, key));
    return text ? text : "";
}

const char *issue_deed_text(const json_t *deed, const char *key) { return text_of(deed, key); }
enum issue_deed issue_deed_of(const json_t *deed) { return (enum issue_deed)json_integer_value(json_object_get(deed, "deed")); }
static json_t *requests_of(const json_t *deed) { return json_object_get(deed, "requests"); }
static const char *sent(const json_t *deed) { return json_string_value(json_array_get(json_object_get(deed, "sent"), 0)); }
bool issue_deed_held(const json_t *deed) { return json_object_get(deed, "held") != NULL; }

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

/* ---- sending ---- */

json_t *issue_deed_next(json_t *deed, const char **operation)
{
    json_t *next = json_incref(json_array_get(requests_of(deed), 0));
    if (!next) return NULL;
    json_array_remove(requests_of(deed), 0);
    json_object_set_new(deed, "sent", next);
    *operation = json_string_value(json_array_get(next, 0));
    return json_incref(json_array_get(next, 1));
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
static bool held(json_t *deed, enum api_status status, const char *message)
{
    if (issue_deed_of(deed) != DEED_DEPLOY || strcmp(sent(deed), "ApproveIssuePolicy") != 0) return false;
    if (status != API_DENIED && status != API_REFUSED) return false;
    if (!json_object_get(deed, "held")) json_object_set_new(deed, "held", json_array());
    json_array_append_new(json_object_get(deed, "held"), json_true());
    json_object_set_new(deed, "why", json_string(message));
    return true;
}

/* A control plane that takes no reason is asked without. */
static bool without_reason(json_t *deed, enum api_status status)
{
    if (status != API_NOT_OFFERED || strcmp(sent(deed), "IgnoreIssueWithReason") != 0) return false;
    json_object_set_new(deed, "note", json_string("the reason was not kept, this control plane takes none"));
    request(deed, "IgnoreIssue", json_pack("{ss}", "id", text_of(deed, "id")));
    return true;
}

/* Where issues have no team of their own, the service has one. */
static bool by_service(json_t *deed, enum api_status status)
{
    const char *service = text_of(deed, "service"), *team = text_of(deed, "team");
    if (status != API_NOT_OFFERED || strcmp(sent(deed), "AssignIssue") != 0) return false;
    if (*team) request(deed, "AssignServiceToTeam", json_pack("{ssss}", "serviceID", service, "teamID", team));
    else request(deed, "RemoveServiceTeamMapping", json_pack("{ss}", "serviceID", service));
    return true;
}

bool issue_deed_answered(json_t *deed, enum api_status status, const json_t *data, const char *message)
{
    if (status == API_OK) take_policy(deed, data);
    else if (!held(deed, status, message) && !without_reason(deed, status) && !by_service(deed, status)) {
        json_array_insert(requests_of(deed), 0, json_object_get(deed, "sent"));
        return false;
    }
    return true;
}

/* ---- deeds ---- */

static json_t *deed_new(const json_t *issue, enum issue_deed kind)
{
    const char *name = text_of(issue, "displayID");
    return json_pack("{si ss ss s[] s[]}", "deed", (int)kind, "id", text_of(issue, "id"), "name", *name ? name : text_of(issue, "title"),
                     "requests", "policies");
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

static void deploy(json_t *deed, const json_t *issue)
{
    const json_t *proposals = json_object_get(issue, "logEventPolicyProposals");
    for (size_t i = 0; i < json_array_size(proposals); i++) deploy_one(deed, issue, json_array_get(proposals, i));
}

static void assign(json_t *deed, const json_t *issue, const char *team, const char *team_name)
{
    const json_t *service = json_object_get(issue, "service"), *own = json_object_get(issue, "team");
    json_object_set(deed, "service", json_object_get(service, "id"));
    json_object_set_new(deed, "before", json_string(text_of(json_is_object(own) ? own : json_object_get(service, "team"), "id")));
    json_object_set_new(deed, "note", json_sprintf("to %s", team_name));
    json_object_set_new(deed, "team", json_string(team));
    request_team(deed, text_of(issue, "id"), team);
}

json_t *issue_deed_new(enum issue_deed kind, const json_t *issue, const char *text, const char *team_name)
{
    json_t *deed = deed_new(issue, kind);
    const char *id = text_of(issue, "id");
    switch (kind) {
    case DEED_DEPLOY: deploy(deed, issue); break;
    case DEED_IGNORE: request(deed, "IgnoreIssueWithReason", json_pack("{ssss}", "id", id, "reason", text)); break;
    case DEED_CLOSE: request(deed, "CloseIssue", json_pack("{ssss}", "id", id, "note", text)); break;
    case DEED_ASSIGN: assign(deed, issue, text, team_name); break;
    case DEED_REOPEN: request(deed, "ReopenIssue", json_pack("{ss}", "id", id)); break;
    default: break;
    }
    return deed;
}

/* ---- taking back ---- */

static void undo_policies(json_t *undo, const json_t *policies, bool proposed)
{
    for (size_t i = 0; i < json_array_size(policies); i++)
        request(undo, proposed ? "RejectIssuePolicy" : "DisableIssuePolicy",
                json_pack("{ssss}", "id", text_of(json_array_get(policies, i), "id"), "reason", "taken back in the review"));
}

json_t *issue_deed_undo(const json_t *deed)
{
    json_t *undo = deed_new(deed, DEED_UNDO);
    json_object_set(undo, "name", json_object_get(deed, "name"));
    json_object_set_new(undo, "note", json_sprintf("%s no more", words[issue_deed_of(deed)].past));
    switch (issue_deed_of(deed)) {
    case DEED_DEPLOY: undo_policies(undo, json_object_get(deed, "policies"), issue_deed_held(deed)); break;
    case DEED_ASSIGN:
        json_object_set(undo, "service", json_object_get(deed, "service"));
        json_object_set(undo, "team", json_object_get(deed, "before"));
        request_team(undo, text_of(deed, "id"), text_of(deed, "before"));
        break;
    default: request(undo, "ReopenIssue", json_pack("{ss}", "id", text_of(deed, "id"))); break;
    }
    return undo;
}

/* ---- what can be done ---- */

bool issue_has_policy(const json_t *issue) { return json_array_size(json_object_get(issue, "logEventPolicyProposals")) > 0; }

static const char *deploy_refused(const json_t *issue, bool open)
{
    if (!issue_has_policy(issue)) return "no policy is proposed; f shows what is";
    return json_array_size(api_at(issue, "logEventPolicies.edges")) && !open ? "it has a policy already" : NULL;
}

const char *issue_deed_refused(enum issue_deed deed, const json_t *issue)
{
    const char *stage = text_of(json_object_get(issue, "state"), "stage");
    bool shut = !strcmp(stage, "ignored") || !strcmp(stage, "resolved");
    if (!issue) return "it is not loaded yet";
    if (deed == DEED_REOPEN) return shut ? NULL : "it is open";
    if (shut && deed != DEED_ASSIGN) return "it is not open; o opens it again";
    return deed == DEED_DEPLOY ? deploy_refused(issue, !strcmp(stage, "open")) : NULL;
}
