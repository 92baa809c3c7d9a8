/* One log line (or joined lines, or one JSON object) as a record. Private to the module.
 *
 * Readers fill what they find: time_ns stays LINE_NO_TIME, service empty, and so on. Slices borrow from the line and
 * from the reader, until the next call. */
#ifndef CONTROL_PLANE_LINE_H
#define CONTROL_PLANE_LINE_H

#include "base/arena.h"
#include "control-plane/catalog/header.h"
#include "control-plane/ingest/flatten.h"
#include "control-plane/ingest/timestamp.h"

#define LINE_NO_TIME INT64_MIN

struct line_reader {
    struct timestamps times;
    struct arena *arena; /* unescaped text of the current line */
    struct buf scratch;
    struct flat flat;
};

void line_reader_init(struct line_reader *l);
void line_reader_free(struct line_reader *l);

/* Any text of one or more lines: syslog (RFC 5424, RFC 3164, rsyslog's forms), CRI container lines; else split by the
 * file's header (NULL: none is known), its component as the attribute "logger"; else a timestamp and a level where they
 * are found. */
void line_text(struct line_reader *l, const struct header *header, struct slice text, struct log_record *r);
/* A JSON object in one of the usual shapes; false: not one, *why says where (static storage of the reader's thread). */
bool line_json(struct line_reader *l, struct slice line, struct log_record *r, const char **why);
/* journalctl -o json. */
bool line_journald(struct line_reader *l, struct slice line, struct log_record *r, const char **why);

/* Of a syslog priority 0-7, as an OpenTelemetry number. */
int line_syslog_severity(unsigned priority);

#endif
