/* The states of a policy and the moves between them. Pure: no store, no clock.
 *
 *   draft --propose--> proposed --approve--> active | approved --enable--> active
 *   proposed --reject--> where it rested: draft, or the state it had before the edit
 *   approved, active, disabled --edit--> proposed; what is in force stays so until the edit is approved
 *   approved, active --disable--> disabled --enable--> active
 *   any but superseded --supersede--> superseded (another policy took its place)
 *
 * Every new text is a new version; numbers count up and are never used again. */
#ifndef CONTROL_PLANE_POLICIES_LIFECYCLE_H
#define CONTROL_PLANE_POLICIES_LIFECYCLE_H

#include <stdbool.h>
#include <stdint.h>

enum policy_state { POLICY_DRAFT, POLICY_PROPOSED, POLICY_APPROVED, POLICY_ACTIVE, POLICY_DISABLED, POLICY_SUPERSEDED, POLICY_STATES };

/* "DRAFT", ... */
const char *policy_state_name(enum policy_state s);

struct standing {
    enum policy_state state;
    enum policy_state resting; /* where a rejected edit falls back to */
    int64_t version;           /* the one shown, judged and edited */
    int64_t last_version;
    int64_t approved_version; /* 0: none yet */
};

enum policy_move {
    MOVE_PROPOSE,
    MOVE_APPROVE,      /* in force at once */
    MOVE_APPROVE_HELD, /* approved, but not in force before MOVE_ENABLE */
    MOVE_REJECT,
    MOVE_EDIT,
    MOVE_DISABLE,
    MOVE_ENABLE,
    MOVE_ROLL_BACK, /* to a payload that was approved before: no new approval */
    MOVE_SUPERSEDE,
    MOVE_DELETE, /* leaves *s as it is */
    POLICY_MOVES
};

/* "propose", ...; for messages and the audit log. */
const char *policy_move_name(enum policy_move m);

/* False: not in this state; *why (static) is for the person. EDIT and ROLL_BACK make last_version + 1 the version. */
bool lifecycle_move(struct standing *s, enum policy_move m, const char **why);

/* Whether edges get approved_version. */
static inline bool lifecycle_in_force(const struct standing *s)
{
    return s->approved_version > 0 && (s->state == POLICY_ACTIVE || (s->state == POLICY_PROPOSED && s->resting == POLICY_ACTIVE));
}

#endif
