/* Field numbers of opentelemetry-proto (collector/logs/v1, logs/v1, common/v1, resource/v1), and the check that bytes
 * are such a request. For those who read the bytes of a record (watch.h). */
#ifndef CONTROL_PLANE_OTLP_WIRE_H
#define CONTROL_PLANE_OTLP_WIRE_H

#include "base/proto_read.h"

enum { REQUEST_RESOURCE_LOGS = 1 };
enum { RESOURCE_LOGS_RESOURCE = 1, RESOURCE_LOGS_SCOPE_LOGS = 2, RESOURCE_LOGS_SCHEMA_URL = 3 };
enum { RESOURCE_ATTRIBUTES = 1, RESOURCE_DROPPED = 2 };
enum { SCOPE_LOGS_SCOPE = 1, SCOPE_LOGS_RECORDS = 2, SCOPE_LOGS_SCHEMA_URL = 3 };
enum { SCOPE_NAME = 1, SCOPE_VERSION = 2, SCOPE_ATTRIBUTES = 3, SCOPE_DROPPED = 4 };
enum {
    RECORD_TIME = 1,
    RECORD_SEVERITY_NUMBER = 2,
    RECORD_SEVERITY_TEXT = 3,
    RECORD_BODY = 5,
    RECORD_ATTRIBUTES = 6,
    RECORD_DROPPED = 7,
    RECORD_FLAGS = 8,
    RECORD_TRACE_ID = 9,
    RECORD_SPAN_ID = 10,
    RECORD_OBSERVED_TIME = 11,
    RECORD_EVENT_NAME = 12
};
enum { KEY_VALUE_KEY = 1, KEY_VALUE_VALUE = 2 };
enum { ANY_STRING = 1, ANY_BOOL = 2, ANY_INT = 3, ANY_DOUBLE = 4, ANY_ARRAY = 5, ANY_MAP = 6, ANY_BYTES = 7 };
enum { VALUES = 1 }; /* of ArrayValue and KeyValueList */

/* Whether the bytes are a whole request: every field ends where its message does, known fields have their wire type.
 * Values nested more than OTLP_DEPTH levels are not looked into. On false *why (literal) and *at (byte offset). */
bool otlp_check(struct slice request, const char **why, size_t *at);

#endif
