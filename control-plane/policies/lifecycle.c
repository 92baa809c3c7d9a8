#include "control-plane/policies/lifecycle.h"

#include <stddef.h>

static const char *const state_names[POLICY_STATES] = {"DRAFT", "PROPOSED", "APPROVED", "ACTIVE", "DISABLED", "SUPERSEDED"};

const char *policy_state_name(enum policy_state s) { return (unsigned)s < POLICY_STATES ? state_names[s] : state_names[0]; }

#define BIT(state) (1U << POLICY_##state)

static const struct {
    const char *name;
    unsigned from; /* bits of the states it starts from */
    const char *why;
} moves[POLICY_MOVES] = {
    [MOVE_PROPOSE] = {"propose", BIT(DRAFT), "only a draft can be proposed"},
    [MOVE_APPROVE] = {"approve", BIT(PROPOSED), "only a proposed policy can be approved"},
    [MOVE_APPROVE_HELD] = {"approve", BIT(PROPOSED), "only a proposal that is not in force yet can be approved and held back"},
    [MOVE_REJECT] = {"reject", BIT(PROPOSED), "only a proposed policy can be rejected"},
    [MOVE_EDIT] = {"edit", BIT(DRAFT) | BIT(PROPOSED) | BIT(APPROVED) | BIT(ACTIVE) | BIT(DISABLED), "another policy has taken its place"},
    [MOVE_DISABLE] = {"disable", BIT(PROPOSED) | BIT(APPROVED) | BIT(ACTIVE), "it is not in force and not approved"},
    [MOVE_ENABLE] = {"enable", BIT(APPROVED) | BIT(DISABLED), "only an approved or disabled policy can be enabled"},
    [MOVE_ROLL_BACK] = {"roll-back", BIT(PROPOSED) | BIT(APPROVED) | BIT(ACTIVE) | BIT(DISABLED), "another policy has taken its place"},
    [MOVE_SUPERSEDE] = {"supersede", BIT(DRAFT) | BIT(PROPOSED) | BIT(APPROVED) | BIT(ACTIVE) | BIT(DISABLED),
                        "another policy has taken its place already"},
    [MOVE_DELETE] = {"delete", BIT(DRAFT), "only a draft can be deleted; disable what was approved once"},
};

const char *policy_move_name(enum policy_move m) { return moves[m].name; }

static void settle(struct standing *s, enum policy_state state)
{
    s->state = state;
    s->resting = state;
}

static void approve(struct standing *s, enum policy_state state)
{
    s->approved_version = s->version;
    settle(s, state);
}

/* Back to what was approved last; a proposal that never was goes back to its draft. */
static void fall_back(struct standing *s)
{
    if (s->approved_version) s->version = s->approved_version;
    settle(s, s->resting);
}

static void edit(struct standing *s)
{
    s->version = ++s->last_version;
    if (s->state == POLICY_DRAFT || s->state == POLICY_PROPOSED) return;
    s->resting = s->state;
    s->state = POLICY_PROPOSED;
}

static void roll_back(struct standing *s)
{
    s->version = ++s->last_version;
    approve(s, s->state == POLICY_PROPOSED ? s->resting : s->state);
}

static bool refuse(const struct standing *s, enum policy_move m)
{
    if (!(moves[m].from & (1U << s->state))) return true;
    bool judged = s->approved_version > 0;
    switch (m) {
    case MOVE_APPROVE_HELD: return s->resting == POLICY_ACTIVE;
    case MOVE_DISABLE: return !judged || s->resting == POLICY_DISABLED;
    case MOVE_ENABLE:
    case MOVE_ROLL_BACK: return !judged;
    case MOVE_DELETE: return judged;
    default: return false;
    }
}

bool lifecycle_move(struct standing *s, enum policy_move m, const char **why)
{
    if (refuse(s, m)) {
        *why = moves[m].why;
        return false;
    }
    switch (m) {
    case MOVE_PROPOSE:
        s->state = POLICY_PROPOSED;
        s->resting = POLICY_DRAFT;
        break;
    case MOVE_APPROVE: approve(s, POLICY_ACTIVE); break;
    case MOVE_APPROVE_HELD: approve(s, POLICY_APPROVED); break;
    case MOVE_REJECT: fall_back(s); break;
    case MOVE_EDIT: edit(s); break;
    case MOVE_DISABLE:
        s->version = s->approved_version;
        settle(s, POLICY_DISABLED);
        break;
    case MOVE_ENABLE: settle(s, POLICY_ACTIVE); break;
    case MOVE_ROLL_BACK: roll_back(s); break;
    case MOVE_SUPERSEDE: settle(s, POLICY_SUPERSEDED); break;
    case MOVE_DELETE:
    case POLICY_MOVES: break;
    }
    return true;
}
