/* One log record on its way from a decoder to the catalog: all slices are borrowed from the input, nothing is kept. */
#ifndef CONTROL_PLANE_RECORD_H
#define CONTROL_PLANE_RECORD_H

#include "base/slice.h"

#include <stdint.h>

enum value_type { VALUE_EMPTY, VALUE_STRING, VALUE_BOOL, VALUE_INT, VALUE_DOUBLE, VALUE_BYTES, VALUE_ARRAY, VALUE_MAP };

/* A field. For nested maps and arrays there is one entry per leaf with the whole path ("http.request.method",
 * array elements as "tags[]"). `text` is the value as text for STRING, INT, DOUBLE, BOOL; raw bytes for BYTES. */
struct field {
    struct slice path;
    enum value_type type;
    struct slice text;
};

enum severity { SEVERITY_UNSPECIFIED, SEVERITY_TRACE, SEVERITY_DEBUG, SEVERITY_INFO, SEVERITY_WARN, SEVERITY_ERROR, SEVERITY_FATAL };
enum { SEVERITIES = 7 };

struct log_record {
    int64_t time_ns;                 /* of the event; the time of receipt where the record has none */
    int severity_number;             /* OpenTelemetry 1-24; 0 = not given */
    struct slice severity;           /* severity text as given */
    struct slice service;            /* service.name, unit or file name; empty: "unknown_service" */
    struct slice event_name;         /* OTLP event_name: then it is the identity of the event */
    struct slice body;               /* text of a string body; empty for a structured one */
    const struct field *body_fields; /* a structured body (OTLP map/array, a JSON object), flattened */
    size_t body_field_count;
    const struct field *attributes; /* record attributes, flattened */
    size_t attribute_count;
    const struct field *resource; /* attributes of the resource, flattened; the same for all records with its serial */
    size_t resource_count;
    uint64_t resource_serial; /* never 0 where there are some; never used again for another resource */
    size_t bytes;             /* size of the record as delivered */
};

/* From the number, else the text ("warn", "WARNING", "E", "crit", ...), else UNSPECIFIED. */
enum severity severity_of(int number, struct slice text);
const char *severity_name(enum severity s);

#endif
