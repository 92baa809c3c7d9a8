/* One decision on an issue as the requests that carry it out, one after the other, and what takes it back. A deed is a
 * JSON object: {deed, id, name, note, why, requests: [[operation, variables]...], policies: [{id, state}...]}. */
#ifndef SCREENS_ISSUE_DEED_H
#define SCREENS_ISSUE_DEED_H

#include "api-client/api.h"

#include <jansson.h>

enum issue_deed { DEED_DEPLOY, DEED_IGNORE, DEED_CLOSE, DEED_ASSIGN, DEED_REOPEN, DEED_UNDO, ISSUE_DEEDS };

struct issue_deed_words {
    const char *word, *doing, *past, *failed; /* "deploy", "deploying", "deployed", "not deployed" */
    const char *mutation;                     /* what a control plane must offer */
};
const struct issue_deed_words *issue_deed_words(enum issue_deed deed);

/* Of an issue with id, displayID or title, service, team and proposals; new references.
 * `text`: reason or note; of DEED_ASSIGN the team's id, "" for that of its service. */
json_t *issue_deed_new(enum issue_deed deed, const json_t *issue, const char *text, const char *team_name);
/* Takes that deed back. */
json_t *issue_deed_undo(const json_t *deed);

enum issue_deed issue_deed_of(const json_t *deed);
/* "" where it has none; borrowed. */
const char *issue_deed_text(const json_t *deed, const char *key);
/* The next request: variables as a new reference, *operation borrowed from the deed; NULL: there is none. */
json_t *issue_deed_next(json_t *deed, const char **operation);
/* After its answer. False: it failed, and the request is the next one again. */
bool issue_deed_answered(json_t *deed, enum api_status status, const json_t *data, const char *message);
/* Its policies are proposed and wait for somebody else. */
bool issue_deed_held(const json_t *deed);

/* Why it cannot be done to this issue, or NULL; static. */
const char *issue_deed_refused(enum issue_deed deed, const json_t *issue);
bool issue_has_policy(const json_t *issue);

#endif
