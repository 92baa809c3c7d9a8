/* A `tero-control-plane ingest` in the background, read through its progress lines. */
#ifndef SCREENS_JOB_H
#define SCREENS_JOB_H

#include "base/buf.h"

#include <stdint.h>
#include <sys/types.h>

struct job_progress {
    int64_t records, bytes, patterns, rejected;
    double fraction; /* of the input, NaN: not known */
};

struct job {
    pid_t pid;  /* 0: none runs */
    int out;    /* its standard output, -1 */
    int errors; /* a file in memory with its standard error, -1 */
    struct buf line;
    struct job_progress progress;
    int status; /* of waitpid(), once it has ended */
};

/* False: *problem (static). The arguments follow the program's name; ended by NULL. */
bool job_start(struct job *j, const char *const arguments[], const char **problem);
/* Reads what is there. False: the output ended, call job_end() until it is true. */
bool job_read(struct job *j);
/* True once it has ended; then `status` holds. Never waits. */
bool job_end(struct job *j);
/* Asks it to stop: what was counted so far is kept. */
void job_stop(struct job *j);
/* Its last line of standard error, cleaned; xmalloc'd. */
char *job_error(const struct job *j);
/* Stops it where it runs and frees everything. */
void job_free(struct job *j);
/* One progress line; false: it is none. */
bool job_parse(struct job_progress *p, struct slice line);

#endif
