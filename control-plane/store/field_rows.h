/* Fields, shapes and sensitive data of an event as they are stored (migration 0006). Read them with SQL; write them
 * only through catalog_write. Everything is counted since the event was first seen; nothing is ever a value.
 *
 * event_shapes, one row an event:
 *   records           records examined: what every other count is to be divided by
 *   fields_dropped    records that had more fields than are kept (FIELDS_MOST an event)
 *   severity_given    records with a severity text or number of their own
 *   body_text, body_structured   records whose body was text; whose body was a map, a JSON object, or logfmt
 *   body_bytes, _max, _p50, _p95 size of the body; the percentiles within an eighth
 *   binary_bodies     bodies of bytes, with a binary file's signature, or mostly unprintable
 *   truncated_bodies  bodies that begin as JSON and end before it does; unparsable_bodies: end as JSON, too, but are none
 *   bots, bots_seen   records whose user agent is a known bot; which: bit i = bot_name(i) (catalog/fields.h)
 *   probes            records whose user agent is a health checker (kube-probe, ELB-HealthChecker)
 *   health_paths, health_ok      records for a health check's path; those of them with a status of 2xx
 *   placeholder       1: the template reads as a forgotten debug statement ("got here", "test", "x = <*>")
 *   active_minutes, peak_minute, median_minute   minutes with a record; the most records in one; the median of those
 *
 * event_fields: the fields of an event, at most FIELDS_MOST. Their names appear once seen on several records.
 *   scope             enum field_scope: 0 body, 1 attribute, 2 resource, 3 the record's own (path "severity_text")
 *   path              keys joined with "."; "[]" for the elements of an array; "*" for a key that looks like a value
 *   role              enum field_role: what its name says, 0 nothing known
 *   types             bit i = enum value_type i was seen
 *   records           records that have it; presence = records / event_shapes.records
 *   json              records whose value is text that begins as JSON
 *   bytes             that it takes, name and value
 *   length_min, _max, _sum (average = sum / records), _p50, _p95: of the value as text, the percentiles within a half
 *   classes           enum field_class bits of the characters seen in values (the first 64 bytes of each)
 *   magnitudes        of numbers: bit n = a value of n digits before the point; bit 30 a negative, 31 a fraction
 *   distinct_values   estimate, within about a tenth
 *
 * event_field_pairs: of fields with equivalent names (level and severity_text, host and hostname, ...) in one record:
 *   records had both, equal had the same value but for letter case. path is the more standard name of the two.
 *
 * event_exposures: detector is a name of the table in catalog/sensitive.h, which gives family and element; path "" is
 *   the text of a body, or a field whose name is not known yet. records is the number of records with a hit. */
#ifndef CONTROL_PLANE_STORE_FIELD_ROWS_H
#define CONTROL_PLANE_STORE_FIELD_ROWS_H

#include "control-plane/catalog/catalog.h"
#include "control-plane/store/store.h"

/* Adds what a batch found of one event to its rows: its deltas, in order of the hours. */
bool field_rows_add(struct db *db, int64_t account, int64_t event, const struct delta *const *deltas, size_t n);
/* Moves the rows of `from` to `to`, adding where both have one. */
bool field_rows_merge(struct db *db, int64_t account, int64_t from, int64_t to);

#endif
