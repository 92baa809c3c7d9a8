/* Log text in, records out: splits, joins what belongs together, recognises each line's form.
 *
 * lines_new -> lines_feed with chunks of any size -> lines_end (or lines_flush while a file is followed and rests).
 * Every record is given to `record` at once; its slices are valid during that call. Memory is bounded.
 *
 * A line is at most LINE_MAX_BYTES long (the rest is dropped and counted in `cut`). CR at its end, NUL, escape
 * sequences of terminals and wrong UTF-8 are cleaned. In text, a line belongs to the record before when it starts with
 * a blank, with "Caused by:" and the like, or is the end of a Python traceback or of an indented JSON object: up to
 * LINES_JOINED lines. The first 256 KiB are kept until the columns of the file's text lines are known. Blank lines are passed over. A
 * record without a time has that of the record before, else default_ns, else now. */
#ifndef CONTROL_PLANE_LINES_H
#define CONTROL_PLANE_LINES_H

#include "control-plane/catalog/record.h"

enum { LINE_MAX_BYTES = 1024 * 1024, LINES_JOINED = 1000 };

/* AUTO: each line for itself: a JSON object (journald's too), else text. TEXT: plain, syslog and container lines, also
 * where they look like JSON. JSON, JOURNALD: a line that is no JSON object is rejected. */
enum line_format { LINES_AUTO, LINES_TEXT, LINES_JSON, LINES_JOURNALD };
bool line_format_parse(const char *name, enum line_format *format);

struct lines_options {
    enum line_format format;
    struct slice service;  /* of every record, whatever it says; empty: its own, else `fallback` */
    struct slice fallback; /* both are copied */
    int64_t default_ns;    /* 0: none */
    void (*record)(void *context, const struct log_record *r);
    void (*rejected)(void *context, uint64_t line, const char *why);
    void *context;
};

struct lines_counts {
    uint64_t lines, records, rejected, cut;
};

struct lines;

struct lines *lines_new(const struct lines_options *options);
void lines_free(struct lines *l);
void lines_feed(struct lines *l, struct slice bytes, int64_t now_ns);
/* Gives out the record whose further lines were awaited; true where something still waits for the end of its line. */
bool lines_flush(struct lines *l);
/* The same, and a last line without end. The next byte is the first of a new file; line numbers start again. */
void lines_end(struct lines *l);
const struct lines_counts *lines_count(const struct lines *l);

#endif
