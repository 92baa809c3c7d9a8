/* What became of a decision, as lines of a page: a policy's effect as edges prove it, and who changed what. */
#ifndef SCREENS_OUTCOME_H
#define SCREENS_OUTCOME_H

#include "base/arena.h"
#include "screens/sheet.h"

#include <jansson.h>

/* A PolicyImpact; nothing where it is NULL or null. */
void outcome_impact(struct sheet *s, struct arena *texts, const json_t *impact, int width);
/* An AuditEntryConnection, newest first: time, action, what changed, who; the reason below. */
void outcome_audit(struct sheet *s, struct arena *texts, const json_t *entries, int width);

#endif
