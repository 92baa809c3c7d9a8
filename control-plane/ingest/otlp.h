/* OTLP/HTTP logs: the bytes of a request in, records into a batch; the bytes of the answer out.
 *
 * otlp_logs() decodes an ExportLogsServiceRequest (opentelemetry-proto 1.x) without copying what it may borrow and
 * calls batch_add() once for each record. Both encodings give the same records: JSON is turned into protobuf first,
 * so `bytes` of a record is its size as a protobuf LogRecord in either case. Thread-safe; each thread keeps a few
 * hundred KiB of scratch memory until it ends.
 *
 * A request that cannot be read (truncated, a known field of the wrong wire type, invalid JSON) is refused whole:
 * ok is false, nothing was added, message says what and where. A record that cannot be kept in a request that can be
 * read (text that is no UTF-8, a time after the year 2262, JSON values of the wrong type) is rejected alone.
 * Unknown fields are passed over. Of one record at most OTLP_FIELDS leaves of at most OTLP_DEPTH levels are given on,
 * and OTLP_RECORD_TEXT bytes of derived text (paths of nested fields, numbers); what is beyond is left out. */
#ifndef CONTROL_PLANE_OTLP_H
#define CONTROL_PLANE_OTLP_H

#include "base/buf.h"
#include "control-plane/ingest/watch.h"

enum { OTLP_FIELDS = 1024, OTLP_DEPTH = 16, OTLP_RECORD_TEXT = 128 * 1024 };

enum otlp_encoding { OTLP_PROTOBUF, OTLP_JSON };

struct otlp_outcome {
    bool ok;
    size_t accepted, rejected; /* records */
    char message[160];         /* why ok is false, or the first reason for a rejected record; else empty */
};

/* received_ns is the time of a record that gives none. */
void otlp_logs(struct slice body, enum otlp_encoding e, int64_t received_ns, struct batch *b, struct otlp_outcome *o);
/* The same with somebody who looks on; NULL: nobody. */
void otlp_logs_watched(struct slice body, enum otlp_encoding e, int64_t received_ns, struct batch *b, struct otlp_outcome *o,
                       const struct otlp_watch *watch);

/* Appends an ExportLogsServiceResponse; with partial_success where records were rejected. In protobuf a full success
 * is no bytes at all. */
void otlp_response(struct buf *out, enum otlp_encoding e, const struct otlp_outcome *o);
/* Appends a google.rpc.Status; code is one of google.rpc.Code (3 = invalid argument, 8 = exhausted, 14 = unavailable). */
void otlp_error(struct buf *out, enum otlp_encoding e, int code, const char *message);

#endif
