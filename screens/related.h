/* What hangs together with an object, as lines that Enter opens: the same on every page. */
#ifndef SCREENS_RELATED_H
#define SCREENS_RELATED_H

#include "screens/detail_base.h"

/* A heading with the number, the first rows of a connection (nodes with id, displayID, title or name, priority, state),
 * and, where there are more, a line that lists all with the filter. Nothing where the connection is absent. */
void related_issues(struct detail *d, const json_t *connection, const char *filter, int width);
void related_policies(struct detail *d, const json_t *connection, const char *filter, int width);

/* One line each; nothing where the node is absent. */
void related_event(struct detail *d, const char *label, const json_t *event, int width);
void related_service(struct detail *d, const char *label, const json_t *service);

#endif
