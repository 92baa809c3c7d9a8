/* What the operator sees while logs are read: a bar on a terminal (stderr), or JSON lines for a program (stdout):
 *   {"records":N,"bytes":N,"patterns":N,"rejected":N,"fraction":0.42|null,"done":false}
 * At most ten a second, and a last one with "done":true. Nothing where neither was asked for. */
#ifndef CONTROL_PLANE_PROGRESS_H
#define CONTROL_PLANE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress_counts {
    uint64_t records, bytes, patterns, rejected;
    double fraction; /* of the input's bytes; below 0: not known */
};

struct progress {
    bool json, bar;
    int64_t last_ns, start_ns;
    uint64_t shown; /* records */
};

/* json: lines on stdout. Else a bar where stderr is a terminal that can take one. */
void progress_begin(struct progress *p, bool json);
void progress_show(struct progress *p, const struct progress_counts *c);
/* The same before a rest: what was left out since the last time is shown now. */
void progress_rest(struct progress *p, const struct progress_counts *c);
/* Erases the bar, writes the last JSON line. Gives the seconds since the start. */
double progress_end(struct progress *p, const struct progress_counts *c);

#endif
