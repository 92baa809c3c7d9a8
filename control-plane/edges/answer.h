/* A SyncResponse: a few bytes around the list that all clients share. Inside the module only. */
#ifndef CONTROL_PLANE_EDGES_ANSWER_H
#define CONTROL_PLANE_EDGES_ANSWER_H

#include "control-plane/edges/edges.h"

/* whole: with the list; else the hash alone, which says that nothing changed. answer->set is the caller's to fill. */
void answer_write(struct edges_answer *answer, enum published_encoding encoding, const struct published_list *list, bool whole,
                  int64_t now_ns);

#endif
