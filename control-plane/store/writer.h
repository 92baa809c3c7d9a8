/* The writer thread: jobs in, one COMMIT for all that wait, answers out. Inside the store only. */
#ifndef CONTROL_PLANE_STORE_WRITER_H
#define CONTROL_PLANE_STORE_WRITER_H

#include "control-plane/store/store.h"

struct writer;
/* Takes the connection over. */
struct writer *writer_start(struct db *db);
/* Runs what was submitted, checkpoints, closes the connection. */
void writer_stop(struct writer *w);
void writer_submit(struct writer *w, struct store_job *job);
bool writer_is_self(const struct writer *w);
unsigned writer_waiting(struct writer *w);
bool writer_healthy(struct writer *w);

#endif
