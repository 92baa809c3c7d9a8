#include "screens/policy_verb.h"

#include "api-client/api.h"

#include <stdio.h>
#include <string.h>

static const struct {
    struct bulk_words words;
    const char *operation;
    bool hash;
} table[POLICY_VERBS] = {
    [VERB_APPROVE] = {{.word = "approve", .doing = "approving", .done = "approved", .consequence = ": edges get it with their next poll"},
                      "ApprovePolicy",
                      true},
    [VERB_REJECT] = {{.word = "reject",
                      .doing = "rejecting",
                      .done = "rejected",
                      .consequence = "",
                      .prompt = "why is it rejected? ",
                      .history = "reasons",
                      .needs = "a reason"},
                     "RejectPolicy",
                     true},
    [VERB_PROPOSE] = {{.word = "propose", .doing = "proposing", .done = "proposed", .consequence = ": it waits for approval"},
                      "ProposeDraft",
                      false},
    [VERB_DISABLE] = {{.word = "disable", .doing = "disabling", .done = "disabled", .consequence = ": edges drop it with their next poll"},
                      "DisablePolicy",
                      false},
    [VERB_ENABLE] = {{.word = "enable", .doing = "enabling", .done = "enabled", .consequence = ": edges get it with their next poll"},
                     "EnablePolicy",
                     false},
    [VERB_ROLL_BACK] = {{.word = "roll back",
                         .doing = "rolling back",
                         .done = "rolled back",
                         .consequence = "",
                         .prompt = "why is it rolled back? ",
                         .history = "reasons",
                         .needs = "a reason"},
                        "RollBackPolicy",
                        false},
};

static const char *const allowed[POLICY_VERBS] = {
    [VERB_APPROVE] = "PROPOSED", [VERB_REJECT] = "PROPOSED",          [VERB_PROPOSE] = "DRAFT",
    [VERB_DISABLE] = "ACTIVE",   [VERB_ENABLE] = "APPROVED DISABLED", [VERB_ROLL_BACK] = "PROPOSED APPROVED ACTIVE DISABLED DRAFT",
};

const struct bulk_words *policy_verb_words(enum policy_verb v) { return &table[v].words; }
const char *policy_verb_operation(enum policy_verb v) { return table[v].operation; }
bool policy_verb_names_hash(enum policy_verb v) { return table[v].hash; }

static const char *state_of(const json_t *node)
{
    const char *state = json_string_value(json_object_get(node, "state"));
    return state ? state : "";
}

enum policy_verb policy_verb_turn(const json_t *node)
{
    const char *state = state_of(node);
    return !strcmp(state, "DISABLED") || !strcmp(state, "APPROVED") ? VERB_ENABLE : VERB_DISABLE;
}

static bool among(const char *words, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = words; n && (at = strstr(at, word)); at += n)
        if ((at == words || at[-1] == ' ') && (at[n] == ' ' || !at[n])) return true;
    return false;
}

static const char *refuse(const char *format, const char *state)
{
    static char text[120];
    char lower[24];
    size_t i = 0;
    for (; state[i] && i + 1 < sizeof lower; i++) lower[i] = (char)(state[i] >= 'A' && state[i] <= 'Z' ? state[i] + 32 : state[i]);
    lower[i] = '\0';
    snprintf(text, sizeof text, format, lower);
    return text;
}

const char *policy_verb_refused(enum policy_verb v, const json_t *node, const char *viewer, bool four_eyes)
{
    const char *state = state_of(node), *requester = json_string_value(json_object_get(node, "requester"));
    if (!node) return "it is not loaded yet";
    if (!among(allowed[v], state)) {
        switch (v) {
        case VERB_APPROVE: return refuse("only a proposal can be approved; this policy is %s", state);
        case VERB_REJECT: return refuse("only a proposal can be rejected; this policy is %s", state);
        case VERB_PROPOSE: return refuse("only a draft can be proposed; this policy is %s", state);
        case VERB_DISABLE: return refuse("only an active policy can be disabled; this one is %s", state);
        case VERB_ENABLE: return refuse("only an approved or disabled policy can be enabled; this one is %s", state);
        default: return refuse("a policy that is %s cannot be changed", state);
        }
    }
    if (v == VERB_APPROVE && four_eyes && requester && *viewer && !strcmp(requester, viewer))
        return "you wrote this version: where four eyes are asked for, somebody else approves it";
    return NULL;
}

const char *policy_edit_refused(const json_t *node)
{
    if (!node) return "it is not loaded yet";
    return strcmp(state_of(node), "SUPERSEDED") == 0 ? "another policy took its place: edit that one" : NULL;
}

bool policy_four_eyes(const json_t *data) { return api_bool(data, "accounts.edges.0.node.policySettings.fourEyes", false); }
