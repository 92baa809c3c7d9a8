/* Where log text comes from: a file (plain or gzip), standard input, a followed file, the journal. Private to the
 * ingest command.
 *
 * A source gives chunks to a `source_sink`; its idle() is called when nothing more is there for now, before waiting.
 * Signals SIGINT and SIGTERM must be blocked by the caller and handled by setting a flag: they are let through only
 * while a source waits or between two chunks; interrupted() then ends it, which is no error. */
#ifndef CONTROL_PLANE_SOURCE_H
#define CONTROL_PLANE_SOURCE_H

#include "base/slice.h"

#include <stdint.h>

struct source_sink {
    void *context;
    bool (*chunk)(void *context, struct slice bytes); /* false: stop, the problem is known */
    /* Nothing came for a moment: give out what waits. True: something still waits, call again soon. */
    bool (*idle)(void *context);
    void (*rotated)(void *context);                     /* the next chunk is of a new file */
    void (*position)(void *context, uint64_t consumed); /* bytes of the file as it lies on the disk */
    bool (*interrupted)(void *context);
};

/* False: *problem (caller frees) says why in one line, with the path; NULL where the sink stopped it. */
bool source_file(const char *path, const struct source_sink *sink, char **problem);
bool source_fd(int fd, const char *name, const struct source_sink *sink, char **problem);
/* Reads the file from its start, then what is added to it, also after it was renamed and made anew or cut short. Ends
 * only when interrupted. Waits for a file that is not there yet. */
bool source_follow(const char *path, const struct source_sink *sink, char **problem);
/* All of the journal that this user may read; with `follow` also what comes. */
bool source_journal(bool follow, const struct source_sink *sink, char **problem);

/* Waits until fd (-1: none) can be read, at most timeout_ms (-1: for ever), with signals let through. */
bool source_wait(int fd, int timeout_ms);

#endif
