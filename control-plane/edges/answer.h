/* SyncResponses. A short one, or one with a small list, is written for its client; one with a large list is kept for a
 * second and shared by all who ask for it meanwhile, so that a change that reaches thousands of edges is written once a
 * second and not once an edge. Inside the module only. */
#ifndef CONTROL_PLANE_EDGES_ANSWER_H
#define CONTROL_PLANE_EDGES_ANSWER_H

#include "control-plane/edges/edges.h"

#include <pthread.h>

struct wholes {
    pthread_mutex_t mutex;
    struct edges_whole *kept[2][STAGES_ALL + 1]; /* by encoding and stages */
};

void wholes_init(struct wholes *w);
void wholes_free(struct wholes *w);
/* Lets go of those that are too old to be given again. */
void wholes_expire(struct wholes *w, int64_t now_ns);

struct answer_of {
    const struct published_set *set;
    enum published_encoding encoding;
    unsigned stages;
    bool full; /* with the list; else the hash alone, which says that nothing changed */
    int64_t now_ns;
};
void answer_write(struct wholes *w, const struct answer_of *of, struct edges_answer *answer);

#endif
