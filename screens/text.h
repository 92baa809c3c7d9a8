/* Small texts that several screens make in the same way. */
#ifndef SCREENS_TEXT_H
#define SCREENS_TEXT_H

#include "api-client/api.h"
#include "tui/theme.h"

/* " · ", or " - " where the terminal has no such character. */
const char *text_dot(void);
enum role text_severity_role(const char *severity);
/* The events of one service in the filter language; xmalloc'd. */
char *filter_for_service(const char *name);

#endif
