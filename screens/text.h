/* Small texts that several screens make in the same way. */
#ifndef SCREENS_TEXT_H
#define SCREENS_TEXT_H

#include "api-client/api.h"
#include "screens/resource.h"
#include "tui/theme.h"

/* " · ", or " - " where the terminal has no such character. */
const char *text_dot(void);
enum role text_severity_role(const char *severity);
/* Of a state or an action of a policy, a risk, a state of an edge; in lower case. */
enum role text_state_role(const char *state);
/* The events of one service in the filter language; xmalloc'd. */
char *filter_for_service(const char *name);

/* At most `width` columns, with an ellipsis where it was cut; xmalloc'd. */
char *text_cut(const char *text, int width);

#endif
