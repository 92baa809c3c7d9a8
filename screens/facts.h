/* Blocks of facts on a sheet that a service, a log event and Home share. Numbers as people read them. */
#ifndef SCREENS_FACTS_H
#define SCREENS_FACTS_H

#include "base/arena.h"
#include "screens/sheet.h"

#include <jansson.h>
#include <stdint.h>

#define HOURS_PER_YEAR  8766.0
#define HOURS_PER_MONTH 730.5

enum window { WINDOW_DAY, WINDOW_WEEK, WINDOW_MONTH, WINDOWS };

/* "2.1M/h · 3.6 TB/mo · $31.4K a year" of an object with the rates; "no records within 7 days" where there are none. */
void facts_rates(struct sheet *s, const char *label, const json_t *current);
/* A table: records and bytes of 24 hours, 7 days, 30 days and ever, of a node with `windows`, eventCount, byteCount. */
void facts_volume(struct sheet *s, const json_t *node);
/* First and last seen, as age and date. */
void facts_seen(struct sheet *s, const json_t *node, int64_t now_ns);
/* One bar a severity, of an object of rates; nothing where all are 0. */
void facts_severity(struct sheet *s, const json_t *severity, int width);
/* The same in one line: a bar of all, then their shares. */
void facts_severity_line(struct sheet *s, const json_t *severity, int width);
/* Heading, chart and captions of one logVolume. */
void facts_chart(struct sheet *s, const json_t *volume, enum window window, int width, int height);
/* Series of counts from a time until now, stacked, with axes and, of several, a legend; nothing where term_plain(). */
void facts_picture(struct sheet *s, const struct chart_series *series, int count, size_t points, int64_t from_ns, int width, int height);
/* "Nov 23 14:05 UTC" */
void facts_date(char *out, size_t size, int64_t ns);

#endif
